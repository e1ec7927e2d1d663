"""The index and the sidebar of the admin follow the work of the staff."""

from typing import cast

import pytest
from django.contrib import admin
from django.contrib.auth.models import Permission
from django.test import RequestFactory
from django.utils import translation

from accounts.models import Account
from backoffice.admin_sections import Section
from backoffice.read_only import ReadOnlyModelAdmin
from tests.fixtures import Walk
from tests.helpers import staff_signed_in
from tests.interface import in_da, in_en

ENGLISH = ["Helpdesk", "Messages", "Campaigns", "Accounts", "Services", in_en("Audit log"), "Settings"]
DANISH = [
    "It-support",
    in_da("Messages"),
    in_da("Campaigns"),
    in_da("Accounts"),
    "Tjenester",
    in_da("Audit log"),
    in_da("Settings"),
]


@pytest.mark.parametrize("model", admin.site._registry, ids=lambda model: model.__name__)
def test_every_registered_model_has_a_section(model: type) -> None:
    assert cast(ReadOnlyModelAdmin, admin.site._registry[model]).section in Section


@pytest.mark.parametrize(("language", "names"), [("en", ENGLISH), ("da", DANISH)])
def test_the_sections_stand_in_the_order_of_the_work(administrator: Account, language: str, names: list[str]) -> None:
    request = RequestFactory().get("/admin/")
    request.user = administrator
    with translation.override(language):
        assert [str(section["name"]) for section in admin.site.get_app_list(request)] == names


def test_a_superuser_finds_each_model_once(administrator: Account) -> None:
    request = RequestFactory().get("/admin/")
    request.user = administrator
    found = [model["model"] for section in admin.site.get_app_list(request) for model in section["models"]]
    assert len(found) == len(set(found))
    assert set(found) == set(admin.site._registry)


def test_a_section_shows_what_the_person_may_see(walk: Walk, helpdesk: Account) -> None:
    helpdesk.user_permissions.add(Permission.objects.get(codename="view_securityevent"))
    browser = staff_signed_in(walk, helpdesk)
    page = browser.get("/admin/sections/audit-log/").content.decode()
    assert "/admin/audit/securityevent/" in page
    assert "/admin/sections/messages/" not in page
    assert browser.get("/admin/sections/messages/").status_code == 404
    assert browser.get("/admin/sections/nowhere/").status_code == 404
