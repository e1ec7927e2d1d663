"""Which accounts may use SMS (guide, R1)."""

from accounts.models import Account
from mfa_sms.models import SmsDevice
from sign_in import methods
from sign_in.pending import PendingSignIn
from sign_in.verification import may_verify


def may_use_sms(account: Account) -> bool:
    """Whether the policy lets the account use SMS. By default it lets only students use it."""
    method = methods.by_slug("mfa_sms")
    return method is not None and method.allows(account)


def may_verify_phone(pending: PendingSignIn, device: SmsDevice) -> bool:
    """Whether a code may be sent to the confirmed phone and verified in this flow.

    A phone that may no longer sign in can open the enrollment of another method.
    """
    method = methods.by_slug("mfa_sms")
    return method is not None and may_verify(pending, method, device)
