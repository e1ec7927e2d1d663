"""The roles of the admin, and the registry of their permissions.

Each app grants its permissions to roles in its `permissions` module, which `AppConfig.ready` imports. After each
`migrate` the group of a role has exactly these permissions. A migration cannot do that: Django creates permissions
after the last migration, and a flush would delete them for good. The admin does not offer groups for editing.
"""

from collections.abc import Iterable, Iterator
from typing import Any

from django.apps import apps as installed
from django.contrib import admin
from django.contrib.auth.management import create_permissions
from django.core.checks import CheckMessage, Error, register
from django.db import DEFAULT_DB_ALIAS, router
from django.db.models import Model
from django.utils.translation import pgettext_lazy

HELPDESK = "Helpdesk"
LEAD = "Helpdesk lead"
AUDITOR = "Auditor"
ADMINISTRATOR = "Administrator"
ROLES = (HELPDESK, LEAD, AUDITOR, ADMINISTRATOR)
# Sees the texts of the portal, but not the admin.
TRANSLATOR = "Translator"
ALL_ROLES = (*ROLES, TRANSLATOR)
NO_ROLE = "none"
LABELS = {
    HELPDESK: pgettext_lazy("role in the admin", "Helpdesk"),
    LEAD: pgettext_lazy("role in the admin", "Helpdesk lead"),
    AUDITOR: pgettext_lazy("role in the admin", "Auditor"),
    ADMINISTRATOR: pgettext_lazy("role in the admin", "Administrator"),
    TRANSLATOR: pgettext_lazy("role in the admin", "Translator"),
    NO_ROLE: pgettext_lazy("role in the admin", "No role"),
}

_granted: dict[str, set[str]] = {}
_viewers: dict[str, set[str]] = {}


class Permission(str):
    """The full name of a permission, "app.codename". `grant` returns it."""


def grant(permission: str, *roles: str) -> Permission:
    """Grant a permission, "app.codename", to roles, and return it. Superusers have every permission.

    Raises ValueError for an unknown role or a permission that was granted before.
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
    """Show a model of the admin, "app.model", only to these roles. All roles can view every other model.

    Raises ValueError for an unknown role or a model that was restricted before.
    """
    _refuse_unknown(roles)
    if model in _viewers:
        raise ValueError(f"The view of {model!r} is restricted twice.")
    _viewers[model] = set(roles)


def granted_permissions() -> list[str]:
    """Return the full names of all granted permissions."""
    return list(_granted)


def after_migrate(using: str = DEFAULT_DB_ALIAS, apps: Any = installed, **kwargs: Any) -> None:
    """Create the groups and set their permissions. A receiver of `post_migrate`.

    Creates permissions that Django has not created yet, because the order of the apps is not fixed. Does nothing if the
    migrated state has no groups, after migrating back to before the first migration.
    """
    try:
        groups, permissions = apps.get_model("auth", "Group"), apps.get_model("auth", "Permission")
    except LookupError:
        return
    if not router.allow_migrate_model(using, groups):
        return
    for label in sorted({label for role in ALL_ROLES for label, _codename in _role_permissions(role)}):
        create_permissions(installed.get_app_config(label), verbosity=0, using=using, apps=apps)
    rows = permissions.objects.using(using).values_list("content_type__app_label", "codename", "pk")
    ids = {(label, codename): pk for label, codename, pk in rows}
    for role in ALL_ROLES:
        group, _made = groups.objects.using(using).get_or_create(name=role)
        # Some permissions do not exist if the target is an older migration.
        group.permissions.set([ids[key] for key in _role_permissions(role) if key in ids])


@register()
def permissions_exist(**kwargs: Any) -> list[CheckMessage]:
    """Return an error for each registered permission or model that does not exist in an installed app."""
    declared = {f"{model._meta.app_label}.{name}" for model in installed.get_models() for name in _codenames(model)}
    missing = [f"The permission {name!r} is granted to roles" for name in _granted if name not in declared]
    models = {model._meta.label_lower for model in installed.get_models()}
    missing += [f"The view of {name!r} is restricted" for name in _viewers if name not in models]
    return [Error(f"{what}, but no model declares it.", id="accounts.E001") for what in missing]


def _role_permissions(role: str) -> set[tuple[str, str]]:
    """Return the role's permissions as pairs of app label and codename."""
    seen = {
        (model._meta.app_label, f"view_{model._meta.model_name}")
        for model in _shown_models()
        if role in _viewers.get(model._meta.label_lower, ROLES)
    }
    done = {name.partition(".")[::2] for name, roles in _granted.items() if role in roles}
    return seen | done


def _shown_models() -> Iterator[type[Model]]:
    """Yield the models that are registered in the admin."""
    return (model for model in installed.get_models() if admin.site.is_registered(model))


def _codenames(model: type[Model]) -> Iterator[str]:
    yield from (f"{verb}_{model._meta.model_name}" for verb in model._meta.default_permissions)
    yield from (codename for codename, _name in model._meta.permissions)


def _refuse_unknown(roles: Iterable[str]) -> None:
    if unknown := set(roles) - set(ALL_ROLES):
        raise ValueError(f"There is no role {', '.join(sorted(unknown))}.")
