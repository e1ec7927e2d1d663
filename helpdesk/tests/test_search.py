"""One search field for whatever a caller says. No URL contains a search term."""

import unicodedata
from typing import Any
from uuid import uuid4

import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from pytest_django.fixtures import Settings

from accounts.models import Account
from audit import refusals
from audit.models import RefusalCount, SecurityEvent
from backoffice import roles
from backoffice.search_terms import open_term
from common.client_info import ClientInfo
from helpdesk.tests.people import agent_of, browser_of
from mfa_sms.models import SmsDevice
from sign_in import events as sign_in_events
from sso.models import EntraAttempt, Tenant
from tests.fixtures import Browser, MakeAccount, Outbox, confirmed_phone

SEARCH = "/admin/accounts/account/search/"
NFD = unicodedata.normalize("NFD", "Skovhøj-Ørsted Åse")


def page_of(account: Account) -> str:
    return reverse("admin:accounts_account_change", args=[account.pk])


def ask(desk: Browser, typed: str) -> Any:
    return desk.post(SEARCH, {"q": typed})


@pytest.fixture
def people(make_account: MakeAccount) -> dict[str, Account]:
    """Accounts whose names are hard to type."""
    names = {
        "frl214": ("Freja", "Lund"),
        "jos215": ("José", "O’Brien"),
        "ase216": ("Åse", "Skovhøj-Ørsted"),
        "frl217": ("Freja", "Holm"),
    }
    found = {
        name: make_account(name, first_name=first, last_name=last, is_student=True)
        for name, (first, last) in names.items()
    }
    Account.objects.filter(username="frl214").update(email="freja.lund@private.example")
    confirmed_phone(found["frl214"], "+4526129978")
    return found


@pytest.mark.parametrize(
    ("typed", "username"),
    [
        ("frl214", "frl214"),
        ("FRL214@alumni.ku.dk", "frl214"),
        ("<frl214@alumni.ku.dk>", "frl214"),
        ("Freja Lund <Freja.Lund@private.example>", "frl214"),
        ("Lund, Freja", "frl214"),
        ("freja 78", "frl214"),
        ("jose obrien", "jos215"),
        ("Jose O'Brien", "jos215"),
        ("Skovhoj", "ase216"),
        ("Aase", "ase216"),
        (NFD, "ase216"),
    ],
)
def test_a_search_that_means_one_account_opens_it_at_once(
    desk: Browser, people: dict[str, Account], typed: str, username: str
) -> None:
    response = ask(desk, typed)
    assert (response.status_code, response["Location"]) == (302, page_of(people[username]))


def test_several_accounts_are_listed_and_nothing_says_what_can_be_searched_for(
    desk: Browser, people: dict[str, Account]
) -> None:
    page = ask(desk, "freja").content.decode()
    assert page_of(people["frl214"]) in page
    assert page_of(people["frl217"]) in page
    nothing = ask(desk, "010190-1234").content.decode()
    assert "Nothing was found." in nothing
    assert "a full phone number" in nothing
    assert "CPR numbers" in nothing


@pytest.mark.parametrize("spelled", ["cerp-ab", "CERPAB", "cerp ab", "Reference: CERP-AB"])
def test_a_reference_is_found_however_it_is_spelled(desk: Browser, student: Account, spelled: str) -> None:
    SecurityEvent.objects.create(kind="signed_in", account=student, reference="CERP-AB")
    assert ask(desk, spelled)["Location"] == page_of(student)


def test_a_reference_of_a_refusal_without_an_account_leads_to_its_row(desk: Browser) -> None:
    refusals.count_refusal(sign_in_events.PASSWORD_REFUSED, ClientInfo("192.0.2.1", reference="CERP-AB"), "unknown")
    row = RefusalCount.objects.get()
    assert ask(desk, "cerpab")["Location"] == reverse("admin:audit_refusalcount_change", args=[row.pk])


