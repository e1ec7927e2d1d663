"""The check of a password: its outcome and its event."""

from dataclasses import dataclass
from datetime import datetime
from enum import Enum

from accounts import states
from accounts.account_names import AccountName
from accounts.models import Account
from common.client_info import ClientInfo
from limits.limit import Refusal
from sign_in import events, password_source
from sign_in.human_check import Answer
from sign_in.known_browsers import KnownAccounts
from sign_in.password_limits import Attempt
from sign_in.password_source import Verdict


class PasswordOutcome(Enum):
    """The outcome of a password check, for a page.

    SECURITY: an unknown name, a disabled account and a wrong password share one outcome (ASVS 6.3.8).
    """

    RIGHT = "right"
    WRONG = "wrong"
    WRONG_DOMAIN = "wrong_domain"
    TOO_OLD = "too_old"
    BLOCKED = "blocked"
    MUST_RENEW = "must_renew"
    THROTTLED = "throttled"
    UNAVAILABLE = "unavailable"


@dataclass(frozen=True)
class PasswordResult:
    """The outcome of a password check.

    `account` is set if the password was right. `refusal` is the limit that refused to compare the password. `until` is
    the end of a block that has one.
    """

    outcome: PasswordOutcome
    account: Account | None = None
    refusal: Refusal | None = None
    until: datetime | None = None


def check_password(
    name: AccountName,
    password: str,
    client: ClientInfo,
    known: KnownAccounts | None = None,
    answer: Answer | None = None,
) -> PasswordResult:
    """Check a password and write one event. `known` is the browser's, `answer` that to the human check.

    SECURITY: the statements before and after the comparison are the same for every name (ASVS 6.3.8).
    """
    account = Account.objects.filter(username=name.username).first()
    attempt = Attempt(name, account, client, known.budget_of(account) if known else "")
    refusal = attempt.admit(answer or Answer())
    if refusal is not None:
        return PasswordResult(PasswordOutcome.THROTTLED, refusal=refusal)
    result = _judge(name, account, password, client)
    if result.account is None and result.outcome is not PasswordOutcome.UNAVAILABLE:
        attempt.failed()
    else:
        attempt.succeeded()
    return result


def _judge(name: AccountName, account: Account | None, password: str, client: ClientInfo) -> PasswordResult:
    judgement = password_source.current().judge(account, password)
    if account is None:
        events.unknown_name_refused(name.username, client)
        unavailable = judgement.verdict is Verdict.UNAVAILABLE
        return PasswordResult(PasswordOutcome.UNAVAILABLE if unavailable else PasswordOutcome.WRONG)
    if judgement.verdict is Verdict.UNAVAILABLE:
        events.password_refused(account, name.username, "unavailable", client)
        return PasswordResult(PasswordOutcome.UNAVAILABLE)
    if not (judgement.is_right and account.is_active):
        reason = "disabled" if judgement.is_right else judgement.reason
        events.password_refused(account, name.username, reason, client)
        return PasswordResult(PasswordOutcome.WRONG)
    states.password_seen(account, judgement.changed_at)
    if states.is_blocked(account):
        events.password_refused(account, name.username, "blocked", client)
        return PasswordResult(PasswordOutcome.BLOCKED, account, until=account.blocked_until)
    if account.must_renew_since is not None:
        events.password_refused(account, name.username, "must_renew", client)
        return PasswordResult(PasswordOutcome.MUST_RENEW, account)
    if account.account_name != name:
        events.password_refused(account, name.username, "wrong_domain", client)
        return PasswordResult(PasswordOutcome.WRONG_DOMAIN, account)
    if judgement.verdict is Verdict.TOO_OLD:
        events.password_refused(account, name.username, "too_old", client)
        return PasswordResult(PasswordOutcome.TOO_OLD, account)
    events.password_accepted(account, name.username, client)
    return PasswordResult(PasswordOutcome.RIGHT, account)
