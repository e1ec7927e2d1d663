"""Who may do what in the admin: one table, and a walk of every address, act and case by every role that must fit it.

(ASVS 8.2.1, 8.2.2, 8.2.3, 8.3.1)
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.contrib import admin
from django.contrib.auth.models import Permission
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from accounts import events, methods
from accounts.helpdesk import registry, rules
from accounts.helpdesk.forms import ActForm
from accounts.models import (
    Account,
    AccountImport,
    AgentAct,
    Approval,
    Case,
    MethodPolicy,
    Notice,
    SecurityEvent,
)
from accounts.origin import Origin
from accounts.overview import registry as overview
from accounts.tests.campaigns.campaigns import campaign
from accounts.tests.helpdesk.people import SAID, agent_of, browser_of
from accounts.tests.helpers import every_path, picture
from mfa_pass.tests.helpers import give
from mfa_recovery.tests.helpers import make_codes
from mfa_sms.models import GatewayState
from mfa_totp.tests.helpers import app_of
from sso import keys
from sso.models import Client, SigningKey, Tenant, TenantLink
from tests.fixtures import Browser, MakeAccount, Outbox, Walk, confirmed_phone

TABLE = """
                            | Helpdesk | Helpdesk lead | Auditor | Administrator | superuser | no group
see accounts.Account        | yes      | yes           | yes     | yes           | yes       | -
see accounts.SecurityEvent  | yes      | yes           | yes     | yes           | yes       | -
see accounts.Notice         | yes      | yes           | yes     | yes           | yes       | -
see accounts.Case           | yes      | yes           | yes     | yes           | yes       | -
see accounts.AgentAct       | yes      | yes           | yes     | yes           | yes       | -
see accounts.Approval       | -        | yes           | yes     | yes           | yes       | -
see accounts.MethodPolicy   | -        | -             | yes     | yes           | yes       | -
edit accounts.MethodPolicy  | -        | -             | -       | yes           | yes       | -
see accounts.EnrollmentCampaign  | yes | yes          | yes     | yes           | yes       | -
edit accounts.EnrollmentCampaign | -   | -            | -       | yes           | yes       | -
see accounts.AccountImport  | -        | -             | yes     | yes           | yes       | -
see mfa_sms.SmsDevice       | yes      | yes           | yes     | yes           | yes       | -
see mfa_sms.Challenge       | yes      | yes           | yes     | yes           | yes       | -
see mfa_sms.TextMessage     | yes      | yes           | yes     | yes           | yes       | -
see mfa_sms.GatewayState    | yes      | yes           | yes     | yes           | yes       | -
see otp_totp.TOTPDevice     | yes      | yes           | yes     | yes           | yes       | -
see mfa_recovery.RecoveryDevice | yes  | yes           | yes     | yes           | yes       | -
see mfa_pass.AccessPass       | yes      | yes           | yes     | yes           | yes       | -
see sso.Client              | -        | -             | yes     | yes           | yes       | -
edit sso.Client             | -        | -             | -       | yes           | yes       | -
see sso.SigningKey          | -        | -             | yes     | yes           | yes       | -
see sso.Tenant              | -        | -             | yes     | yes           | yes       | -
edit sso.Tenant             | -        | -             | -       | yes           | yes       | -
see sso.TenantLink          | yes      | yes           | yes     | yes           | yes       | -
unlock_account              | yes      | yes           | -       | -             | yes       | -
end_sessions                | yes      | yes           | -       | -             | yes       | -
remove_device               | yes      | yes           | -       | -             | yes       | -
reset_account               | yes      | yes           | -       | -             | yes       | -
issue_access_pass           | yes      | yes           | -       | -             | yes       | -
send_test_message           | yes      | yes           | -       | -             | yes       | -
register_number             | yes      | yes           | -       | -             | yes       | -
handle_case                 | yes      | yes           | -       | -             | yes       | -
export_list                 | -        | yes           | yes     | yes           | yes       | -
import_accounts             | -        | -             | -       | yes           | yes       | -
rest_gateway                | -        | -             | -       | yes           | yes       | -
view_full_number            | -        | yes           | -       | -             | yes       | -
act_on_staff                | -        | yes           | -       | -             | yes       | -
approve_act                 | -        | yes           | -       | -             | yes       | -
"""

# What is neither a table's page nor asks for a permission: what staff get there. None: it depends on the row above.
OTHERS = {
    "admin:index": 302,
    "admin:overview": 200,
    "admin:jsi18n": 200,
    "admin:login": 302,
    "admin:logout": 200,
    "admin:password_change": 302,
    "admin:password_change_done": 200,
    "admin:autocomplete": 403,
    "admin:view_on_site": 404,
    "/admin/nowhere": 404,
    "admin:app_list": None,
    "admin:campaign_do": None,
    "admin:campaign_export": None,
    "admin:campaign_missing": None,
    "admin:overview_csv": None,
    "admin:helpdesk_act": None,
    "admin:helpdesk_case": None,
    "admin:helpdesk_decide": None,
    "admin:import_upload": None,
    "admin:import_apply": None,
    "admin:import_drop": None,
    "admin:mfa_sms_gateway": None,
    "admin:mfa_sms_gateway_rest": None,
    "admin:mfa_sms_gateway_back": None,
    "admin:sso_client_secret": None,
    "admin:sso_tenant_keys": None,
    "admin:sso_tenant_pilot": None,
}
PAGES = ("changelist", "add", "change", "delete", "history")
EXPORT = "export"
CRAFTED = {"username": "evil", "post": "yes", "is_superuser": "on", "students": "on", "_save": "Save"}


def _read() -> tuple[list[str], dict[str, dict[str, bool]]]:
    head, *lines = TABLE.strip("\n").splitlines()
    roles = [name.strip() for name in head.split("|")[1:]]
    rows = {}
    for line in lines:
        thing, *cells = (cell.strip() for cell in line.split("|"))
        rows[thing] = {role: cell == "yes" for role, cell in zip(roles, cells, strict=True)}
    return roles, rows


ROLES, ALLOWED = _read()
every_role = pytest.mark.parametrize("role", ROLES)


@dataclass
class World:
    """Whom and what the agent meets."""

    agent: Account
    browser: Browser
    targets: dict[str, Account]
    role: str

    def may(self, thing: str) -> bool:
        return ALLOWED[thing][self.role]

    def touches(self, name: str) -> bool:
        """Whether the role may act on that account at all."""
        return name == "student" or (name != "own account" and self.may("act_on_staff"))


@pytest.fixture
def world(walk: Walk, student: Account, make_account: MakeAccount, sms_outbox: Outbox, role: str) -> World:
    """Somebody of a role, signed in to the admin, a student who has every device, and rows in every table."""
    walk.signed_in(confirmed_phone(student))
    app_of(student)
    make_codes(student)
    agent = agent_of(role, "agt111", is_superuser=role == "superuser")
    colleague = agent_of("Helpdesk lead", "agt222")
    boss = agent_of("", "sup333", is_superuser=True)
    targets = {"student": student, "another agent": colleague, "a superuser": boss, "own account": agent}
    for account in targets.values():
        event = events.agent_acted(colleague, account, "unlock", "", Origin())
        Case.objects.create(kind=Case.Kind.REPORTED, account=account, event=event)
    AgentAct.objects.create(action="unlock", account=student, agent=colleague, case_number="INC-1", event=event)
    Notice.objects.create(account=student, event=event, kind=Notice.Kind.AGENT_ACTED)
    MethodPolicy.objects.create(method="mfa_sms", students=True)
    campaign()
    AccountImport.objects.create(uploaded_by=boss, file_name="people.csv", state="ready", fingerprint="f", content=b"a")
    GatewayState.objects.create(gateway="file")
    Client.objects.create(name_da="KUmail", name_en="KUmail", redirect_uris="https://mail.example.dk/back")
    keys.rotate(SigningKey.Use.OIDC)
    tenant = Tenant.objects.create(name="KU", tenant_id=uuid4(), metadata_url="https://login.example/metadata")
    TenantLink.objects.create(tenant=tenant, account=student, object_id="1")
    _ask(colleague, boss)
    give(student, colleague)
    return World(agent, browser_of(agent, sms_outbox), targets, role)


def _ask(asker: Account, account: Account) -> Approval:
    fields = {"asked_by": asker, "account": account, "expires_at": timezone.now() + timedelta(hours=1)}
    return Approval.objects.create(action="reset", proof="mitid", case_number="INC-1", **fields)


def _tables() -> Iterator[tuple[Any, str]]:
    for model in admin.site._registry:
        yield model, f"admin:{model._meta.app_label}_{model._meta.model_name}"


def _pages(model: Any, prefix: str) -> Iterator[tuple[str, str]]:
    """Yield name and address of each page of a table, with a row that is there."""
    row = model._default_manager.first()
    assert row is not None, model
    for page in PAGES:
        yield page, reverse(f"{prefix}_{page}", args=[] if page in ("changelist", "add") else [row.pk])


def test_asvs_8_2_1_every_address_of_the_admin_is_in_the_table() -> None:
    known = set(OTHERS)
    for model, prefix in _tables():
        assert f"see {model._meta.label}" in ALLOWED, model
        known |= {f"{prefix}_{page}" for page in (*PAGES, EXPORT)}
        known.add(f"/admin/{model._meta.app_label}/{model._meta.model_name}/1/")
    assert {name for name, path in every_path().items() if path.startswith("/admin")} == known


def test_asvs_8_2_1_every_permission_and_every_act_is_in_the_table(db: None) -> None:
    own = {codename for codename, _name in AgentAct._meta.permissions}
    assert own == {thing for thing in ALLOWED if " " not in thing}
    assert {act.permission for act in registry.all_acts()} <= own


@every_role
def test_asvs_8_2_1_a_role_holds_what_the_table_says(world: World) -> None:
    for thing, _roles in ALLOWED.items():
        verb, _space, label = thing.rpartition(" ")
        app, _dot, model = label.lower().rpartition(".")
        names = {"": [f"accounts.{thing}"], "see": [f"{app}.view_{model}"]}
        wanted = names.get(verb, [f"{app}.add_{model}", f"{app}.change_{model}"])
        assert [world.agent.has_perm(name) for name in wanted] == [world.may(thing)] * len(wanted), thing
    others = world.agent.get_all_permissions() - {f"accounts.{thing}" for thing in ALLOWED}
    if world.role != "superuser":
        edited = [thing.removeprefix("edit ").lower().split(".") for thing in ALLOWED if thing.startswith("edit ")]
        edits = {f"{app}.{verb}_{model}" for app, model in edited for verb in ("add", "change")}
        assert {name for name in others if ".view_" not in name} <= edits
        assert not Permission.objects.filter(user=world.agent)


@every_role
def test_asvs_8_2_1_a_role_reads_its_tables_and_no_others(world: World) -> None:
    before = picture()
    for model, prefix in _tables():
        sees = world.may(f"see {model._meta.label}")
        edits = ALLOWED.get(f"edit {model._meta.label}", {}).get(world.role, False)
        for page, path in _pages(model, prefix):
            opens = {"add": edits, "delete": False}.get(page, sees)
            response = world.browser.get(path)
            assert response.status_code == 200 if opens else _refuses(response), path
    assert picture() == before


def _refuses(response: Any) -> bool:
    """Whether the page says no, or that there is no such row: a row that is not the agent's is not found."""
    return response.status_code == 403 or (response.status_code, response.get("Location")) == (302, "/admin/")


