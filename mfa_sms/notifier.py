"""Notifies the owner of a number by SMS of changes to the login, even if the number is being removed."""

from typing import cast

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django_otp.models import Device

from mfa_sms import limits
from mfa_sms.dispatch import enqueue_notice
from mfa_sms.models import SmsDevice, TextMessage
from notices import kinds


def send_notice(device: Device, kind: str) -> None:
    """Queue a notice to a device's number, in the caller's transaction. Kinds without a text are skipped.

    Locked devices, and owners who may no longer use SMS, are notified too: the number is the owner's. The worker counts
    the limits of notices, because a transaction with several notices would lock the counters in any order.
    """
    phone = cast(SmsDevice, device)
    if kinds.get_kind(kind).sms is None:
        return
    there = SmsDevice.objects.filter(pk=phone.pk).exists()  # the notice may be about the removal of the device
    message = TextMessage.objects.create(
        account_id=phone.user_id,
        device=phone if there else None,
        purpose=TextMessage.NOTICE,
        notice=kind,
        number=phone.number,
        language=phone.user.language,
        expires_at=timezone.now() + settings.SMS_NOTICE_LIFE,
    )
    transaction.on_commit(lambda: enqueue_notice(message.pk))


def queue_test(phone: SmsDevice, gateway: str) -> bool:
    """Queue a test message through one gateway only, in the transaction of the helpdesk action.

    Returns False if the number has reached its daily limit of tests. A test is worthless after the conversation, so
    it expires like a code.
    """
    if limits.take_test(phone) is not None:
        return False
    message = TextMessage.objects.create(
        account_id=phone.user_id,
        device=phone,
        purpose=TextMessage.NOTICE,
        notice=TextMessage.TEST,
        number=phone.number,
        language=phone.user.language,
        gateway=gateway,
        expires_at=timezone.now() + settings.SMS_CODE_LIFE,
    )
    transaction.on_commit(lambda: enqueue_notice(message.pk))
    return True
