"""The state of a sign-in that has begun: one small dataclass in the session."""

from dataclasses import dataclass
from enum import StrEnum

from django.utils.crypto import constant_time_compare, salted_hmac

from accounts.models import Account
from common.problems import flow_expired


class FlowPurpose(StrEnum):
    """What a flow is for: to sign in, to prove a second factor again or to a party outside, or to change a method."""

    SIGN_IN = "sign_in"
    STEP_UP = "step_up"
    ADD = "add"
    EXTERNAL_MFA = "external_mfa"


@dataclass(frozen=True)
class PendingSignIn:
    """How far someone has come. `started_at` is in seconds since the epoch; `next` is a safe address or empty.

    The pages of the factors serve every `purpose`. To step up and to add a method, somebody must be signed in.

    `account_id` and `auth_hash` are there once the password was right; the hash ends the flow when the password
    changes or all sessions of the account are ended. `browser` is the secret by which this browser session alone may
    answer the challenges it asked for. `enrolling` is what this browser has entered to enroll, as a digest;
    `enrolled_device` the device that was proven in this flow, if any, and `replaces` the one whose place it takes.
    `proven_at` is when the second factor was proven that lets a method be added. `verifying` is the device whose code
    the next page asks for, where no challenge says which. `relying_party` and `attempt` say to whom outside the proof
    goes, and to which of its questions; `ends_at` is when it is too late for the answer, in seconds since the epoch.
    """

    account_name: str
    started_at: float
    next: str = ""
    account_id: int | None = None
    auth_hash: str = ""
    browser: str = ""
    enrolling: str = ""
    enrolled_device: str = ""
    purpose: str = FlowPurpose.SIGN_IN
    replaces: str = ""
    proven_at: float = 0.0
    verifying: str = ""
    relying_party: str = ""
    attempt: str = ""
    ends_at: float = 0.0

    @property
    def by_password(self) -> bool:
        """Whether a password, here or outside, is all that was proven before this flow."""
        return self.purpose in (FlowPurpose.SIGN_IN, FlowPurpose.EXTERNAL_MFA)

    @property
    def password_done(self) -> bool:
        """Whether the password was right."""
        return self.account_id is not None

    def admit(self, account: Account | None) -> Account:
        """Return the account if this flow may go on as it; raise the page that says to start again otherwise.

        SECURITY: to be called with the row as it is now, by whatever acts for the account: a flow must not outlive
        the password that began it, nor the account's deactivation.
        """
        if (
            account is None
            or account.pk != self.account_id
            or not account.is_active
            or not constant_time_compare(self.auth_hash, account.get_session_auth_hash())
        ):
            raise flow_expired()
        return account


def enrolling_digest(what: str) -> str:
    """Return what `PendingSignIn.enrolling` keeps of something: a keyed digest, since sessions lie in the database."""
    return salted_hmac("sign_in.enrolling", what, algorithm="sha256").hexdigest()
