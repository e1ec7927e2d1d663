"""Security events of limits."""

from django.utils.translation import gettext_lazy as _

from accounts.models import Account
from audit.kinds import EventKind, register
from audit.log import write_event
from audit.models import SecurityEvent
from common.client_info import ClientInfo
from limits import catalogue
from limits.limit import Limit


def _name_of(event: SecurityEvent) -> str:
    limit = catalogue.LIMITS.get(event.reason)
    return str(limit.scope) if limit else event.reason


LIMIT_REACHED = register(
    EventKind("limit_reached", _("Limit reached"), is_failure=True, reason_text=_name_of, is_sign_in_attempt=True)
)
LIMIT_ALARM = register(EventKind("limit_alarm", _("Limit on a total nearly or quite used up"), reason_text=_name_of))


def limit_reached(limit: Limit, account: Account | None, client: ClientInfo) -> None:
    """Record that a limit refused something. `limits.refusals` calls it once per party and minute."""
    write_event(LIMIT_REACHED, client, account, reason=limit.name)


def limit_alarm(limit: Limit, level: str, label: str) -> None:
    """Record that 80 % or 100 % of a limit on a total is used up. `label` names the party, for example "+371"."""
    write_event(LIMIT_ALARM, ClientInfo(), reason=limit.name, detail=f"{level} {label}")
