"""Who someone is, and what happened to the account."""

from __future__ import annotations

from typing import Any, ClassVar, NoReturn

from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.core.validators import RegexValidator
from django.db import models
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _

from accounts.account_names import AccountName

USERNAME_PATTERN = r"[a-z][a-z0-9._-]{1,31}"


class AccountManager(BaseUserManager["Account"]):
    """Creates accounts; usernames are kept in lower case."""

    def create_user(self, username: str, password: str | None = None, **fields: Any) -> Account:
        """Create an active account; without a password it can sign in only after a reset by mail."""
        account = self.model(username=username.lower(), **fields)
        account.set_password(password)
        account.save(using=self._db)
        return account

    def create_superuser(self, username: str, password: str | None = None, **fields: Any) -> Account:
        """Create an employee who may do everything in the admin."""
        fields = {"is_employee": True, **fields, "is_staff": True, "is_superuser": True}
        return self.create_user(username, password, **fields)


class Account(AbstractBaseUser, PermissionsMixin):
    """A KU user. Accounts are never deleted, only deactivated: their events must keep their owner."""

    # When someone signed in last stands in the events; a column would be a second truth, written at each sign-in.
    last_login = None

    username = models.CharField(
        _("UCPH username"),
        max_length=32,
        unique=True,
        validators=[RegexValidator(rf"\A{USERNAME_PATTERN}\Z", _("Use lower-case letters and digits."))],
    )
    first_name = models.CharField(_("first name"), max_length=150, blank=True)
    last_name = models.CharField(_("last name"), max_length=150, blank=True)
    email = models.EmailField(_("mail address"), blank=True)
    is_student = models.BooleanField(_("student"), default=False)
    is_employee = models.BooleanField(_("employee"), default=False)
    is_active = models.BooleanField(_("active"), default=True)
    is_staff = models.BooleanField(_("may use the admin"), default=False)
    password_changed_at = models.DateTimeField(_("password changed"), null=True, blank=True)
    language = models.CharField(_("language"), max_length=2, choices=settings.LANGUAGES, default="da")
    session_epoch = models.PositiveIntegerField(_("session epoch"), default=0)
    created_at = models.DateTimeField(_("created"), default=timezone.now, editable=False)

    objects: ClassVar[AccountManager] = AccountManager()

    USERNAME_FIELD = "username"
    EMAIL_FIELD = "email"

    class Meta:
        verbose_name = _("account")
        verbose_name_plural = _("accounts")
        constraints = [
            models.CheckConstraint(condition=models.Q(username=Lower("username")), name="account_username_lower_case"),
        ]

    def __str__(self) -> str:
        return self.username

    @property
    def account_name(self) -> AccountName:
        """The one name this account signs in with; who is both student and employee is an employee (guide, R4)."""
        student = self.is_student and not self.is_employee
        return AccountName(self.username, settings.STUDENT_DOMAIN if student else settings.EMPLOYEE_DOMAIN)

    def get_full_name(self) -> str:
        """First and last name, or the username of who has none."""
        return f"{self.first_name} {self.last_name}".strip() or self.username

    def set_password(self, raw_password: str | None) -> None:
        """Set the password and its age; does not save."""
        super().set_password(raw_password)
        self.password_changed_at = timezone.now() if raw_password is not None else None

    def _get_session_auth_hash(self, secret: str | None = None) -> str:
        """Tie a session to password and epoch: a change of either ends every session of the account."""
        value = f"{self.session_epoch}:{self.password}"
        return salted_hmac("accounts.session", value, secret=secret, algorithm="sha256").hexdigest()


class AppendOnly(RuntimeError):
    """Someone tried to change or delete what may only be added to."""


