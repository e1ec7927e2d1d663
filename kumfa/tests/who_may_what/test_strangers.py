"""Users without a role reach no page of the admin. (ASVS 8.2.1, 8.3.1)"""

from collections.abc import Iterator

import pytest
from django.urls import reverse

from account_import.models import AccountImport
from audit.models import SecurityEvent
from helpdesk import registry
from helpdesk.models import Approval, Case
from helpdesk.tests.people import SAID
from kumfa.tests.who_may_what.world import CRAFTED, EXPORT, World, pages, tables
from sso.models import Client, Tenant
from tests.fixtures import Browser, Walk
from tests.helpers import every_path, picture


def _addresses(world: World) -> Iterator[str]:
    yield from (path for path in every_path().values() if path.startswith("/admin") and "login" not in path)
    for model, prefix in tables():
        yield from (path for _page, path in pages(model, prefix))
    for account in world.targets.values():
        for action in registry.all_actions():
            yield reverse("admin:helpdesk_action", args=[account.pk, action.slug])
    yield from (reverse("admin:helpdesk_case", args=[pk]) for pk in Case.objects.values_list("pk", flat=True))
    yield reverse("admin:helpdesk_decide", args=[Approval.objects.get().pk])
    pk = AccountImport.objects.get().pk
    yield from (
        reverse("admin:import_upload"),
        *(reverse(f"admin:import_{action}", args=[pk]) for action in ("apply", "drop")),
    )
    yield from (reverse(f"{prefix}_{EXPORT}") for _model, prefix in tables())
    yield from (reverse(f"admin:mfa_sms_gateway{verb}", args=["file"]) for verb in ("", "_disable", "_enable"))
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
