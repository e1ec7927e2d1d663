"""Performs an action together with its event, record and notice, in one transaction."""

from dataclasses import dataclass, replace
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_variables

from accounts.models import Account
from common.client_info import ClientInfo
from helpdesk import announcements, calls, changes, events, presses, rules
from helpdesk.forms import ActionForm
from helpdesk.models import ActionRecord, Approval
from helpdesk.notices import HELPDESK_ACTION_PERFORMED, HELPDESK_DECIDED
from helpdesk.presses import Press
from helpdesk.registry import AccountChanged, ActionRefused, ActionResult, HelpdeskAction
from notices import notify
from sign_in import methods


@dataclass(frozen=True)
class ApprovalRequest:
    """The action was not performed, because it needs a second agent's approval first."""

    approval: Approval


@sensitive_variables("done")
def perform_action(
    agent: Account,
    action: HelpdeskAction,
    account: Account,
    said: dict[str, Any],
    client: ClientInfo,
    typed: dict[str, str] | None = None,
    press: Press | None = None,
) -> ActionResult | ApprovalRequest:
    """Perform an action, or request the approval that it needs.

    `said` is the cleaned data of the action's form. The open call of the agent supplies what the form did not ask for.
    `typed` is the result of `own_fields`; an approval is valid for these values only. The second press of a button
    does nothing and returns a result with the record of the first.

    Raises `AccountChanged` if the account has changed since the page of the press. Raises `ActionRefused` if the agent
    may not perform the action, or if it is not possible now.
    """
    asked, press = typed or {}, press or Press()
    with transaction.atomic():
        account = Account.objects.select_for_update(no_key=True).get(pk=account.pk)
        earlier = presses.find_record(agent, press)
        if earlier is not None:
            return ActionResult(_("This has been done."), record_id=earlier.pk)
        if not rules.may_perform(agent, action, account):
            raise ActionRefused
        _refuse_stale(account, press)
        call = calls.open_call(agent, account)
        said = calls.supplemented(call, said)
        approval = None
        if rules.needs_approval(action, account):
            approval = rules.approved(agent, action, account, _device(said))
            if approval is None or approval.said != asked:
                return ApprovalRequest(_ask(agent, action, account, said, asked, client))
            Approval.objects.filter(pk=approval.pk).update(outcome=Approval.Outcome.USED)
            shown = {"proof_detail": approval.proof_detail, "case_number": approval.case_number}
            said = {**said, "proof": approval.proof, **shown}
        elif action.cased or call is not None:
            call = calls.continue_call(agent, account, call, said)
        unsaved = ActionRecord(agent=agent, account=account, approval=approval, call=call, press=press.digest)
        return _carry_out(unsaved, action, said, client, press)


@sensitive_variables("done")
def _carry_out(
    record: ActionRecord, action: HelpdeskAction, said: dict[str, Any], client: ClientInfo, press: Press
) -> ActionResult:
    """Perform the action, and save its record with its event, its secret and the notice to the owner."""
    agent, account = record.agent, record.account
    before = methods.devices(account.pk)
    done = action.perform(agent, account, said, client)
    detail = _detail(said, done)
    record.event = events.helpdesk_action_performed(agent, account, action.slug, detail, client, done.device)
    record.action, record.note, record.case_number = action.slug, said.get("note", ""), said.get("case_number", "")
    if action.proves:
        record.proof, record.proof_detail = said.get("proof", ""), calls.proof_detail(said)
    record.save()
    presses.keep_secret(record, done, press)
    if action.notifies:
        kind = HELPDESK_ACTION_PERFORMED if action.owner_asks else HELPDESK_DECIDED
        notify.notify_owner(record.event, kind, before)
    return replace(done, record_id=record.pk)


def _refuse_stale(account: Account, press: Press) -> None:
    changed = changes.changes_since(account, press.seen) if press.seen is not None else ()
    if changed:
        raise AccountChanged(changed)


def _detail(said: dict[str, Any], done: ActionResult) -> str:
    parts = (said.get("proof", ""), said.get("case_number", ""), done.detail)
    return events.SEPARATOR.join(part for part in parts if part)[:200]


def _device(said: dict[str, Any]) -> str:
    return str(said.get("device", ""))


def own_fields(form: ActionForm) -> dict[str, str]:
    """Return the values as typed of the action's own fields: all except proof, case number, note and device."""
    own = [name for name in form.fields if name not in {*ActionForm.base_fields, "device"}]
    return {name: str(form[name].value() or "") for name in own}


def _ask(
    agent: Account,
    action: HelpdeskAction,
    account: Account,
    said: dict[str, Any],
    asked: dict[str, str],
    client: ClientInfo,
) -> Approval:
    """Return the agent's undecided request for the same values, or create one."""
    waiting = rules.waiting(agent, action, account, _device(said))
    if waiting is not None and waiting.said == asked:
        return waiting
    event = events.approval_requested(agent, account, action.slug, client)
    announcements.approval_requested(event)
    return Approval.objects.create(
        action=action.slug,
        account=account,
        asked_by=agent,
        expires_at=timezone.now() + rules.APPROVAL_LIFE,
        proof=said.get("proof", ""),
        proof_detail=calls.proof_detail(said),
        case_number=said.get("case_number", ""),
        note=said.get("note", ""),
        device=_device(said),
        said=asked,
    )


def decide(agent: Account, approval: Approval, outcome: str, client: ClientInfo) -> bool:
    """Approve or refuse a request. Return False if the agent may not, or if it was already decided."""
    with transaction.atomic():
        locked = Approval.objects.select_for_update(of=("self",)).select_related("account").get(pk=approval.pk)
        if not rules.may_decide(agent, locked):
            return False
        locked.outcome, locked.decided_by, locked.decided_at = outcome, agent, timezone.now()
        locked.save(update_fields=["outcome", "decided_by", "decided_at"])
        events.approval_decided(agent, locked.account, locked.action, outcome, client)
    return True
