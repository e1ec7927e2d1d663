"""A thief had the password and the phone, and the owner has said "It was not me".

The thief is signed in at the portal and at a service, is about to verify in one more browser, and has a browser that is
known to the account. The owner presses the button of a mail, and chooses a new password with a link from a mail.
"""

from dataclasses import dataclass
from typing import Any

import pytest

from mfa_sms.models import SmsDevice
from mfa_sms.tests.helpers import Clock
from mfa_totp.models import AuthenticatorApp
from mfa_totp.tests.helpers import CODE, ENROLL
from notices import compromise_reports
from notices import events as notice_events
from sign_in.known_browsers import COOKIE
from sign_in.tests.test_password_reset import NEW, ask, link, set_password
from sso import keys
from sso.models import SigningKey
from sso.tests.oidc.service import Service, register
from tests.attacks.outcome import Outcome
from tests.attacks.people import Owner, rented, walk_at
from tests.fixtures import Outbox, Walk
from tests.helpers import session_carries_an_account, with_cookies_of

DOORS = (
    "/enroll/",
    "/enroll/methods/",
    "/enroll/phone/",
    ENROLL,
    "/sign-in/verify/",
    "/sign-in/stay/",
    "/security-info/",
)


@pytest.fixture
def service(db: None) -> Service:
    keys.rotate(SigningKey.Use.OIDC)
    return register()


@dataclass
class Thief:
    """The thief's browsers, and the tokens of the service."""

    inside: Walk
    half_way: Walk
    tokens: dict[str, Any]
    service: Service

    def open_doors(self) -> list[str]:
        """Return what is still open to the thief without another password."""
        found = []
        for name, walk in {"session": self.inside, "flow": self.half_way}.items():
            found += [f"{name} {path}" for path in DOORS if walk.browser.get(path).status_code == 200]
        if self.service.userinfo(self.tokens["access_token"]).status_code == 200:
            found.append("access token")
        if self.service.refresh(self.tokens["refresh_token"]).status_code == 200:
            found.append("refresh token")
        return found


@pytest.fixture
def thief(owner: Owner, service: Service, sms_outbox: Outbox, clock: Clock) -> Thief:
    inside = walk_at(sms_outbox, rented(0)).signed_in(owner.device)
    clock.forward(minutes=5)
    half_way = walk_at(sms_outbox, rented(1)).to_code(owner.device)
    return Thief(inside, half_way, service.tokens(inside.browser), service)


def report(walk: Walk, owner: Owner) -> None:
    """Press the button behind the link of the mail, as the owner."""
    event = notice_events.second_factor_missing(owner.device.user, "", None)
    address = compromise_reports.report_link(event)
    assert walk.browser.post(address[address.index("/report/") :], follow=True).status_code == 200


def renew(walk: Walk) -> None:
    """Choose a new password with the link of a mail."""
    ask(walk)
    set_password(walk, link())


def test_k2_k5_after_the_report_all_that_the_thief_had_is_dead_and_the_owner_signs_in_with_a_new_password(
    clock: Clock, owner: Owner, thief: Thief, outcome: Outcome
) -> None:
    outcome.at_least("doors open before the report", len(thief.open_doors()), 4)
    report(owner.walk, owner)
    outcome.nothing("doors open after the report", thief.open_doors())
    thief.half_way.code()
    outcome.nothing("doors open after the code of the flow", thief.open_doors())
    renew(owner.walk)
    clock.forward(minutes=5)
    owner.signs_in(NEW)
    outcome.owner_signs_in(owner)
    outcome.nothing("doors open after the new password", thief.open_doors())


def test_k2_after_the_report_the_old_password_opens_and_enrolls_nothing_in_any_browser(
    clock: Clock, owner: Owner, thief: Thief, sms_outbox: Outbox, outcome: Outcome
) -> None:
    report(owner.walk, owner)
    known = Walk(sms_outbox, with_cookies_of(thief.inside.browser))
    assert COOKIE in known.browser.cookies
    opened, sent = [], len(sms_outbox.codes)
    for stage in ("reported", "renewed"):
        if stage == "renewed":
            renew(owner.walk)
        before = _devices()
        for name, walk in {"known": known, "new": walk_at(sms_outbox, rented(2))}.items():
            walk.to_password(owner.device.user)
            opened += [f"{stage} {name} {path}" for path in DOORS if walk.browser.get(path).status_code == 200]
            walk.number("20 11 12 34")
            walk.send(owner.device)
            walk.browser.post(CODE, {"code": "123456"})
            opened += [f"{stage} {name} session"] if session_carries_an_account(walk.browser) else []
        assert _devices() == before
    outcome.nothing("doors that the old password opened", opened)
    outcome.exactly("codes that it had sent", len(sms_outbox.codes) - sent, 0)
    clock.forward(minutes=5)
    owner.signs_in(NEW)
    outcome.owner_signs_in(owner)


def _devices() -> list[tuple[int, bool]]:
    """Return the methods of all accounts."""
    rows = [*SmsDevice.objects.values_list("pk", "confirmed"), *AuthenticatorApp.objects.values_list("pk", "confirmed")]
    return sorted(rows)
