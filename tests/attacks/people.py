"""The people of the simulations: owners with a usual browser, and browsers at chosen addresses."""

from dataclasses import dataclass

from mfa_sms.models import SmsDevice
from sign_in.tests.test_password_throttle import puzzle_on, solution_of
from tests.fixtures import PASSWORD, Browser, Outbox, Walk
from tests.helpers import is_signed_in

CAMPUS = "192.0.2.10"  # where the owner's usual browser is


def walk_at(outbox: Outbox, address: str) -> Walk:
    """Return a new browser at the address."""
    return Walk(outbox, Browser(REMOTE_ADDR=address))


def rented(number: int) -> str:
    """Return one of 60,000 addresses, each in a network of its own except for those of one /24."""
    return f"198.{18 + number // 62500}.{number // 250 % 250}.{1 + number % 250}"


def signs_in(walk: Walk, device: SmsDevice, password: str = PASSWORD) -> bool:
    """Sign in with the phone, and sign out again. Return whether the sign-in succeeded."""
    walk.name(device.user)
    walk.password(password)
    walk.send(device)
    walk.code()
    walk.stay()
    succeeded = is_signed_in(walk.browser)
    walk.browser.post("/sign-out/")
    return succeeded


@dataclass
class Owner:
    """The owner of a phone, with a browser that has signed in before. Counts the sign-ins during the attack."""

    device: SmsDevice
    walk: Walk
    tries: int = 0
    sign_ins: int = 0

    def signs_in(self, password: str = PASSWORD) -> None:
        """Sign in with the phone, and sign out again. End a session that is open first."""
        self.walk.browser.post("/sign-out/")
        self.tries += 1
        self.sign_ins += signs_in(self.walk, self.device, password)


def owner_of(device: SmsDevice, outbox: Outbox, address: str = CAMPUS) -> Owner:
    """Return the owner of the phone at the usual browser."""
    walk = walk_at(outbox, address)
    assert signs_in(walk, device)
    return Owner(device, walk)


def passes_the_check(walk: Walk, device: SmsDevice) -> bool:
    """Sign in from a browser whose script solves the human check. Return whether that succeeded."""
    walk.name(device.user)
    page = walk.password()
    assert page.status_code == 429, "no human check was asked for"
    data = {"password": PASSWORD, "solution": solution_of(puzzle_on(page))}
    walk.browser.post("/sign-in/password/", data, follow=True)
    walk.send(device)
    walk.code()
    return is_signed_in(walk.browser)
