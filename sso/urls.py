"""Addresses of the pages and endpoints for other services."""

from django.urls import path

from sso.oidc import endpoints, logout
from sso.oidc.authorize import AuthorizeView

app_name = "sso"
urlpatterns = [
    path("oidc/.well-known/openid-configuration", endpoints.discovery, name="discovery"),
    path("oidc/jwks/", endpoints.jwks, name="jwks"),
    path("oidc/authorize/", AuthorizeView.as_view(), name="authorize"),
    path("oidc/token/", endpoints.Token.as_view(), name="token"),
    path("oidc/userinfo/", endpoints.UserInfo.as_view(), name="userinfo"),
    path("oidc/revoke/", endpoints.Revoke.as_view(), name="revoke"),
    path("oidc/logout/", logout.out, name="logout"),
]
