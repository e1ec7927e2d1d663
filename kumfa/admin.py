"""Django's admin, behind the portal's own sign-in."""

from functools import wraps
from typing import Any, cast

from django.contrib import admin
from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _

from accounts.models import Account
from backoffice.admin_sections import Section
from backoffice.read_only import ReadOnlyModelAdmin
from common.problem_pages import forbidden
from helpdesk import rules
from overview import views
from sessions import registry
from sessions.limits import ended_account
from sign_in import kept_forms, methods, step_up
from sign_in.views.pages import sign_out


class PortalAdminSite(admin.AdminSite):
    """The admin site. It has no sign-in form of its own, and requires a strong enough method (ASVS 8.4.2)."""

    site_header = _("UCPH login: administration")
    site_title = _("UCPH login")
    index_title = _("Overview")
    site_url = "/"

    def register(self, model_or_iterable: Any, admin_class: Any = None, **options: Any) -> None:
        """Register only read-only admins. Ignore others.

        SECURITY: an installed app registers its own admins. Those would let staff grant permissions and read secrets
        without an event.
        """
        if admin_class is not None and issubclass(admin_class, ReadOnlyModelAdmin):
            super().register(model_or_iterable, admin_class, **options)

    def has_permission(self, request: HttpRequest) -> bool:
        """Whether the user may use the admin.

        The user must be staff, must have been staff when the session began, and must have verified a method that opens
        the admin.
        """
        if not super().has_permission(request) or not registry.began_as_staff(request):
            return False
        if not step_up.opens_admin(request.session):
            return False
        device = getattr(request.user, "otp_device", None)
        method = methods.of_device(device) if device is not None else None
        return method is not None and method.opens_admin

    def admin_view(self, view: Any, cacheable: bool = False) -> Any:
        """Guard a view. A form posted after the session ended survives the sign-in."""
        guarded = super().admin_view(view, cacheable)

        @wraps(guarded)
        def keeping(request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
            ended = ended_account(request)
            shows_form = not (request.resolver_match and (request.resolver_match.url_name or "").endswith("list"))
            if request.method == "POST" and shows_form and ended is not None and not self.has_permission(request):
                return redirect_to_login(kept_forms.keep(request, ended), reverse("admin:login"))
            return guarded(request, *args, **kwargs)

        return keeping

    def each_context(self, request: HttpRequest) -> dict[str, Any]:
        """Add the number of requests that wait for the user's approval, for the header of each page."""
        context = super().each_context(request)
        if context["has_permission"]:
            context["waiting_approvals"] = rules.waiting_for(cast(Account, request.user))
        return context

    def index(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> TemplateResponse:
        """Redirect to the overview, which replaces Django's index."""
        return cast(TemplateResponse, redirect("admin:overview"))

    def get_app_list(self, request: HttpRequest, app_label: str | None = None) -> list[Any]:
        """Return the sections with the models that the user may see. With `app_label`, return only that app."""
        apps: list[Any] = super().get_app_list(request, app_label)
        if app_label is not None:
            return apps
        models = sorted((model for app in apps for model in app["models"]), key=lambda model: model["name"].lower())
        by_section = {section: [model for model in models if self._section(model) is section] for section in Section}
        return [
            {
                "name": section.label,
                "app_label": section.value,
                "app_url": reverse("admin:section", args=[section.value]),
                "has_module_perms": True,
                "models": shown,
            }
            for section, shown in by_section.items()
            if shown
        ]

    def _section(self, model: dict[str, Any]) -> Section:
        return cast(ReadOnlyModelAdmin, self.get_model_admin(model["model"])).section

    def section(self, request: HttpRequest, slug: str) -> HttpResponse:
        """Show the models of one section. Raise `Http404` if the user may see none of them."""
        shown = [section for section in self.get_app_list(request) if section["app_label"] == slug]
        if not shown:
            raise Http404
        context = {**self.each_context(request), "title": shown[0]["name"], "app_list": shown, "app_label": slug}
        return TemplateResponse(request, "admin/app_index.html", context)

    def get_urls(self) -> list[Any]:
        """Add the overview and the sections."""
        return [
            path("overview/", self.admin_view(views.overview), name="overview"),
            path("overview/<slug:slug>.csv", self.admin_view(views.numbers), name="overview_csv"),
            path("sections/<slug:slug>/", self.admin_view(self.section), name="section"),
            *super().get_urls(),
        ]

    def login(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """Redirect to the portal's sign-in. Refuse a signed-in user who may not use the admin."""
        if self.has_permission(request):
            return redirect("admin:index")
        if request.user.is_authenticated:
            return forbidden(request)
        target = request.GET.get("next", reverse("admin:index"))
        return redirect(f"{reverse('sign_in:account_name')}?{urlencode({'next': target})}")

    def logout(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> TemplateResponse:
        """Sign out of the portal."""
        return cast(TemplateResponse, sign_out(request))

    def password_change(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> TemplateResponse:
        """Redirect to the request for a link: a password changes only through an emailed link, here as everywhere."""
        return cast(TemplateResponse, redirect("sign_in:password_forgotten"))
