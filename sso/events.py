"""Security events of other services, and of the keys that sign tokens for them."""

from django.utils.translation import gettext_lazy as _

from accounts.models import Account
from audit import refusals
from audit.kinds import EventKind, register
from audit.log import write_event
from common.client_info import ClientInfo
from sign_in.events import EXTERNAL_MFA_COMPLETED
from sso.event_words import REFUSALS, service_in_words

SERVICE_SIGNED_IN = register(EventKind("service_signed_in", _("Logged in to a service")))
SERVICE_REFUSED = register(
    EventKind(
        "service_refused",
        _("Service refused"),
        is_failure=True,
        reasons=REFUSALS,
        detail_text=service_in_words,
        is_sign_in_attempt=True,
    )
)
SERVICE_LINKED = register(
    EventKind("service_linked", _("Linked to another service's account"), detail_text=service_in_words)
)
EXTERNAL_MFA_COMPLETED.add_reasons({"entra": "Microsoft 365"})
SERVICE_CHANGED = register(EventKind("service_changed", _("Service changed")))
SIGNING_KEY_CREATED = register(EventKind("signing_key_created", _("Signing key made")))


def service_signed_in(account: Account, service: str, client: ClientInfo) -> None:
    """Write that a service learned who a person is. `service` is its client id."""
    write_event(SERVICE_SIGNED_IN, client, account, detail=service, actor=account)


def service_refused(
    service: str, reason: str, client: ClientInfo, account: Account | None = None, detail: str = ""
) -> None:
    """Write that a request by a service, or in its name, was refused. `detail` quotes no request in full.

    SECURITY: a request without an account is counted instead, because anyone can send it, and as often as they like.
    """
    if account is None:
        refusals.count_refusal(SERVICE_REFUSED, client, reason)
    else:
        person_refused(service, reason, client, account, detail)


def person_refused(service: str, reason: str, client: ClientInfo, account: Account | None, detail: str = "") -> None:
    """Write that a person was not served. `account` is None if a tenant vouches for a person whom we do not know."""
    write_event(SERVICE_REFUSED, client, account, reason=reason, detail=f"{service} {detail}".strip()[:200])


def service_linked(account: Account, service: str, client: ClientInfo) -> None:
    """Write that a relying party's identity of a person was linked to the account, at its first use."""
    write_event(SERVICE_LINKED, client, account, detail=service)


def service_changed(actor: Account, service: str, detail: str, client: ClientInfo) -> None:
    """Write that an administrator changed a service or a tenant. `detail` is its new state."""
    write_event(SERVICE_CHANGED, client, reason=service[:32], detail=detail[:200], actor=actor)


def signing_key_created(key_id: str, detail: str) -> None:
    """Write that an operator made a signing key. `detail` is when it starts to sign, and which keys it replaces."""
    write_event(SIGNING_KEY_CREATED, ClientInfo(), reason=key_id[:32], detail=detail)
