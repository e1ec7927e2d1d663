"""Services that use OpenID Connect, and the subject identifiers of accounts."""

from __future__ import annotations

import re
import uuid
from hashlib import sha256
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from jwcrypto.jwk import JWK
from oauth2_provider.models import AbstractApplication

from accounts.models import Account
from sso.models.keys import SigningKey

_HASHED = "sha256:"
_HOST = re.compile(r"([A-Za-z0-9.-]+|\[[0-9a-fA-F:]+\])(:\d{1,5})?", re.ASCII)


class Client(AbstractApplication):
    """One service. It uses the authorization code flow with PKCE and RS256. Redirect URIs are compared exactly."""

    name_da = models.CharField(_("name in Danish"), max_length=80)
    name_en = models.CharField(_("name in English"), max_length=80)
    students = models.BooleanField(_("for students"), default=True)
    employees = models.BooleanField(_("for employees"), default=True)
    # In seconds. If empty, only the age limits of sessions apply. The service may request a younger sign-in
    # (`max_age`).
    max_sign_in_age = models.PositiveIntegerField(_("maximum age of a login, in seconds"), null=True, blank=True)
    # Not for the university's own services.
    asks_consent = models.BooleanField(_("asks for consent"), default=False)
    is_enabled = models.BooleanField(_("in use"), default=True)
    # The address that receives logout tokens (OpenID Connect Back-Channel Logout 1.0).
    backchannel_logout_uri = models.CharField(_("back-channel logout URI"), max_length=300, blank=True, default="")

    class Meta(AbstractApplication.Meta):
        swappable = "OAUTH2_PROVIDER_APPLICATION_MODEL"
        abstract = False
        verbose_name = _("service")
        verbose_name_plural = _("services")
        ordering = ["name_en"]

    def __str__(self) -> str:
        return self.name_da if get_language() == "da" else self.name_en

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Save the service with the only settings that we allow, whatever else the library supports."""
        self.skip_authorization = not self.asks_consent
        self.client_type = self.CLIENT_CONFIDENTIAL
        self.authorization_grant_type = self.GRANT_AUTHORIZATION_CODE
        self.algorithm = self.RS256_ALGORITHM
        # SECURITY: we hash the secret ourselves. It is random and long, so a fast hash is as good as a slow one. A slow
        # hash would cost more than the rest of the token endpoint.
        self.hash_client_secret = False
        if not self.client_secret.startswith(_HASHED):
            self.client_secret = hashed(self.client_secret)
        super().save(*args, **kwargs)

    def clean(self) -> None:
        """Refuse addresses that a browser must not be redirected to, and a service without a redirect URI."""
        faults: dict[str, list[ValidationError]] = {}
        for field in ("redirect_uris", "post_logout_redirect_uris", "backchannel_logout_uri"):
            for uri in getattr(self, field).split():
                if not _is_address(uri):
                    fault = ValidationError(_("“%(uri)s” is not a complete address."), params={"uri": uri})
                    faults.setdefault(field, []).append(fault)
        if not self.redirect_uris.split():
            faults["redirect_uris"] = [ValidationError(_("Enter at least one address."))]
        if faults:
            raise ValidationError(faults)

    def admits(self, account: Account) -> bool:
        """Return whether the account may use the service.

        A person who is both student and employee may use it if either affiliation may.
        """
        return (self.students and account.is_student) or (self.employees and account.is_employee)

    def is_usable(self, request: Any) -> bool:
        """Return whether the library may serve it."""
        return self.is_enabled

    def redirect_uri_allowed(self, uri: str) -> bool:
        """Return whether the address is registered, compared exactly."""
        return uri in self.redirect_uris.split()

    def post_logout_redirect_uri_allowed(self, uri: str) -> bool:
        """Return whether the address is registered, compared exactly."""
        return uri in self.post_logout_redirect_uris.split()

    def origin_allowed(self, origin: str) -> bool:
        """Return False: no page of a service sends requests from the browser."""
        return False

    @property
    def jwk_key(self) -> JWK:
        """Return the key that signs now, with its id. Raises `NoSigningKey`."""
        # django-oauth-toolkit reads the key from the model; `keys` needs the models.
        from sso import keys

        key = keys.signing_key(SigningKey.Use.OIDC)
        made = JWK.from_pem(keys.private_pem(key))
        return JWK(**{**made.export_private(as_dict=True), "kid": key.key_id})


class Subject(models.Model):
    """The opaque, stable OIDC subject of an account."""

    account = models.OneToOneField(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="subject", verbose_name=_("account")
    )
    subject = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)

    class Meta:
        verbose_name = _("subject")
        verbose_name_plural = _("subjects")

    def __str__(self) -> str:
        return str(self.subject)

    @classmethod
    def of(cls, account: Account) -> str:
        """Return the account's subject, which is created at its first use."""
        return str(cls.objects.get_or_create(account=account)[0].subject)


def hashed(secret: str) -> str:
    """Return the hash of a secret, as it is stored."""
    return f"{_HASHED}{sha256(secret.encode()).hexdigest()}"


def _is_address(uri: str) -> bool:
    """Return whether an address is absolute, without a fragment or password, and HTTPS in production.

    SECURITY: its origin goes into a page's content security policy, where `*` and `;` have a meaning.
    """
    try:
        parts = urlsplit(uri)
        schemes = settings.OAUTH2_PROVIDER["ALLOWED_REDIRECT_URI_SCHEMES"]
        return parts.scheme in schemes and bool(_HOST.fullmatch(parts.netloc)) and "#" not in uri
    except ValueError:
        return False
