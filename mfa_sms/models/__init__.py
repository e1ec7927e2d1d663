"""What the SMS factor keeps: devices and challenges, messages and what became of them."""

from mfa_sms.models.devices import Challenge, HumanCheck, Purpose, SmsDevice
from mfa_sms.models.messages import Attempt, GatewayState, Receipt, TextMessage

__all__ = [
    "Attempt",
    "Challenge",
    "GatewayState",
    "HumanCheck",
    "Purpose",
    "Receipt",
    "SmsDevice",
    "TextMessage",
]
