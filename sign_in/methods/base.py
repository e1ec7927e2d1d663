"""The base class of second factors: what a factor must implement, and what it may."""

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.functional import Promise
from django_otp.models import Device

from accounts.models import Account
from sign_in.methods import policies, throttling
from sign_in.methods.policies import Audience


@dataclass(frozen=True)
class Words:
    """Words for a device as a page shows them, and as a screen reader says them if that differs."""

    seen: str
    spoken: str = ""


class Method(ABC):
    """A kind of second factor. Its app registers one instance with `methods.register` in `AppConfig.ready`.

    A factor must implement the abstract members and may override the others, except those at the end. The defaults
    mean "no", "none" or "nothing". The argument `device` is always a row of one of the `models`, with its `user`
    loaded. No function here may raise an error. Texts are translated when a page is rendered.
    """

    # What a factor must implement.

    @property
    @abstractmethod
    def slug(self) -> str:
        """Return the name of the method in policies and addresses. Two methods must not share one."""

    @property
    @abstractmethod
    def label(self) -> str | Promise:
        """Return the name of the method for people."""

    @property
    @abstractmethod
    def models(self) -> Sequence[type[Device]]:
        """Return the tables of its devices. No other method has devices in the same app."""

    @property
    @abstractmethod
    def verification_url(self) -> str:
        """Return the URL name of the page that proves a device.

        It takes a POST with the device's `persistent_id` as `device`.
        """

    @abstractmethod
    def devices(self, account_id: int) -> Sequence[Device]:
        """Return the confirmed devices of the account, each with its `user` loaded, in one query."""

    @abstractmethod
    def prompt(self, device: Device) -> Words:
        """Return the words of the button that starts verification."""

    # What it may set: who can use it, and what it is worth.

    # The URL name of enrollment; empty if people cannot enroll by themselves.
    enrollment_url: str = ""
    # Who may use it while no policy (`MethodPolicy`) says otherwise.
    students: bool = False
    employees: bool = False
    # Orders the methods, the weakest first. A sensitive change needs the strongest method of the account.
    strength: int = 1
    # The value for `amr` in tokens (RFC 8176).
    amr: str = ""
    # Whether it is strong enough for the admin (ASVS 8.4.2).
    opens_admin: bool = False
    # A backup does not count as enrolled, and is offered last.
    backup: bool = False

    # What it may set: texts on pages of other apps.

    # The link to the other methods.
    cannot: str | Promise = ""
    # A warning where the method is chosen.
    risk: str | Promise = ""
    # The heading after enrollment, and the sentence that says what to do next.
    registered: str | Promise = ""
    onward: str | Promise = ""
    # The button after enrollment that leads to this backup.
    offer: str | Promise = ""

    # What it may implement: its devices.

    def is_usable(self, device: Device) -> bool:
        """Return whether the device can be proven now. By default it can until it is locked by too many wrong codes."""
        return not throttling.state(device).disabled

    def disable(self, device: Device) -> None:
        """Lock the device until the helpdesk unlocks it, and save it; must work again on a locked device.

        A report by the owner calls this in its transaction. A device without `CappedThrottling` must override it.
        """
        throttling.disable(device)

    def expires_at(self, device: Device) -> datetime | None:
        """Return when the device ends by itself, if it does.

        A session that was signed in with the device ends with it, and its owner is led to the enrollment of another.
        """
        return None

    def describe(self, device: Device) -> Words:
        """Return what tells the device from others of the method. SECURITY: a number must be masked."""
        return Words("")

    def details(self, device: Device) -> str:
        """Return a short remark about the device."""
        return ""

    def hint(self, device: Device) -> str:
        """Return a sentence about a problem with the device that its owner should solve."""
        return ""

    def send_notice(self, device: Device, kind: str) -> None:
        """Queue a notice to the owner through the device, in the transaction of the event it is about.

        The device may be deleted already. Only a method that can reach its owner implements this.
        """
        return

    # What it may implement: the method as a whole.

    def trouble(self) -> str:
        """Return a sentence that warns people before they choose the method, for example during an outage."""
        return ""

    def accounts_by_last_digits(self, digits: str) -> Sequence[int]:
        """Return the ids of the accounts with a confirmed device that ends in these 2 to 4 digits."""
        return ()

    def has_pending_enrollment(self, account: Account) -> bool:
        """Return whether a device that an agent registered waits for its first code. Its page then comes first."""
        return False

    # What every method has. A factor must not override it.

    def owns(self, app_label: str) -> bool:
        """Return whether devices of that app belong to the method. An event keeps the app of its device."""
        return any(model._meta.app_label == app_label for model in self.models)

    @property
    def default_audience(self) -> Audience:
        """Return who may use it while there is no policy."""
        return Audience(self.students, self.employees)

    @property
    def audience(self) -> Audience:
        """Return who may use it now."""
        return policies.audience(self.slug) or self.default_audience

    def allows(self, account: Account) -> bool:
        """Return whether the account may use it now."""
        return self.audience.admits(account)
