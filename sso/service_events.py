"""The services and tenants in the audit log: their names, and how they are found."""

from collections.abc import Sequence
from typing import Any

from django.db.models import Q
from django.db.models.signals import post_delete, post_save

from audit.models import SecurityEvent
from audit.services import ServiceIndex, register_index
from common.cached_value import CachedValue
from sso import events
from sso.entra.refusals import REASONS
from sso.models import Client, Tenant

_KINDS = (events.SERVICE_SIGNED_IN, events.SERVICE_REFUSED, events.SERVICE_LINKED, events.SERVICE_CHANGED)
_ENTRA = "entra"


def register() -> None:
    """Register the services."""
    for model in (Client, Tenant):
        for signal in (post_save, post_delete):
            signal.connect(_forget_names, sender=model)
    events.SERVICE_REFUSED.add_reasons({str(reason): text for reason, text in REASONS.items()})
    for kind in _KINDS:
        kind.detail_text = _describe_detail
    kinds = frozenset(str(kind) for kind in _KINDS)
    register_index(ServiceIndex(kinds, _name_of, _choices, _ids_of))


def _describe_detail(event: SecurityEvent) -> str:
    """Return the details with the name of the service instead of its id."""
    name = _name_of(event.detail)
    if not name:
        return event.detail
    words = event.detail.split(" ")
    return " ".join([name, *words[2 if words[0] == _ENTRA else 1 :]])


def _name_of(detail: str) -> str:
    service, _space, rest = detail.partition(" ")
    clients, tenants = _names.get()
    if service == _ENTRA:
        return f"Entra {tenants.get(rest.partition(' ')[0], '')}".strip()
    return str(clients.get(service, ""))


def _read_names() -> tuple[dict[str, Client], dict[str, str]]:
    clients = {client.client_id: client for client in Client.objects.all()}
    return clients, {str(tenant.tenant_id): tenant.name for tenant in Tenant.objects.all()}


def _forget_names(**kwargs: Any) -> None:
    _names.forget()


# The list of events shows many services, and asks for each row.
_names = CachedValue(_read_names)


def _choices() -> Sequence[tuple[str, str]]:
    clients = [(client.client_id, str(client)) for client in Client.objects.all()]
    return [*clients, (_ENTRA, "Entra")] if Tenant.objects.exists() else clients


def _ids_of(typed: str) -> Sequence[str]:
    if typed.lower() == _ENTRA:
        return [_ENTRA]
    meant = Q(client_id=typed) | Q(name_da__iexact=typed) | Q(name_en__iexact=typed)
    return list(Client.objects.filter(meant).values_list("client_id", flat=True))
