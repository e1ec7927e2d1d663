"""What happened to accounts: the audit log."""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from typing import Any, ClassVar, NoReturn, TypeVar

from django.db import models
from django.db.models.signals import pre_delete
from django.dispatch import receiver
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import Account
from audit import digests, kinds
from common import clock

_CHANGED = "Security events and their seals cannot be changed."
_DELETED = "Security events and their seals cannot be deleted."
# Locks and refusals, which the overview counts by the hour: rare kinds, so that an index of them is small.
_COUNTED = ["device_disabled", "reported", "sign_in_throttled"]


class AppendOnly(RuntimeError):
    """Someone tried to change or delete what may only be added to."""


Row = TypeVar("Row", bound=models.Model)


class AppendOnlyQuerySet(models.QuerySet[Row]):
    """Rows that can be read and added, never changed. What bypasses this, a trigger refuses on PostgreSQL."""

    def update(self, **kwargs: Any) -> NoReturn:
        """Refuse."""
        raise AppendOnly(_CHANGED)

    def bulk_update(self, *args: Any, **kwargs: Any) -> NoReturn:
        """Refuse."""
        raise AppendOnly(_CHANGED)

    def bulk_create(
        self,
        objs: Iterable[Row],
        batch_size: int | None = None,
        ignore_conflicts: bool = False,
        update_conflicts: bool = False,
        *args: Any,
        **kwargs: Any,
    ) -> list[Row]:
        """Insert; refuse to overwrite what is there, or to lose a row in silence."""
        if ignore_conflicts or update_conflicts:
            raise AppendOnly(_CHANGED)
        return super().bulk_create(objs, batch_size)

    def delete(self) -> NoReturn:
        """Refuse."""
        raise AppendOnly(_DELETED)

    def _update(self, values: Any) -> NoReturn:
        raise AppendOnly(_CHANGED)

    def _raw_delete(self, using: str | None) -> NoReturn:
        raise AppendOnly(_DELETED)


class SecurityEventQuerySet(AppendOnlyQuerySet["SecurityEvent"]):
    """Security events; from old ones can be taken from where they came."""

    def bulk_create(self, objs: Iterable[SecurityEvent], *args: Any, **kwargs: Any) -> list[SecurityEvent]:
        """Insert with a salt and a digest each. Raise `UnknownKind` for a kind that is not registered."""
        objs = list(objs)
        for event in objs:
            kinds.get_kind(event.kind)
            event.digest_origin()
        return super().bulk_create(objs, *args, **kwargs)

    def forget_origin(self) -> int:
        """Take away address, network, browser and salt; return from how many rows. The digest stays."""
        return super(AppendOnlyQuerySet, self).update(address=None, network=None, browser="", client_salt="")


class AppendOnlyModel(models.Model):
    """A row that is inserted once, and then neither changed nor deleted: `AppendOnly` is raised."""

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Insert."""
        if not self._state.adding:
            raise AppendOnly(_CHANGED)
        super().save(*args, **{**kwargs, "force_insert": True})

    def delete(self, *args: Any, **kwargs: Any) -> NoReturn:
        """Refuse."""
        raise AppendOnly(_DELETED)


class SecurityEvent(AppendOnlyModel):
    """One row of the audit log. Written by `audit.log` alone."""

    at = models.DateTimeField(_("time"), default=timezone.now, editable=False)
    kind = models.CharField(_("kind"), max_length=kinds.MAX_LENGTH, choices=kinds.choices)
    account = models.ForeignKey(
        Account, models.PROTECT, null=True, blank=True, related_name="events", verbose_name=_("account")
    )
    # Who did it, where somebody was signed in or has just proven to be the owner; `account` is whose account it is.
    actor = models.ForeignKey(
        Account, models.PROTECT, null=True, blank=True, db_index=False, related_name="+", verbose_name=_("by")
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
    # The salted digest of address, network and browser. What is sealed is the digest, so those three can be taken away
    # with their salt after a year, and nobody can find them again by trying all addresses.
    client_salt = models.CharField(max_length=32, blank=True, default="", db_default="", editable=False)
    client_digest = models.CharField(max_length=64, blank=True, default="", db_default="", editable=False)

    objects: ClassVar[models.Manager[SecurityEvent]] = models.Manager.from_queryset(SecurityEventQuerySet)()

    class Meta:
        verbose_name = _("security event")
        verbose_name_plural = _("security events")
        ordering = ["-id"]
        base_manager_name = "objects"  # adding to an account's events goes through it
        indexes = [
            models.Index(fields=["account", "-at"], name="event_account_at"),
            models.Index(fields=["reference"], name="event_reference"),
            # The list of events, newest first.
            models.Index(fields=["-at", "-id"], name="event_at"),
            models.Index(
                fields=["name_digest", "network", "at"],
                condition=models.Q(kind="password_refused"),
                name="event_refused_name",
            ),
            models.Index(fields=["kind", "network", "at"], name="event_kind_network_at"),
            models.Index(fields=["at"], condition=models.Q(kind="password_accepted"), name="event_accepted_at"),
            # What the overview counts by the hour.
            models.Index(fields=["at"], condition=models.Q(kind__in=_COUNTED), name="event_overview_at"),
            # What still has an address, network and browser to be taken away.
            models.Index(fields=["at"], condition=~models.Q(client_salt=""), name="event_with_client"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {clock.stamp(self.at)}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Insert with a salt and a digest. Raise `UnknownKind` for a kind that is not registered."""
        if self._state.adding:
            kinds.get_kind(self.kind)
            self.digest_origin()
        super().save(*args, **kwargs)

    def digest_origin(self) -> None:
        """Draw a salt, and digest with it from where the event came. Raises `ValueError` where an address is none."""
        self.client_salt = secrets.token_hex(16)
        self.client_digest = digests.client_digest(self.client_salt, self.address, self.network, self.browser)


class EventSeal(AppendOnlyModel):
    """One link of the chain that seals the security events. Written by `audit.sealing` alone."""

    number = models.BigIntegerField(_("number"), primary_key=True)
    sealed_at = models.DateTimeField(_("sealed"), default=timezone.now)
    previous = models.CharField(_("previous digest"), max_length=64, blank=True)
    digest = models.CharField(_("digest"), max_length=64)
    key_id = models.CharField(_("key"), max_length=16)
    signature = models.CharField(_("signature"), max_length=64)
    count = models.PositiveIntegerField(_("rows"))
    # No row with an id up to this one is sealed by any later seal.
    watermark_id = models.BigIntegerField(_("settled up to"))
    last_id = models.BigIntegerField(_("last row"))
    # For each row, in order: its id as 8 bytes and its SHA-256 digest as 32.
    row_digests = models.BinaryField(editable=False)

    objects: ClassVar[models.Manager[EventSeal]] = models.Manager.from_queryset(AppendOnlyQuerySet["EventSeal"])()

    class Meta:
        verbose_name = _("seal of events")
        verbose_name_plural = _("seals of events")
        ordering = ["-number"]
        base_manager_name = "objects"

    def __str__(self) -> str:
        return str(self.number)


@receiver(pre_delete, sender=SecurityEvent)
@receiver(pre_delete, sender=EventSeal)
def _not_deleted_with_others(**kwargs: Any) -> NoReturn:
    raise AppendOnly(_DELETED)
