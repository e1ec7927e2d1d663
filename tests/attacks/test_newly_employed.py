"""A thief has the old password of a student with a confirmed phone, who becomes employed.

By the rules an employee may not use a phone. The password alone must not enroll another method, whenever the thief
began: before the change, after it, or while the owner enrolls an app. The owner proves the phone first.
"""

from dataclasses import dataclass

import pytest

from limits import catalogue
from mfa_sms.models import SmsDevice
from mfa_sms.tests.helpers import Clock, other_than
from mfa_totp.models import AuthenticatorApp
from mfa_totp.tests import helpers as totp
from sign_in.tests.test_k2_forbidden_device import become_employed
from tests.attacks.outcome import Outcome
from tests.attacks.people import Owner, rented, walk_at
from tests.fixtures import Outbox, Walk
from tests.helpers import is_signed_in, session_carries_an_account

ENROLLMENT = ("/enroll/", "/enroll/methods/", "/enroll/phone/", totp.ENROLL)


@dataclass
class Thief:
    """The thief's browsers, each after the right password."""

    browsers: dict[str, Walk]

    def opened(self) -> list[str]:
        """Try to enroll in each browser. Return the pages that opened, and the sessions that were given."""
        found = []
        for name, walk in self.browsers.items():
            found += [f"{name} {path}" for path in ENROLLMENT if walk.browser.get(path).status_code == 200]
            totp.post(walk, totp.ENROLL, code="123456")
            walk.number("20 11 12 34")
            totp.post(walk, "/enroll/done/")
            found += [f"{name} session"] if session_carries_an_account(walk.browser) else []
        return found


@pytest.fixture
def thief(owner: Owner, sms_outbox: Outbox) -> Thief:
    """The thief, who began as long as the owner was a student."""
    return Thief({"before": walk_at(sms_outbox, rented(0)).to_password(owner.device.user)})


def employ(owner: Owner) -> None:
    """Make the student an employee, whose account name ends with another domain."""
    owner.device.user = become_employed(owner.device.user)


def methods_of(owner: Owner) -> tuple[int, int]:
    """Return how many phones and apps the account has, confirmed or not."""
    account = owner.device.user
    return SmsDevice.objects.filter(user=account).count(), AuthenticatorApp.objects.filter(user=account).count()


def sets_up_an_app(walk: Walk, owner: Owner) -> AuthenticatorApp:
    """Prove the phone in the usual browser, and enroll an app with that."""
    walk.to_code(owner.device)
    walk.code()
    key = totp.key_on(totp.page_of(walk.get(totp.ENROLL)))
    totp.post(walk, totp.ENROLL, code=totp.code_at(key))
    app: AuthenticatorApp = AuthenticatorApp.objects.get(user=owner.device.user, confirmed=True)
    return app


def signs_in_with(walk: Walk, app: AuthenticatorApp) -> bool:
    totp.signed_in(walk, app)
    return is_signed_in(walk.browser)


def test_k2_the_old_password_of_a_new_employee_enrolls_nothing_and_the_owner_sets_up_an_app(
    clock: Clock, owner: Owner, thief: Thief, sms_outbox: Outbox, outcome: Outcome
) -> None:
    had = methods_of(owner)
    employ(owner)
    thief.browsers["after"] = walk_at(sms_outbox, rented(1)).to_password(owner.device.user)
    outcome.nothing("pages open after the change", thief.opened())
    walk = owner.walk
    walk.to_code(owner.device)
    walk.code()
    outcome.nothing("pages open while the owner has proven the phone", thief.opened())
    outcome.exactly("methods that the thief added", sum(methods_of(owner)) - sum(had), 0)
    clock.forward(minutes=1)
    app = sets_up_an_app(walk, owner)
    outcome.nothing("pages open after the owner has an app", thief.opened())
    clock.forward(minutes=1)
    outcome.exactly("sign-ins of the owner with the app", signs_in_with(walk, app), 1)
    thief.browsers["later"] = walk_at(sms_outbox, rented(2)).to_password(owner.device.user)
    outcome.nothing("pages open after the owner's sign-in", thief.opened())
    outcome.exactly("methods added, of which one is the owner's app", sum(methods_of(owner)) - sum(had), 1)


def test_k3_a_thief_guesses_few_codes_of_the_forbidden_phone_and_the_owner_still_proves_it(
    clock: Clock, owner: Owner, sms_outbox: Outbox, outcome: Outcome
) -> None:
    employ(owner)
    compared = 0
    for visit in range(12):
        walk = walk_at(sms_outbox, rented(251 * visit)).to_password(owner.device.user)
        walk.send(owner.device)
        for _try in range(5):
            response = walk.code(other_than(sms_outbox.codes[-1]))
            compared += response.status_code == 200 and response.redirect_chain == []
        clock.forward(minutes=20)
    outcome.exactly("wrong codes of the thief", compared, catalogue.CODE_FAILURES_OF_ACCOUNT.number)
    app = sets_up_an_app(owner.walk, owner)
    clock.forward(minutes=1)
    outcome.exactly("sign-ins of the owner with the app", signs_in_with(owner.walk, app), 1)
