"""Password reset by email: the link is valid for a limited time, works once, and does not sign in."""

import logging
from smtplib import SMTPException

from celery import shared_task
from django.conf import settings
from django.contrib.auth.tokens import default_token_generator
from django.core.mail import send_mail
from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.encoding import force_bytes
from django.utils.http import urlsafe_base64_encode
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_variables

from accounts import states
from accounts.account_names import AccountName
from accounts.models import Account
from audit.models import SecurityEvent
from common import languages
from common.client_info import ClientInfo
from limits import catalogue, counting, refusals
from limits.limit import Refusal
from sessions import registry
from sign_in import events
from sign_in.human_check import Answer

logger = logging.getLogger(__name__)


def request_reset(name: AccountName, client: ClientInfo, answer: Answer) -> Refusal | None:
    """Let a link be mailed to the account's email address, if there is such an account.

    Return the limit of the address if it refuses the request and the human check does not pass it.

    SECURITY: executes the same statements for every name, known or unknown, and publishes no task, so that nothing
    reveals which names exist (ASVS 6.3.8). Each name has its own limit of mails, so that names without an account use
    up nobody's.
    """
    account = Account.objects.filter(~states.blocked_condition(), username=name.username, is_active=True).first()
    refusal = counting.take(catalogue.RESET_REQUESTS_OF_ADDRESS, client.network or "")
    if refusal is not None and not answer.use():
        refusals.record(refusal, client)
        return refusal
    named = account if account is not None and account.account_name == name and account.email else None
    with transaction.atomic():
        account_id = account.pk if account else None
        used_up = counting.take(catalogue.RESET_MAILS_OF_ACCOUNT, counting.digest(str(name)), account_id=account_id)
        if named is None or used_up is not None:
            events.password_reset_refused(client)
        else:
            events.password_reset_requested(named, str(name), client)
    return None


@shared_task(name="sign_in.send_due_resets")
def send_due_resets() -> int:
    """Mail the links that were requested. Return their number. Concurrent runs are safe.

    A mail that the server does not take is not sent again: its owner can request another one.
    """
    sent = 0
    for request in _due().order_by("at"):
        account = _claim(request)
        if account is None:
            continue
        try:
            _send(account)
            sent += 1
        except (OSError, SMTPException) as error:
            logger.error("The mail for a password reset was not sent: %s", type(error).__name__)
    return sent


def _due() -> QuerySet[SecurityEvent]:
    """Return the requests that no mail has followed yet. The conditions on `kind` and `at` match a partial index."""
    mailed = SecurityEvent.objects.filter(
        account=OuterRef("account"), kind=events.PASSWORD_RESET_MAILED, pk__gt=OuterRef("pk")
    )
    return SecurityEvent.objects.filter(
        ~Exists(mailed),
        kind=events.PASSWORD_RESET_REQUESTED,
        at__gt=timezone.now() - settings.PASSWORD_RESET_DUE_WITHIN,
    )


def _claim(request: SecurityEvent) -> Account | None:
    """Write that the link is mailed. Return None if another worker has done so, or the account takes no mail."""
    with transaction.atomic():
        accounts = Account.objects.select_for_update(no_key=True).filter(pk=request.account_id or 0)
        account = accounts.exclude(email="").first()
        if account is None or not states.is_open(account) or not _due().filter(pk=request.pk).exists():
            return None
        events.password_reset_mailed(account)
    return account


def _send(account: Account) -> None:
    path = reverse(
        "sign_in:password_new",
        args=[urlsafe_base64_encode(force_bytes(account.pk)), default_token_generator.make_token(account)],
    )
    with translation.override(account.language):
        send_mail(
            _("New password for your UCPH account"),
            render_to_string(
                "sign_in/mail/password_reset.txt",
                {"account": account, "link": settings.PORTAL_URL + path, "support_phone": languages.support_phone()},
            ),
            None,
            [account.email],
        )


@sensitive_variables("password")
def set_password(account: Account, token: str, password: str, client: ClientInfo) -> bool:
    """Set the password of a link, end all sessions of the account, and write the event.

    Return False and change nothing if the token is no longer valid. If several requests use one link at once, one sets
    its password. A second press with the same password gets the result of the first.
    """
    with transaction.atomic():
        locked = Account.objects.select_for_update(no_key=True).get(pk=account.pk)
        if not states.is_open(locked):
            return False
        if not default_token_generator.check_token(locked, token):
            return locked.password != account.password and locked.check_password(password)
        states.renew_password(locked, password)
        registry.end_after_new_password(locked)
        events.password_changed(locked, client)
    return True
