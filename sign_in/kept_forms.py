"""Keeps a posted form while a sign-in or a step-up interrupts it.

The posted fields, without files and secrets, are kept in the session under a random key. The user returns to the page
with the key in the address, and the page shows the fields again. Nothing is posted for the user.

SECURITY: the fields are encrypted, and only the account that posted them gets them back, on the same page. Posts of
strangers are not kept.
"""

import json
import re
import secrets
import time
from typing import Any

from cryptography.fernet import InvalidToken
from django.conf import settings
from django.contrib import messages
from django.forms import BaseForm
from django.http import HttpRequest, QueryDict
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from common import encryption

PARAMETER = "kept"
_SESSION_KEY = "kept_forms"
_SECRET = re.compile(r"csrf|password|code|secret|token", re.IGNORECASE)


def keep(request: HttpRequest, account_id: int) -> str:
    """Keep what was posted, and return the address of the page that shows it again.

    Return the address alone if there is nothing to keep, or too much.
    """
    posted = request.POST.copy()
    for name in [name for name in posted if _SECRET.search(name)]:
        del posted[name]
    text = posted.urlencode()
    if not text or len(text) > settings.KEPT_FORM_LENGTH:
        return request.path
    kept = {"path": request.path, "account": account_id, "at": time.time(), "posted": text}
    key = secrets.token_urlsafe(12)
    rows = [*request.session.get(_SESSION_KEY, {}).items()][-settings.KEPT_FORMS + 1 :]
    encrypted = encryption.encrypt(json.dumps(kept).encode(), _keys()).decode()
    request.session[_SESSION_KEY] = {**dict(rows), key: encrypted}
    return f"{request.path}?{urlencode({PARAMETER: key})}"


def kept_initial(request: HttpRequest, form_class: type[BaseForm]) -> dict[str, Any]:
    """Return the initial values of a form that the user had filled in before the interruption, and say so."""
    posted = _posted(request)
    if posted is None:
        return {}
    fields = getattr(form_class, "base_fields", {})
    shown = {name: field for name, field in fields.items() if not field.widget.needs_multipart_form}
    if not hasattr(request, "told_of_kept_form"):
        request.told_of_kept_form = True  # type: ignore[attr-defined]
        messages.info(request, _("What you entered is still here. Nothing has been saved yet."))
    return {name: field.widget.value_from_datadict(posted, {}, name) for name, field in shown.items()}


def _posted(request: HttpRequest) -> QueryDict | None:
    key = request.GET.get(PARAMETER, "")
    encrypted = request.session.get(_SESSION_KEY, {}).get(key) if request.method == "GET" and key else None
    if encrypted is None:
        return None
    try:
        kept = json.loads(encryption.decrypt(encrypted.encode(), _keys()))
    except InvalidToken:  # the secret key was replaced without a fallback
        return None
    fresh = time.time() - kept["at"] <= settings.KEPT_FORM_LIFE.total_seconds()
    own = kept["account"] == getattr(request.user, "pk", None) and kept["path"] == request.path
    return QueryDict(kept["posted"]) if fresh and own else None


def _keys() -> list[str]:
    return [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
