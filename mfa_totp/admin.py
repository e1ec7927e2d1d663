"""Authenticator apps in the admin, read-only.

No field shows the secret. No field shows the name either: the portal promises the owner that only they see it.
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
    """Registered apps. The columns show fields of django-otp with translatable names."""

    section = Section.ACCOUNTS
    owner = "user"
    list_display = _SHOWN
    fields = _SHOWN
    list_select_related = ("user",)

    def get_object(self, *args: Any, **kwargs: Any) -> AuthenticatorApp | None:
        """Return the row without its name, which the page title would show."""
        row: AuthenticatorApp | None = super().get_object(*args, **kwargs)
        if row is not None:
            row.name = ""
        return row

    @admin.display(description=_("confirmed"), boolean=True)
    def is_confirmed(self, row: AuthenticatorApp) -> bool:
        """Return whether a code has confirmed the app."""
        return bool(row.confirmed)

    @admin.display(description=_("created"))
    def created(self, row: AuthenticatorApp) -> datetime | None:
        moment: datetime | None = row.created_at
        return moment

    @admin.display(description=_("last used"))
    def last_used(self, row: AuthenticatorApp) -> datetime | None:
        """Return when a code was last accepted."""
        moment: datetime | None = row.last_used_at
        return moment

    @admin.display(description=_("wrong codes in a row"))
    def failures(self, row: AuthenticatorApp) -> int:
        """Return the number of wrong codes since the last right one."""
        return int(row.throttling_failure_count)

    @admin.display(description=_("last wrong code"))
    def last_failure(self, row: AuthenticatorApp) -> datetime | None:
        moment: datetime | None = row.throttling_failure_timestamp
        return moment
