"""The registry of second factors.

Each factor is an app of its own that registers one `Method` in its `AppConfig.ready`. This app never imports one.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from django.urls import reverse
from django.utils.functional import Promise
from django_otp.models import Device

from accounts.models import Account


@dataclass(frozen=True)
class Words:
    """Words for a device as they are seen, and as a screen reader says them where that differs."""

    seen: str
    spoken: str = ""


@dataclass(frozen=True)
class Method:
    """A kind of second factor.

    `allows` says whether an account may use it. `enrollment_url` and `verification_url` are URL names; the second
    takes a POST with the device's `persistent_id` as `device`. `devices` returns the confirmed devices of the account
    with that id, each with its `user` loaded, and `usable` whether one can be proven now. `prompt` is the text of the
    button that starts verification, `describe` a line for the list of devices. `enrollment_url` is empty where people
    cannot enroll by themselves. `opens_admin`: strong enough for the admin (ASVS 8.4.2). `trouble` returns what people
    should know before they choose it, empty where all is well.
    """

    slug: str
    label: str | Promise
    allows: Callable[[Account], bool]
    devices: Callable[[int], Sequence[Device]]
    usable: Callable[[Device], bool]
    prompt: Callable[[Device], Words]
    describe: Callable[[Device], Words]
    verification_url: str
    enrollment_url: str = ""
    opens_admin: bool = False
    trouble: Callable[[], str] = str


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
    def prompt(self) -> Words:
        """The words on the button."""
        return self.method.prompt(self.device)

    @property
    def url(self) -> str:
        """Where the button posts to."""
        return reverse(self.method.verification_url)


@dataclass(frozen=True)
class Standing:
    """What an account has: whether any method at all, and what of it can be used now."""

    enrolled: bool
    options: tuple[Option, ...]
    account: Account | None


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


def standing(account_id: int) -> Standing:
    """Return what the account has registered and may use; one query per method.

    SECURITY: a locked device still counts as enrolled. Were its owner led to enrollment, then whoever has the password
    could lock the device with wrong codes and enroll a number of their own.
    """
    enrolled = False
    options = []
    account = None
    for method in _methods.values():
        for device in method.devices(account_id):
            account = device.user
            if not method.allows(account):
                continue
            enrolled = True
            if method.usable(device):
                options.append(Option(method, device))
    return Standing(enrolled, tuple(options), account)


def enrollable(account: Account) -> list[Method]:
    """Return the methods that the account may enroll by itself."""
    return [method for method in _methods.values() if method.enrollment_url and method.allows(account)]


def of_device(device: Device) -> Method | None:
    """Return the method that a device belongs to."""
    return next((method for method in _methods.values() if method.slug == device._meta.app_label), None)


def devices(account: Account) -> list[Option]:
    """Return every confirmed device of the account with its method."""
    return [Option(method, device) for method in _methods.values() for device in method.devices(account.pk)]
