"""Who someone is."""

from __future__ import annotations

from typing import Any, ClassVar

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
    # The device that stands first at sign-in, as django-otp's persistent id; empty: the one used last.
    first_device = models.CharField(_("method used first"), max_length=64, blank=True, default="", db_default="")
    session_epoch = models.PositiveIntegerField(_("session epoch"), default=0)
    created_at = models.DateTimeField(_("created"), default=timezone.now, editable=False)

    objects: ClassVar[AccountManager] = AccountManager()

    USERNAME_FIELD = "username"
    EMAIL_FIELD = "email"

    class Meta:
        verbose_name = _("account")
        verbose_name_plural = _("accounts")
        permissions = [("export_list", "Can export lists")]
        constraints = [
            models.CheckConstraint(condition=models.Q(username=Lower("username")), name="account_username_lower_case"),
        ]
        # The list's filters, each in the list's order. What is searched has an index of three letters each, on
        # PostgreSQL alone (migration 0009).
        indexes = [
            models.Index(fields=[flag, "username"], name=f"account_{flag[3:]}")
            for flag in ("is_student", "is_employee", "is_active", "is_staff")
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
