"""The roles of who uses the admin: groups that hold, after each `migrate`, exactly what is written here.

They are filled by `post_migrate` and not by a migration. Django makes permissions after the last migration; a later
model, and another factor's, would need one more migration each time, in an app that must not name a factor; and what a
migration has written, a flush takes away for good. Nobody edits a group in the admin: a role is changed here.
"""

from dataclasses import dataclass
from typing import Any

from django.apps import apps as installed
from django.contrib import admin
from django.contrib.auth.management import create_permissions
from django.db import DEFAULT_DB_ALIAS, router

HELPDESK = "Helpdesk"
LEAD = "Helpdesk lead"
AUDITOR = "Auditor"
ADMINISTRATOR = "Administrator"

_ACTS = frozenset(
    {
        "unlock_account",
        "end_sessions",
        "remove_device",
        "reset_account",
        "issue_access_pass",
        "send_test_message",
        "register_number",
        "handle_case",
    }
)
# What administrators set up; campaigns are seen by all, since students ask for their deadline.
_SETUP = frozenset({"methodpolicy", "accountimport"})


@dataclass(frozen=True)
class Role:
    """What a group may do: permissions of `accounts` by codename, and the tables that it sees in the admin.

    It sees all that the admin shows, of every factor, but for the models of `accounts` in `hidden`.
    """

    does: frozenset[str] = frozenset()
    hidden: frozenset[str] = frozenset()


ROLES = {
    HELPDESK: Role(_ACTS, hidden=_SETUP | {"approval"}),
    LEAD: Role(_ACTS | {"act_on_staff", "approve_act", "view_full_number", "export_list"}, hidden=_SETUP),
    AUDITOR: Role(frozenset({"export_list"})),
    ADMINISTRATOR: Role(
        frozenset(
            {
                *("add_methodpolicy", "change_methodpolicy", "add_enrollmentcampaign", "change_enrollmentcampaign"),
                *("import_accounts", "rest_gateway", "export_list"),
            }
        )
    ),
}


_edited: set[tuple[str, str]] = set()
_set_up: set[tuple[str, str]] = set()


def administrators_set_up(app_label: str, *, edited: tuple[str, ...] = (), seen: tuple[str, ...] = ()) -> None:
    """Add tables of another app, by model name: administrators edit the first and see the others, as auditors do both.

    The helpdesk sees neither.
    """
    _edited.update((app_label, name) for name in edited)
    _set_up.update((app_label, name) for name in (*edited, *seen))


def after_migrate(using: str = DEFAULT_DB_ALIAS, apps: Any = installed, **kwargs: Any) -> None:
    """Make the groups and give each its permissions; a receiver of `post_migrate`.

    Makes permissions that Django has not made yet, since the apps' turns come in no order that could be relied on. Does
    nothing while there are no groups: on the way back to before the first migration.
    """
    try:
        groups, permissions = apps.get_model("auth", "Group"), apps.get_model("auth", "Permission")
    except LookupError:
        return
    if not router.allow_migrate_model(using, groups):
        return
    shown = [model for model in installed.get_models() if admin.site.is_registered(model)]
    for label in sorted({model._meta.app_label for model in shown}):
        create_permissions(installed.get_app_config(label), verbosity=0, using=using, apps=apps)
    rows = permissions.objects.using(using).values_list("content_type__app_label", "codename", "pk")
    ids = {(label, codename): pk for label, codename, pk in rows}
    for name, role in ROLES.items():
        group, _made = groups.objects.using(using).get_or_create(name=name)
        group.permissions.set([ids[key] for key in _keys(name, role, shown) if key in ids])


def _keys(name: str, role: Role, shown: list[Any]) -> set[tuple[str, str]]:
    """Return the role's permissions, each as app label and codename."""
    views = {
        (model._meta.app_label, f"view_{model._meta.model_name}")
        for model in shown
        if (model._meta.app_label, model._meta.model_name) not in _hidden(name, role)
    }
    edits = {(label, f"{verb}_{model}") for label, model in _edited for verb in ("add", "change")}
    does = {("accounts", codename) for codename in role.does}
    return views | does | (edits if name == ADMINISTRATOR else set())


def _hidden(name: str, role: Role) -> set[tuple[str, str]]:
    own = {("accounts", model) for model in role.hidden}
    return own | _set_up if name in (HELPDESK, LEAD) else own
