"""URLs of the recovery codes."""

from django.urls import path

from mfa_recovery import views

app_name = "mfa_recovery"

urlpatterns = [
    path("security-info/recovery-codes/", views.recovery_codes, name="codes"),
    path("sign-in/verify/recovery-code/", views.RecoveryVerifyView.as_view(), name="verify"),
]
