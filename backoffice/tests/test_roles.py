"""Each `migrate` restores the groups' permissions, regardless of how it is run and what has changed."""

import os
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.contrib.auth.models import Group, Permission
from django.core.management import call_command

from backoffice import roles
from helpdesk.tests.people import agent_of

ACTIONS = {"unlock_account", "end_sessions", "remove_device", "reset_account", "issue_access_pass"}
ACTIONS |= {"send_test_message", "register_number", "handle_case", "search_by_number"}
ACTIONS |= {"block_account", "require_new_password", "remove_entra_link", "lift_prefixblock"}
ACTIONS |= {"send_reset_mail", "add_note", "take_call", "call_back"}

SETS_UP = {"add_methodpolicy", "change_methodpolicy", "add_enrollmentcampaign", "change_enrollmentcampaign"}
SETS_UP |= {
    "add_banner",
    "assign_role",
    "change_banner",
    "import_accounts",
    "disable_gateway",
    "lift_prefixblock",
    "add_client",
    "change_client",
    "add_tenant",
    "change_tenant",
    "add_note",
    "deactivate_account",
}


def held() -> dict[str, set[str]]:
    """Return the permissions of each group, without those of the test app "pigeon"."""
    return {
        group.name: set(group.permissions.exclude(content_type__app_label="pigeon").values_list("codename", flat=True))
        for group in Group.objects.prefetch_related("permissions")
    }


def not_views(role: str) -> set[str]:
    return {name for name in held()[role] if not name.startswith("view_") or name == "view_full_number"}


@pytest.mark.parametrize(
    ("role", "does"),
    [
        (roles.HELPDESK, ACTIONS),
        (roles.LEAD, ACTIONS | {"act_on_staff_accounts", "approve_action", "view_full_number", "export_list"}),
        (roles.AUDITOR, {"export_list"}),
        (roles.ADMINISTRATOR, SETS_UP | {"export_list"}),
        (roles.TRANSLATOR, {"read_words"}),
    ],
)
def test_asvs_8_2_1_a_role_does_what_it_is_for_and_no_more(db: None, role: str, does: set[str]) -> None:
    assert not_views(role) == does


def test_every_role_sees_the_devices_of_every_factor(db: None) -> None:
    seen = {"view_account", "view_smsdevice", "view_challenge", "view_textmessage", "view_authenticatorapp"}
    seen |= {"view_recoverydevice", "view_securityevent", "view_notice", "view_case", "view_actionrecord"}
    for role in roles.ROLES:
        assert seen <= held()[role]
    assert "view_methodpolicy" not in held()[roles.HELPDESK]
    assert "view_methodpolicy" in held()[roles.AUDITOR]


def test_no_role_may_give_rights_or_read_single_use_codes(db: None) -> None:
    for codenames in held().values():
        assert not [name for name in codenames if "static" in name or name.endswith(("_group", "_permission"))]


def test_migrating_fills_what_somebody_has_emptied_and_takes_what_somebody_has_added(db: None) -> None:
    before = held()
    agent = agent_of(roles.HELPDESK, "agt111")
    Group.objects.get(name=roles.AUDITOR).permissions.set(Permission.objects.filter(codename="reset_account"))
    Group.objects.get(name=roles.LEAD).delete()
    call_command("migrate", verbosity=0)
    assert held() == before
    assert list(agent.groups.values_list("name", flat=True)) == [roles.HELPDESK]


def test_migrating_on_from_before_the_helpdesk_ends_with_the_groups_complete(transactional_db: None) -> None:
    before = held()
    assert set(before) == set(roles.ALL_ROLES)
    try:
        call_command("migrate", "helpdesk", "zero", verbosity=0)
        Group.objects.all().delete()
        Permission.objects.all().delete()
    finally:
        call_command("migrate", verbosity=0)
    assert held() == before


def test_a_fresh_database_has_the_groups_after_its_first_migrate(db: None, tmp_path: Path) -> None:
    file = tmp_path / "fresh.sqlite3"
    ours = {"DJANGO_SETTINGS_MODULE": "kumfa.settings", "DEBUG": "1", "ENV_FILE": os.devnull}
    env = {**os.environ, **ours, "DATABASE_URL": f"sqlite:///{file}"}
    command = [sys.executable, "manage.py", "migrate", "--verbosity", "0"]
    subprocess.run(command, cwd=settings.BASE_DIR, env=env, check=True, timeout=120)
    with closing(sqlite3.connect(file)) as fresh:
        rows = fresh.execute(
            "SELECT auth_group.name, count(*) FROM auth_group JOIN auth_group_permissions ON group_id = auth_group.id"
            " GROUP BY auth_group.name"
        )
        assert dict(rows) == {name: len(codenames) for name, codenames in held().items()}


def test_a_database_without_groups_is_left_alone() -> None:
    class Empty:
        def get_model(self, *args: str) -> Any:
            raise LookupError

    roles.after_migrate(apps=Empty())
