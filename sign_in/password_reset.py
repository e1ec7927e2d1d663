"""Password reset by email: the link is valid for a limited time, works once, and does not sign in."""

import logging
from smtplib import SMTPException

from celery import shared_task
from cryptography.fernet import InvalidToken
from django.conf import settings
from django.contrib.auth.tokens import default_token_generator
from django.db import transaction
from django.utils import timezone, translation
from django.utils.encoding import force_bytes
from django.utils.http import urlsafe_base64_encode
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_variables

from accounts import states
from accounts.account_names import AccountName, parse_account_name
from accounts.models import Account
from common import encryption, mails
from common.client_info import ClientInfo
from common.root_urls import portal_url, root_path
from limits import catalogue, counting, refusals
from limits.limit import Refusal
from sessions import registry
from sign_in import events
from sign_in.human_check import Answer
from sign_in.models import PasswordResetRequest

logger = logging.getLogger(__name__)


def request_reset(name: AccountName, client: ClientInfo, answer: Answer) -> Refusal | None:
    """Let a link be mailed to the account's email address, if there is such an account.

    Return the limit of the address if it refuses the request and the human check does not pass it.

    SECURITY: nothing here looks for the account, and no task is published. So the duration is the same for every name
    and reveals none (ASVS 6.3.8).
    """
    refusal = counting.take(catalogue.RESET_REQUESTS_OF_ADDRESS, client.network or "")
    if refusal is not None and not answer.use():
        refusals.record(refusal, client)
        return refusal
    encrypted = encryption.encrypt(str(name).encode(), _secrets())
    PasswordResetRequest.objects.create(
        name=encrypted, address=client.address, browser=client.browser, reference=client.reference
    )
    return None


def request_for_owner(account: Account) -> None:
    """Let a link be mailed to an account, for its owner. The agent who requests it is not its client."""
    PasswordResetRequest.objects.create(name=encryption.encrypt(str(account.account_name).encode(), _secrets()))


def has_used_up_mails(account: Account) -> bool:
    """Return whether no more links are mailed to the account now."""
    party = counting.digest(str(account.account_name))
    return counting.peek((catalogue.RESET_MAILS_OF_ACCOUNT, party)) is not None


def _secrets() -> list[str]:
    return [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]


@shared_task(name="sign_in.send_due_resets")
def send_due_resets() -> int:
    """Mail the links that were requested. Return their number. Concurrent runs are safe.

    A mail that the server does not take is not sent again: its owner can request another one.
    """
    sent = 0
    for request_id in PasswordResetRequest.objects.values_list("pk", flat=True):
        claimed = _claim(request_id)
        if claimed is None:
            continue
        try:
            _send(*claimed)
            sent += 1
        except (OSError, SMTPException) as error:
            logger.error("The mail for a password reset was not sent: %s", type(error).__name__)
    return sent


def _claim(request_id: int) -> tuple[Account, PasswordResetRequest] | None:
    """Delete the request and record what becomes of it. Return the account to mail and the request, or None."""
    with transaction.atomic():
        rows = PasswordResetRequest.objects.select_for_update(skip_locked=True)
        request = rows.filter(pk=request_id).first()
        if request is None:
            return None
        request.delete()
        client = ClientInfo(request.address, request.browser, request.reference)
        account = _admitted(request)
        if account is None:
            events.password_reset_refused(client)
            return None
        events.password_reset_requested(account, str(account.account_name), client)
        events.password_reset_mailed(account)
    return account, request


def _admitted(request: PasswordResetRequest) -> Account | None:
    """Return the account that gets a link. Each name has its own limit: a name without an account uses up no other."""
    if request.at < timezone.now() - settings.PASSWORD_RESET_DUE_WITHIN:
        return None
    try:
        name = parse_account_name(encryption.decrypt(bytes(request.name), _secrets()).decode())
    except InvalidToken:  # the secret key was replaced without a fallback
        return None
    account = Account.objects.select_for_update(no_key=True).filter(username=name.username).first()
    account_id = account.pk if account else None
    used_up = counting.take(catalogue.RESET_MAILS_OF_ACCOUNT, counting.digest(str(name)), account_id=account_id)
    if used_up is not None or account is None or account.account_name != name:
        return None
    return account if account.email and states.is_open(account) else None


def _send(account: Account, request: PasswordResetRequest) -> None:
    link = portal_url(
        "sign_in:password_new",
        [urlsafe_base64_encode(force_bytes(account.pk)), default_token_generator.make_token(account)],
    )
    with translation.override(account.language):
        context = {
            "account": account,
            "link": link,
            "circumstances": mails.circumstances(request.at, request.browser, request.address),
            "security_info": root_path("sign_in:security_info"),
        }
        subject = _("New password for your UCPH account")
        mails.compose_mail(subject, "sign_in/mail/password_reset.txt", context, account.email).send()


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
