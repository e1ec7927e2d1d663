"""Which accounts may use SMS (guide, R1)."""

from accounts.models import Account
from sign_in import methods


def may_use_sms(account: Account) -> bool:
    """Whether the policy lets the account use SMS. By default it lets only students use it."""
    method = methods.by_slug("mfa_sms")
    return method is not None and method.allows(account)
