"""Security events of text messages and gateways."""

from django.utils.translation import gettext_lazy as _
from django_otp.models import Device

from accounts.models import Account
from audit.kinds import EventKind, register
from audit.log import write_event
from common.client_info import ClientInfo
from sign_in.methods.events import CODE_REFUSED

CODE_NOT_SENT = register(
    EventKind(
        "code_not_sent",
        _("Code not sent"),
        reasons={
            "shared": _("The number is on too many accounts"),
            "wait": _("Asked for again too soon"),
            "half_hour": _("Too many messages in half an hour"),
            "day": _("Too many messages in a day"),
        },
        is_sign_in_attempt=True,
    )
)
GATEWAY_OUT_OF_SERVICE = register(EventKind("gateway_out_of_service", _("Gateway rested")))
GATEWAY_IN_SERVICE = register(EventKind("gateway_in_service", _("Gateway back in service")))
CODE_REFUSED.add_reasons(
    {
        "expired": _("The code had expired"),
        "exhausted": _("Too many wrong codes: a new one is needed"),
        "no_challenge": _("No code had been asked for"),
    }
)


def code_not_sent(account: Account, device: Device | None, reason: str, client: ClientInfo, detail: str = "") -> None:
    """Record that a limit refused a message or, without a device, that a rule refused the number.

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
