"""System checks of what other services are told and where it goes."""

from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, register

MICROSOFT = frozenset(
    f"https://{host}/common/federation/externalauthprovider"
    for host in ("login.microsoftonline.com", "login.microsoftonline.us", "login.partner.microsoftonline.cn")
)


@register()
def answers_go_to_microsoft_alone(**kwargs: Any) -> list[CheckMessage]:
    """SECURITY: a token that goes elsewhere lets somebody else answer Entra."""
    if settings.DEBUG or set(settings.ENTRA_REDIRECT_URIS) <= MICROSOFT:
        return []
    return [Error("ENTRA_REDIRECT_URIS must hold none but Microsoft's own addresses.", id="sso.E001")]
