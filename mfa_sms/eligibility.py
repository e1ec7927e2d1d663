"""Who may use SMS (guide, R1)."""

from accounts.models import Account
from sign_in import methods


def may_use_sms(account: Account) -> bool:
    """Whether the rules let the account use SMS: by default a student's, and nothing more."""
    method = methods.by_slug("mfa_sms")
    return method is not None and method.allows(account)