@pytest.mark.parametrize("typed", ["26 12 99 78", "+4526129978", "0045 26129978", "26-12-99-78"])
def test_a_full_number_opens_its_owner_and_is_recorded_without_the_number(
    desk: Browser, agent: Account, people: dict[str, Account], typed: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("DEBUG")
    assert ask(desk, typed)["Location"] == page_of(people["frl214"])
    event = SecurityEvent.objects.get(kind="number_searched")
    assert (event.account, event.actor) == (people["frl214"], agent)
    assert "2612" not in "".join(map(str, event.__dict__.values()))
    assert not [line for line in caplog.messages if "26129978" in line.replace(" ", "")]


def test_a_full_number_that_nobody_has_proven_finds_nobody_and_is_recorded(desk: Browser, student: Account) -> None:
    SmsDevice.objects.create(user=student, number="+4526123478")
    assert "Nothing was found." in ask(desk, "26123478").content.decode()
    assert SecurityEvent.objects.get(kind="number_searched").account is None


def test_hidden_digits_cannot_be_guessed_because_searches_by_numbers_are_limited(
    desk: Browser, people: dict[str, Account], settings: Settings
) -> None:
    settings.NUMBER_SEARCHES_PER_DAY = 2
    for number in ("26129970", "26129971"):
        assert ask(desk, number).status_code == 200
    assert ask(desk, "26129978").status_code == 429
    assert SecurityEvent.objects.filter(kind="number_searched").count() == 2
    assert SecurityEvent.objects.filter(kind="limit_reached", reason="number_searches").exists()
    assert ask(desk, "frl214").status_code == 302


def test_a_role_without_the_permission_does_not_search_by_numbers(
    sms_outbox: Outbox, people: dict[str, Account]
) -> None:
    auditor = browser_of(agent_of(roles.AUDITOR, "aud111"), sms_outbox)
    page = ask(auditor, "26129978").content.decode()
    assert page_of(people["frl214"]) not in page
    assert not SecurityEvent.objects.filter(kind="number_searched").exists()


def test_who_may_not_see_accounts_does_not_search(sms_outbox: Outbox, people: dict[str, Account]) -> None:
    nobody = browser_of(agent_of("", "nob111"), sms_outbox)
    assert nobody.get(SEARCH).status_code == 403
    assert ask(nobody, "frl214").status_code == 403
    assert nobody.post("/admin/accounts/account/", {"q": "frl214"}).status_code == 403


def test_microsofts_id_of_a_request_opens_the_account(desk: Browser, student: Account) -> None:
    tenant = Tenant.objects.create(name="KU", tenant_id=uuid4(), metadata_url="https://login.example/metadata")
    request_id = str(uuid4())
    EntraAttempt.objects.create(
        tenant=tenant, account=student, client_request_id=request_id, expires_at=timezone.now(), handle="h"
    )
    assert ask(desk, f"client-request-id: {request_id.upper()}")["Location"] == page_of(student)


def test_a_list_takes_its_search_by_post_and_its_url_does_not_tell_the_term(desk: Browser, student: Account) -> None:
    response = desk.post("/admin/accounts/account/?is_student__exact=1", {"q": "lund"})
    query = response["Location"].partition("?")[2]
    assert "lund" not in query
    assert "is_student__exact=1" in query
    page: Any = desk.get(response["Location"])
    assert page.status_code == 302 or [row.username for row in page.context["cl"].result_list] == ["stu123"]
    assert "q=lund" not in page.content.decode()


def test_the_rows_and_pages_of_a_searched_list_do_not_tell_the_term(
    desk: Browser, people: dict[str, Account], student: Account
) -> None:
    page: Any = desk.get(desk.post("/admin/accounts/account/", {"q": "freja"})["Location"])
    assert len(page.context["cl"].result_list) == 3
    links = [part.split('"')[0] for part in page.content.decode().split('href="')[1:]]
    assert not [link for link in links if "freja" in link.lower()]
    sealed = next(link for link in links if "q%3D" in link or "q=" in link)
    assert "~" in sealed or "%7E" in sealed.upper()


def test_a_broken_seal_is_no_search() -> None:
    assert open_term("~nonsense") == ""


def test_the_first_page_has_the_focused_field_and_every_other_page_one_in_its_header(
    desk: Browser, student: Account
) -> None:
    first = desk.get("/admin/overview/").content.decode()
    assert first.count('id="helpdesk-search"') == 1
    assert "autofocus" in first
    for path in ("/admin/accounts/account/", page_of(student), "/admin/helpdesk/case/", SEARCH):
        page = desk.get(path).content.decode()
        assert page.count('id="helpdesk-search"') == 1, path
        assert "js/admin.js" in page, path


@pytest.mark.parametrize("typed", ["freja", "jose obrien", "26129978", "cerp-ab", "freja 78"])
def test_a_search_takes_at_most_12_queries(desk: Browser, people: dict[str, Account], typed: str) -> None:
    call_command("createcachetable")
    ask(desk, typed)
    with CaptureQueriesContext(connection) as captured:
        ask(desk, typed)
    control = ("BEGIN", "COMMIT", "SAVEPOINT", "RELEASE", "ROLLBACK")
    session_and_device = 3  # from the cache in production
    queries = [query["sql"] for query in captured.captured_queries if not query["sql"].startswith(control)]
    assert len(queries) - session_and_device <= 12, queries
