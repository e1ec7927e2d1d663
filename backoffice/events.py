"""Security events of the admin itself: roles and exports."""

from django.apps import apps
from django.utils.translation import gettext_lazy as _

from accounts.models import Account
from audit.kinds import EventKind, register
from audit.log import write_event
from audit.models import SecurityEvent
from common.client_info import ClientInfo


def _list_name(event: SecurityEvent) -> str:
    try:
        return str(apps.get_model(event.reason)._meta.verbose_name_plural)
    except (LookupError, ValueError):
        return event.reason


ROLE_GRANTED = register(EventKind("role_granted", _("Role in the admin given"), reasons={"none": _("No role")}))
LIST_EXPORTED = register(EventKind("list_exported", _("List exported"), reason_text=_list_name))


def role_granted(account: Account, role: str) -> None:
    """Record that an operator gave the account a role in the admin, or removed it ("none")."""
    write_event(ROLE_GRANTED, ClientInfo(), account, reason=role)


def list_exported(actor: Account, what: str, detail: str, client: ClientInfo) -> None:
    """Record the export of a list. `detail` contains the names of its filters, never a search term."""
    write_event(LIST_EXPORTED, client, reason=what[:32], detail=detail[:200], actor=actor)
