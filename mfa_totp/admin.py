"""Apps in the admin: to read. The secret is no field anywhere.

Nor is the name: its owner was told that nobody else sees it.
"""

from datetime import datetime
from typing import Any

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from backoffice.admin_sections import Section
from backoffice.by_owner import ByOwnerModelAdmin
from mfa_totp.models import AuthenticatorApp

_SHOWN = ("owner_link", "is_confirmed", "created", "last_used", "failures", "last_failure")


@admin.register(AuthenticatorApp)
class AppAdmin(ByOwnerModelAdmin):
    """Registered apps. django-otp's fields with names that can be translated."""

    section = Section.ACCOUNTS
    owner = "user"
    list_display = _SHOWN
    fields = _SHOWN
    list_select_related = ("user",)

    def get_object(self, *args: Any, **kwargs: Any) -> AuthenticatorApp | None:
        """Return the row without its name, which would be in the page's title."""
        row: AuthenticatorApp | None = super().get_object(*args, **kwargs)
        if row is not None:
            row.name = ""
        return row

    @admin.display(description=_("confirmed"), boolean=True)
    def is_confirmed(self, row: AuthenticatorApp) -> bool:
        """Whether a code has proven it."""
        return bool(row.confirmed)

    @admin.display(description=_("created"))
    def created(self, row: AuthenticatorApp) -> datetime | None:
        """Return when it was registered."""
        moment: datetime | None = row.created_at
        return moment

    @admin.display(description=_("last used"))
    def last_used(self, row: AuthenticatorApp) -> datetime | None:
        """Return when a code was last right."""
        moment: datetime | None = row.last_used_at
        return moment

    @admin.display(description=_("wrong codes in a row"))
    def failures(self, row: AuthenticatorApp) -> int:
        """Return how many codes were wrong since the last right one."""
        return int(row.throttling_failure_count)

    @admin.display(description=_("last wrong code"))
    def last_failure(self, row: AuthenticatorApp) -> datetime | None:
        """Return when the last of them came."""
        moment: datetime | None = row.throttling_failure_timestamp
        return moment
