"""The demo's phone inbox and the page for single-use codes."""

import json
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import django_otp
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from common.client_info import client_info_of
from demo.forms import StaticCodeForm
from demo.gateway import BEHAVIORS, DemoGateway
from demo.method import METHOD
from mfa_sms import gateways
from mfa_sms.gateways.file import FileGateway
from sign_in import flow
from sign_in.methods import events
from sign_in.verification import may_verify
from sign_in.views.sign_in import finish

_SHOWN = 50


@require_safe
def inbox(request: HttpRequest) -> HttpResponse:
    """Show the messages of the first file or demo gateway as a phone would, newest first.

    Raise `Http404` if no such gateway is configured.
    """
    found = [gateway for gateway in gateways.configured() if isinstance(gateway, FileGateway | DemoGateway)]
    if not found:
        raise Http404
    behaviors = BEHAVIORS if any(isinstance(gateway, DemoGateway) for gateway in found) else ()
    context = {"messages_received": _received(found[0].path), "behaviors": behaviors}
    return render(request, "demo/inbox.html", context)


def _received(path: Path) -> list[dict[str, Any]]:
    if not path.exists():
        return []
    messages = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    now = timezone.now()
    there = [{**message, "at": at} for message in messages if (at := _arrival(message)) is not None and at <= now]
    return sorted(reversed(there), key=lambda message: message["at"], reverse=True)[:_SHOWN]


def _arrival(message: dict[str, Any]) -> datetime | None:
    """Return when the phone shows the message, or None if it never does."""
    seconds = message.get("arrives", 0)
    at = parse_datetime(message["at"])
    return None if seconds is None or at is None else at + timedelta(seconds=seconds)


@sensitive_post_parameters("code")
@require_http_methods(["GET", "HEAD", "POST"])
def static_code(request: HttpRequest) -> HttpResponse:
    """Ask for a single-use code. The right code completes the sign-in."""
    pending = flow.after_password(request)
    if pending is None or pending.account_id is None:
        return redirect("sign_in:account_name")
    devices = METHOD.devices(pending.account_id)
    if not devices:
        return redirect("sign_in:verify")
    account = pending.admit(devices[0].user)
    if request.method == "POST" and "code" not in request.POST:
        return redirect("demo:static_code")
    form = StaticCodeForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        with transaction.atomic():
            device = django_otp.verify_token(account, devices[0].persistent_id, form.cleaned_data["code"])
            if device is not None and may_verify(pending, METHOD, device):
                flow.proven(pending, account, device, client_info_of(request))
                return finish(request, pending, account, device)
            events.code_refused(account, devices[0], "wrong", client_info_of(request))
        form.add_error("code", _("The code is incorrect"))
    return render(request, "demo/static_code.html", {"form": form})
