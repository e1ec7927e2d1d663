"""The state of a sign-in that has begun: one small dataclass in the session."""

from dataclasses import dataclass
from enum import StrEnum

from accounts import states
from accounts.models import Account
from common import keyed_digests
from common.problems import flow_expired

_ENROLLING = "sign_in.enrolling"


class FlowPurpose(StrEnum):
    """The purpose of a flow: sign-in, step-up, adding or replacing a device, or external MFA."""

    SIGN_IN = "sign_in"
    STEP_UP = "step_up"
    ADD = "add"
    EXTERNAL_MFA = "external_mfa"


@dataclass(frozen=True)
class PendingSignIn:
    """The state of a flow. The pages of the methods serve every `purpose`. STEP_UP and ADD require a signed-in user.

    Times are in seconds since the epoch. `next` is a safe URL or empty.

    `account_id` and `auth_hash` are set once the password was correct. The hash ends the flow when the password changes
    or all sessions of the account are ended. `browser` is a secret: only this browser session may answer the challenges
    that it requested.

    `enrolling` is a digest of the value that this browser entered to enroll. `enrolled_device` is the device that was
    verified in this flow, if any. `replaces` is the device that it replaces. `proven_at` is when the second factor was
    verified that allows adding a device. `opened_by` is the device of a forbidden method that was verified in this
    flow. `session_id` is the session of a signed-in user that adds or replaces a device.

    `verifying` is the device whose code the next page asks for, if no challenge names it. `relying_party` is the slug
    of the relying party, and `attempt` identifies its request. `ends_at` is the deadline for the answer, or 0.

    `known_browser` is whether the account has signed in with this browser before. It gives wrong codes a reserve.
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
    opened_by: str = ""
    session_id: str = ""
    known_browser: bool = False

    @property
    def by_password(self) -> bool:
        """Return whether only a password, checked here or by a relying party, was verified before this flow."""
        return self.purpose in (FlowPurpose.SIGN_IN, FlowPurpose.EXTERNAL_MFA)

    @property
    def password_done(self) -> bool:
        """Return whether the password was correct."""
        return self.account_id is not None

    def admit(self, account: Account | None) -> Account:
        """Return the account if this flow may continue as it. Otherwise raise the page to start again.

        SECURITY: call it with a freshly read row before acting for the account. A flow must not outlive the password
        that began it, and must end when the account is deactivated or blocked.
        """
        if (
            account is None
            or account.pk != self.account_id
            or not states.may_continue(account)
            or not account.has_auth_hash(self.auth_hash)
        ):
            raise flow_expired()
        return account


def enrolling_digest(what: str) -> str:
    """Return the value for `PendingSignIn.enrolling`: a keyed digest, because sessions are stored in the database."""
    return keyed_digests.digest(_ENROLLING, what)


def is_enrolling(pending: PendingSignIn, what: str) -> bool:
    """Return whether this browser entered the value to enroll."""
    return keyed_digests.matches(_ENROLLING, what, pending.enrolling)
