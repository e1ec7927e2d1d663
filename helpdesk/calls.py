"""Calls: the checks of a caller's identity apply to the agent's actions on this account until the call ends.

SECURITY: a call belongs to one agent and one account. An agent has one open call at a time, so that the next caller
cannot benefit from what the owner has proven.
"""

from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import OuterRef, QuerySet, Subquery
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import Account
from common import references
from common.client_info import ClientInfo
from helpdesk import events
from helpdesk.models import Call, Document, IdentityProof
from helpdesk.registry import ActionRefused

_ATTEMPTS = 3
_SEPARATOR = ":"


def open_call(agent: Account, account: Account) -> Call | None:
    """Return the agent's open call about the account, or None."""
    return Call.objects.filter(agent=agent, account=account, ended_at=None, ends_at__gt=timezone.now()).first()


def with_open_call(accounts: QuerySet[Account], agent: Account) -> QuerySet[Account]:
    """Annotate accounts with the reference of the agent's open call, for `open_reference`."""
    own = Call.objects.filter(account=OuterRef("pk"), agent=agent, ended_at=None, ends_at__gt=timezone.now())
    return accounts.annotate(open_call=Subquery(own.values("reference")[:1]))


def open_reference(agent: Account, account: Account) -> str:
    """Return the reference of the agent's open call about the account, or "". Needs no query after `with_open_call`."""
    if hasattr(account, "open_call"):
        return account.open_call or ""
    call = open_call(agent, account)
    return call.reference if call else ""


def begin(agent: Account, account: Account, said: Mapping[str, Any], client: ClientInfo) -> Call:
    """Begin a call with what the agent has entered, and end any other call of the agent. Write the event."""
    with transaction.atomic():
        call = _create(agent, account, said)
        events.write_call(events.CALL_BEGAN, call, client)
    return call


def prove(call: Call, said: Mapping[str, Any], client: ClientInfo) -> None:
    """Record the proof of identity that the agent has entered on the page of the call, with its event."""
    with transaction.atomic():
        _fill(call, said)
        events.write_call(events.CALLER_CHECKED, call, client, reason=call.proof)


def number_shown(agent: Account, account: Account) -> None:
    """Record in the agent's open call that a number to call back was shown, in the transaction of the action."""
    Call.objects.filter(agent=agent, account=account, ended_at=None).update(number_shown_at=timezone.now())


def end(call: Call) -> None:
    """End the call. The checks made in it no longer apply."""
    Call.objects.filter(pk=call.pk, ended_at=None).update(ended_at=timezone.now())


def continue_call(agent: Account, account: Account, call: Call | None, said: Mapping[str, Any]) -> Call:
    """Return the call with what the agent has entered for an action. Begin one without an open call.

    Runs in the transaction of the action, whose event records the same.
    """
    if call is None:
        return _create(agent, account, said)
    _fill(call, said)
    return call


def supplemented(call: Call | None, said: dict[str, Any]) -> dict[str, Any]:
    """Return what the agent entered, with what the call already has: its case number and its proof."""
    if call is None:
        return said
    known: dict[str, Any] = {"case_number": call.case_number} if call.case_number else {}
    if call.proof:
        known |= {"proof": call.proof, "proof_detail": call.proof_detail}
    return {**said, **known}


def proof_detail(said: Mapping[str, Any]) -> str:
    """Return what the agent has seen, to store: the type of the ID and the last characters of its number."""
    if said.get("proof_detail"):
        return str(said["proof_detail"])
    shown = (said.get("document", ""), str(said.get("document_end", "")).upper())
    return _SEPARATOR.join(shown) if shown[1] else ""


def proof_words(proof: str, detail: str) -> str:
    """Return a proof in words, with what was seen."""
    label = str(IdentityProof(proof).label) if proof in IdentityProof.values else proof
    document, _separator, end = detail.partition(_SEPARATOR)
    if proof == IdentityProof.CODE or not end:
        return " · ".join(filter(None, (label, detail)))
    kind = str(Document(document).label) if document in Document.values else ""
    # Translators: the end of the number of a passport or the like: "··· 1234".
    return " · ".join(filter(None, (label, kind, _("ends in %(end)s") % {"end": end})))


def _create(agent: Account, account: Account, said: Mapping[str, Any]) -> Call:
    """Create a call, and end the agent's other calls. Another tab may begin one at the same moment."""
    for _attempt in range(_ATTEMPTS):
        now = timezone.now()
        Call.objects.filter(agent=agent, ended_at=None).update(ended_at=now)
        call = Call(account=account, agent=agent, began_at=now, ends_at=now + settings.CALL_LIFE)
        call.reference = references.new_reference()
        _enter(call, said)
        try:
            with transaction.atomic():
                call.save()
        except IntegrityError:
            continue
        return call
    raise ActionRefused(_("You have begun another call in the meantime. Try again."))


def _fill(call: Call, said: Mapping[str, Any]) -> None:
    _enter(call, said)
    call.save(update_fields=["case_number", "proof", "proof_detail"])


def _enter(call: Call, said: Mapping[str, Any]) -> None:
    call.case_number = call.case_number or str(said.get("case_number", ""))
    if not call.proof:
        call.proof, call.proof_detail = str(said.get("proof", "")), proof_detail(said)
