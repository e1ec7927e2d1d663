"""Setup, imports and exports of each role: services, tenants, gateways, accounts, lists. (ASVS 8.2.1, 8.2.2)"""

from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from account_import.models import AccountImport
from audit.models import SecurityEvent
from kumfa.tests.who_may_what.world import EXPORT, World, every_role, tables
from mfa_sms.models import GatewayState, PrefixBlock
from sso.models import Client, Tenant
from sso.oidc.secrets import version
from tests.helpers import picture


@every_role
def test_asvs_8_2_2_a_service_gets_a_new_secret_from_who_may_edit_it(world: World) -> None:
    client = Client.objects.get()
    path = reverse("admin:sso_client_secret", args=[client.pk])
    allowed = world.may("edit sso.Client")
    assert world.browser.get(path).status_code == (200 if allowed else 403)
    posted = {"act": "make", "shown": version(client)}
    assert world.browser.post(path, posted).status_code == (200 if allowed else 403)
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


def exported() -> int:
    return SecurityEvent.objects.filter(kind="list_exported").count()


@every_role
def test_asvs_8_2_1_a_list_is_exported_by_who_sees_it_and_may_export(world: World) -> None:
    for model, prefix in tables():
        path = reverse(f"{prefix}_{EXPORT}")
        sees = world.may(f"see {model._meta.label}")
        allowed = world.may("accounts.export_list") and sees and model is not GatewayState
        assert world.browser.get(path).status_code == 405, path
        before = exported()
        response = world.browser.post(path)
        assert response.status_code == (200 if allowed else 403), path
        assert exported() - before == (1 if allowed else 0), path
        shown = world.browser.get(reverse(f"{prefix}_changelist"))
        assert (path in shown.content.decode()) == allowed, path


@every_role
def test_asvs_8_2_1_accounts_are_imported_by_who_may(world: World) -> None:
    allowed = world.may("account_import.import_accounts")
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
    sees, disables = world.may("see mfa_sms.GatewayState"), world.may("mfa_sms.disable_gateway")
    assert world.browser.get("/admin/mfa_sms/gatewaystate/gateway/file/").status_code == (200 if sees else 403)
    before = picture()
    for verb in ("disable", "enable"):
        path = reverse(f"admin:mfa_sms_gateway_{verb}", args=["file"])
        assert world.browser.get(path).status_code in ((200, 302) if disables else (403,)), verb
        assert picture() == before, verb
        seen = GatewayState.objects.get().changed_at.isoformat()
        posted = world.browser.post(path, {"note": "Ingen kvitteringer.", "knows": "on", "seen": seen})
        assert posted.status_code == (302 if disables else 403), verb
        assert GatewayState.objects.get().out_of_service == (disables and verb == "disable")
        assert disables or picture() == before, verb
        before = picture()


@every_role
def test_asvs_8_2_2_the_block_of_a_prefix_is_lifted_by_who_may(world: World) -> None:
    allowed = world.may("mfa_sms.lift_prefixblock")
    path = reverse("admin:mfa_sms_prefixblock_lift", args=[PrefixBlock.objects.get().pk])
    before = picture()
    assert world.browser.get(path).status_code == (200 if allowed else 403)
    assert picture() == before
    assert world.browser.post(path).status_code == (302 if allowed else 403)
    assert (PrefixBlock.objects.get().lifted_at is not None) == allowed
    assert allowed or picture() == before
