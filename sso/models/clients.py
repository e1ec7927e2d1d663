"""Services that use OpenID Connect, and the subject identifiers of accounts."""

from __future__ import annotations

import uuid
from hashlib import sha256
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.utils import timezone
from django.utils.crypto import constant_time_compare
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from jwcrypto.jwk import JWK
from oauth2_provider.models import AbstractApplication

from accounts.models import Account
from sso.models.addresses import fault_of, matches, origin_of
from sso.models.keys import SigningKey

_HASHED = "sha256:"
# Seconds between two updates of the time of the last use, so that requests of a busy service do not wait for its row.
_LAST_USE_STEP = 300


class Client(AbstractApplication):
    """One service. It uses the authorization code flow and RS256. Redirect URIs are compared exactly."""

    class Kind(models.TextChoices):
        """Where the service runs, which decides whether it can keep a secret."""

        WEB = "web", _("website or server, with a secret")
        NATIVE = "native", _("app on a phone or computer, without a secret")
        BROWSER = "browser", _("JavaScript in the browser, without a secret")

    class Sufficient(models.TextChoices):
        """The methods that are sufficient for the service."""

        ANY = "any", _("every method")
        NOT_SMS = "not_sms", _("every method that the person holds, except text messages")
        PHISHING_RESISTANT = "phishing_resistant", _("only methods that resist phishing")

    name_da = models.CharField(_("name in Danish"), max_length=80, unique=True)
    name_en = models.CharField(_("name in English"), max_length=80, unique=True)
    kind = models.CharField(_("kind"), max_length=8, choices=Kind.choices, default=Kind.WEB)
    students = models.BooleanField(_("for students"), default=True)
    employees = models.BooleanField(_("for employees"), default=True)
    # The people to ask about the service, and to tell when it fails.
    owner_name = models.CharField(_("owner"), max_length=80, blank=True, default="")
    owner_email = models.EmailField(_("the owner’s email address"), blank=True, default="")
    # In seconds. If empty, only the age limits of sessions apply. The service may request a younger sign-in
    # (`max_age`).
    max_sign_in_age = models.PositiveIntegerField(_("maximum age of a login, in seconds"), null=True, blank=True)
    sufficient = models.CharField(
        _("sufficient methods"), max_length=20, choices=Sufficient.choices, default=Sufficient.ANY
    )
    # If off, a person with a remembered session proves the second factor again once a day.
    accepts_remembered = models.BooleanField(_("accepts remembered logins"), default=True)
    # Not for the university's own services.
    asks_consent = models.BooleanField(_("asks for consent"), default=False)
    # SECURITY: only for a service that has a secret and cannot do PKCE. It must then send a nonce.
    pkce_exempt = models.BooleanField(_("works without PKCE"), default=False)
    # If on, no other service knows the person by the same identifier.
    is_pairwise = models.BooleanField(_("has its own ID numbers"), default=False)
    # A resource server may ask whether an access token is valid, if the token is meant for it.
    is_resource_server = models.BooleanField(_("accepts tokens of other services"), default=False)
    resource_servers = models.ManyToManyField(
        "self",
        symmetrical=False,
        blank=True,
        related_name="token_clients",
        verbose_name=_("its tokens are also for"),
        limit_choices_to={"is_resource_server": True},
    )
    is_enabled = models.BooleanField(_("in use"), default=True)
    # The address that receives logout tokens (OpenID Connect Back-Channel Logout 1.0).
    backchannel_logout_uri = models.CharField(_("back-channel logout URI"), max_length=300, blank=True, default="")
    # A page of the service where a login begins (OpenID Connect Core, section 4).
    initiate_login_uri = models.CharField(_("address where a login begins"), max_length=300, blank=True, default="")
    # SECURITY: hashes. `client_secret` is the newest secret. The one before it also works until somebody ends it.
    older_secret = models.CharField(max_length=80, blank=True, default="", editable=False)
    secret_made_at = models.DateTimeField(null=True, editable=False)
    secret_used_at = models.DateTimeField(null=True, editable=False)
    older_secret_made_at = models.DateTimeField(null=True, editable=False)
    older_secret_used_at = models.DateTimeField(null=True, editable=False)
    last_used_at = models.DateTimeField(_("last used"), null=True, editable=False)

    class Meta(AbstractApplication.Meta):
        swappable = "OAUTH2_PROVIDER_APPLICATION_MODEL"
        abstract = False
        verbose_name = _("service")
        verbose_name_plural = _("services")
        ordering = ["name_en"]

    def __str__(self) -> str:
        return self.name_da if get_language() == "da" else self.name_en

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Save the service with the only settings that we allow, although the library supports others."""
        self.skip_authorization = not self.asks_consent
        self.client_type = self.CLIENT_CONFIDENTIAL if self.kind == self.Kind.WEB else self.CLIENT_PUBLIC
        self.authorization_grant_type = self.GRANT_AUTHORIZATION_CODE
        self.algorithm = self.RS256_ALGORITHM
        # SECURITY: we hash the secret ourselves. It is random and long, so a fast hash is as good as a slow one. A slow
        # hash would cost more than the rest of the token endpoint.
        self.hash_client_secret = False
        if not self.client_secret.startswith(_HASHED):
            self.client_secret = hashed(self.client_secret)
            self.secret_made_at = timezone.now()
        super().save(*args, **kwargs)

    def clean(self) -> None:
        """Refuse addresses that a browser must not be redirected to, and settings that do not fit together."""
        faults: dict[str, list[ValidationError]] = {}
        for field in ("redirect_uris", "post_logout_redirect_uris", "backchannel_logout_uri", "initiate_login_uri"):
            lines = [line.strip() for line in getattr(self, field).splitlines() if line.strip()]
            native = self.kind == self.Kind.NATIVE and field.endswith("redirect_uris")
            for line in lines:
                if fault := fault_of(line, is_native=native):
                    faults.setdefault(field, []).append(ValidationError(fault, params={"uri": line}))
        if not self.redirect_uris.split():
            faults["redirect_uris"] = [ValidationError(_("Enter at least one address."))]
        if not (self.students or self.employees):
            faults["students"] = [ValidationError(_("Choose who the service is for."))]
        if self.pkce_exempt and self.kind != self.Kind.WEB:
            faults["pkce_exempt"] = [ValidationError(_("Only a service with a secret can work without PKCE."))]
        if self.is_resource_server and self.kind != self.Kind.WEB:
            faults["is_resource_server"] = [ValidationError(_("Only a service with a secret can check tokens."))]
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
        """Return whether the address is registered."""
        native = self.kind == self.Kind.NATIVE
        return any(matches(registered, uri, is_native=native) for registered in self.redirect_uris.split())

    def post_logout_redirect_uri_allowed(self, uri: str) -> bool:
        """Return whether the address is registered."""
        native = self.kind == self.Kind.NATIVE
        return any(matches(registered, uri, is_native=native) for registered in self.post_logout_redirect_uris.split())

    def origin_allowed(self, origin: str) -> bool:
        """Return whether a page of that origin may send requests from the browser."""
        return self.kind == self.Kind.BROWSER and origin in {origin_of(uri) for uri in self.redirect_uris.split()}

    def check_secret(self, secret: str) -> bool:
        """Return whether it is one of the two secrets, and note its use."""
        if not secret:
            return False
        digest = hashed(secret)
        newest = constant_time_compare(digest, self.client_secret)
        older = constant_time_compare(digest, self.older_secret)
        if newest or older:
            self._note_use("secret_used_at" if newest else "older_secret_used_at")
        return newest or older

    def note_sign_in(self) -> None:
        """Note that a person reached the service just now."""
        self._note_use("last_used_at")

    def _note_use(self, field: str) -> None:
        now, before = timezone.now(), getattr(self, field)
        if before is None or (now - before).total_seconds() > _LAST_USE_STEP:
            Client.objects.filter(pk=self.pk).update(**{field: now})

    @property
    def jwk_key(self) -> JWK:
        """Return the key that signs now, with its id. Raises `NoSigningKey`."""
        # django-oauth-toolkit reads the key from the model; `keys` needs the models.
        from sso import keys

        key = keys.signing_key(SigningKey.Use.OIDC)
        made = JWK.from_pem(keys.private_pem(key))
        return JWK(**{**made.export_private(as_dict=True), "kid": key.key_id})


class Subject(models.Model):
    """The opaque, stable OIDC subject of an account: one for all services, and one for each with its own numbers."""

    account = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="subjects", verbose_name=_("account")
    )
    # Empty for the subject that services share.
    client = models.ForeignKey(
        settings.OAUTH2_PROVIDER_APPLICATION_MODEL, models.CASCADE, null=True, blank=True, related_name="subjects"
    )
    subject = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)

    class Meta:
        verbose_name = _("subject")
        verbose_name_plural = _("subjects")
        constraints = [
            models.UniqueConstraint(fields=["account"], condition=models.Q(client=None), name="subject_shared"),
            models.UniqueConstraint(fields=["account", "client"], name="subject_of_client"),
        ]

    def __str__(self) -> str:
        return str(self.subject)

    @classmethod
    def of(cls, account: Account, client: Client) -> str:
        """Return the account's subject at the service, which is created at its first use."""
        whose = client if client.is_pairwise else None
        return str(cls.objects.get_or_create(account=account, client=whose)[0].subject)

    @classmethod
    def is_of(cls, account: Account, subject: str) -> bool:
        """Return whether a service knows the account by that subject."""
        try:
            return cls.objects.filter(account=account, subject=uuid.UUID(subject)).exists()
        except ValueError:
            return False


def hashed(secret: str) -> str:
    """Return the hash of a secret, as it is stored."""
    return f"{_HASHED}{sha256(secret.encode()).hexdigest()}"
