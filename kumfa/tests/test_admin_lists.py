"""Every list of the admin: its search, order and filters, and a cost that does not grow with its rows."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from django.contrib import admin
from django.contrib.admin import ShowFacets
from django.core.management import call_command
from django.db import connection
from django.test import Client as AnyBrowser
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from account_import.models import AccountImport
from accounts.models import Account
from audit.models import RefusalCount, SecurityEvent
from backoffice.by_month import ByMonthModelAdmin
from campaigns.models import EnrollmentCampaign
from common import cached_value
from common.client_info import ClientInfo
from helpdesk import events as helpdesk_events
from helpdesk import notices as helpdesk_notices
from helpdesk.models import ActionRecord, Case
from helpdesk.tests.people import agent_of, browser_of
from mfa_pass.tests.helpers import give
from mfa_recovery.tests.helpers import make_codes
from mfa_sms.models import GatewayState, PrefixBlock, TextMessage
from mfa_sms.tests.helpers import asked
from mfa_totp.tests.helpers import app_of
from notices.models import Banner, Notice
from sign_in.models import MethodPolicy
from sso.models import Client, SigningKey, Tenant, TenantLink
from tests.fixtures import Browser, MakeAccount, Outbox, confirmed_phone
from tests.interface import in_en

# The page of the gateways is not a list of rows.
MODELS = sorted(set(admin.site._registry) - {GatewayState}, key=lambda model: model._meta.label)
NOBODYS = (
    Banner,
    RefusalCount,
    AccountImport,
    EnrollmentCampaign,
    MethodPolicy,
    PrefixBlock,
    Client,
    SigningKey,
    Tenant,
)
OWNED = [model for model in MODELS if model not in (Account, *NOBODYS)]
LONG = (SecurityEvent, TextMessage)
every_list = pytest.mark.parametrize("model", MODELS, ids=lambda model: model.__name__)
every_owned_list = pytest.mark.parametrize("model", OWNED, ids=lambda model: model.__name__)
every_long_list = pytest.mark.parametrize("model", LONG, ids=lambda model: model.__name__)
CONTROL = ("BEGIN", "COMMIT", "SAVEPOINT", "RELEASE", "ROLLBACK")


@pytest.fixture
def desk(db: None, sms_outbox: Outbox, monkeypatch: pytest.MonkeyPatch) -> Browser:
    """Return a superuser's browser. Values that each process caches for a second do not expire."""
    monkeypatch.setattr(cached_value, "MAX_AGE", 3600.0)
    return browser_of(agent_of("", "sup333", is_superuser=True), sms_outbox)


def path_of(model: Any) -> str:
    return f"/admin/{model._meta.app_label}/{model._meta.model_name}/"


def statements(browser: AnyBrowser, path: str) -> int:
    with CaptureQueriesContext(connection) as captured:
        assert browser.get(path).status_code == 200
    return sum(not query["sql"].startswith(CONTROL) for query in captured.captured_queries)


def fill(account: Account, number: int) -> None:
    """Write a row into every table."""
    agent, _made = Account.objects.get_or_create(username="agt111", is_staff=True)
    phone = confirmed_phone(account, f"+45261200{number:02}")
    asked(phone)
    app_of(account)
    make_codes(account)
    give(account, agent)
    event = helpdesk_events.helpdesk_action_performed(
        agent, account, "unlock", "", ClientInfo(reference=f"REF-{number}")
    )
    act = {"agent": agent, "action": "unlock", "proof": "mitid", "case_number": f"INC-{number}"}
    ActionRecord.objects.create(account=account, event=event, **act)
    Case.objects.create(kind="reported", account=account, event=event)
    Notice.objects.create(account=account, event=event, kind=helpdesk_notices.HELPDESK_ACTION_PERFORMED)
    asking = {"action": "reset", "asked_by": agent, "expires_at": timezone.now() + timedelta(hours=1)}
    tenant, _made = Tenant.objects.get_or_create(tenant_id=UUID(int=1), metadata_url="https://login.example/metadata")
    TenantLink.objects.create(tenant=tenant, account=account, object_id=f"object-{number}")
    account.approvals.create(proof="mitid", case_number=f"INC-{number}", **asking)


@pytest.mark.django_db
@every_list
def test_a_list_takes_as_many_queries_for_many_rows_as_for_few(
    desk: Browser, make_account: MakeAccount, model: Any
) -> None:
    fill(make_account("one111", is_student=True), 0)
    desk.get(path_of(model))
    few = statements(desk, path_of(model))
    for number in range(1, 5):
        fill(make_account(f"two22{number}", is_student=True), number)
    assert statements(desk, path_of(model)) == few
    assert few <= 12


@every_list
def test_a_list_has_at_most_eight_columns_and_counts_no_facets(model: Any) -> None:
    registered = admin.site._registry[model]
    assert len(registered.list_display) <= 8
    assert registered.show_facets is ShowFacets.NEVER


@every_list
def test_a_list_keeps_to_its_order_whatever_the_address_says(desk: Browser, student: Account, model: Any) -> None:
    fill(student, 0)
    registered = admin.site._registry[model]
    usual = ordered_by(desk, model) | {"pk", "id"}
    for place, name in enumerate(registered.list_display, start=1):
        assert name in (registered.sortable_by or ()) or ordered_by(desk, model, o=str(place)) <= usual