@every_role
def test_asvs_8_2_2_a_crafted_post_changes_no_row(world: World) -> None:
    before = picture()
    for model, prefix in _tables():
        sees = world.may(f"see {model._meta.label}")
        edits = ALLOWED.get(f"edit {model._meta.label}", {}).get(world.role, False)
        for page, path in _pages(model, prefix):
            if page == "changelist":
                chosen = {"action": "delete_selected", "_selected_action": "1", "post": "yes"}
                assert world.browser.post(path, chosen).status_code in ((200, 302) if sees else (403,)), path
            elif page == "history":
                response = world.browser.post(path, CRAFTED)
                assert response.status_code == 200 if sees else _refuses(response), path
            else:
                # Who may edit is told what is wrong with it.
                wrong = {**CRAFTED, "method": "nonsense"}
                expected = 200 if edits and page != "delete" else 403
                assert world.browser.post(path, wrong).status_code == expected, path
    assert picture() == before


@every_role
def test_asvs_8_2_1_the_other_pages_of_the_admin_do_the_same_for_every_role(world: World) -> None:
    before = picture()
    for name, status in OTHERS.items():
        if status is not None:
            assert world.browser.get(every_path()[name]).status_code == status, name
    for label in {model._meta.app_label for model, _prefix in _tables()}:
        own = [model for model, _prefix in _tables() if model._meta.app_label == label]
        sees = any(world.may(f"see {model._meta.label}") for model in own)
        assert world.browser.get(reverse("admin:app_list", args=[label])).status_code == (200 if sees else 404)
    assert world.browser.post("/admin/autocomplete/", CRAFTED).status_code in (403, 405)
    assert world.browser.post("/admin/jsi18n/", CRAFTED).status_code in (200, 405)
    assert picture() == before


