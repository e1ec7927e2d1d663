"""The owner of a number is told of what changes their login, also when the number is on its way out."""

from datetime import timedelta
from typing import cast

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django_otp.models import Device

from mfa_sms.dispatch import enqueue_notice
from mfa_sms.models import SmsDevice, TextMessage
from notices import kinds

_DAY = timedelta(days=1)


def send_notice(device: Device, kind: str) -> None:
    """Queue a notice to a device's number, in the transaction of what it is about; nothing for a kind without a text.

    Whether the device is locked, or its owner may still use SMS, does not matter: the number is the owner's.
    """
    phone = cast(SmsDevice, device)
    if kinds.get_kind(kind).sms is None or _told_enough(phone):
        return
    there = SmsDevice.objects.filter(pk=phone.pk).exists()  # what is told of may be that the device is gone
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
    """Queue a message that says it is a test, for that gateway alone, in the transaction of the agent's act.

    False where the number has had its notices for today. Worth nothing once the conversation is over, so it lives as
    long as a code.
    """
    if _sent_today(phone).count() >= settings.SMS_NOTICES_PER_DAY:
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


def _told_enough(phone: SmsDevice) -> bool:
    # SECURITY: tests are not counted, or an agent could silence what the number is told of next.
    return _sent_today(phone).exclude(notice=TextMessage.TEST).count() >= settings.SMS_NOTICES_PER_DAY


def _sent_today(phone: SmsDevice) -> QuerySet[TextMessage]:
    since = timezone.now() - _DAY
    return TextMessage.objects.filter(
        account_id=phone.user_id, number=phone.number, purpose=TextMessage.NOTICE, created_at__gt=since
    )
