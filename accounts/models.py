"""The accounts of users."""

from __future__ import annotations

from typing import Any, ClassVar

from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.core.validators import RegexValidator
from django.db import models
from django.db.models.functions import Lower, Upper
from django.utils import timezone
from django.utils.crypto import constant_time_compare, salted_hmac
from django.utils.translation import gettext_lazy as _

from accounts.account_names import AccountName
from accounts.normalization import normalize_password
from common import languages

USERNAME_PATTERN = r"[a-z][a-z0-9._-]{1,31}"


class AccountManager(BaseUserManager["Account"]):
    """Creates accounts. Usernames are stored in lower case."""

    def create_user(self, username: str, password: str | None = None, **fields: Any) -> Account:
        """Create an active account. An account without a password can sign in only after a password reset by email."""
        account = self.model(username=username.lower(), **fields)
        account.set_password(password)
        account.save(using=self._db)
        return account

    def create_superuser(self, username: str, password: str | None = None, **fields: Any) -> Account:
        """Create an employee with every permission in the admin."""
        fields = {"is_employee": True, **fields, "is_staff": True, "is_superuser": True}
        return self.create_user(username, password, **fields)


class Account(AbstractBaseUser, PermissionsMixin):
    """The account of a KU user.

    Accounts are never deleted, only deactivated, because their events must keep their owner.
    """

    # The events record the last sign-in. A column would duplicate that and cost a write at each sign-in.
    last_login = None

    username = models.CharField(
        _("UCPH username"),
        max_length=32,
        unique=True,
        validators=[RegexValidator(rf"\A{USERNAME_PATTERN}\Z", _("Use lower-case letters and digits."))],
    )
    first_name = models.CharField(_("first name"), max_length=150, blank=True)
    last_name = models.CharField(_("last name"), max_length=150, blank=True)
    email = models.EmailField(_("email address"), blank=True)
    is_student = models.BooleanField(_("student"), default=False)
    is_employee = models.BooleanField(_("employee"), default=False)
    is_active = models.BooleanField(_("active"), default=True)
    is_staff = models.BooleanField(_("access to the admin"), default=False)
    password_changed_at = models.DateTimeField(_("password changed"), null=True, blank=True)
    language = models.CharField(_("language"), max_length=2, choices=languages.choices, default=settings.LANGUAGE_CODE)
    # Whether its owner or the university has chosen the language. Otherwise it is only the default.
    language_known = models.BooleanField(default=False, db_default=False, editable=False)
    # The preferred device at sign-in, as django-otp's persistent id. If empty, the device that was used last.
    first_device = models.CharField(_("method used first"), max_length=64, blank=True, default="", db_default="")
    session_epoch = models.PositiveIntegerField(_("session epoch"), default=0)
    # The states of `accounts.states`. An import changes none of them.
    protected_since = models.DateTimeField(_("protected since"), null=True, blank=True, editable=False)
    reported_at = models.DateTimeField(_("reported by the user"), null=True, blank=True, editable=False)
    blocked_at = models.DateTimeField(_("blocked"), null=True, blank=True, editable=False)
    blocked_until = models.DateTimeField(_("blocked until"), null=True, blank=True, editable=False)
    must_renew_since = models.DateTimeField(_("password must be renewed"), null=True, blank=True, editable=False)
    # The identifier in the university's directory, which stays the same when its person is renamed.
    directory_id = models.CharField(
        _("identifier in the directory"), max_length=36, null=True, blank=True, unique=True, editable=False
    )
    # When an administrator deactivated the account. An import does not reactivate it then.
    deactivated_at = models.DateTimeField(_("deactivated by an administrator"), null=True, blank=True, editable=False)
    created_at = models.DateTimeField(_("created"), default=timezone.now, editable=False)

    objects: ClassVar[AccountManager] = AccountManager()

    USERNAME_FIELD = "username"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["email"]

    class Meta:
        verbose_name = _("account")
        verbose_name_plural = _("accounts")
        permissions = [
            ("export_list", "Can export lists"),
            ("assign_role", "Can give roles in the admin to others"),
            ("read_words", "Can read the texts of the portal"),
        ]
        constraints = [
            models.CheckConstraint(condition=models.Q(username=Lower("username")), name="account_username_lower_case"),
        ]
        # Indexes for the filters of the account list, in the order of the list. On PostgreSQL, the initial migration
        # also adds trigram indexes for the searched fields.
        indexes = [
            models.Index(fields=[flag, "username"], name=f"account_{flag[3:]}")
            for flag in ("is_student", "is_employee", "is_active", "is_staff")
        ] + [
            models.Index(fields=["username"], condition=models.Q(**{f"{state}__isnull": False}), name=name)
            for state, name in (
                ("blocked_at", "account_blocked"),
                ("must_renew_since", "account_must_renew"),
                ("reported_at", "account_reported"),
            )
        ]
        # For the search by an email address, in any case.
        indexes += [models.Index(Upper("email"), name="account_email")]

    def __str__(self) -> str:
        return self.username

    @property
    def known_language(self) -> str:
        """The language for the pages of its owner, or "" if it is only the default."""
        return self.language if self.language_known or self.language != settings.LANGUAGE_CODE else ""

    @property
    def account_name(self) -> AccountName:
        """The only name with which this account signs in.

        An account that is both student and employee has the employee domain (guide, R4).
        """
        student = self.is_student and not self.is_employee
        return AccountName(self.username, settings.STUDENT_DOMAIN if student else settings.EMPLOYEE_DOMAIN)

    def get_full_name(self) -> str:
        """Return the first and last name, or the username if both are empty."""
        return f"{self.first_name} {self.last_name}".strip() or self.username

    def set_password(self, raw_password: str | None) -> None:
        """Set the password, normalized, and the time of its change. The account is not saved."""
        super().set_password(None if raw_password is None else normalize_password(raw_password))
        self.password_changed_at = timezone.now() if raw_password is not None else None

    def check_password(self, raw_password: str | None) -> bool:
        """Return whether the password is right, in whichever Unicode form it was typed."""
        return super().check_password(None if raw_password is None else normalize_password(raw_password))

    def has_auth_hash(self, given: str) -> bool:
        """Return whether `given` was the session hash of the account as it is now, under any of the secret keys."""
        hashes = (self.get_session_auth_hash(), *self.get_session_auth_fallback_hash())
        return any(constant_time_compare(given, good) for good in hashes)

    def _get_session_auth_hash(self, secret: str | None = None) -> str:
        """Bind sessions to the password and the epoch: a change of either ends every session of the account."""
        value = f"{self.session_epoch}:{self.password}"
        return salted_hmac("accounts.session", value, secret=secret, algorithm="sha256").hexdigest()
