"""The URL of "Not now"."""

from django.urls import path

from campaigns import not_now

app_name = "campaigns"

urlpatterns = [path("enroll/not-now/", not_now.not_now, name="not_now")]
