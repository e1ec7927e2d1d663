"""The signing keys in the admin."""

from django.contrib import admin

from backoffice.admin_sections import Section
from backoffice.read_only import ReadOnlyModelAdmin
from sso.models import SigningKey


@admin.register(SigningKey)
class SigningKeyAdmin(ReadOnlyModelAdmin):
    """The signing keys: their public data and their dates. Operators make them."""

    section = Section.SETTINGS
    list_display = ("key_id", "use", "created_at", "signs_from", "retired_at", "gone_at", "verifies_until")
    list_filter = ("use",)
    fields = ("key_id", "use", "created_at", "signs_from", "retired_at", "gone_at", "verifies_until")