@every_role
def test_asvs_8_2_1_the_numbers_of_the_overview_are_for_who_sees_accounts(world: World) -> None:
    sees = world.may("see accounts.Account")
    for figure in overview.figures():
        path = reverse("admin:overview_csv", args=[figure.slug])
        assert world.browser.get(path).status_code == (200 if sees else 403), path
    assert ("ov-figures" in world.browser.get(reverse("admin:overview")).content.decode()) == sees


@every_role
def test_asvs_8_2_2_an_act_is_for_its_role_and_for_the_accounts_that_it_may_touch(world: World) -> None:
    for act in registry.all_acts():
        for name, account in world.targets.items():
            path = reverse("admin:helpdesk_act", args=[account.pk, act.slug])
            allowed = world.may(act.permission) and world.touches(name)
            assert world.browser.get(path).status_code == (200 if allowed else 403), (act.slug, name)
            before = picture()
            if not allowed:
                device = next((option.device.persistent_id for option in methods.devices(account.pk)), "")
                assert world.browser.post(path, {**SAID, "device": device}).status_code == 403, (act.slug, name)
                assert picture() == before, (act.slug, name)
            elif act.form is ActForm:
                asks = rules.needs_approval(act, account)
                assert world.browser.post(path, SAID).status_code in (200, 302), (act.slug, name)
                acts, asked = len(before["accounts.AgentAct"]), len(before["accounts.Approval"])
                assert AgentAct.objects.count() - acts == (0 if asks else 1), (act.slug, name)
                assert Approval.objects.count() - asked == (1 if asks else 0), (act.slug, name)


