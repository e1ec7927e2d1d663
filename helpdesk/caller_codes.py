"""Codes with which a caller proves on the phone that they have a device of the account.

An agent never sees such a code: the caller reads it out, and the agent enters it. It cannot be used to sign in.

SECURITY: a thief may call the owner, ask for the code, and read it out to the helpdesk. So the text message says to
read it out only to IT Support, and only after a call that the owner has made. Wrong codes count against a limit of
their own, since a stranger who calls must not use up the tries of the owner. After a report no device proves anything.
"""

from abc import ABC, abstractmethod
from collections.abc import Sequence

from django.db import transaction
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_variables
from django_otp.models import Device

from accounts.models import Account
from common.client_info import ClientInfo
from helpdesk import cases, events
from helpdesk.models import Call, IdentityProof
from helpdesk.registry import ActionRefused, LimitReached
from limits import catalogue, counting, refusals
from sign_in import methods
from sign_in.methods import Option
from sign_in.verification import Verdict


class CallerCheck(ABC):
    """Checks a caller with a device of one method. An app registers one instance."""

    @property
    @abstractmethod
    def method(self) -> str:
        """Return the slug of the method."""

    @abstractmethod
    def ask(self, call: Call, device: Device, client: ClientInfo) -> str:
        """Send a code to the device, or nothing if the device shows one. Return what the agent should ask for.

        Runs in the transaction of the event. Raise `ActionRefused` if no code can be sent now, and `LimitReached` if a
        limit refuses it.
        """

    @abstractmethod
    def verify(self, call: Call, device: Device, code: str) -> Verdict:
        """Compare the code, and use it up if it is right, so that it works only once. Write no event."""


_checks: dict[str, CallerCheck] = {}


def register(check: CallerCheck) -> None:
    """Add a check. Raise `ValueError` if its method has one."""
    if check.method in _checks:
        raise ValueError(f"Method {check.method!r} has two caller checks.")
    _checks[check.method] = check


def devices(account: Account) -> Sequence[Option]:
    """Return the devices with which a caller can prove that they own the account."""
    if account.reported_at is not None:
        return []
    reported = cases.reported_devices(account)
    return [
        option
        for option in methods.devices(account.pk)
        if option.method.slug in _checks
        and option.method.is_usable(option.device)
        and (option.device._meta.app_label, option.device.pk) not in reported
    ]


def ask(call: Call, device_id: str, client: ClientInfo) -> str:
    """Ask the caller for a code of a device. Return what to say. Raise `ActionRefused` if that is not possible."""
    try:
        return _asked(call, device_id, client)
    except LimitReached as reached:
        refusals.record(reached.refusal, client, call.account)
        raise


def _asked(call: Call, device_id: str, client: ClientInfo) -> str:
    with transaction.atomic():
        call = Call.objects.select_for_update(of=("self",)).select_related("account", "agent").get(pk=call.pk)
        option = _option(call, device_id)
        said = _checks[option.method.slug].ask(call, option.device, client)
        call.asked_device = option.device.persistent_id
        call.save(update_fields=["asked_device"])
        events.write_call(events.CALLER_CODE_SENT, call, client, device=option.device)
    return said


@sensitive_variables("code")
def answer(call: Call, code: str, client: ClientInfo) -> Verdict:
    """Check the code that the caller has read out. The right one is the proof of the call.

    Raise `ActionRefused` if no code was asked for, or if too many wrong ones were entered for the account today.
    """
    with transaction.atomic():
        call = Call.objects.select_for_update(of=("self",)).select_related("account", "agent").get(pk=call.pk)
        option = _option(call, call.asked_device)
        party = str(call.account_id)
        # Counting first makes simultaneous guesses wait for each other.
        refusal = counting.take(catalogue.CALLER_CODE_FAILURES_OF_ACCOUNT, party)
        if refusal is None:
            return _compare(call, option, code, party, client)
        refusals.record(refusal, client, call.account)
    raise ActionRefused(_("Too many wrong codes have been entered for this account today. Check the caller’s ID."))


@sensitive_variables("code")
def _compare(call: Call, option: Option, code: str, party: str, client: ClientInfo) -> Verdict:
    verdict = _checks[option.method.slug].verify(call, option.device, code)
    if verdict is not Verdict.RIGHT:
        events.write_call(events.CALLER_CODE_REFUSED, call, client, reason=verdict, device=option.device)
        return verdict
    counting.give_back(catalogue.CALLER_CODE_FAILURES_OF_ACCOUNT, party)
    call.asked_device = ""
    if not call.proof:
        call.proof = IdentityProof.CODE
        call.proof_detail = f"{option.method.label} {option.description.seen}".strip()[:80]
    call.save(update_fields=["asked_device", "proof", "proof_detail"])
    events.write_call(events.CALLER_CODE_RIGHT, call, client, device=option.device)
    return verdict


def _option(call: Call, device_id: str) -> Option:
    if not call.is_open:
        raise ActionRefused(_("The call has ended. Begin a new one."))
    for option in devices(call.account):
        if option.device.persistent_id == device_id:
            return option
    raise ActionRefused(_("The login method is no longer there, or cannot be used to check a caller."))
