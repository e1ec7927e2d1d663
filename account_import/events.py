"""Security events of imported accounts."""

from collections.abc import Sequence

from django.utils.translation import gettext_lazy as _

from accounts.models import Account
from audit.kinds import EventKind, register
from audit.models import SecurityEvent


def _changed_fields(event: SecurityEvent) -> str:
    """Return the names of the changed fields in words. The detail stores their columns."""
    names = {field.name: str(field.verbose_name) for field in Account._meta.concrete_fields}
    return ", ".join(names.get(name, name) for name in event.detail.split())


ACCOUNT_IMPORTED = register(
    EventKind(
        "account_imported",
        _("Account imported"),
        reasons={
            "created": _("Created"),
            "changed": _("Changed"),
            "reactivated": _("Reactivated"),
            "deactivated": _("Deactivated"),
        },
        detail_text=_changed_fields,
        shows_client=False,
    )
)


def accounts_imported(
    accounts: list[Account], reason: str, actor: Account | None = None, fields: Sequence[str] = ()
) -> list[SecurityEvent]:
    """Record that a file created, changed, reactivated or deactivated accounts: one event each, written in batches.

    `actor` is the administrator who applied the file, or None for the command. `fields` are the changed fields.
    """
    detail = " ".join(fields)
    return SecurityEvent.objects.bulk_create(
        (
            SecurityEvent(kind=ACCOUNT_IMPORTED, account=account, reason=reason, detail=detail, actor=actor)
            for account in accounts
        ),
        batch_size=1000,
    )
