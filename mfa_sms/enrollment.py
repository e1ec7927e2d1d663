"""Registering a number: unconfirmed until a code proves it."""

from dataclasses import dataclass

from django.db import transaction
from phonenumber_field.phonenumber import PhoneNumber

from accounts import enrollment as accounts_enrollment
from accounts import events
from accounts.models import Account
from accounts.origin import Origin
from accounts.problems import not_allowed_by_sms
from accounts.sign_in import PendingSignIn
from mfa_sms import human_check, sending
from mfa_sms.models import HumanCheck, Purpose, SmsDevice
from mfa_sms.sending import Asked


@dataclass(frozen=True)
class CheckNeeded:
    """Nothing was sent: the person must pass the human check first."""

    check: HumanCheck


def may_enroll_sms(pending: PendingSignIn) -> Account:
    """Return the account; raise the page that says what to do where it may not enroll by SMS."""
    offer = accounts_enrollment.may_enroll(pending)
    if not any(method.slug == "mfa_sms" for method in offer.methods):
        raise not_allowed_by_sms()
    return offer.account


def enter_number(pending: PendingSignIn, number: PhoneNumber, origin: Origin) -> Asked | CheckNeeded | None:
    """Register the number, unconfirmed, and queue its code; or say what is in the way. None: confirmed meanwhile.

    An account has one unconfirmed device: another number takes the place of the last, but not of the failures that
    were counted on it.
    """
    account = may_enroll_sms(pending)
    with transaction.atomic():
        Account.objects.select_for_update().get(pk=account.pk)
        device = SmsDevice.objects.filter(user=account, confirmed=False).first()
        if device is None:
            device = SmsDevice(user=account, confirmed=False)
        if device.number != number:
            device.number = number
            device.cooldown_reset(commit=False)
            device.save()
            events.enrollment_started(account, device, origin)
        check = human_check.needed(account, number)
    if check is not None:
        return CheckNeeded(check)
    return sending.ask(device.pk, Purpose.ENROLL, pending, origin)


def send_again(pending: PendingSignIn, origin: Origin) -> Asked | CheckNeeded | None:
    """Queue another message to the number that was entered; None where none was."""
    account = may_enroll_sms(pending)
    device = unconfirmed_device(account)
    if device is None:
        return None
    check = human_check.needed(account, device.number)
    if check is not None:
        return CheckNeeded(check)
    return sending.ask(device.pk, Purpose.ENROLL, pending, origin)


def unconfirmed_device(account: Account) -> SmsDevice | None:
    """Return the device that is being enrolled, if any."""
    return SmsDevice.objects.filter(user=account, confirmed=False).first()
