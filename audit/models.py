"""The audit log: security events and their seals."""

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
# The locks and refusals that the overview counts by the hour. These kinds are rare, so that their index is small.
_COUNTED = ["device_disabled", "reported", "limit_reached"]


class AppendOnly(RuntimeError):
    """Raised at an attempt to change or delete an append-only row."""


Row = TypeVar("Row", bound=models.Model)


class AppendOnlyQuerySet(models.QuerySet[Row]):
    """A query set that can only read and add rows. On PostgreSQL, a trigger refuses statements that bypass it."""

    def update(self, **kwargs: Any) -> NoReturn:
        raise AppendOnly(_CHANGED)

    def bulk_update(self, *args: Any, **kwargs: Any) -> NoReturn:
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
        """Insert the rows. Refuse options that would overwrite rows or silently skip them."""
        if ignore_conflicts or update_conflicts:
            raise AppendOnly(_CHANGED)
        return super().bulk_create(objs, batch_size)

    def delete(self) -> NoReturn:
        raise AppendOnly(_DELETED)

    def _update(self, values: Any) -> NoReturn:
        raise AppendOnly(_CHANGED)

    def _raw_delete(self, using: str | None) -> NoReturn:
        raise AppendOnly(_DELETED)


class SecurityEventQuerySet(AppendOnlyQuerySet["SecurityEvent"]):
    """Security events. Only their client info can be removed."""

    def bulk_create(self, objs: Iterable[SecurityEvent], *args: Any, **kwargs: Any) -> list[SecurityEvent]:
        """Insert the events, each with a salt and a digest. Raise `UnknownKind` if a kind is not registered."""
        objs = list(objs)
        for event in objs:
            kinds.get_kind(event.kind)
            event.digest_origin()
        return super().bulk_create(objs, *args, **kwargs)

    def forget_origin(self) -> int:
        """Remove the address, network, browser and salt. Return the number of rows. The digest is kept."""
        return super(AppendOnlyQuerySet, self).update(address=None, network=None, browser="", client_salt="")


class AppendOnlyModel(models.Model):
    """A row that can be inserted, but not changed or deleted. Attempts to do so raise `AppendOnly`."""

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Insert the row. Raise `AppendOnly` if it already exists."""
        if not self._state.adding:
            raise AppendOnly(_CHANGED)
        super().save(*args, **{**kwargs, "force_insert": True})

    def delete(self, *args: Any, **kwargs: Any) -> NoReturn:
        raise AppendOnly(_DELETED)


class SecurityEvent(AppendOnlyModel):
    """One row of the audit log. Only `audit.log` writes it."""

    at = models.DateTimeField(_("time"), default=timezone.now, editable=False)
    kind = models.CharField(_("kind"), max_length=kinds.MAX_LENGTH, choices=kinds.choices)
    account = models.ForeignKey(
        Account, models.PROTECT, null=True, blank=True, related_name="events", verbose_name=_("account")
    )
    # The person who acted, if somebody was signed in or had just proven to be the owner. `account` is the affected
    # account.
    actor = models.ForeignKey(
        Account, models.PROTECT, null=True, blank=True, db_index=False, related_name="+", verbose_name=_("by")
    )
    # The keyed digest of the typed name, known or unknown. The text itself is not stored, because it may be a password.
    name_digest = models.CharField(_("digest of the name"), max_length=32, blank=True)
    reason = models.CharField(_("reason"), max_length=32, blank=True)
    detail = models.CharField(_("detail"), max_length=200, blank=True)
    method = models.CharField(_("method"), max_length=32, blank=True)
    device_id = models.BigIntegerField(_("device"), null=True, blank=True)
    address = models.GenericIPAddressField(_("address"), null=True, blank=True)
    # The address, or its /64 network for IPv6. Limits count by it.
    network = models.GenericIPAddressField(_("network"), null=True, blank=True, editable=False)
    browser = models.CharField(_("browser"), max_length=200, blank=True)
    reference = models.CharField(_("reference"), max_length=8, blank=True)
    # The salted digest of address, network and browser. The seal covers only the digest. After `EVENT_CLIENT_KEPT`,
    # those three are removed with their salt. Without the salt, trying all addresses cannot recover them.
    client_salt = models.CharField(max_length=32, blank=True, default="", db_default="", editable=False)
    client_digest = models.CharField(max_length=64, blank=True, default="", db_default="", editable=False)

    objects: ClassVar[models.Manager[SecurityEvent]] = models.Manager.from_queryset(SecurityEventQuerySet)()

    class Meta:
        verbose_name = _("security event")
        verbose_name_plural = _("security events")
        ordering = ["-id"]
        base_manager_name = "objects"  # `account.events.add()` goes through the base manager
        indexes = [
            models.Index(fields=["account", "-at"], name="event_account_at"),
            models.Index(fields=["reference"], name="event_reference"),
            # For the list of events, newest first.
            models.Index(fields=["-at", "-id"], name="event_at"),
            # For the kinds that the overview counts by the hour.
            models.Index(fields=["at"], condition=models.Q(kind__in=_COUNTED), name="event_overview_at"),
            # For the events that still have client info to remove.
            models.Index(fields=["at"], condition=~models.Q(client_salt=""), name="event_with_client"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {clock.stamp(self.at)}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Insert the event with a salt and a digest. Raise `UnknownKind` if the kind is not registered."""
        if self._state.adding:
            kinds.get_kind(self.kind)
            self.digest_origin()
        super().save(*args, **kwargs)

    def digest_origin(self) -> None:
        """Create a salt, and set the digest of the client info. Raise `ValueError` if an address is malformed."""
        self.client_salt = secrets.token_hex(16)
        self.client_digest = digests.client_digest(self.client_salt, self.address, self.network, self.browser)