@every_role
def test_asvs_8_2_3_the_page_of_an_account_shows_what_the_role_may_do_and_no_more(world: World) -> None:
    for name, account in world.targets.items():
        page = world.browser.get(reverse("admin:accounts_account_change", args=[account.pk])).content.decode()
        for act in registry.all_acts():
            shown = reverse("admin:helpdesk_act", args=[account.pk, act.slug]) in page
            applies = act in rules.acts_for(
                Account.objects.get(pk=world.agent.pk), account, methods.devices(account.pk)
            )
            assert shown == applies, (act.slug, name)
            assert not shown or (world.may(act.permission) and world.touches(name)), (act.slug, name)


@every_role
def test_asvs_8_2_2_a_case_is_handled_by_who_may_touch_its_account(world: World) -> None:
    for name, account in world.targets.items():
        case = Case.objects.get(account=account)
        path = reverse("admin:helpdesk_case", args=[case.pk])
        allowed = world.may("handle_case") and world.touches(name)
        assert world.browser.get(path).status_code == (200 if allowed else 403), name
        before = picture()
        for answer in ("take", "note", "close"):
            response = world.browser.post(path, {"do": answer, "taken_by": "", "note": "Ringet op"})
            assert response.status_code == (302 if allowed else 403), (name, answer)
        case.refresh_from_db()
        assert (case.closed_by == world.agent) == allowed, name
        assert allowed or picture() == before, name


@every_role
def test_asvs_8_2_2_a_service_gets_a_new_secret_from_who_may_edit_it(world: World) -> None:
    client = Client.objects.get()
    path = reverse("admin:sso_client_secret", args=[client.pk])
    allowed = world.may("edit sso.Client")
    assert world.browser.get(path).status_code == (200 if allowed else 403)
    assert world.browser.post(path).status_code == (200 if allowed else 403)
    assert (Client.objects.get().client_secret != client.client_secret) == allowed


@every_role
def test_asvs_8_2_2_a_tenants_pilot_group_and_keys_are_for_who_may_edit_it(world: World) -> None:
    tenant = Tenant.objects.get()
    allowed = world.may("edit sso.Tenant")
    before = picture()
    for name in ("admin:sso_tenant_keys", "admin:sso_tenant_pilot"):
        path = reverse(name, args=[tenant.pk])
        assert world.browser.get(path).status_code == (200 if allowed else 403), name
        assert allowed or world.browser.post(path, {"names": "stu123", "act": "add"}).status_code == 403, name
    assert picture() == before
    world.browser.post(reverse("admin:sso_tenant_pilot", args=[tenant.pk]), {"names": "stu123", "act": "add"})
    assert tenant.pilot.exists() == allowed


@every_role
def test_asvs_2_3_5_an_approval_is_answered_by_who_may(world: World) -> None:
    asked = Approval.objects.get()
    path = reverse("admin:helpdesk_decide", args=[asked.pk])
    allowed = world.may("approve_act")
    assert world.browser.get(path).status_code == (200 if allowed else 403)
    before = picture()
    assert world.browser.post(path, {"answer": "approve"}).status_code == (302 if allowed else 403)
    asked.refresh_from_db()
    assert asked.outcome == ("approved" if allowed else "")
    assert allowed or picture() == before


