"""Addresses of the pages and endpoints for other services."""

from django.urls import URLPattern

app_name = "sso"
urlpatterns: list[URLPattern] = []
