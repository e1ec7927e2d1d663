"""Security events of the admin itself: roles and exports."""

from django.utils.translation import gettext_lazy as _

from accounts.audit.kinds import EventKind, register
from accounts.audit.log import write_event
from accounts.models import Account
from accounts.origin import Origin

ROLE_GIVEN = register(EventKind("role_given", _("Role in the admin given")))
LIST_EXPORTED = register(EventKind("list_exported", _("List exported")))


def role_given(account: Account, role: str) -> None:
    """An operator gave the account a role in the admin, or took it away ("none")."""
    write_event(ROLE_GIVEN, Origin(), account, reason=role)


def list_exported(actor: Account, what: str, detail: str, origin: Origin) -> None:
    """Somebody exported a list of the admin. `detail` names its filters, never a search."""
    write_event(LIST_EXPORTED, origin, reason=what[:32], detail=detail[:200], actor=actor)
