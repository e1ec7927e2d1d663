"""URLs of the authenticator app."""

from django.urls import path

from mfa_totp.views import enrollment, verification

app_name = "mfa_totp"

urlpatterns = [
    path("sign-in/verify/app/", verification.choose, name="choose"),
    path("sign-in/verify/app/code/", verification.AppVerifyView.as_view(), name="code"),
    path("enroll/app/", enrollment.app, name="enroll"),
]
