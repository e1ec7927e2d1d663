"""Whether a gateway can be reached at all. No message is sent."""

from mfa_sms.gateways import http
from mfa_sms.gateways.base import Gateway, GatewayError, GatewayFault


def answers(gateway: Gateway) -> bool:
    """Return whether the gateway gives any HTTP answer. A gateway without an address, such as a file, always does."""
    base = getattr(gateway, "base", "")
    if not base:
        return True
    try:
        http.exchange("GET", base, _explain)
    except GatewayError as error:
        return bool(error.code) and error.code != http.NETWORK  # the code of an answer
    return True


def _explain(answer: http.GatewayResponse) -> tuple[GatewayFault | None, str]:
    return None, ""
