"""Enrollment of a phone number, which stays unconfirmed until a code proves it."""

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
from mfa_sms.problems import not_allowed_by_sms, number_refused, why_refused
from mfa_sms.sending import SendOutcome
from sign_in import enrollment as accounts_enrollment
from sign_in.enrollment import Offer
from sign_in.methods import Method, throttling
from sign_in.methods import events as method_events
from sign_in.pending import PendingSignIn, is_enrolling


@dataclass(frozen=True)
class CheckNeeded:
    """Nothing was sent. The person must pass the human check first."""

    check: HumanCheck


def may_enroll_sms(pending: PendingSignIn) -> Offer:
    """Return what the account may enroll. Raises the page with the next step if SMS is not allowed."""
    account = pending.admit(Account.objects.filter(pk=pending.account_id or 0).first())
    if not may_use_sms(account):
        raise not_allowed_by_sms()
    return accounts_enrollment.may_enroll(pending, "mfa_sms")


def enter_number(pending: PendingSignIn, number: PhoneNumber, client: ClientInfo) -> SendOutcome | CheckNeeded | None:
    """Register the number as unconfirmed and queue its code, or return what prevents it.

    Returns None if the number is already confirmed or IT Support has registered one.

    An account has one unconfirmed device. Another number replaces the previous one, but keeps its count of wrong codes.
    """
    account = may_enroll_sms(pending).account
    with transaction.atomic():
        # FOR NO KEY UPDATE: a transaction that locked the device and inserts a row about the account must not wait for
        # us.
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


def other_method(offered: Offer) -> Method | None:
    """Return another method that the account may enroll, or None."""
    return next((method for method in offered.methods if method.slug != "mfa_sms"), None)


def refuse(account: Account, refused: NotANumber, client: ClientInfo, other: Method | None = None) -> Problem:
    """Record the refusal of a valid number and return the page that explains it.

    Only the country is recorded. The helpdesk reads it while the owner is on the phone.
    """
    events.code_not_sent(account, None, refused.fault.value, client, refused.region)
    return number_refused(why_refused(refused), other)


def is_registered(account: Account, number: PhoneNumber) -> bool:
    """Whether the account has already confirmed the number."""
    return SmsDevice.objects.filter(user=account, number=number, confirmed=True).exists()


def _unconfirmed(account: Account) -> SmsDevice:
    """Return the unconfirmed device of the account, locked, or a new one.

    SECURITY: an attacker who has only the password must not lock the owner out of enrollment permanently. A device that
    was locked before confirmation is deleted after `SMS_UNPROVEN_LOCK_LIFE`.
    """
    device: SmsDevice | None = SmsDevice.objects.select_for_update().filter(user=account, confirmed=False).first()
    if device is not None and device.disabled_at is not None:
        if device.disabled_at > timezone.now() - settings.SMS_UNPROVEN_LOCK_LIFE:
            return device
        device.delete()
        device = None
    return device or SmsDevice(user=account, confirmed=False)


def _change_number(device: SmsDevice, number: PhoneNumber) -> None:
    """Give an unconfirmed device a number and the resend gap of that number.

    Codes are derived from the number too. Codes for the previous number are wrong from now on, and correct if it
    returns.
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
    """Queue a message to the number that this browser entered or that IT Support registered.

    Returns None if there is no such number.
    """
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

    SECURITY: the enrollment pages show the full number. Another person with the password must not learn it there.
    """
    device: SmsDevice | None = SmsDevice.objects.filter(user=account, confirmed=False).first()
    return device if device is not None and has_entered(pending, device.number) else None


def has_entered(pending: PendingSignIn, number: PhoneNumber) -> bool:
    """Whether this browser entered the number and may see it in full."""
    return is_enrolling(pending, number.as_e164)


def assigned_device(pending: PendingSignIn, account: Account) -> SmsDevice | None:
    """Return the unconfirmed phone that IT Support registered for a user without a method.

    SECURITY: the agent verified whose number it is. A person who has only the password must not replace it. A user who
    verified a second factor may add any number.
    """
    if not pending.by_password:
        return None
    return _assigned(account)


def current_device(pending: PendingSignIn, account: Account) -> SmsDevice | None:
    """Return the device to which this browser can have a code sent, or None."""
    return entered_device(pending, account) or assigned_device(pending, account)


def has_assigned_device(account: Account) -> bool:
    """Whether a number registered by IT Support is waiting for its first code."""
    return _assigned(account) is not None


def _assigned(account: Account) -> SmsDevice | None:
    return SmsDevice.objects.filter(user=account, confirmed=False, by_agent=True).first()


def register_for(account: Account, number: PhoneNumber) -> SmsDevice:
    """Register an unconfirmed number for an account without a method.

    Its first code is sent at the next sign-in. Call this in the transaction of the helpdesk action, with the account's
    row locked. The agent has verified the person, so the count of wrong codes starts at zero.
    """
    device = SmsDevice.objects.filter(user=account, confirmed=False).first() or SmsDevice(user=account, confirmed=False)
    device.by_agent = True
    _change_number(device, number)
    throttling.clear(device)
    return device


def is_shared_by_many(account: Account, number: PhoneNumber) -> bool:
    """Whether `SMS_ACCOUNTS_PER_NUMBER` other accounts have already confirmed the number."""
    others = SmsDevice.objects.filter(number=number, confirmed=True).exclude(user=account)
    return others.values("user").distinct().count() >= settings.SMS_ACCOUNTS_PER_NUMBER
