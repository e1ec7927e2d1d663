"""Verification of a typed code: one transaction, shared by all methods, that checks, counts and uses up a code."""

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, ClassVar, Generic, TypeVar

from django.db import transaction
from django.dispatch import Signal
from django.views.decorators.debug import sensitive_variables
from django_otp.models import Device

from accounts.models import Account
from common.client_info import ClientInfo
from limits import refusals as limit_refusals
from limits.limit import Refusal
from sign_in import code_budget, flow, methods
from sign_in.methods import events
from sign_in.methods.base import Method
from sign_in.pending import PendingSignIn
from sign_in.problems import device_locked as device_locked_page
from sign_in.problems import not_allowed, too_many_codes, too_many_codes_of_account

D = TypeVar("D", bound=Device)
M = TypeVar("M")

# Sent with `event` in the transaction in which wrong codes lock a device. An exception of a receiver rolls it back.
device_locked = Signal()


class Verdict(StrEnum):
    """The verdict on a code. The value is the reason in the event of a refused code."""

    RIGHT = "right"
    WRONG = "wrong"
    # An app code that was accepted before.
    USED = "used"
    # The last wrong code that the challenge allows.
    EXHAUSTED = "exhausted"
    EXPIRED = "expired"
    # The account has no access pass, or no recovery codes, that a code could match.
    GONE = "gone"
    NO_CODES = "no_codes"
    # The code was not compared: the device must wait, or is locked until the helpdesk unlocks it.
    LOCKED = "locked"
    DISABLED = "disabled"


@dataclass(frozen=True)
class CodeResult(Generic[D]):
    """The verdict on a code.

    `device` is set if the code was right. `until` is when the next code may be compared, if that is in the future.
    `left` is the method's own count: the tries left of a challenge, or the unused recovery codes.
    `refusal` is set if the account's budget of wrong codes is used up. Then no device accepts a code.
    """

    verdict: Verdict
    device: D | None = None
    until: datetime | None = None
    left: int = 0
    refusal: Refusal | None = None

    def raise_if_locked(self) -> None:
        """Raise the problem page for a locked device or account, if the verdict is LOCKED or DISABLED."""
        if self.refusal is not None:
            raise too_many_codes_of_account(self.refusal)
        if self.verdict is Verdict.DISABLED:
            raise device_locked_page()
        if self.verdict is Verdict.LOCKED and self.until is not None:
            raise too_many_codes(self.until)


def lock_result(device: Any, known_browser: bool = False) -> CodeResult[Any] | None:
    """Return LOCKED or DISABLED if no code of the device may be compared now. Return None if one may.

    A known browser does not wait for wrong codes that were entered elsewhere. The account's daily budget bounds it.
    """
    allowed, details = device.verify_is_allowed()
    until = details["locked_until"] if details else None
    if allowed or (until and known_browser):
        return None
    return CodeResult(Verdict.LOCKED if until else Verdict.DISABLED, until=until)


def record_lock(account: Account, device: Device, client: ClientInfo) -> None:
    """Write the event of a device that wrong codes have locked until the helpdesk unlocks it. Notify the listeners."""
    event = events.device_disabled(account, device, client)
    device_locked.send(type(device), event=event)


def may_verify(pending: PendingSignIn, method: Method, device: Device) -> bool:
    """Return whether the device may be verified in this flow.

    A device of a forbidden method may, after a password, if the account has no device of an allowed one. It opens only
    the enrollment of an allowed method.
    """
    if method.allows(device.user):
        return True
    return pending.by_password and any(option.device == device for option in methods.standing(device.user_id).forbidden)