@every_role
def test_asvs_8_2_1_a_list_is_exported_by_who_sees_it_and_may_export(world: World) -> None:
    for model, prefix in _tables():
        path = reverse(f"{prefix}_{EXPORT}")
        sees = world.may(f"see {model._meta.label}")
        allowed = world.may("export_list") and sees and model is not GatewayState
        assert world.browser.get(path).status_code == 405, path
        before = SecurityEvent.objects.count()
        response = world.browser.post(path)
        assert response.status_code == (200 if allowed else 403), path
        assert SecurityEvent.objects.count() - before == (1 if allowed else 0), path
        shown = world.browser.get(reverse(f"{prefix}_changelist"))
        assert (path in shown.content.decode()) == allowed, path


@every_role
def test_asvs_8_2_1_accounts_are_imported_by_who_may(world: World) -> None:
    allowed = world.may("import_accounts")
    row = AccountImport.objects.get()
    upload = reverse("admin:import_upload")
    apply, drop = (reverse(f"admin:import_{act}", args=[row.pk]) for act in ("apply", "drop"))
    for path, opens in ((upload, 200), (apply, 302), (drop, 302)):
        assert world.browser.get(path).status_code == (opens if allowed else 403), path
    before = picture()
    file = SimpleUploadedFile("people.csv", b"username,first_name\n")
    assert world.browser.post(upload, {"file": file}).status_code == (302 if allowed else 403)
    for path, data in ((apply, {"shown": row.fingerprint}), (drop, {})):
        assert world.browser.post(path, data).status_code == (302 if allowed else 403), path
    assert (picture() == before) == (not allowed)


@every_role
def test_asvs_8_2_2_a_gateway_is_rested_and_put_back_by_administrators(world: World) -> None:
    sees, rests = world.may("see mfa_sms.GatewayState"), world.may("rest_gateway")
    assert world.browser.get("/admin/mfa_sms/gatewaystate/gateway/file/").status_code == (200 if sees else 403)
    before = picture()
    for verb in ("rest", "back"):
        path = reverse(f"admin:mfa_sms_gateway_{verb}", args=["file"])
        assert world.browser.get(path).status_code in ((200, 302) if rests else (403,)), verb
        assert picture() == before, verb
        seen = GatewayState.objects.get().changed_at.isoformat()
        posted = world.browser.post(path, {"note": "Ingen kvitteringer.", "knows": "on", "seen": seen})
        assert posted.status_code == (302 if rests else 403), verb
        assert GatewayState.objects.get().rests == (rests and verb == "rest")
        assert rests or picture() == before, verb
        before = picture()


def _addresses(world: World) -> Iterator[str]:
    yield from (path for path in every_path().values() if path.startswith("/admin") and "login" not in path)
    for model, prefix in _tables():
        yield from (path for _page, path in _pages(model, prefix))
    for account in world.targets.values():
        for act in registry.all_acts():
            yield reverse("admin:helpdesk_act", args=[account.pk, act.slug])
    yield from (reverse("admin:helpdesk_case", args=[pk]) for pk in Case.objects.values_list("pk", flat=True))
    yield reverse("admin:helpdesk_decide", args=[Approval.objects.get().pk])
    pk = AccountImport.objects.get().pk
    yield from (
        reverse("admin:import_upload"),
        *(reverse(f"admin:import_{act}", args=[pk]) for act in ("apply", "drop")),
    )
    yield from (reverse(f"{prefix}_{EXPORT}") for _model, prefix in _tables())
    yield from (reverse(f"admin:mfa_sms_gateway{verb}", args=["file"]) for verb in ("", "_rest", "_back"))
    yield reverse("admin:sso_client_secret", args=[Client.objects.get().pk])
    yield reverse("admin:sso_tenant_keys", args=[Tenant.objects.get().pk])
    yield reverse("admin:sso_tenant_pilot", args=[Tenant.objects.get().pk])


@pytest.mark.parametrize("role", ["no group"])
def test_asvs_8_2_1_students_and_strangers_get_to_no_page_of_the_admin(world: World, walk: Walk) -> None:
    SecurityEvent.objects.exists()
    walk.browser.cookies["language"] = "en"
    assert walk.browser.get("/security-info/").status_code == 200
    before = picture()
    said = {**SAID, **CRAFTED, "answer": "approve", "do": "close"}
    for path in _addresses(world):
        if path == "/admin/logout/":
            continue
        for browser, statuses in ((Browser(), (302, 404)), (walk.browser, (302, 403, 404))):
            for response in (browser.get(path), browser.post(path, said)):
                assert response.status_code in statuses, path
                assert response.status_code != 302 or response["Location"].startswith(("/admin/", "/sign-in/")), path
        assert walk.browser.get(path, follow=True).status_code in (403, 404), path
    assert picture() == before
