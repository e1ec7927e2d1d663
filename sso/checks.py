"""System checks of the Entra addresses and the signing keys."""

from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, Warning, register
from django.db import connections

from sso import keys
from sso.models import Client, SigningKey, Tenant

MICROSOFT = frozenset(
    f"https://{host}/common/federation/externalauthprovider"
    for host in ("login.microsoftonline.com", "login.microsoftonline.us", "login.partner.microsoftonline.cn")
)


@register()
def answers_go_to_microsoft_alone(**kwargs: Any) -> list[CheckMessage]:
    """Check that tokens for Entra go only to Microsoft.

    SECURITY: a token that goes elsewhere lets a third party answer Entra.
    """
    if settings.DEBUG or set(settings.ENTRA_REDIRECT_URIS) <= MICROSOFT:
        return []
    return [Error("ENTRA_REDIRECT_URIS must hold none but Microsoft's own addresses.", id="sso.E001")]


@register(Tags.database)
def what_is_in_use_has_a_key(databases: Sequence[str] | None = None, **kwargs: Any) -> list[CheckMessage]:
    """Check that a key exists for each protocol in use: without one, no person reaches a service.

    Queries the database, so it runs with `migrate` and `check --database default`.
    """
    if "default" not in (databases or ()):
        return []
    if not {"sso_client", "sso_tenant", "sso_signingkey"} <= set(connections["default"].introspection.table_names()):
        return []
    asked = {SigningKey.Use.OIDC: Client, SigningKey.Use.ENTRA: Tenant}
    return [
        Warning(f"No key signs for {use}: run `manage.py rotate_signing_key {use}`.", id="sso.W001")
        for use, model in asked.items()
        if model._default_manager.filter(is_enabled=True).exists() and not keys.exists(use)
    ]