class SecurityEventQuerySet(models.QuerySet["SecurityEvent"]):
    """Rows that can be read and added, never changed."""

    def update(self, **kwargs: Any) -> NoReturn:
        """Refuse."""
        raise AppendOnly("Security events cannot be changed.")

    def bulk_update(self, *args: Any, **kwargs: Any) -> NoReturn:
        """Refuse."""
        raise AppendOnly("Security events cannot be changed.")

    def bulk_create(self, *args: Any, **kwargs: Any) -> list[SecurityEvent]:
        """Insert; refuse to overwrite what is there."""
        if kwargs.get("update_conflicts"):
            raise AppendOnly("Security events cannot be changed.")
        return super().bulk_create(*args, **kwargs)

    def delete(self) -> NoReturn:
        """Refuse."""
        raise AppendOnly("Security events cannot be deleted.")


class SecurityEvent(models.Model):
    """One row of the audit log. Written by the functions of `accounts.events` alone."""

    class Kind(models.TextChoices):
        """What happened."""

        PASSWORD_ACCEPTED = "password_accepted", _("Password accepted")
        PASSWORD_REFUSED = "password_refused", _("Password refused")
        SIGN_IN_THROTTLED = "sign_in_throttled", _("Too many wrong passwords")
        SIGNED_IN = "signed_in", _("Signed in")
        SIGNED_OUT = "signed_out", _("Signed out")
        ENROLLMENT_STARTED = "enrollment_started", _("Enrolment started")
        DEVICE_ENROLLED = "device_enrolled", _("Method registered")
        DEVICE_DISABLED = "device_disabled", _("Method locked")
        CODE_REFUSED = "code_refused", _("Code refused")
        CODE_NOT_SENT = "code_not_sent", _("Code not sent")
        RESET_REQUESTED = "reset_requested", _("New password requested")
        RESET_MAILED = "reset_mailed", _("Link for a new password mailed")
        PASSWORD_CHANGED = "password_changed", _("Password changed")
        ACCOUNT_IMPORTED = "account_imported", _("Account imported")
        GATEWAY_RESTED = "gateway_rested", _("Gateway rested")
        GATEWAY_BACK = "gateway_back", _("Gateway back in service")

    at = models.DateTimeField(_("time"), default=timezone.now, editable=False)
    kind = models.CharField(_("kind"), max_length=32, choices=Kind.choices)
    account = models.ForeignKey(
        Account, models.PROTECT, null=True, blank=True, related_name="events", verbose_name=_("account")
    )
    # Which name was typed, known or not, as a keyed digest: what is typed into that field may be a password.
    name_digest = models.CharField(_("digest of the name"), max_length=32, blank=True)
    reason = models.CharField(_("reason"), max_length=32, blank=True)
    detail = models.CharField(_("detail"), max_length=200, blank=True)
    method = models.CharField(_("method"), max_length=32, blank=True)
    device_id = models.BigIntegerField(_("device"), null=True, blank=True)
    address = models.GenericIPAddressField(_("address"), null=True, blank=True)
    # The address, or its /64: what limits count by.
    network = models.GenericIPAddressField(_("network"), null=True, blank=True, editable=False)
    browser = models.CharField(_("browser"), max_length=200, blank=True)
    reference = models.CharField(_("reference"), max_length=8, blank=True)

    objects: ClassVar[models.Manager[SecurityEvent]] = models.Manager.from_queryset(SecurityEventQuerySet)()

    class Meta:
        verbose_name = _("security event")
        verbose_name_plural = _("security events")
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["account", "-at"], name="event_account_at"),
            models.Index(fields=["reference"], name="event_reference"),
            models.Index(
                fields=["name_digest", "network", "at"],
                condition=models.Q(kind="password_refused"),
                name="event_refused_name",
            ),
            models.Index(fields=["kind", "network", "at"], name="event_kind_network_at"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.at:%Y-%m-%d %H:%M:%S}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Insert; a row that is already there is refused with `AppendOnly`."""
        if not self._state.adding:
            raise AppendOnly("Security events cannot be changed.")
        super().save(*args, **{**kwargs, "force_insert": True})

    def delete(self, *args: Any, **kwargs: Any) -> NoReturn:
        """Refuse."""
        raise AppendOnly("Security events cannot be deleted.")
