"""The search for Microsoft's id of a request, which Entra's error pages and ours show."""

import re

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import Account
from audit.models import SecurityEvent
from backoffice.finders import Finding, OtherRow, register_finder
from common.client_info import ClientInfo
from sso.events import SERVICE_REFUSED
from sso.models import EntraAttempt

_MOST = 20  # requests; an id belongs to one
_REQUEST_ID = re.compile(r"[0-9A-Fa-f]{8}-(?:[0-9A-Fa-f]{4}-){3}[0-9A-Fa-f]{12}")


def find_by_request_id(agent: Account, typed: str, client: ClientInfo) -> Finding | None:
    """Return the accounts of Entra's requests with that id, or None if the text is no such id.

    A request for a person whom the portal does not know leads to its event.
    """
    found = _REQUEST_ID.search(typed)
    if found is None:
        return None
    attempts = list(EntraAttempt.objects.filter(client_request_id__in={found[0], found[0].lower()})[:_MOST])
    accounts = list(dict.fromkeys(attempt.account_id for attempt in attempts if attempt.account_id is not None))
    rows = [row for attempt in attempts if attempt.account_id is None for row in _events(attempt)]
    return Finding(accounts, rows, "" if attempts else _("Microsoft has sent no request with this id here."))


def _events(attempt: EntraAttempt) -> list[OtherRow]:
    """Return the event of a request without an account. It is written in the transaction of the request."""
    written = SecurityEvent.objects.filter(
        at__gte=attempt.created_at,
        at__lte=attempt.expires_at,
        kind=SERVICE_REFUSED,
        account=None,
        detail__endswith=attempt.client_request_id,
    )
    return [OtherRow(str(event), reverse("admin:audit_securityevent_change", args=[event.pk])) for event in written[:1]]


def register_all() -> None:
    register_finder(gettext_lazy("Microsoft’s client-request-id"), find_by_request_id)
