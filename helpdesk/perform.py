"""Performs an action together with its event, record and notice, in one transaction."""

from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.views.decorators.debug import sensitive_variables

from accounts.models import Account
from common.client_info import ClientInfo
from helpdesk import events, rules
from helpdesk.forms import ActionForm
from helpdesk.models import ActionRecord, Approval
from helpdesk.notices import HELPDESK_ACTION_PERFORMED
from helpdesk.registry import ActionRefused, ActionResult, HelpdeskAction
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
) -> ActionResult | ApprovalRequest:
    """Perform an action, or request the approval that it needs.

    `said` is the cleaned data of the action's form. `typed` is the result of `own_fields`; an approval is valid for
    these values only. Raises `ActionRefused` if the agent may not perform the action, or if it is not possible now.
    """
    asked = typed or {}
    with transaction.atomic():
        account = Account.objects.select_for_update(no_key=True).get(pk=account.pk)
        if not rules.may_perform(agent, action, account):
            raise ActionRefused
        approval = None
        if rules.needs_approval(action, account):
            approval = rules.approved(agent, action, account, _device(said))
            if approval is None or approval.said != asked:
                return ApprovalRequest(_ask(agent, action, account, said, asked, client))
            said = {**said, "proof": approval.proof, "case_number": approval.case_number}
        before = methods.devices(account.pk)
        done = action.perform(agent, account, said, client)
        event = events.helpdesk_action_performed(agent, account, action.slug, _detail(said, done), client, done.device)
        ActionRecord.objects.create(
            action=action.slug,
            account=account,
            agent=agent,
            proof=said.get("proof", ""),
            case_number=said["case_number"],
            note=said.get("note", ""),
            event=event,
            approval=approval,
        )
        if action.notifies:
            notify.notify_owner(event, HELPDESK_ACTION_PERFORMED, before)
        if approval is not None:
            Approval.objects.filter(pk=approval.pk).update(outcome=Approval.Outcome.USED)
    return done


def _detail(said: dict[str, Any], done: ActionResult) -> str:
    parts = (said.get("proof", ""), said["case_number"], done.detail)
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
    events.approval_requested(agent, account, action.slug, client)
    return Approval.objects.create(
        action=action.slug,
        account=account,
        asked_by=agent,
        expires_at=timezone.now() + rules.APPROVAL_LIFE,
        proof=said.get("proof", ""),
        case_number=said["case_number"],
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
