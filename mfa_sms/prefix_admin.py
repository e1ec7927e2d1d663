"""Blocked prefixes in the admin. Staff see them; agents lift a block."""

from typing import Any, cast

from django.contrib import admin, messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path, reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import Account
from backoffice.admin_sections import Section
from backoffice.read_only import ReadOnlyModelAdmin
from common.client_info import client_info_of
from mfa_sms import pumping
from mfa_sms.models import PrefixBlock
from mfa_sms.permissions import LIFT_PREFIX_BLOCK
from sign_in.guards import step_up_for

_LIST = "admin:mfa_sms_prefixblock_changelist"


@admin.register(PrefixBlock)
class PrefixBlockAdmin(ReadOnlyModelAdmin):
    """Prefixes that are or were blocked for new numbers."""

    section = Section.MESSAGES
    list_display = ("prefix", "numbers", "entered", "blocked_at", "lifted_at", "lifted_by", "action_link")
    list_select_related = ("lifted_by",)
    ordering = ("-blocked_at",)
    fields = ("prefix", "numbers", "entered", "blocked_at", "lifted_at", "lifted_by", "action_link")

    def get_urls(self) -> list[Any]:
        """Add the page that lifts a block."""
        view = self.admin_site.admin_view
        return [path("<int:pk>/lift/", view(_lift), name="mfa_sms_prefixblock_lift"), *super().get_urls()]

    @admin.display(description=gettext_lazy("action"))
    def action_link(self, block: PrefixBlock) -> str:
        """Return a link to the page that lifts the block, if it is not lifted."""
        if block.lifted_at is not None:
            return ""
        url = reverse("admin:mfa_sms_prefixblock_lift", args=[block.pk])
        return format_html('<a href="{}">{}</a>', url, _("Lift the block"))


def _may_lift(request: HttpRequest) -> bool:
    return cast(Account, request.user).has_perm(LIFT_PREFIX_BLOCK)


@step_up_for(_may_lift)
def _lift(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask for confirmation and lift the block."""
    block = get_object_or_404(PrefixBlock, pk=pk)
    if request.method == "POST":
        if pumping.lift(block, cast(Account, request.user), client_info_of(request)):
            messages.success(request, _("New numbers of the prefix get codes again."))
        else:
            messages.info(request, _("The block was already lifted."))
        return redirect(_LIST)
    context = {**admin.site.each_context(request), "title": _("Lift the block"), "prefix_block": block}
    return render(request, "mfa_sms/prefixes/lift.html", context)
