"""Django's admin, behind the portal's own sign-in."""

from typing import Any, cast

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _

from accounts import methods, step_up
from accounts.read_only import ReadOnlyAdmin
from accounts.sessions import registry


class PortalAdminSite(admin.AdminSite):
    """Has no sign-in form of its own, and asks for a factor that is strong enough for the admin (ASVS 8.4.2)."""

    site_header = _("UCPH login: administration")
    site_title = _("UCPH login")
    index_title = _("Overview")
    site_url = "/"

    def register(self, model_or_iterable: Any, admin_class: Any = None, **options: Any) -> None:
        """Take read-only admins alone.

        SECURITY: an installed app registers its own, which would let rights be given and secrets be read without an
        event.
        """
        if admin_class is not None and issubclass(admin_class, ReadOnlyAdmin):
            super().register(model_or_iterable, admin_class, **options)

    def has_permission(self, request: HttpRequest) -> bool:
        """Whether the person is staff, was so when the session began, and has proven a factor that opens the admin."""
        if not super().has_permission(request) or not registry.began_as_staff(request):
            return False
        if not step_up.opens_admin(request.session):
            return False
        device = getattr(request.user, "otp_device", None)
        method = methods.of_device(device) if device is not None else None
        return method is not None and method.opens_admin

    def index(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> TemplateResponse:
        """Lead to the overview, which holds what Django's index does."""
        return cast(TemplateResponse, redirect("admin:overview"))

    def get_urls(self) -> list[Any]:
        """Add the overview."""
        from accounts.overview import views

        return [
            path("overview/", self.admin_view(views.overview), name="overview"),
            path("overview/<slug:slug>.csv", self.admin_view(views.numbers), name="overview_csv"),
            *super().get_urls(),
        ]

    def login(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """Lead to the portal's sign-in, or say no to who is signed in and may not."""
        from accounts.views.problems import forbidden

        if self.has_permission(request):
            return redirect("admin:index")
        if request.user.is_authenticated:
            return forbidden(request)
        target = request.GET.get("next", reverse("admin:index"))
        return redirect(f"{reverse('accounts:sign_in')}?{urlencode({'next': target})}")

    def logout(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> TemplateResponse:
        """Sign out of the portal."""
        from accounts.views.pages import sign_out

        return cast(TemplateResponse, sign_out(request))

    def password_change(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> TemplateResponse:
        """A password is changed by the link in a mail, here as everywhere."""
        return cast(TemplateResponse, redirect("accounts:password_forgotten"))
