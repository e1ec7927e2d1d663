"""Requests that an agent crafts: they act on no other account, and no page of the admin contains a secret."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.contrib import admin
from django.urls import reverse

from accounts.models import Account
from helpdesk import registry
from helpdesk.tests.people import SAID, act_page, agent_of, browser_of
from mfa_pass.tests.helpers import give
from mfa_recovery.tests.helpers import make_codes
from mfa_sms.models import Challenge
from mfa_totp.tests.helpers import app_of
from tests.fixtures import NUMBER, Browser, Outbox, Walk, confirmed_phone
from tests.helpers import picture

ROLES = ("Helpdesk", "Helpdesk lead", "Auditor", "Administrator")
every_role = pytest.mark.parametrize("role", ROLES)
HARMLESS = ("send-test-message", "full-number")  # they show or send something, but delete nothing


@pytest.fixture
def colleague(db: None) -> Account:
    """Return another agent, on whose account no agent may act alone."""
    return agent_of("Helpdesk", "agt222")


@pytest.fixture
def secrets(walk: Walk, student: Account, colleague: Account) -> list[str]:
    """Return what no page may contain, of a student who has every device and has just requested a code."""
    walk.to_code(confirmed_phone(student))
    app = app_of(student)
    passes = give(student, colleague)
    nonces = [bytes(challenge.nonce).hex() for challenge in Challenge.objects.all()]
    codes = [*walk.outbox.codes, *make_codes(student), passes]
    return [NUMBER.removeprefix("+45"), student.password, app.bin_key.hex(), *nonces, *codes]


def pages(student: Account) -> Iterator[str]:
    """Yield the URL of each page of the admin about the student, and some URLs that do not exist."""
    for model in admin.site._registry:
        prefix = f"admin:{model._meta.app_label}_{model._meta.model_name}"
        listed = reverse(f"{prefix}_changelist")
        yield from (listed, f"{listed}?q=stu123", f"{listed}?q=78", f"{listed}999999/change/")
        yield from (f"{listed}?number__startswith=%2B4526", f"{listed}?key__startswith=0", f"{listed}?o=1.2.3")
        for row in model._default_manager.all()[:5]:
            yield from (reverse(f"{prefix}_{page}", args=[row.pk]) for page in ("change", "history", "delete"))
    yield from (act_page(student, action.slug) for action in registry.all_actions())
    yield from ("/admin/", "/admin/nowhere/", "/admin/accounts/account/999999/action/reset/")
    yield "/admin/mfa_sms/gatewaystate/gateway/file/"


@every_role
def test_asvs_6_4_6_no_page_of_the_admin_holds_a_secret_whoever_opens_it(
    secrets: list[str], student: Account, sms_outbox: Outbox, role: str
) -> None:
    browser = browser_of(agent_of(role, "agt111"), sms_outbox)
    paths = list(pages(student))
    assert len(paths) > 50
    for path in paths:
        for response in (browser.get(path, follow=True), browser.post(path, {"note": "x"})):
            source = re.sub(r"(?<=\d)[\s.-](?=\d)", "", response.content.decode())
            found = [secret for secret in secrets if secret in source or secret in response.content.decode()]
            assert not found, path


@pytest.mark.parametrize("slug", ["remove-device", *HARMLESS])
def test_a_device_of_staff_is_not_reached_through_a_students_page(
    sms_outbox: Outbox, student: Account, colleague: Account, slug: str
) -> None:
    confirmed_phone(student)
    theirs = confirmed_phone(colleague, "+4526123499")
    browser = browser_of(agent_of("Helpdesk lead", "agt111"), sms_outbox)
    before = picture()
    for device in (theirs.persistent_id, str(theirs.pk)):
        said = {**SAID, "device": device, "gateway": "file", "account": str(colleague.pk)}
        assert browser.post(act_page(student, slug), said).status_code == 200
    assert picture() == before
    assert sms_outbox.messages == []


@pytest.mark.parametrize(
    "more",
    [{"proof": "none"}, {"proof": "mitid", "case_number": ""}, {"agent": "agt222", "proof": ""}, {"language": "da"}],
    ids=["an unknown proof", "no case", "no proof", "a switch of language"],
)
def test_what_is_posted_beside_the_form_does_no_act(
    sms_outbox: Outbox, student: Account, colleague: Account, more: dict[str, Any]
) -> None:
    confirmed_phone(student)
    browser: Browser = browser_of(agent_of("Helpdesk", "agt111"), sms_outbox)
    before = picture()
    assert browser.post(act_page(student, "reset"), {**SAID, **more}).status_code == 200
    after = picture()
    assert {name: rows for name, rows in after.items() if name != "accounts.Account"} == {
        name: rows for name, rows in before.items() if name != "accounts.Account"
    }


@pytest.mark.parametrize("verb", ["put", "patch", "delete"])
def test_other_verbs_do_no_act(sms_outbox: Outbox, student: Account, verb: str) -> None:
    confirmed_phone(student)
    browser = browser_of(agent_of("Helpdesk", "agt111"), sms_outbox)
    before = picture()
    getattr(browser, verb)(act_page(student, "reset"), "proof=mitid&case_number=INC-1042")
    assert picture() == before


def test_an_act_from_another_site_is_refused(sms_outbox: Outbox, student: Account) -> None:
    confirmed_phone(student)
    browser = browser_of(agent_of("Helpdesk", "agt111"), sms_outbox)
    forged = Browser(enforce_csrf_checks=True)
    forged.cookies = browser.cookies
    before = picture()
    assert forged.post(act_page(student, "reset"), SAID, headers={"origin": "https://evil.example"}).status_code == 403
    assert picture() == before
