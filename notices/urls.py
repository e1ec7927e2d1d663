"""The URL of the report link in an email to an owner."""

from django.urls import path

from notices import views

app_name = "notices"

urlpatterns = [path("report/<str:token>/", views.report, name="report")]
