"""All limits on the number of messages. They are counted in the database, under the devices' row locks."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum

from django.conf import settings
from django.db.models import Q
from django.utils import timezone

from mfa_sms.models import SmsDevice, TextMessage

_HALF_HOUR = timedelta(minutes=30)
_DAY = timedelta(days=1)


class Limit(Enum):
    WAIT = "wait"
    HALF_HOUR = "half_hour"
    DAY = "day"


@dataclass(frozen=True)
class LimitReached:
    """No message may be sent before `until`."""

    limit: Limit
    until: datetime


def find_limit(device: SmsDevice, recent: Sequence[TextMessage]) -> LimitReached | None:
    """Return the limit that refuses a message to the device now, or None.

    `recent` are the last day's messages to its account or its number, newest first.
    """
    return _quota(device, recent) or _wait(device)


def recent_messages(device: SmsDevice) -> list[TextMessage]:
    """Return the last day's messages with codes to the device's account or number, newest first, in one query."""
    return list(
        TextMessage.objects.filter(
            Q(account_id=device.user_id) | Q(number=device.number), created_at__gt=timezone.now() - _DAY
        )
        .exclude(purpose=TextMessage.NOTICE)
        .select_related("challenge")
        .order_by("-created_at")
    )


def _quota(device: SmsDevice, recent: Sequence[TextMessage]) -> LimitReached | None:
    """Apply the quotas for half an hour and for a day, to the account and to the number.

    Messages count even if their code was entered correctly.
    """
    now = timezone.now()
    refusals = []
    for messages in (
        [message for message in recent if message.account_id == device.user_id],
        [message for message in recent if message.number == device.number],
    ):
        for limit, window, most in (
            (Limit.DAY, _DAY, settings.SMS_PER_DAY),
            (Limit.HALF_HOUR, _HALF_HOUR, settings.SMS_PER_HALF_HOUR),
        ):
            within = [message for message in messages if message.created_at > now - window]
            if len(within) >= most:
                refusals.append(LimitReached(limit, within[most - 1].created_at + window))
    return max(refusals, key=lambda refused: refused.until, default=None)


def _wait(device: SmsDevice) -> LimitReached | None:
    """Apply the resend gap after an unanswered message, whichever browser requested it."""
    allowed, details = device.generate_is_allowed()
    return None if allowed or details is None else LimitReached(Limit.WAIT, details["next_generation_at"])
