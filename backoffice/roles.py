"""The roles of the admin, and the registry of their permissions.

Each app states in its `permissions` module which roles get its permissions. `AppConfig.ready` imports that module.
After each `migrate` the group of a role has exactly these permissions. No migration does that: Django creates
permissions after the last migration, and a flush would delete them for good. Nobody edits groups in the admin.
"""

from collections.abc import Iterable, Iterator
from typing import Any

from django.apps import apps as installed
from django.contrib import admin
from django.contrib.auth.management import create_permissions
from django.core.checks import CheckMessage, Error, register
from django.db import DEFAULT_DB_ALIAS, router
from django.db.models import Model

HELPDESK = "Helpdesk"
LEAD = "Helpdesk lead"
AUDITOR = "Auditor"
ADMINISTRATOR = "Administrator"
ROLES = (HELPDESK, LEAD, AUDITOR, ADMINISTRATOR)

_granted: dict[str, set[str]] = {}
_viewers: dict[str, set[str]] = {}


class Permission(str):
    """The full name of a permission, "app.codename". Made by `grant`."""


def grant(permission: str, *roles: str) -> Permission:
    """Give a permission, "app.codename", to roles, and return it. Superusers have every permission.

    Raise `ValueError` for a role that does not exist, or a permission that was granted before.
    """
    _refuse_unknown(roles)
    if permission in _granted:
        raise ValueError(f"Permission {permission!r} is granted twice.")
    _granted[permission] = set(roles)
    return Permission(permission)


def grant_edit(model: str, *roles: str) -> None:
    """Let roles add and change the rows of a model, "app.model", in the admin."""
    app_label, _dot, name = model.partition(".")
    for verb in ("add", "change"):
        grant(f"{app_label}.{verb}_{name}", *roles)


def restrict_view(model: str, *roles: str) -> None:
    """Show a model of the admin, "app.model", only to these roles. All roles see every other model.

    Raise `ValueError` for a role that does not exist, or a model that was restricted before.
    """
    _refuse_unknown(roles)
    if model in _viewers:
        raise ValueError(f"The view of {model!r} is restricted twice.")
    _viewers[model] = set(roles)


def granted_permissions() -> list[str]:
    """Return the full names of all permissions that were granted."""
    return list(_granted)


def after_migrate(using: str = DEFAULT_DB_ALIAS, apps: Any = installed, **kwargs: Any) -> None:
    """Make the groups and give each its permissions; a receiver of `post_migrate`.

    Makes permissions that Django has not made yet, since the order of the apps is not fixed. Does nothing while there
    are no groups: on the way back to before the first migration.
    """
    try:
        groups, permissions = apps.get_model("auth", "Group"), apps.get_model("auth", "Permission")
    except LookupError:
        return
    if not router.allow_migrate_model(using, groups):
        return
    for label in sorted({label for role in ROLES for label, _codename in _role_permissions(role)}):
        create_permissions(installed.get_app_config(label), verbosity=0, using=using, apps=apps)
    rows = permissions.objects.using(using).values_list("content_type__app_label", "codename", "pk")
    ids = {(label, codename): pk for label, codename, pk in rows}
    for role in ROLES:
        group, _made = groups.objects.using(using).get_or_create(name=role)
        # While an older migration is the target, some permissions do not exist.
        group.permissions.set([ids[key] for key in _role_permissions(role) if key in ids])


@register()
def permissions_exist(**kwargs: Any) -> list[CheckMessage]:
    """Report permissions and models of the registry that no installed app has."""
    declared = {f"{model._meta.app_label}.{name}" for model in installed.get_models() for name in _codenames(model)}
    missing = [f"The permission {name!r} is granted to roles" for name in _granted if name not in declared]
    models = {model._meta.label_lower for model in installed.get_models()}
    missing += [f"The view of {name!r} is restricted" for name in _viewers if name not in models]
    return [Error(f"{what}, but no model declares it.", id="accounts.E001") for what in missing]


def _role_permissions(role: str) -> set[tuple[str, str]]:
    """Return the role's permissions, each as app label and codename."""
    seen = {
        (model._meta.app_label, f"view_{model._meta.model_name}")
        for model in _shown_models()
        if role in _viewers.get(model._meta.label_lower, ROLES)
    }
    done = {name.partition(".")[::2] for name, roles in _granted.items() if role in roles}
    return seen | done


def _shown_models() -> Iterator[type[Model]]:
    """Yield the models that the admin shows."""
    return (model for model in installed.get_models() if admin.site.is_registered(model))


def _codenames(model: type[Model]) -> Iterator[str]:
    yield from (f"{verb}_{model._meta.model_name}" for verb in model._meta.default_permissions)
    yield from (codename for codename, _name in model._meta.permissions)


def _refuse_unknown(roles: Iterable[str]) -> None:
    if unknown := set(roles) - set(ROLES):
        raise ValueError(f"There is no role {', '.join(sorted(unknown))}.")
