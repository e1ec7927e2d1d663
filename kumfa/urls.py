"""The URLs of the portal, one include per app."""

from django.apps import apps
from django.contrib import admin
from django.urls import include, path

from kumfa import health, metrics

urlpatterns = [
    path("", include("sign_in.urls")),
    path("", include("notices.urls")),
    path("", include("campaigns.urls")),
    path("", include("mfa_sms.urls")),
    path("", include("mfa_totp.urls")),
    path("", include("mfa_recovery.urls")),
    path("", include("mfa_pass.urls")),
    path("", include("sso.urls")),
    path("", include("words.urls")),
    path("admin/", admin.site.urls),
    path("healthz", health.process, name="healthz"),
    path("readyz", health.ready, name="readyz"),
    path("metrics", metrics.page, name="metrics"),
]

if apps.is_installed("demo"):
    urlpatterns.append(path("", include("demo.urls")))

handler400 = "common.problem_pages.bad_request"
handler403 = "common.problem_pages.forbidden"
handler404 = "common.problem_pages.not_found"
handler500 = "common.problem_pages.server_error"
