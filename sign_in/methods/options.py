"""What an account has of second factors, and what of it can be used now."""

from collections.abc import Container, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from django_otp.models import Device

from accounts.models import Account
from audit.models import SecurityEvent
from sign_in.methods.base import Method, Words
from sign_in.methods.registry import all_methods, of_device

_NEVER = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True)
class Option:
    """One device of an account, with its method."""

    method: Method
    device: Device

    @property
    def description(self) -> Words:
        """What tells the device from others of its method."""
        return self.method.describe(self.device)

    @property
    def details(self) -> str:
        """A little more about it."""
        return self.method.details(self.device)

    @property
    def hint(self) -> str:
        """What its owner should know of it; often nothing."""
        return self.method.hint(self.device)

    @property
    def prompt(self) -> Words:
        """The words on the button."""
        return self.method.prompt(self.device)

    @property
    def url(self) -> str:
        """Where the button posts to."""
        return reverse(self.method.verification_url)

    @property
    def used_at(self) -> datetime:
        """When it was used last, or else added."""
        device = self.device
        return getattr(device, "last_used_at", None) or getattr(device, "created_at", None) or _NEVER

    @property
    def allowed(self) -> bool:
        """Whether its owner may use it now."""
        return self.method.allows(self.device.user)

    @property
    def usable(self) -> bool:
        """Whether it can be proven now."""
        return self.allowed and self.method.is_usable(self.device)


@dataclass(frozen=True)
class Standing:
    """What an account has, and what of it can be used now, the first to be offered first.

    `enrolled`: whether it has any method but backups. `guarded`: whether it has any at all, so that a password alone
    enrolls nothing. `strength`: the highest of its methods but backups; 0 where it has none.

    SECURITY: a locked device counts for the strength too. Whoever knows the password could lock the strongest one, and
    would then need less to change the others. Who has a backup is not made to use it up: it proves a sensitive change
    where it is strong enough, or all there is.
    """

    enrolled: bool
    options: tuple[Option, ...]
    account: Account | None
    guarded: bool = False
    strength: int = 0


def standing(account_id: int) -> Standing:
    """Return what the account has registered and may use; one query per method.

    SECURITY: a locked device still counts as enrolled, and a backup guards. Were its owner led to enrollment, then
    whoever has the password could lock the device with wrong codes, or wait until a rule forbids the rest, and enroll a
    number of their own.
    """
    return standing_of(devices(account_id))


def standing_of(registered: Sequence[Option]) -> Standing:
    """Return what an account may use of its devices."""
    account = registered[0].device.user if registered else None
    allowed = [option for option in registered if option.allowed]
    own = [option.method.strength for option in allowed if not option.method.backup]
    usable = tuple(option for option in allowed if option.usable)
    return Standing(bool(own), usable, account, bool(allowed), max(own, default=0))


def enrollable(account: Account) -> list[Method]:
    """Return the methods that the account may enroll by itself, strongest first; no backups."""
    offered = [
        method for method in all_methods() if method.enrollment_url and not method.backup and method.allows(account)
    ]
    return sorted(offered, key=lambda method: -method.strength)


def backups(account: Account) -> list[Method]:
    """Return the backups that the account may make by itself."""
    return [method for method in all_methods() if method.enrollment_url and method.backup and method.allows(account)]


def unused(registered: Sequence[Option]) -> list[Option]:
    """Return the devices that were not used for `DEVICE_UNUSED` while another one was; no backups."""
    since = timezone.now() - settings.DEVICE_UNUSED
    own = [option for option in registered if not option.method.backup]
    if not any(option.used_at > since for option in own):
        return []
    return [option for option in own if option.used_at < since]


def expires_at(device: Device) -> datetime | None:
    """Return when a device ends by itself, None if it does not."""
    method = of_device(device)
    return method.expires_at(device) if method else None


def of_event(event: SecurityEvent) -> Option | None:
    """Return the device that an event was about, with its method; None where its account no longer has it."""
    for option in devices(event.account_id or 0):
        if option.method.owns(event.method) and option.device.pk == event.device_id:
            return option
    return None


def devices(account_id: int, held: Container[type[Device]] | None = None) -> list[Option]:
    """Return every confirmed device of the account with its method, in the order in which they are offered.

    First the one that its owner has chosen to stand first, then the one that was used last; backups at the end. Whoever
    knows in which tables the account has rows (`held`) saves the queries for the others.
    """
    asked = [
        method
        for method in all_methods()
        if held is None or not method.models or any(model in held for model in method.models)
    ]
    registered = [Option(method, device) for method in asked for device in method.devices(account_id)]
    return sorted(registered, key=_place)


def _place(option: Option) -> tuple[bool, bool, float]:
    chosen = option.device.user.first_device == option.device.persistent_id
    # One that was only added stands behind those that were used.
    used = getattr(option.device, "last_used_at", None) or _NEVER
    return option.method.backup, not chosen, -(used - _NEVER).total_seconds()
