"""Notices in the admin: read-only."""

from django.contrib import admin

from backoffice.admin_sections import Section
from backoffice.by_owner import ByOwnerModelAdmin
from notices.models import Notice


@admin.register(Notice)
class NoticeAdmin(ByOwnerModelAdmin):
    """The list of notices that were mailed to owners."""

    section = Section.MESSAGES
    list_display = ("when", "kind", "owner_link", "sent_at", "tries")
    export_details = ("tried_at",)
    list_filter = ("kind",)
    list_select_related = ("account",)
    fields = ("kind", "owner_link", "event", "created_at", "tries", "tried_at", "sent_at")
