"""URLs of the pages and endpoints for other services."""

from django.urls import path

from sso.entra import views as entra
from sso.oidc import endpoints, logout, onward
from sso.oidc.authorize import AuthorizeView

app_name = "sso"
urlpatterns = [
    path("oidc/.well-known/openid-configuration", endpoints.discovery, name="discovery"),
    path("oidc/jwks/", endpoints.jwks, name="jwks"),
    path("oidc/authorize/", AuthorizeView.as_view(), name="authorize"),
    path("oidc/continue/", onward.onward, name="onward"),
    path("oidc/token/", endpoints.Token.as_view(), name="token"),
    path("oidc/userinfo/", endpoints.UserInfo.as_view(), name="userinfo"),
    path("oidc/revoke/", endpoints.Revoke.as_view(), name="revoke"),
    path("oidc/introspect/", endpoints.Introspect.as_view(), name="introspect"),
    path("oidc/logout/", logout.end_session, name="logout"),
    path("entra/.well-known/openid-configuration", entra.configuration, name="entra_configuration"),
    path("entra/jwks/", entra.jwks, name="entra_jwks"),
    path("entra/authorize/", entra.authorize, name="entra_authorize"),
    path("entra/refused/<str:token>/", entra.refused, name="entra_refused"),
    path("entra/<str:handle>/", entra.attempt, name="entra_attempt"),
]
