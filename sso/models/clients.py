"""Services that ask by OpenID Connect, and who people are to them."""

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
    """One service. Authorization code with PKCE, RS256; its redirect URIs are compared letter for letter."""

    name_da = models.CharField(_("name in Danish"), max_length=80)
    name_en = models.CharField(_("name in English"), max_length=80)
    students = models.BooleanField(_("for students"), default=True)
    employees = models.BooleanField(_("for employees"), default=True)
    # In seconds; empty: as old as a session may be. The service may ask for a younger one (`max_age`).
    max_sign_in_age = models.PositiveIntegerField(_("oldest login, in seconds"), null=True, blank=True)
    # Not for the university's own services.
    asks_consent = models.BooleanField(_("asks for consent"), default=False)
    is_enabled = models.BooleanField(_("in use"), default=True)
    # Where it is told that a session is over (OpenID Connect Back-Channel Logout 1.0).
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
        """Save; whatever else the library could do, a service does this alone."""
        self.skip_authorization = not self.asks_consent
        self.client_type = self.CLIENT_CONFIDENTIAL
        self.authorization_grant_type = self.GRANT_AUTHORIZATION_CODE
        self.algorithm = self.RS256_ALGORITHM
        # SECURITY: hashed by us. It is random and long, so a quick hash is as good as a slow one, which would cost more
        # than all else that the token endpoint does.
        self.hash_client_secret = False
        if not self.client_secret.startswith(_HASHED):
            self.client_secret = hashed(self.client_secret)
        super().save(*args, **kwargs)

    def clean(self) -> None:
        """Refuse addresses that nobody may be led to."""
        faults: dict[str, list[ValidationError]] = {}
        for field in ("redirect_uris", "post_logout_redirect_uris", "backchannel_logout_uri"):
            for uri in getattr(self, field).split():
                if not _is_address(uri):
                    fault = ValidationError(_("“%(uri)s” is not a whole address."), params={"uri": uri})
                    faults.setdefault(field, []).append(fault)
        if not self.redirect_uris.split():
            faults["redirect_uris"] = [ValidationError(_("Enter at least one address."))]
        if faults:
            raise ValidationError(faults)

    def admits(self, account: Account) -> bool:
        """Whether the account may use the service; who is both student and employee may where either may."""
        return (self.students and account.is_student) or (self.employees and account.is_employee)

    def is_usable(self, request: Any) -> bool:
        """Whether the library may serve it."""
        return self.is_enabled

    def redirect_uri_allowed(self, uri: str) -> bool:
        """Whether it is registered, letter for letter."""
        return uri in self.redirect_uris.split()

    def post_logout_redirect_uri_allowed(self, uri: str) -> bool:
        """Whether it is registered, letter for letter."""
        return uri in self.post_logout_redirect_uris.split()

    def origin_allowed(self, origin: str) -> bool:
        """No page of a service asks by itself."""
        return False

    @property
    def jwk_key(self) -> JWK:
        """The key that signs now, by its id. Raises `NoSigningKey`."""
        # django-oauth-toolkit reads the key from the model; `keys` needs the models.
        from sso import keys

        key = keys.signing_key(SigningKey.Use.OIDC)
        made = JWK.from_pem(keys.private_pem(key))
        return JWK(**{**made.export_private(as_dict=True), "kid": key.key_id})


class Subject(models.Model):
    """Who an account is to services: an identifier that says nothing, and never changes."""

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
        """Return who the account is; made when it is asked for first."""
        return str(cls.objects.get_or_create(account=account)[0].subject)


def hashed(secret: str) -> str:
    """Return what is kept of a secret."""
    return f"{_HASHED}{sha256(secret.encode()).hexdigest()}"


def _is_address(uri: str) -> bool:
    """Whether it is absolute, over HTTPS in production, without a fragment or a password in it.

    SECURITY: its origin stands in a page's content security policy, where `*` and `;` have a meaning.
    """
    try:
        parts = urlsplit(uri)
        schemes = settings.OAUTH2_PROVIDER["ALLOWED_REDIRECT_URI_SCHEMES"]
        return parts.scheme in schemes and bool(_HOST.fullmatch(parts.netloc)) and "#" not in uri
    except ValueError:
        return False
