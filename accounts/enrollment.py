"""Who may enroll: whose password was right, and who has no method yet."""

from dataclasses import dataclass

from accounts import methods
from accounts.methods import Method
from accounts.models import Account
from accounts.problems import already_enrolled, not_allowed_by_sms
from accounts.sign_in import PendingSignIn


@dataclass(frozen=True)
class Offer:
    """The account that enrolls, and the methods it may choose from; never empty."""

    account: Account
    methods: tuple[Method, ...]


def may_enroll(pending: PendingSignIn) -> Offer:
    """Return what the account may enroll.

    Raises the page that says what to do for who has a method already, for who may use none, and where the account has
    changed since the password.

    SECURITY: the first enrollment is the only one that a password alone opens.
    """
    account = pending.admit(Account.objects.filter(pk=pending.account_id or 0).first())
    if methods.standing(account.pk).enrolled:
        raise already_enrolled()
    offered = methods.enrollable(account)
    if not offered:
        raise not_allowed_by_sms()
    return Offer(account, tuple(offered))