def ordered_by(desk: Browser, model: Any, **query: str) -> set[str]:
    response: Any = desk.get(path_of(model), query)
    fields = response.context["cl"].queryset.query.order_by
    return {field.lstrip("-") for field in fields if isinstance(field, str)}


@every_owned_list
def test_a_list_finds_by_account_name_and_by_last_digits_and_says_so(
    desk: Browser, make_account: MakeAccount, model: Any
) -> None:
    fill(make_account("åse111", first_name="Åse", last_name="Kjær", is_student=True), 11)
    fill(make_account("bob222", first_name="Bo", last_name="Skov", is_student=True), 22)
    for typed in ("åse111", "Kjær", "11", "Åse 11"):
        page = desk.get(path_of(model), {"q": typed}).content.decode()
        assert ">åse111</a>" in page, typed
        assert ">bob222</a>" not in page, typed
    assert ">åse111</a>" not in desk.get(path_of(model), {"q": "nobody"}).content.decode()
    assert 'id="searchbar_helptext"' in page


@pytest.mark.parametrize(
    ("path", "typed"),
    [("helpdesk/actionrecord", "INC-11"), ("helpdesk/approval", "INC-11"), ("audit/securityevent", "REF-11")],
)
def test_a_case_number_and_a_reference_are_found_whole(
    desk: Browser, make_account: MakeAccount, path: str, typed: str
) -> None:
    fill(make_account("ase111", is_student=True), 11)
    fill(make_account("bob222", is_student=True), 22)
    page = desk.get(f"/admin/{path}/", {"q": typed}).content.decode()
    assert ">ase111</a>" in page
    assert ">bob222</a>" not in page
    assert ">ase111</a>" not in desk.get(f"/admin/{path}/", {"q": typed[:-1]}).content.decode()


@every_long_list
def test_a_long_list_reads_no_more_than_a_month_however_it_is_filtered(
    desk: Browser, student: Account, model: Any
) -> None:
    fill(student, 0)
    field = admin.site._registry[model].date_hierarchy
    filters: tuple[dict[str, str], ...] = ({}, {"kind__exact": "signed_in"}) if model is SecurityEvent else ({},)
    for query in (*filters, {f"{field}__year": "2025"}, {f"{field}__year": "2025", f"{field}__month": "99"}):
        with CaptureQueriesContext(connection) as captured:
            assert desk.get(path_of(model), query).status_code == 200
        table = f'FROM "{model._meta.db_table}"'
        said = [one["sql"] for one in captured.captured_queries if table in one["sql"]]
        assert said
        assert [sql for sql in said if f'"{field}" >= ' not in sql or f'"{field}" < ' not in sql] == []


@every_long_list
def test_a_long_list_offers_months_and_days_without_looking_for_rows(desk: Browser, model: Any) -> None:
    field = admin.site._registry[model].date_hierarchy
    page = desk.get(path_of(model), {f"{field}__year": "2024", f"{field}__month": "2"}).content.decode()
    assert f'href="?{field}__day=29&amp;{field}__month=2&amp;{field}__year=2024"' in page
    assert f'href="?{field}__month=12&amp;{field}__year=2023"' in page
    assert '<strong aria-current="true">February 2024</strong>' in page


@every_long_list
def test_a_search_in_a_long_list_finds_what_is_older_than_a_month(desk: Browser, student: Account, model: Any) -> None:
    fill(student, 0)
    old = timezone.now() - timedelta(days=200)
    if model is TextMessage:
        TextMessage.objects.update(created_at=old)
    else:
        SecurityEvent.objects.create(account=student, kind="signed_in", at=old)
    found: Any = desk.get(path_of(model), {"q": "stu123"})
    field = "created_at" if model is TextMessage else "at"
    assert old in [getattr(row, field) for row in found.context["cl"].result_list]


@every_long_list
def test_nonsense_for_a_month_opens_this_month(desk: Browser, model: Any) -> None:
    field = admin.site._registry[model].date_hierarchy
    today = timezone.localdate()
    beyond = (("9999", "12", "31"), ("9" * 30, "1", "1"), ("0", "0", "0"))
    for year, month, day in (("x", "y", "z"), *beyond, ("2025", "2", "30")):
        query = {f"{field}__year": year, f"{field}__month": month, f"{field}__day": day}
        page = desk.get(path_of(model), query, follow=True).content.decode()
        assert f'<strong aria-current="true">{today:%B} {today.year}</strong>' in page


def test_messages_events_and_refusals_are_the_long_lists() -> None:
    by_month = {model for model in MODELS if isinstance(admin.site._registry[model], ByMonthModelAdmin)}
    assert by_month == {*LONG, RefusalCount}


def test_apps_have_a_name_that_is_translated(desk: Browser) -> None:
    page = desk.get("/admin/overview/").content.decode()
    assert "TOTP" not in page
    assert in_en("Authenticator apps") in page


def test_no_migration_comes_of_that_name(db: None) -> None:
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)