class CodeVerification(ABC, Generic[D, M]):
    """Verifies one code for the account of a flow. A method derives a class that supplies only the differences.

    `verify` is one transaction: lock, check that a code may be compared, compare, count or use up, write one event. If
    two right codes arrive at once, the lock lets exactly one be RIGHT. The device must have `CappedThrottling`.
    """

    method: ClassVar[Method]
    # The verdict if the account has no device to verify, and the reason in its event if it differs.
    missing: ClassVar[Verdict] = Verdict.GONE
    missing_reason: ClassVar[str] = ""

    def __init__(self, pending: PendingSignIn, client: ClientInfo) -> None:
        self.pending = pending
        self.client = client
        self.left = 0

    # Methods must implement these.

    @abstractmethod
    def lock_device(self) -> D | None:
        """Lock the confirmed device of the flow's account and return it with its `user`. Return None without a device.

        Lock rows in the order account, device, dependents of the device. A sign-in needs no lock on the account.
        """

    @abstractmethod
    def find_match(self, device: D, code: str) -> M | None:
        """Return the match of the code, for `consume`. Return None if the code is wrong.

        SECURITY: must compare in constant time, and must not match a used code.
        """

    @abstractmethod
    def consume(self, device: D, match: M) -> Sequence[str]:
        """Use up the match, so that no code matches it again.

        Save dependent rows, but not the device. Return the names of the device's fields that changed.
        """

    # Methods may override these.

    def refuse_before_comparing(self, device: D) -> Verdict | None:
        """Return why no code can be right now, or None if one can. May raise a problem page.

        The default raises `not_allowed` for an account that may not use the method, unless the device opens the
        enrollment of another method.
        """
        if not may_verify(self.pending, self.method, device):
            raise not_allowed()
        return None

    def refuse_uncounted(self, device: D, code: str) -> Verdict | None:
        """Return why a code without a match is refused but not counted. Return None to count it as wrong."""
        return None

    def count_wrong(self, device: D, code: str) -> Verdict:
        """Count a wrong code on rows other than the device, save those rows, and return the verdict."""
        return Verdict.WRONG

    def proven(self, device: D) -> None:
        """Write the events of a right code and of its use. The default writes the event of the flow's purpose."""
        flow.proven(self.pending, device.user, device, self.client)

    def admit(self, account: Account | None) -> Account:
        """Return the account. Raises the page to start again if the account has changed since the password."""
        return self.pending.admit(account)

    def record_missing(self) -> None:
        """Write the event for an account without a device to verify. Raises the errors of `admit`."""
        account = self.admit(Account.objects.filter(pk=self.pending.account_id or 0).first())
        events.code_refused(account, None, self.missing_reason or self.missing, self.client)

    # The verification itself.

    @sensitive_variables("code")
    def verify(self, code: str) -> CodeResult[D]:
        """Verify a code and return the result.

        Raises the errors of `admit`, `lock_device` and `refuse_before_comparing`.
        """
        with transaction.atomic():
            device = self.lock_device()
            if device is None:
                self.record_missing()
                return CodeResult(self.missing)
            self.admit(device.user)
            verdict = self.refuse_before_comparing(device)
            if verdict is not None:
                return self._refuse(device, CodeResult(verdict))
            locked = lock_result(device, self.pending.known_browser)
            if locked is not None:
                return self._refuse(device, locked, reason=Verdict.LOCKED)
            return self._compare(device, code)

    @sensitive_variables("code")
    def _compare(self, device: D, code: str) -> CodeResult[D]:
        """Count the code, compare it, and take the count back unless the code is wrong.

        SECURITY: counting first makes simultaneous guesses on all devices wait for each other, so that no more than the
        budget are compared.
        """
        savepoint = transaction.savepoint()
        refusal = code_budget.take(device.user, self.pending.known_browser)
        if refusal is not None:
            transaction.savepoint_rollback(savepoint)
            limit_refusals.record(refusal, self.client, device.user)
            return CodeResult(Verdict.LOCKED, until=refusal.until, refusal=refusal)
        match = self.find_match(device, code)
        if match is not None:
            transaction.savepoint_rollback(savepoint)
            return self._accept(device, match)
        uncounted = self.refuse_uncounted(device, code)
        if uncounted is not None:
            transaction.savepoint_rollback(savepoint)
            return self._refuse(device, CodeResult(uncounted))
        transaction.savepoint_commit(savepoint)
        return self._count(device, code)

    def _accept(self, device: Any, match: M) -> CodeResult[D]:
        changed = self.consume(device, match)
        device.throttle_reset(commit=False)
        device.set_last_used_timestamp(commit=False)
        own = ("throttling_failure_timestamp", "throttling_failure_count", "last_used_at")
        device.save(update_fields=[*own, *changed])
        self.proven(device)
        return CodeResult(Verdict.RIGHT, device=device, left=self.left)

    @sensitive_variables("code")
    def _count(self, device: Any, code: str) -> CodeResult[D]:
        verdict = self.count_wrong(device, code)
        device.throttle_increment()
        if device.is_disabled:
            record_lock(device.user, device, self.client)
            return CodeResult(Verdict.DISABLED)
        locked = lock_result(device, self.pending.known_browser)
        event = events.code_refused(device.user, device, verdict, self.client)
        if code_budget.is_notice_due(device.user):
            code_budget.many_wrong_codes.send(type(device), event=event)
        return CodeResult(verdict, until=locked.until if locked else None, left=self.left)

    def _refuse(self, device: D, result: CodeResult[D], reason: Verdict | None = None) -> CodeResult[D]:
        events.code_refused(device.user, device, reason or result.verdict, self.client)
        return result
