"""Who may do what to whom. Every page, button and POST asks here."""

from collections.abc import Sequence
from datetime import timedelta

from django.db.models import Q
from django.utils import timezone

from accounts.models import Account
from helpdesk import permissions
from helpdesk.models import Approval, Case
from helpdesk.registry import HelpdeskAction, all_actions
from sign_in.methods import Option

APPROVAL_LIFE = timedelta(hours=1)  # an agent and a lead are on the same shift


def may(agent: Account, permission: str) -> bool:
    """Whether the agent has a permission, "app.codename"."""
    return agent.has_perm(permission)


def may_perform(agent: Account, action: HelpdeskAction, account: Account) -> bool:
    """Whether the agent may do it to the account: never to their own, to staff only with a permission for that."""
    return account.is_active and may(agent, action.permission) and _may_touch(agent, account)


def may_handle(agent: Account, case: Case) -> bool:
    """Whether the agent may take, note and close the case; also one of an account that was deactivated."""
    return may(agent, permissions.HANDLE_CASE) and _may_touch(agent, case.account)


def _may_touch(agent: Account, account: Account) -> bool:
    return agent.pk != account.pk and (may(agent, permissions.ACT_ON_STAFF_ACCOUNTS) or not is_staff(account))


def is_staff(account: Account) -> bool:
    """Whether the account has access to the admin, or a right to it."""
    return account.is_staff or account.is_superuser


def actions_for(agent: Account, account: Account, registered: Sequence[Option]) -> list[HelpdeskAction]:
    """Return what the agent can do now for an account with these devices."""
    allowed = [action for action in all_actions() if may_perform(agent, action, account)]
    return [action for action in allowed if action.applies(account, registered)]


def needs_approval(action: HelpdeskAction, account: Account) -> bool:
    """Whether a second agent must agree first."""
    return action.needs_approval and is_staff(account)


def approved(agent: Account, action: HelpdeskAction, account: Account, device: str | None = None) -> Approval | None:
    """Return the approval that lets the agent do it now, if there is one; it is good once, for an hour.

    `device` is the persistent id of the one that it must be about, empty for an action that is about none; None: any.
    """
    return _asked(agent, action, account, Approval.Outcome.APPROVED, device)


def waiting(agent: Account, action: HelpdeskAction, account: Account, device: str | None = None) -> Approval | None:
    """Return what the agent has asked for and nobody has answered yet; `device` as for `approved`."""
    return _asked(agent, action, account, Approval.Outcome.WAITING, device)


def _asked(
    agent: Account, action: HelpdeskAction, account: Account, outcome: Approval.Outcome, device: str | None
) -> Approval | None:
    asked = Approval.objects.filter(
        action=action.slug, account=account, asked_by=agent, expires_at__gt=timezone.now(), outcome=outcome
    )
    if device is not None:
        asked = asked.filter(device=device)
    return asked.order_by("-pk").first()


def may_decide(agent: Account, approval: Approval) -> bool:
    """Whether the agent may approve or refuse: a second one, and not the account's owner."""
    outside = agent.pk not in (approval.asked_by_id, approval.account_id)
    return (
        outside
        and may(agent, permissions.APPROVE_ACTION)
        and approval.expires_at > timezone.now()
        and not approval.outcome
    )


def may_see(agent: Account, approval: Approval) -> bool:
    """Whether the agent may read what was asked for: who may answer, and who asked."""
    return may(agent, permissions.APPROVE_ACTION) or agent.pk == approval.asked_by_id


def open_approvals() -> Q:
    """Return the condition of approvals that somebody can still answer."""
    return Q(outcome=Approval.Outcome.WAITING, expires_at__gt=timezone.now())
