"""Addresses of the pages and endpoints for other services."""

from django.urls import path

from sso.entra import views as entra

app_name = "sso"
urlpatterns = [
    path("entra/.well-known/openid-configuration", entra.configuration, name="entra_configuration"),
    path("entra/jwks/", entra.jwks, name="entra_jwks"),
    path("entra/authorize/", entra.authorize, name="entra_authorize"),
    path("entra/refused/<str:token>/", entra.refused, name="entra_refused"),
    path("entra/<str:handle>/", entra.attempt, name="entra_attempt"),
]
