"""URLs of the access pass."""

from django.urls import path

from mfa_pass import views

app_name = "mfa_pass"

urlpatterns = [path("sign-in/verify/access-pass/", views.AccessPassVerifyView.as_view(), name="verify")]
