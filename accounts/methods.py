"""The registry of second factors.

Each factor is an app of its own that registers one `Method` in its `AppConfig.ready`. This app never imports one.
"""

from collections.abc import Callable, Container, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django_otp.models import Device

from accounts import policies
from accounts.models import Account, SecurityEvent
from accounts.policies import Audience

_NEVER = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True)
class Words:
    """Words for a device as they are seen, and as a screen reader says them where that differs."""

    seen: str
    spoken: str = ""


def _nothing(device: Device) -> str:
    return ""


def _for_good(device: Device) -> None:
    return None


@dataclass(frozen=True)
class Method:
    """A kind of second factor.

    What it is: `slug` names it in rules and addresses, `label` for people. `app_label` is the app of its devices, where
    that is not the slug. `strength` orders methods, weakest first; `amr` is its value in tokens (RFC 8176).
    `opens_admin`: strong enough for the admin (ASVS 8.4.2). A `backup` does not count as enrolled and is offered last.
    `students` and `employees`: who may use it where no rule (`MethodPolicy`) says otherwise.

    Its devices: `models` are their tables. `devices` returns the confirmed ones of the account with that id, each with
    its `user` loaded, and `usable` whether one can be proven now. `disable` locks one until the helpdesk helps. `tell`
    sends a notice to the owner through one, for methods that can. `lent_until` is when one ends by itself, if it does:
    the session that stands on it ends with it, and whoever signs in with it is led to the enrollment of another.

    For the helpdesk: `find` returns the ids of the accounts with a device of these last digits, as its owner says them.
    `awaits`: whether a device that an agent has prepared waits for the account's first code; its page then comes first.

    Its pages: `enrollment_url` and `verification_url` are URL names; the second takes a POST with the device's
    `persistent_id` as `device`. `enrollment_url` is empty where people cannot enroll by themselves.

    Its words: `prompt` is the button that starts verification, `describe` tells a device from others, `details` adds a
    little, `hint` is what its owner should know of a device, `cannot` opens the list of the other methods, `risk` is
    said where it is chosen, `registered` heads the page after enrollment and `onward` says what comes next, `offer` is
    the button that leads from there to a backup, `trouble` is what people should know before they choose it. All but
    the first two may be empty.
    """

    slug: str
    label: str | Promise
    devices: Callable[[int], Sequence[Device]]
    usable: Callable[[Device], bool]
    prompt: Callable[[Device], Words]
    describe: Callable[[Device], Words]
    disable: Callable[[Device], None]
    verification_url: str
    enrollment_url: str = ""
    models: tuple[type[Device], ...] = ()
    app_label: str = ""
    strength: int = 1
    phishing_resistant: bool = False
    amr: str = ""
    opens_admin: bool = False
    backup: bool = False
    students: bool = False
    employees: bool = False
    cannot: str | Promise = ""
    risk: str | Promise = ""
    registered: str | Promise = ""
    onward: str | Promise = ""
    offer: str | Promise = ""
    details: Callable[[Device], str] = _nothing
    hint: Callable[[Device], str] = _nothing
    trouble: Callable[[], str] = str
    tell: Callable[[Device, str], None] | None = None
    lent_until: Callable[[Device], datetime | None] = _for_good
    find: Callable[[str], Sequence[int]] = lambda digits: ()
    awaits: Callable[[Account], bool] = lambda account: False

    def owns(self, app_label: str) -> bool:
        """Whether devices of that app are its own."""
        return app_label == (self.app_label or self.slug)

    @property
    def default_audience(self) -> Audience:
        """Who may use it where no rule says otherwise."""
        return Audience(self.students, self.employees)

    @property
    def audience(self) -> Audience:
        """Who may use it now."""
        return policies.audience(self.slug) or self.default_audience

    def allows(self, account: Account) -> bool:
        """Whether the account may use it now."""
        return self.audience.admits(account)


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
        return self.allowed and self.method.usable(self.device)


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


_methods: dict[str, Method] = {}


def register(method: Method) -> None:
    """Add a method. Raises ValueError where its slug is taken."""
    if method.slug in _methods:
        raise ValueError(f"Method {method.slug!r} is registered twice.")
    _methods[method.slug] = method


def unregister(slug: str) -> None:
    """Take a method away again, for a test that added it."""
    del _methods[slug]


def all_methods() -> Iterator[Method]:
    """Yield the methods in the order of their registration."""
    yield from _methods.values()


def by_slug(slug: str) -> Method | None:
    """Return the method of that name, if there is one."""
    return _methods.get(slug)


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
        method for method in _methods.values() if method.enrollment_url and not method.backup and method.allows(account)
    ]
    return sorted(offered, key=lambda method: -method.strength)


def backups(account: Account) -> list[Method]:
    """Return the backups that the account may make by itself."""
    return [
        method for method in _methods.values() if method.enrollment_url and method.backup and method.allows(account)
    ]


def unused(registered: Sequence[Option]) -> list[Option]:
    """Return the devices that were not used for `DEVICE_UNUSED` while another one was; no backups."""
    since = timezone.now() - settings.DEVICE_UNUSED
    own = [option for option in registered if not option.method.backup]
    if not any(option.used_at > since for option in own):
        return []
    return [option for option in own if option.used_at < since]


def of_device(device: Device) -> Method | None:
    """Return the method that a device belongs to."""
    return next((method for method in _methods.values() if method.owns(device._meta.app_label)), None)


def lent_until(device: Device) -> datetime | None:
    """Return when a device ends by itself, None where it does not."""
    method = of_device(device)
    return method.lent_until(device) if method else None


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
        for method in _methods.values()
        if held is None or not method.models or any(model in held for model in method.models)
    ]
    registered = [Option(method, device) for method in asked for device in method.devices(account_id)]
    return sorted(registered, key=_place)


def _place(option: Option) -> tuple[bool, bool, float]:
    chosen = option.device.user.first_device == option.device.persistent_id
    # One that was only added stands behind those that were used.
    used = getattr(option.device, "last_used_at", None) or _NEVER
    return option.method.backup, not chosen, -(used - _NEVER).total_seconds()
