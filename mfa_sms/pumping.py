"""SMS pumping: a fraudster has codes sent to a range of numbers, is paid for the messages, and enters no code.

A task blocks the prefix of such a range for new numbers. Proven phones, and numbers that IT Support registered, still
get codes.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from celery import shared_task
from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import Count, F, Max, Q, QuerySet, Value
from django.db.models.functions import Length, Substr
from django.utils import timezone
from phonenumber_field.phonenumber import PhoneNumber

from accounts.models import Account
from common.client_info import ClientInfo
from limits import alarms, catalogue
from limits.limit import Use
from mfa_sms import events, numbers
from mfa_sms.models import Challenge, PrefixBlock, Purpose, TextMessage

_HOUR = timedelta(hours=1)
_DAY = timedelta(days=1)


@dataclass(frozen=True)
class _Prefix:
    """The distinct numbers of a prefix to which codes were sent, and those whose code was entered."""

    prefix: str
    sent: int
    entered: int
    last_at: datetime

    @property
    def unentered(self) -> float:
        return 1 - self.entered / self.sent


def is_blocked(number: PhoneNumber) -> bool:
    """Whether the prefix of the number is blocked for new numbers."""
    return PrefixBlock.objects.filter(prefix=numbers.prefix_of(number), lifted_at=None).exists()


@shared_task(name="mfa_sms.block_pumped_prefixes")
def block_pumped_prefixes() -> int:
    """Block the prefixes to which codes went in the last hour and were not entered. Return how many.

    A prefix is blocked if `SMS_PUMPING_NUMBERS` of its numbers got a code, the share of numbers without an entered code
    is at least `SMS_PUMPING_SHARE`, and it is far above the usual share of a day. So a gateway that loses all messages
    blocks nothing.
    """
    now = timezone.now()
    # The newest codes can still be entered.
    until = now - settings.SMS_CODE_LIFE
    found = list(_by_prefix(until - _HOUR, until))
    suspects = [one for one in found if one.sent >= catalogue.SMS_PUMPING_NUMBERS.number]
    if not suspects:
        return 0
    usual = _usual_share(until - _DAY, until, [one.prefix for one in suspects])
    threshold = max(settings.SMS_PUMPING_SHARE, settings.SMS_PUMPING_TIMES * usual)
    return sum(_block(one) for one in suspects if one.unentered >= threshold)


def lift(block: PrefixBlock, agent: Account, client: ClientInfo) -> bool:
    """Let new numbers of the prefix get codes again. Return False if another agent has already lifted the block."""
    with transaction.atomic():
        rows = PrefixBlock.objects.filter(pk=block.pk, lifted_at=None)
        if not rows.update(lifted_at=timezone.now(), lifted_by=agent):
            return False
        events.prefix_unblocked(block.prefix, agent, client)
    return True


def _enrollments(since: datetime, until: datetime) -> QuerySet[TextMessage]:
    sent = TextMessage.objects.filter(purpose=Purpose.ENROLL, created_at__gt=since, created_at__lte=until)
    return sent.exclude(number="").order_by()


def _by_prefix(since: datetime, until: datetime) -> Iterator[_Prefix]:
    rows = (
        _enrollments(since, until)
        .annotate(prefix=Substr("number", Value(1), Length(F("number")) - 4))
        .values("prefix")
        .annotate(
            sent=Count("number", distinct=True),
            entered=Count("number", distinct=True, filter=Q(challenge__outcome=Challenge.Outcome.RIGHT)),
            last_at=Max("created_at"),
        )
    )
    for row in rows:
        yield _Prefix(row["prefix"], row["sent"], row["entered"], row["last_at"])


def _usual_share(since: datetime, until: datetime, suspects: list[str]) -> float:
    """Return the share of numbers without an entered code, over a day and all other prefixes. 0 without messages."""
    sent = entered = 0
    for one in _by_prefix(since, until):
        if one.prefix not in suspects:
            sent += one.sent
            entered += one.entered
    return 1 - entered / sent if sent else 0.0


def _block(found: _Prefix) -> bool:
    """Block the prefix, unless it is blocked or its block was lifted after the last of these messages."""
    if PrefixBlock.objects.filter(prefix=found.prefix, lifted_at__gt=found.last_at).exists():
        return False
    try:
        with transaction.atomic():
            PrefixBlock.objects.create(prefix=found.prefix, numbers=found.sent, entered=found.entered)
            events.prefix_blocked(found.prefix, found.sent, found.entered)
            alarms.raise_alarm(Use(catalogue.SMS_PUMPING_NUMBERS, found.prefix), alarms.Level.REACHED, event=False)
    except IntegrityError:
        return False  # it is blocked
    return True
