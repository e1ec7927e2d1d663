"""Registering a number: unconfirmed until a code proves it."""

from dataclasses import dataclass

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from phonenumber_field.phonenumber import PhoneNumber

from accounts.models import Account
from common.client_info import ClientInfo
from common.problems import Problem
from mfa_sms import events, human_check, sending
from mfa_sms.eligibility import may_use_sms
from mfa_sms.models import HumanCheck, Purpose, SmsDevice, TextMessage
from mfa_sms.numbers import NotANumber
from mfa_sms.problems import not_allowed_by_sms, number_refused
from mfa_sms.sending import SendOutcome
from sign_in import enrollment as accounts_enrollment
from sign_in.enrollment import Offer
from sign_in.methods import events as method_events
from sign_in.methods import throttling
from sign_in.pending import PendingSignIn, enrolling_digest


@dataclass(frozen=True)
class CheckNeeded:
    """Nothing was sent: the person must pass the human check first."""

    check: HumanCheck


def may_enroll_sms(pending: PendingSignIn) -> Offer:
    """Return what the account may enroll; raise the page that says what to do where SMS is not among it."""
    account = pending.admit(Account.objects.filter(pk=pending.account_id or 0).first())
    if not may_use_sms(account):
        raise not_allowed_by_sms()
    return accounts_enrollment.may_enroll(pending, "mfa_sms")


def enter_number(pending: PendingSignIn, number: PhoneNumber, client: ClientInfo) -> SendOutcome | CheckNeeded | None:
    """Register the number, unconfirmed, and queue its code; or say what is in the way.

    None where it was confirmed meanwhile, or where IT Support has registered one.

    An account has one unconfirmed device: another number takes the place of the last, but not of the failures that
    were counted on it.
    """
    account = may_enroll_sms(pending).account
    with transaction.atomic():
        # Not the whole lock: whoever writes a row about the account while it holds the device must not wait for us.
        Account.objects.select_for_update(no_key=True).get(pk=account.pk)
        if is_registered(account, number) or assigned_device(pending, account) is not None:
            return None
        device = _unconfirmed(account)
        if device.number != number:
            device.by_agent = False
            _change_number(device, number)
            method_events.enrollment_started(account, device, client)
        check = human_check.is_check_needed(account, number)
    if check is not None:
        return CheckNeeded(check)
    return sending.request_code(device.pk, Purpose.ENROLL, pending, client, number)


def refuse(account: Account, refused: NotANumber, client: ClientInfo) -> Problem:
    """Write down that a right number was refused, with its country alone, and return the page that says why.

    The helpdesk reads it while the owner is on the phone.
    """
    events.code_not_sent(account, None, refused.fault.value, client, refused.region)
    return number_refused(refused)


def is_registered(account: Account, number: PhoneNumber) -> bool:
    """Whether the account has the number already, proven."""
    return SmsDevice.objects.filter(user=account, number=number, confirmed=True).exists()


def _unconfirmed(account: Account) -> SmsDevice:
    """Return the device that the account is enrolling, locked, or a new one.

    SECURITY: who has only the password must not lock the owner out of enrolling for good: a device that was locked
    before it was ever proven is forgotten after a day.
    """
    device: SmsDevice | None = SmsDevice.objects.select_for_update().filter(user=account, confirmed=False).first()
    if device is not None and device.disabled_at is not None:
        if device.disabled_at > timezone.now() - settings.SMS_UNPROVEN_LOCK_LIFE:
            return device
        device.delete()
        device = None
    return device or SmsDevice(user=account, confirmed=False)


def _change_number(device: SmsDevice, number: PhoneNumber) -> None:
    """Give an unconfirmed device its number; the wait is that of the new one.

    A code is derived for the number too: those for the last one are wrong from now on, and right if it comes back.
    """
    before = TextMessage.objects.filter(
        account=device.user, number=number, created_at__gt=timezone.now() - settings.SMS_WAIT_MEMORY
    ).exclude(purpose=TextMessage.NOTICE)
    times = list(before.order_by("-created_at").values_list("created_at", flat=True))
    device.number = number
    device.unanswered_messages = len(times)
    device.last_generated_timestamp = times[0] if times else None
    changed = ("number", "by_agent", "unanswered_messages", "last_generated_timestamp")
    device.save(update_fields=None if device.pk is None else changed)


def send_again(pending: PendingSignIn, client: ClientInfo) -> SendOutcome | CheckNeeded | None:
    """Queue a message to the number that this browser entered or that IT Support has registered; None without one."""
    account = may_enroll_sms(pending).account
    device = current_device(pending, account)
    if device is None:
        return None
    check = human_check.is_check_needed(account, device.number)
    if check is not None:
        return CheckNeeded(check)
    return sending.request_code(device.pk, Purpose.ENROLL, pending, client, device.number)


def entered_device(pending: PendingSignIn, account: Account) -> SmsDevice | None:
    """Return the device that is being enrolled, if this browser entered its number.

    SECURITY: the pages of enrollment show the number whole; whoever else has the password must not learn it from them.
    """
    device: SmsDevice | None = SmsDevice.objects.filter(user=account, confirmed=False).first()
    return device if device is not None and has_entered(pending, device.number) else None


def has_entered(pending: PendingSignIn, number: PhoneNumber) -> bool:
    """Whether this browser has typed the number, and may see it whole."""
    return pending.enrolling == enrolling_digest(number.as_e164)


def assigned_device(pending: PendingSignIn, account: Account) -> SmsDevice | None:
    """Return the phone that IT Support has registered for who has no method yet, until a code proves it.

    SECURITY: the agent has made sure whose number it is; whoever merely has the password must not put theirs in its
    place. Who has proven a second factor adds the number that they like.
    """
    if not pending.by_password:
        return None
    return _assigned(account)


def current_device(pending: PendingSignIn, account: Account) -> SmsDevice | None:
    """Return the device that this browser can have a code sent to."""
    return entered_device(pending, account) or assigned_device(pending, account)


def has_assigned_device(account: Account) -> bool:
    """Whether a number that IT Support has registered waits for its first code."""
    return _assigned(account) is not None


def _assigned(account: Account) -> SmsDevice | None:
    return SmsDevice.objects.filter(user=account, confirmed=False, by_agent=True).first()


def register_for(account: Account, number: PhoneNumber) -> SmsDevice:
    """Register a number for an account without a method, unconfirmed: its first code goes there at the next sign-in.

    In the transaction of the agent's act, where the account's row is locked. The agent knows who it is, so wrong codes
    are counted from zero.
    """
    device = SmsDevice.objects.filter(user=account, confirmed=False).first() or SmsDevice(user=account, confirmed=False)
    device.by_agent = True
    _change_number(device, number)
    throttling.clear(device)
    return device


def is_shared_by_many(account: Account, number: PhoneNumber) -> bool:
    """Whether the number is proven on as many other accounts as one may be on."""
    others = SmsDevice.objects.filter(number=number, confirmed=True).exclude(user=account)
    return others.values("user").distinct().count() >= settings.SMS_ACCOUNTS_PER_NUMBER
