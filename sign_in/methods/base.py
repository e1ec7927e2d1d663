"""The base class of methods: the members that a method must implement, and those that it may override."""

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.functional import Promise
from django_otp.models import Device

from accounts.models import Account
from common.help_sections import HelpSection
from sign_in.methods import policies, throttling
from sign_in.methods.policies import Audience


@dataclass(frozen=True)
class Words:
    """Text about a device as a page shows it, and as a screen reader speaks it if that differs."""

    seen: str
    spoken: str = ""


class Method(ABC):
    """A kind of second factor. Its app registers one instance with `methods.register` in `AppConfig.ready`.

    A method must implement the abstract members. It may override the others, except those at the end, whose comment
    says so. Defaults mean "no", "none" or "nothing". The argument `device` is always a row of one of the `models`, with
    its `user` loaded. Functions must not raise. Texts are translated when a page is rendered.
    """

    # A method must implement these.

    @property
    @abstractmethod
    def slug(self) -> str:
        """Return the unique name of the method in policies and URLs."""

    @property
    @abstractmethod
    def label(self) -> str | Promise:
        """Return the display name of the method."""

    @property
    @abstractmethod
    def models(self) -> Sequence[type[Device]]:
        """Return the models of its devices. Their apps must not contain devices of another method."""

    @property
    @abstractmethod
    def verification_url(self) -> str:
        """Return the URL name of the page that verifies a device.

        The page takes a POST with the device's `persistent_id` as `device`.
        """

    @abstractmethod
    def devices(self, account_id: int) -> Sequence[Device]:
        """Return the confirmed devices of the account, each with its `user` loaded, in one query."""

    @abstractmethod
    def prompt(self, device: Device) -> Words:
        """Return the text of the button that starts verification."""

    # A method may set these: its audience and its strength.

    # The URL name of enrollment. Empty if users cannot enroll themselves.
    enrollment_url: str = ""
    # The section of the help page about its enrollment.
    help_section: HelpSection = HelpSection.FIRST_TIME_APP
    # The groups that may use it without a policy (`MethodPolicy`).
    students: bool = False
    employees: bool = False
    # Higher is stronger. A sensitive change needs the strongest method of the account.
    strength: int = 1
    # The value for `amr` in tokens (RFC 8176).
    amr: str = ""
    # False if somebody else gives it to its owner for the moment. It then is no second factor for another service.
    independent: bool = True
    # True if it is strong enough for the admin (ASVS 8.4.2).
    opens_admin: bool = False
    # A backup does not count as an enrolled method. Pages offer it last.
    backup: bool = False

    # A method may set these: texts on pages of other apps.

    # The text of the link to the other methods.
    cannot: str | Promise = ""
    # Sentences for the first page of enrollment: what the user needs for it, and what it means.
    preparations: Sequence[str | Promise] = ()
    # A warning on the page where users choose a method.
    risk: str | Promise = ""
    # The heading after enrollment, and the sentence about the next step.
    registered: str | Promise = ""
    onward: str | Promise = ""
    # The button after enrollment that offers this backup.
    offer: str | Promise = ""

    # A method may override these: behavior of its devices.

    def is_usable(self, device: Device) -> bool:
        """Return whether the device can be verified now. By default False once too many wrong codes have locked it."""
        return not throttling.state(device).disabled

    def disable(self, device: Device) -> None:
        """Lock the device until the helpdesk unlocks it, and save it. Must succeed on a locked device.

        A compromise report calls this in its transaction. A method without `CappedThrottling` must override it.
        """
        throttling.disable(device)

    def expires_at(self, device: Device) -> datetime | None:
        """Return when the device expires, or None if it does not.

        A session that was signed in with the device expires with it. Its owner is redirected to enroll another device.
        """
        return None

    def describe(self, device: Device) -> Words:
        """Return what distinguishes the device from others of the method. SECURITY: a number must be masked."""
        return Words("")

    def say(self, detail: str) -> str:
        """Return what an event stores about a device (the text that `describe` shows), as it can be read aloud."""
        return detail

    def details(self, device: Device) -> str:
        """Return a short remark about the device."""
        return ""

    def hint(self, device: Device) -> str:
        """Return a sentence about a problem with the device that its owner should solve."""
        return ""

    def send_notice(self, device: Device, kind: str) -> None:
        """Queue a notice to the owner through the device, in the transaction of the event it is about.

        The device may already be deleted. Only a method that can reach its owner implements this.
        """
        return

    # A method may override these: behavior of the method as a whole.

    def trouble(self) -> str:
        """Return a sentence that warns users before they choose the method, for example during an outage."""
        return ""

    def accounts_by_last_digits(self, digits: str) -> Sequence[int]:
        """Return the ids of the accounts with a confirmed device whose number ends in these 2 to 4 digits."""
        return ()

    def has_pending_enrollment(self, account: Account) -> bool:
        """Return whether a device that an agent registered waits for its first code. If so, its page comes first."""
        return False

    # A method must not override these.

    def owns(self, app_label: str) -> bool:
        """Return whether devices of that app belong to the method. Events store the app label of their device."""
        return any(model._meta.app_label == app_label for model in self.models)

    @property
    def default_audience(self) -> Audience:
        """Return the groups that may use it without a policy."""
        return Audience(self.students, self.employees)

    @property
    def audience(self) -> Audience:
        """Return the groups that may use it now."""
        return policies.audience(self.slug) or self.default_audience

    def allows(self, account: Account) -> bool:
        """Return whether the account may use it now."""
        return self.audience.admits(account)
