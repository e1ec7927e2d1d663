"""Security events of the helpdesk: actions for accounts, approvals and cases."""

import re

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django_otp.models import Device

from accounts.models import Account
from audit.kinds import EventKind, register
from audit.log import write_event
from audit.models import SecurityEvent
from common.client_info import ClientInfo
from helpdesk import registry
from helpdesk.block_reasons import BlockReason
from helpdesk.models import Approval, Call, IdentityProof
from sign_in import methods

_CODE = re.compile(r"\b[a-z]+_[a-z_]+\b")  # the app of a method
SEPARATOR = " · "  # between the parts of the detail of an action


def _action(event: SecurityEvent) -> str:
    action = registry.by_slug(event.reason)
    return str(action.verb) if action else event.reason


def action_text(event: SecurityEvent) -> str:
    """Return the sentence that tells the owner about the helpdesk action."""
    action = registry.by_slug(event.reason)
    return str(action.told) if action else _("IT Support changed your login.")


def _proof_and_case(event: SecurityEvent) -> str:
    """Return the detail in words. It stores the code of the proof, then the case number and the action's own detail."""
    return SEPARATOR.join(_part_in_words(part) for part in event.detail.split(SEPARATOR))


def _part_in_words(part: str) -> str:
    """Return one part of a detail, with the names of proofs, reasons and methods in place of their codes."""
    for choices in (IdentityProof, BlockReason):
        if part in choices.values:
            return str(choices(part).label)
    return _CODE.sub(lambda found: _method_name(found[0]), part)


def _method_name(word: str) -> str:
    return next((str(method.label) for method in methods.all_methods() if method.owns(word)), word)


def _outcome(event: SecurityEvent) -> str:
    return str(Approval.Outcome(event.detail).label) if event.detail in Approval.Outcome.values else event.detail


HELPDESK_ACTION_PERFORMED = register(
    EventKind(
        "helpdesk_action_performed",
        gettext_lazy("Done by IT Support"),
        owner_text=action_text,
        reason_text=_action,
        detail_text=_proof_and_case,
        shows_client=False,
    )
)
APPROVAL_REQUESTED = register(
    EventKind("approval_requested", gettext_lazy("Approval asked for"), reason_text=_action, shows_client=False)
)
APPROVAL_EXPIRED = register(
    EventKind("approval_expired", gettext_lazy("Approval not answered"), reason_text=_action, shows_client=False)
)
APPROVAL_DECIDED = register(
    EventKind("approval_decided", gettext_lazy("Approval decided"), reason_text=_action, detail_text=_outcome)
)
CALL_BEGAN = register(EventKind("call_began", gettext_lazy("Call with IT Support")))
CALLER_CHECKED = register(
    EventKind(
        "caller_checked",
        gettext_lazy("IT Support has checked who is calling"),
        reasons={str(proof): proof.label for proof in IdentityProof},
    )
)
CALLER_CODE_SENT = register(EventKind("caller_code_sent", gettext_lazy("Code sent to check who is calling")))
CALLER_CODE_RIGHT = register(EventKind("caller_code_right", gettext_lazy("The caller read out the right code")))
CALLER_CODE_REFUSED = register(
    EventKind(
        "caller_code_refused",
        gettext_lazy("The caller read out a wrong code"),
        reasons={
            "wrong": gettext_lazy("Wrong code"),
            "expired": gettext_lazy("The code had expired"),
            "used": gettext_lazy("The code had been used"),
        },
    )
)
CASE_WAITS = register(EventKind("case_waits", gettext_lazy("Case not taken within an hour"), shows_client=False))
CASE_TAKEN = register(EventKind("case_taken", gettext_lazy("Case taken")))
CASE_CLOSED = register(EventKind("case_closed", gettext_lazy("Case closed")))


def helpdesk_action_performed(
    agent: Account, account: Account, action: str, detail: str, client: ClientInfo, device: Device | None = None
) -> SecurityEvent:
    """Record that an agent performed an action on an account. `detail` has the proof of identity and the case number.

    `device` is the device that the action created, if any. A compromise report by the owner locks it.
    """
    return write_event(
        HELPDESK_ACTION_PERFORMED, client, account, reason=action, detail=detail, device=device, actor=agent
    )


def approval_requested(agent: Account, account: Account, action: str, client: ClientInfo) -> SecurityEvent:
    """Record that an agent requested a second agent's approval."""
    return write_event(APPROVAL_REQUESTED, client, account, reason=action, actor=agent)


def approval_expired(agent: Account, account: Account, action: str) -> SecurityEvent:
    """Record that an agent's request was not answered in time."""
    return write_event(APPROVAL_EXPIRED, ClientInfo(), account, reason=action, actor=agent)


def approval_decided(agent: Account, account: Account, action: str, outcome: str, client: ClientInfo) -> None:
    """Record that the second agent approved or refused."""
    write_event(APPROVAL_DECIDED, client, account, reason=action, detail=outcome, actor=agent)


def write_call(
    kind: EventKind, call: Call, client: ClientInfo, *, reason: str = "", device: Device | None = None
) -> SecurityEvent:
    """Record a step of a call by its agent. The detail is the reference of the call."""
    return write_event(
        kind, client, call.account, reason=reason, detail=call.reference, device=device, actor=call.agent
    )


def case_taken(agent: Account, account: Account, case_id: int, client: ClientInfo) -> None:
    write_event(CASE_TAKEN, client, account, detail=str(case_id), actor=agent)


def case_closed(agent: Account, account: Account, case_id: int, client: ClientInfo) -> None:
    write_event(CASE_CLOSED, client, account, detail=str(case_id), actor=agent)


def case_waits(account: Account, case_id: int) -> SecurityEvent:
    """Record that no agent took a case in time."""
    return write_event(CASE_WAITS, ClientInfo(), account, detail=str(case_id))
