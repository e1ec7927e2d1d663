"""The services and tenants in the audit log: their names, and how they are found."""

from collections.abc import Sequence

from django.db.models import Q

from audit.services import ServiceIndex, register_index
from sso import events
from sso.models import Client, Tenant

_KINDS = (events.SERVICE_SIGNED_IN, events.SERVICE_REFUSED, events.SERVICE_LINKED, events.SERVICE_CHANGED)
_ENTRA = "entra"


def register() -> None:
    """Register the services."""
    kinds = frozenset(str(kind) for kind in _KINDS)
    register_index(ServiceIndex(kinds, _name_of, _choices, _ids_of))


def _name_of(detail: str) -> str:
    service, _space, rest = detail.partition(" ")
    if service != _ENTRA:
        client = Client.objects.filter(client_id=service).first()
        return str(client) if client else ""
    names = {f"{tenant.tenant_id}": tenant.name for tenant in Tenant.objects.all()}
    return f"Entra {names.get(rest.partition(' ')[0], '')}".strip()


def _choices() -> Sequence[tuple[str, str]]:
    clients = [(client.client_id, str(client)) for client in Client.objects.all()]
    return [*clients, (_ENTRA, "Entra")] if Tenant.objects.exists() else clients


def _ids_of(typed: str) -> Sequence[str]:
    if typed.lower() == _ENTRA:
        return [_ENTRA]
    meant = Q(client_id=typed) | Q(name_da__iexact=typed) | Q(name_en__iexact=typed)
    return list(Client.objects.filter(meant).values_list("client_id", flat=True))
