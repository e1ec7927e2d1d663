"""The table of sessions."""

from __future__ import annotations

from django.contrib.sessions.base_session import AbstractBaseSession
from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models import Account
from common import clock


class Session(AbstractBaseSession):
    """One session of one browser. The columns that we add to Django's are a copy of the session's data.

    They are written together with the session, so that they are never missing or outdated. If `account` is None, the
    sign-in is pending.
    """

    account = models.ForeignKey(
        Account, models.CASCADE, null=True, blank=True, related_name="sessions", verbose_name=_("account")
    )
    signed_in_at = models.DateTimeField(_("logged in"), null=True, blank=True)
    seen_at = models.DateTimeField(_("last seen"), null=True, blank=True)
    address = models.GenericIPAddressField(_("address"), null=True, blank=True)
    browser = models.CharField(_("browser"), max_length=200, blank=True)
    is_remembered = models.BooleanField(_("stays logged in"), default=False)

    class Meta:
        verbose_name = _("session")
        verbose_name_plural = _("sessions")

    def __str__(self) -> str:
        return f"{self.account} {clock.stamp(self.signed_in_at)}" if self.signed_in_at else "–"

    @classmethod
    def get_session_store_class(cls) -> type:
        """Return the session engine for this table. Django's base class requires it."""
        # Django asks the model for its engine; the engine needs the model.
        from sessions.database import SessionStore

        return SessionStore
