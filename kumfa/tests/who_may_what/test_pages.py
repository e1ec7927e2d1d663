"""The pages that each role may read, and crafted requests that change no row. (ASVS 8.2.1, 8.2.2)"""

from typing import Any, cast

from django.contrib import admin
from django.urls import reverse

from backoffice.admin_sections import Section
from backoffice.read_only import ReadOnlyModelAdmin
from kumfa.tests.who_may_what.world import ALLOWED, CRAFTED, OTHERS, World, every_role, pages, refuses, tables
from overview import registry as overview
from tests.helpers import every_path, picture


@every_role
def test_asvs_8_2_1_a_role_reads_its_tables_and_no_others(world: World) -> None:
    before = picture()
    for model, prefix in tables():
        sees = world.may(f"see {model._meta.label}")
        edits = ALLOWED.get(f"edit {model._meta.label}", {}).get(world.role, False)
        for page, path in pages(model, prefix):
            opens = {"add": edits, "delete": False}.get(page, sees)
            response = world.browser.get(path)
            assert response.status_code == 200 if opens else refuses(response), path
    assert picture() == before


@every_role
def test_asvs_8_2_2_a_crafted_post_changes_no_row(world: World) -> None:
    before = picture()
    for model, prefix in tables():
        sees = world.may(f"see {model._meta.label}")
        edits = ALLOWED.get(f"edit {model._meta.label}", {}).get(world.role, False)
        for page, path in pages(model, prefix):
            if page == "changelist":
                chosen = {"action": "delete_selected", "_selected_action": "1", "post": "yes"}
                assert world.browser.post(path, chosen).status_code in ((200, 302) if sees else (403,)), path
            elif page == "history":
                response = world.browser.post(path, CRAFTED)
                assert response.status_code == 200 if sees else refuses(response), path
            else:
                # A user who may edit sees the form's errors.
                wrong = {**CRAFTED, "method": "nonsense"}
                expected = 200 if edits and page != "delete" else 403
                assert world.browser.post(path, wrong).status_code == expected, path
    assert picture() == before


def _section(model: Any) -> Section:
    return cast(ReadOnlyModelAdmin, admin.site.get_model_admin(model)).section


@every_role
def test_asvs_8_2_1_the_other_pages_of_the_admin_do_the_same_for_every_role(world: World) -> None:
    before = picture()
    for name, status in OTHERS.items():
        if status is not None:
            assert world.browser.get(every_path()[name]).status_code == status, name
    for label in {model._meta.app_label for model, _prefix in tables()}:
        own = [model for model, _prefix in tables() if model._meta.app_label == label]
        sees = any(world.may(f"see {model._meta.label}") for model in own)
        assert world.browser.get(reverse("admin:app_list", args=[label])).status_code == (200 if sees else 404)
    for section in Section:
        own = [model for model, _prefix in tables() if _section(model) is section]
        sees = any(world.may(f"see {model._meta.label}") for model in own)
        assert world.browser.get(reverse("admin:section", args=[section])).status_code == (200 if sees else 404)
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
