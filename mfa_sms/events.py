"""Security events of text messages and gateways."""

from django.utils.translation import gettext_lazy as _
from django_otp.models import Device

from accounts.models import Account
from audit.kinds import EventKind, register
from audit.log import write_event
from audit.models import SecurityEvent
from common import languages
from common.client_info import ClientInfo
from mfa_sms import numbers
from mfa_sms.numbers import NumberFault
from sign_in.methods.events import CODE_REFUSED


def _country(event: SecurityEvent) -> str:
    return numbers.country_name(event.detail, languages.current()) or event.detail


CODE_NOT_SENT = register(
    EventKind(
        "code_not_sent",
        _("Code not sent"),
        is_failure=True,
        reasons={
            "shared": _("The number is on too many accounts"),
            "prefix_blocked": _("The prefix of the number is blocked for new numbers"),
            NumberFault.COUNTRY_REFUSED.value: _("We send no codes to numbers in that country"),
            NumberFault.TYPE_REFUSED.value: _("It is not an ordinary mobile number"),
            NumberFault.LANDLINE.value: _("It is a landline number"),
        },
        detail_text=_country,
        is_sign_in_attempt=True,
    )
)
GATEWAY_OUT_OF_SERVICE = register(EventKind("gateway_out_of_service", _("Gateway paused")))
GATEWAY_IN_SERVICE = register(EventKind("gateway_in_service", _("Gateway back in service")))
NUMBER_SEARCHED = register(EventKind("number_searched", _("Searched for by a full number")))
PREFIX_BLOCKED = register(EventKind("prefix_blocked", _("Prefix blocked for new numbers")))
PREFIX_UNBLOCKED = register(EventKind("prefix_unblocked", _("Block of a prefix lifted")))
CODE_REFUSED.add_reasons(
    {
        "expired": _("The code had expired"),
        "exhausted": _("Too many wrong codes: a new one is needed"),
        "no_challenge": _("No code had been asked for"),
    }
)


def code_not_sent(account: Account, device: Device | None, reason: str, client: ClientInfo, detail: str = "") -> None:
    """Record that a rule refused the number. Refusals by limits are events of `limits`.

    `detail` is the country of the number, if known.
    """
    write_event(CODE_NOT_SENT, client, account, device=device, reason=reason, detail=detail)


def gateway_out_of_service(
    gateway: str, detail: str, actor: Account | None = None, client: ClientInfo | None = None
) -> None:
    """Record that an administrator or the circuit breaker took a gateway out of rotation.

    `detail` is the administrator's reason or the breaker's numbers.
    """
    write_event(GATEWAY_OUT_OF_SERVICE, client or ClientInfo(), reason=gateway, detail=detail, actor=actor)


def gateway_in_service(
    gateway: str, detail: str, actor: Account | None = None, client: ClientInfo | None = None
) -> None:
    """Record that an administrator or the circuit breaker put a gateway back in rotation."""
    write_event(GATEWAY_IN_SERVICE, client or ClientInfo(), reason=gateway, detail=detail, actor=actor)


def prefix_blocked(prefix: str, sent: int, entered: int) -> None:
    """Record that a prefix is blocked: codes went to `sent` numbers, and `entered` of them were entered."""
    write_event(PREFIX_BLOCKED, ClientInfo(), reason=prefix, detail=f"{entered}/{sent}")


def prefix_unblocked(prefix: str, agent: Account, client: ClientInfo) -> None:
    """Record that an agent lifted the block of a prefix."""
    write_event(PREFIX_UNBLOCKED, client, reason=prefix, actor=agent)


def number_searched(agent: Account, account: Account | None, client: ClientInfo) -> None:
    """Record that an agent searched by a full number and found the account, or none. The number is not recorded."""
    write_event(NUMBER_SEARCHED, client, account, actor=agent)