class EventSeal(AppendOnlyModel):
    """One link of the hash chain that seals the security events. Only `audit.sealing` writes it."""

    number = models.BigIntegerField(_("number"), primary_key=True)
    sealed_at = models.DateTimeField(_("sealed"), default=timezone.now)
    previous = models.CharField(_("previous digest"), max_length=64, blank=True)
    digest = models.CharField(_("digest"), max_length=64)
    key_id = models.CharField(_("key"), max_length=16)
    signature = models.CharField(_("signature"), max_length=64)
    count = models.PositiveIntegerField(_("rows"))
    # The watermark: no later seal contains a row with an id up to this one.
    watermark_id = models.BigIntegerField(_("settled up to"))
    last_id = models.BigIntegerField(_("last row"))
    # For each row, in order: its id (8 bytes) and its SHA-256 digest (32 bytes).
    row_digests = models.BinaryField(editable=False)

    objects: ClassVar[models.Manager[EventSeal]] = models.Manager.from_queryset(AppendOnlyQuerySet["EventSeal"])()

    class Meta:
        verbose_name = _("seal of events")
        verbose_name_plural = _("seals of events")
        ordering = ["-number"]
        base_manager_name = "objects"

    def __str__(self) -> str:
        return str(self.number)


class RefusalCount(models.Model):
    """The number of refusals of one kind, reason and network in one minute. Only `audit.refusals` writes it.

    The rows are not sealed, and a retention function deletes them.
    """

    minute = models.DateTimeField(_("time"))
    kind = models.CharField(_("kind"), max_length=kinds.MAX_LENGTH, choices=kinds.choices)
    reason = models.CharField(_("reason"), max_length=32, blank=True)
    # The IPv4 address or the IPv6 /48 network as text. Empty without an address, because NULLs are never equal.
    network = models.CharField(_("address"), max_length=43, blank=True)
    count = models.PositiveIntegerField(_("number"))
    # The references that the pages of the first requests showed, separated by spaces. `audit.refusals` bounds them.
    shown_references = models.CharField(_("references"), max_length=320, blank=True)

    class Meta:
        verbose_name = _("refusal without an account")
        verbose_name_plural = _("refusals without an account")
        ordering = ["-minute", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["minute", "kind", "reason", "network"], name="refusal_count_once"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {clock.stamp(self.minute)}"


@receiver(pre_delete, sender=SecurityEvent)
@receiver(pre_delete, sender=EventSeal)
def _not_deleted_with_others(**kwargs: Any) -> NoReturn:
    raise AppendOnly(_DELETED)


class EventTotal(models.Model):
    """How many events of a kind were ever sealed and exported. `audit.sealing.export` alone writes it."""

    kind = models.CharField(max_length=kinds.MAX_LENGTH, primary_key=True)
    total = models.BigIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.kind} {self.total}"


class ExportedSeal(models.Model):
    """The newest seal whose events were exported: one row."""

    number = models.BigIntegerField()

    def __str__(self) -> str:
        return str(self.number)
