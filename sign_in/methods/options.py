"""The devices that an account has, and those that it can use now."""

from collections.abc import Container, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from django_otp.models import Device

from accounts.models import Account
from audit.models import SecurityEvent
from sign_in.methods import throttling
from sign_in.methods.base import Method, Words
from sign_in.methods.registry import all_methods, of_device

_NEVER = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True)
class Option:
    """A device of an account, with its method."""

    method: Method
    device: Device

    @property
    def description(self) -> Words:
        """Return what distinguishes the device from others of its method."""
        return self.method.describe(self.device)

    @property
    def details(self) -> str:
        """Return a short remark about the device."""
        return self.method.details(self.device)

    @property
    def hint(self) -> str:
        """Return a sentence about a problem that its owner should solve, or an empty string."""
        return self.method.hint(self.device)

    @property
    def prompt(self) -> Words:
        """Return the text of the button that starts verification."""
        return self.method.prompt(self.device)

    @property
    def url(self) -> str:
        """Return the URL to which the button posts."""
        return reverse(self.method.verification_url)

    @property
    def used_at(self) -> datetime:
        """Return when the device was last used or, if never, added. Return the earliest datetime if that is unknown."""
        device = self.device
        return getattr(device, "last_used_at", None) or getattr(device, "created_at", None) or _NEVER

    @property
    def allowed(self) -> bool:
        """Return whether its owner may use its method now."""
        return self.method.allows(self.device.user)

    @property
    def usable(self) -> bool:
        """Return whether it can be verified now."""
        return self.allowed and self.method.is_usable(self.device)


@dataclass(frozen=True)
class Standing:
    """The methods of an account, and its usable devices in the order in which pages offer them.

    `enrolled`: the account may use a registered method that is not a backup. `forbidden`: the usable devices whose
    method it may no longer use, if it is not enrolled. `locked`: some device is locked until the helpdesk unlocks it.
    `strength`: the highest strength of its allowed methods without backups, or 0.

    `guarded`: a password alone cannot enroll a method, because the account has or ever had one, or its owner has
    reported a misuse.

    SECURITY: a proven device guards the account even if a policy now forbids its method, or if it was removed.
    Otherwise an attacker with the password could wait for a change of affiliation, a policy or a reset.

    SECURITY: a locked device counts for `strength`. Otherwise an attacker with the password could lock the strongest
    device, and would then need less to change the others.

    Backups do not count for `strength`, so users with a backup are not forced to spend it. A backup allows a sensitive
    change if it is strong enough or the account has nothing else.
    """

    enrolled: bool
    options: tuple[Option, ...]
    account: Account | None
    guarded: bool = False
    strength: int = 0
    forbidden: tuple[Option, ...] = ()
    locked: bool = False


def standing(account_id: int) -> Standing:
    """Return the standing of the account, with one query per method, and one more for an account without devices.

    SECURITY: a locked device still counts as enrolled, and a backup as a guard. Otherwise an attacker with the password
    could lock the device with wrong codes. The sign-in would then lead to enrollment, and the attacker could enroll
    their own number.
    """
    registered = devices(account_id)
    account = registered[0].device.user if registered else Account.objects.filter(pk=account_id).first()
    return standing_of(account, registered)


def standing_of(account: Account | None, registered: Sequence[Option]) -> Standing:
    """Return the standing of an account with these devices. Without an account, nothing guards."""
    allowed = [option for option in registered if option.allowed]
    own = [option.method.strength for option in allowed if not option.method.backup]
    unallowed = [option for option in registered if not option.allowed and option.method.is_usable(option.device)]
    return Standing(
        enrolled=bool(own),
        options=tuple(option for option in allowed if option.usable),
        account=account,
        guarded=bool(registered) or _is_guarded(account),
        strength=max(own, default=0),
        forbidden=() if own else tuple(option for option in unallowed if not option.method.backup),
        locked=any(throttling.state(option.device).disabled for option in registered),
    )


def _is_guarded(account: Account | None) -> bool:
    """Return whether the account itself records that a password alone enrolls nothing."""
    return account is not None and (account.protected_since is not None or account.reported_at is not None)


def enrollable(account: Account) -> list[Method]:
    """Return the methods that the account's owner may enroll without an agent, strongest first, without backups."""
    offered = [
        method for method in all_methods() if method.enrollment_url and not method.backup and method.allows(account)
    ]
    return sorted(offered, key=lambda method: -method.strength)


def backups(account: Account) -> list[Method]:
    """Return the backups that the account's owner may enroll without an agent."""
    return [method for method in all_methods() if method.enrollment_url and method.backup and method.allows(account)]


def unused(registered: Sequence[Option]) -> list[Option]:
    """Return the devices that were not used within `DEVICE_UNUSED`, if another device was. Backups do not count."""
    since = timezone.now() - settings.DEVICE_UNUSED
    own = [option for option in registered if not option.method.backup]
    if not any(option.used_at > since for option in own):
        return []
    return [option for option in own if option.used_at < since]


def expires_at(device: Device) -> datetime | None:
    """Return when the device expires, or None if it does not."""
    method = of_device(device)
    return method.expires_at(device) if method else None


def of_event(event: SecurityEvent) -> Option | None:
    """Return the event's device with its method, or None if the account no longer has it."""
    for option in devices(event.account_id or 0):
        if option.method.owns(event.method) and option.device.pk == event.device_id:
            return option
    return None


def devices(account_id: int, held: Container[type[Device]] | None = None) -> list[Option]:
    """Return every confirmed device of the account with its method, in the order in which pages offer them.

    A device that expires comes first: an access pass replaces a phone that is gone. Then comes the preferred device,
    then the others by last use, and backups last. Pass `held` to skip queries for tables without rows.
    """
    asked = [
        method
        for method in all_methods()
        if held is None or not method.models or any(model in held for model in method.models)
    ]
    registered = [Option(method, device) for method in asked for device in method.devices(account_id)]
    return sorted(registered, key=_place)


def _place(option: Option) -> tuple[bool, bool, bool, float]:
    chosen = option.device.user.first_device == option.device.persistent_id
    # A device that was never used comes after those that were.
    used = getattr(option.device, "last_used_at", None) or _NEVER
    lasts = option.method.expires_at(option.device) is None or not option.usable
    return lasts, option.method.backup, not chosen, -(used - _NEVER).total_seconds()
