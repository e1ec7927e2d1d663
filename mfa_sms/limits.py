"""Which limits each text message uses. `limits.catalogue` lists them, and `limits.counting` counts them.

Each budget belongs to one party. Messages to unproven numbers never use the budget of a proven device. Only a person
with the account's password can use that, and a known browser has a budget of its own. Caps on totals stop enrollment
and notices. Sign-ins with a proven device at home go on: above the cap, each account has a reserve.
"""

from collections.abc import Sequence
from datetime import timedelta

from django.utils import timezone

from accounts.models import Account
from common.client_info import ClientInfo
from limits import catalogue, counting, refusals
from limits.limit import EVERYBODY, Refusal, Use
from mfa_sms import numbers
from mfa_sms.models import Purpose, SmsDevice, TextMessage

_DAY = timedelta(days=1)


def recent_messages(account_id: int) -> list[TextMessage]:
    """Return the last day's messages with codes of the account, newest first, in one query."""
    return list(
        TextMessage.objects.filter(account_id=account_id, created_at__gt=timezone.now() - _DAY)
        .exclude(purpose=TextMessage.NOTICE)
        .select_related("challenge")
        .order_by("-created_at")
    )


def take_code(
    device: SmsDevice, purpose: Purpose, recent: Sequence[TextMessage], client: ClientInfo, *, known: bool
) -> Refusal | None:
    """Count a message with a code, or record and return the refusal. `recent` are the account's messages of a day."""
    if purpose == Purpose.ENROLL:
        refusal = counting.take_all(_enrollment_uses(device, recent, client))
    else:
        # Someone who confirms a change has signed in with this browser.
        refusal = _take_sign_in(device, known=known or purpose == Purpose.STEP_UP)
    return _recorded(refusal, client, device.user)


def _take_sign_in(device: SmsDevice, *, known: bool) -> Refusal | None:
    refusal = counting.take_all(_sign_in_uses(device, known=known))
    if refusal is None or refusal.limit is not catalogue.SMS_SIGN_IN_PER_HOUR or not _is_at_home(device):
        return refusal
    return counting.take_all(_sign_in_uses(device, known=known, above_total=True))


def take_caller(device: SmsDevice) -> Refusal | None:
    """Count a code with which a caller proves who is calling, or return the refusal."""
    uses = [
        Use(catalogue.SMS_CALLER_OF_DEVICE_PER_DAY, str(device.pk), device.user_id),
        Use(catalogue.SMS_CALLER_PER_HOUR, EVERYBODY),
    ]
    return counting.take_all(uses)


def take_test(device: SmsDevice) -> Refusal | None:
    """Count a test message, or return the refusal."""
    return counting.take(catalogue.SMS_TESTS_OF_DEVICE_PER_DAY, str(device.pk), account_id=device.user_id)


def take_notice(message: TextMessage) -> Refusal | None:
    """Count a notice or a test that a worker is about to send, or record and return the refusal."""
    account_id = message.account_id
    if message.notice == TextMessage.TEST:
        # SECURITY: an agent must not use up a limit of notices with tests, and so suppress the next notices.
        refusal = counting.take(catalogue.SMS_TESTS_PER_HOUR, EVERYBODY)
        return refusal and _recorded(refusal, ClientInfo(), Account.objects.get(pk=account_id))
    country, prefix = numbers.region_of(message.number), numbers.prefix_of(message.number)
    number = f"{account_id}:{counting.digest(message.number.as_e164)}"
    uses = [
        Use(catalogue.SMS_NOTICES_TO_PREFIX_PER_HOUR, prefix),
        Use(catalogue.SMS_NOTICES_PER_HOUR, EVERYBODY),
        Use(catalogue.SMS_NOTICES_TO_NUMBER_PER_DAY, number, account_id),
        Use(catalogue.SMS_NOTICES_OF_ACCOUNT_PER_HOUR, str(account_id), account_id),
    ]
    if not numbers.is_home(country):
        uses.append(Use(catalogue.SMS_NOTICES_ABROAD_PER_HOUR, country))
    refusal = counting.take_all(uses)
    if refusal is None:
        return None
    return _recorded(refusal, ClientInfo(), Account.objects.get(pk=account_id))


def _enrollment_uses(device: SmsDevice, recent: Sequence[TextMessage], client: ClientInfo) -> list[Use]:
    account_id, number = device.user_id, counting.digest(device.number.as_e164)
    # SECURITY: other accounts must not keep the owner of a number from enrolling it.
    first = not any(message.number == device.number for message in recent)
    uses = [
        Use(catalogue.SMS_ENROLL_OF_ACCOUNT_PER_HALF_HOUR, str(account_id), account_id),
        Use(catalogue.SMS_ENROLL_OF_ACCOUNT_PER_DAY, str(account_id), account_id),
        Use(catalogue.SMS_ENROLL_TO_NUMBER_PER_HALF_HOUR, number, account_id, forced=first),
        Use(catalogue.SMS_ENROLL_TO_NUMBER_PER_DAY, number, account_id, forced=first),
        Use(catalogue.SMS_ENROLL_TO_NUMBER_AT_MOST, number),
        Use(catalogue.SMS_ENROLL_TO_PREFIX_PER_HOUR, numbers.prefix_of(device.number)),
        Use(catalogue.SMS_ENROLL_PER_HOUR, EVERYBODY),
    ]
    if client.network is not None and client.wide_network is not None:
        uses.append(Use(catalogue.SMS_ENROLL_OF_ADDRESS_PER_HOUR, client.network))
        uses.append(Use(catalogue.SMS_ENROLL_OF_NETWORK_PER_HOUR, client.wide_network))
    if not _is_at_home(device):
        uses.append(Use(catalogue.SMS_ENROLL_ABROAD_PER_HOUR, numbers.region_of(device.number)))
    return uses


def _sign_in_uses(device: SmsDevice, *, known: bool, above_total: bool = False) -> list[Use]:
    account_id = device.user_id
    if known:
        budget = (catalogue.SMS_KNOWN_OF_ACCOUNT_PER_HALF_HOUR, catalogue.SMS_KNOWN_OF_ACCOUNT_PER_DAY)
    else:
        budget = (catalogue.SMS_SIGN_IN_OF_ACCOUNT_PER_HALF_HOUR, catalogue.SMS_SIGN_IN_OF_ACCOUNT_PER_DAY)
    uses = [Use(limit, str(account_id), account_id) for limit in budget]
    uses.append(Use(catalogue.SMS_SIGN_IN_PER_HOUR, EVERYBODY, forced=above_total))
    if above_total:
        party = f"{account_id}:{'known' if known else 'unknown'}"
        uses.append(Use(catalogue.SMS_RESERVE_OF_ACCOUNT_PER_HALF_HOUR, party, account_id))
    if not _is_at_home(device):
        uses.append(Use(catalogue.SMS_SIGN_IN_ABROAD_PER_HOUR, EVERYBODY))
    return uses


def _is_at_home(device: SmsDevice) -> bool:
    return numbers.is_home(numbers.region_of(device.number))


def _recorded(refusal: Refusal | None, client: ClientInfo, account: Account) -> Refusal | None:
    if refusal is not None:
        refusals.record(refusal, client, account)
    return refusal
