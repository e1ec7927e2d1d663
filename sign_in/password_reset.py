"""Password reset by email: the link is valid for a limited time, works once, and does not sign in."""

from datetime import timedelta

from celery import shared_task
from django.conf import settings
from django.contrib.auth.tokens import default_token_generator
from django.core.mail import send_mail
from django.db import transaction
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.encoding import force_bytes
from django.utils.http import urlsafe_base64_encode
from django.utils.translation import gettext as _

from accounts.account_names import AccountName
from accounts.models import Account
from audit.models import SecurityEvent
from common import languages
from common.client_info import ClientInfo
from sign_in import events


def request_reset(name: AccountName, client: ClientInfo) -> None:
    """Send a link to the account's email address, if there is such an account.

    SECURITY: runs the same queries and enqueues the same task for every name, so that nothing reveals which names exist
    (ASVS 6.3.8).
    """
    account = Account.objects.filter(username=name.username, is_active=True).first()
    with transaction.atomic():
        events.password_reset_requested(account, str(name), client)
        too_much = _asks_too_much(client)
        named = account is not None and account.account_name == name
        account_id = account.pk if account and named and not too_much else None
        transaction.on_commit(lambda: send_password_reset.delay(account_id), robust=True)


@shared_task(name="sign_in.send_password_reset")
def send_password_reset(account_id: int | None) -> None:
    """Mail the link in the account's language. Do nothing without an account, or above the hourly limit of mails.

    SECURITY: the worker creates the token, so that the broker never stores one.
    """
    if account_id is None:
        return
    with transaction.atomic():
        account = Account.objects.select_for_update().filter(pk=account_id, is_active=True).exclude(email="").first()
        if account is None or _mails_of_last_hour(account) >= settings.PASSWORD_RESET_MAILS_PER_HOUR:
            return
        events.password_reset_mailed(account)
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


def _asks_too_much(client: ClientInfo) -> bool:
    """Return whether an address has exceeded its hourly limit of requests. The pages look the same either way."""
    asked = SecurityEvent.objects.filter(
        kind=events.PASSWORD_RESET_REQUESTED, network=client.network, at__gt=timezone.now() - timedelta(hours=1)
    )
    return asked.count() > settings.PASSWORD_RESETS_PER_ADDRESS


def _mails_of_last_hour(account: Account) -> int:
    """Return the number of mails sent to the account in the last hour.

    Counts mails instead of requests, so that a stranger's requests cannot keep the owner from getting a mail.
    """
    return SecurityEvent.objects.filter(
        account=account, kind=events.PASSWORD_RESET_MAILED, at__gt=timezone.now() - timedelta(hours=1)
    ).count()
