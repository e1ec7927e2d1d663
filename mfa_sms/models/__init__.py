"""Models of the SMS factor: devices, challenges, messages and their delivery."""

from mfa_sms.models.devices import Challenge, HumanCheck, Purpose, SmsDevice
from mfa_sms.models.messages import Attempt, GatewayState, PrefixBlock, Receipt, TextMessage

__all__ = [
    "Attempt",
    "Challenge",
    "GatewayState",
    "HumanCheck",
    "PrefixBlock",
    "Purpose",
    "Receipt",
    "SmsDevice",
    "TextMessage",
]
