"""Creation of recovery codes.

New codes replace all earlier ones, in one transaction with the event and the notice. The codes are shown once, and only
their hashes are stored.
"""

from dataclasses import dataclass, field
from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Count, Max, Q
from django.utils import timezone
from django.views.decorators.debug import sensitive_variables

from accounts.models import Account
from audit.models import SecurityEvent
from common.client_info import ClientInfo
from mfa_recovery import codes, events, notices
from mfa_recovery.models import RecoveryCode, RecoveryDevice
from mfa_recovery.problems import too_many_sheets
from notices import notify
from sign_in import methods
from sign_in.methods import device_management


@dataclass(frozen=True)
class Sheet:
    """The set of codes of an account: the total, the unused codes (`left`) and the number of the set.

    All three are 0 if the account has no codes.
    """

    total: int
    left: int
    number: int


@dataclass(frozen=True)
class MadeSheet:
    """New codes for the page that shows them.

    SECURITY: the `repr` leaves them out, since Django's templates log their whole context at level DEBUG.
    """

    codes: tuple[str, ...] = field(repr=False)


def made_sheet(account: Account) -> Sheet:
    """Return the current set of the account."""
    found = RecoveryCode.objects.filter(device__user=account).aggregate(
        total=Count("pk"), left=Count("pk", filter=Q(used_at=None)), number=Max("pk")
    )
    return Sheet(found["total"], found["left"], found["number"] or 0)


@sensitive_variables("fresh")
def make_sheet(account: Account, number: int | None, client: ClientInfo) -> MadeSheet | None:
    """Replace the set of that number and return the new codes; None if that set no longer exists.

    A form that is posted twice, by a reload or a double click, therefore makes codes once.

    Raises the page that says to wait after `RECOVERY_SHEETS_PER_DAY`.
    """
    if made_sheet(account).number != number:
        return None
    if _made_today(account) >= settings.RECOVERY_SHEETS_PER_DAY:
        raise too_many_sheets()
    fresh = codes.new_codes(settings.RECOVERY_CODES)
    digests = [codes.hash_secret_code(code) for code in fresh]  # half a second of Argon2, before any lock is taken
    with transaction.atomic():
        device_management.lock(account)
        if made_sheet(account).number != number:
            return None
        before = methods.devices(account.pk)
        device = _device(account)
        device.codes.all().delete()
        RecoveryCode.objects.bulk_create(RecoveryCode(device=device, digest=kept) for kept in digests)
        event = events.recovery_codes_made(account, device, client)
        notify.notify_owner(event, notices.RECOVERY_CODES_MADE, before)
    return MadeSheet(fresh)


def _made_today(account: Account) -> int:
    made = SecurityEvent.objects.filter(account=account, kind=events.RECOVERY_CODES_MADE)
    return made.filter(at__gt=timezone.now() - timedelta(days=1)).count()


def _device(account: Account) -> RecoveryDevice:
    """Return the account's device, locked, with its wrong codes reset.

    The lock serializes with requests that enter an old code.
    """
    device: RecoveryDevice
    device, _made = RecoveryDevice.objects.select_for_update().get_or_create(user=account)
    device.confirmed = True
    device.created_at = timezone.now()
    device.disabled_at = None
    device.throttle_reset(commit=False)
    device.save()
    return device
