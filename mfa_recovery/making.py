"""New codes: hashed, put in the place of all earlier ones, with the event and the notice. Shown once, kept nowhere."""

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
    """The codes that an account has: how many, how many of them unused, and which set it is; 0 where there are none."""

    total: int
    left: int
    number: int


@dataclass(frozen=True)
class MadeSheet:
    """New codes on their way to the page that shows them.

    SECURITY: they are no part of its `repr`, since Django's templates log their whole context at level DEBUG.
    """

    codes: tuple[str, ...] = field(repr=False)


def made_sheet(account: Account) -> Sheet:
    """Return what the account has now."""
    found = RecoveryCode.objects.filter(device__user=account).aggregate(
        total=Count("pk"), left=Count("pk", filter=Q(used_at=None)), number=Max("pk")
    )
    return Sheet(found["total"], found["left"], found["number"] or 0)


@sensitive_variables("fresh")
def make_sheet(account: Account, number: int | None, client: ClientInfo) -> MadeSheet | None:
    """Put new codes in the place of the set of that number and return them; None where that set is gone already.

    Raises the page that says to wait after `RECOVERY_SHEETS_PER_DAY`.

    A form that is posted twice therefore makes codes once, whether it was reloaded or clicked twice.
    """
    if made_sheet(account).number != number:
        return None
    if _made_today(account) >= settings.RECOVERY_SHEETS_PER_DAY:
        raise too_many_sheets()
    fresh = codes.new_codes(settings.RECOVERY_CODES)
    digests = [codes.hash_secret_code(code) for code in fresh]  # half a second of Argon2, before anything is locked
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
    """Return the account's device, locked against who enters an old code at this moment, and with a clean slate."""
    device: RecoveryDevice
    device, _made = RecoveryDevice.objects.select_for_update().get_or_create(user=account)
    device.confirmed = True
    device.created_at = timezone.now()
    device.disabled_at = None
    device.throttle_reset(commit=False)
    device.save()
    return device
