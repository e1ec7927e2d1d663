"""Authorization rules of the helpdesk. Every page, button and POST checks them."""

from collections.abc import Sequence
from datetime import timedelta

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import Account
from helpdesk import permissions
from helpdesk.models import Approval, Case
from helpdesk.registry import HelpdeskAction, all_actions
from sign_in.methods import Option

APPROVAL_LIFE = timedelta(hours=1)  # an agent and a lead work the same shift


def may(agent: Account, permission: str) -> bool:
    """Return whether the agent has a permission, "app.codename"."""
    return agent.has_perm(permission)


def may_perform(agent: Account, action: HelpdeskAction, account: Account) -> bool:
    """Return whether the agent may perform the action on the account.

    The account must not be the agent's own, and must be active unless the action is for deactivated accounts too. A
    staff account needs an extra permission.
    """
    alive = account.is_active or action.for_inactive
    return alive and may(agent, action.permission) and may_touch(agent, account)


def may_handle(agent: Account, case: Case) -> bool:
    """Return whether the agent may take, note and close the case. The account can be deactivated."""
    return may(agent, permissions.HANDLE_CASE) and may_touch(agent, case.account)


def may_touch(agent: Account, account: Account) -> bool:
    """Return whether the agent may act on the account: not on their own, and on staff only with a permission."""
    return agent.pk != account.pk and (may(agent, permissions.ACT_ON_STAFF_ACCOUNTS) or not is_staff(account))


def why_not(agent: Account, account: Account) -> str:
    """Return why the agent may do nothing for the account, and whom to ask. Return "" if the agent may act on it."""
    if agent.pk == account.pk:
        return _("This is your own account. Ask another agent.")
    if is_staff(account) and not may(agent, permissions.ACT_ON_STAFF_ACCOUNTS):
        return _("This account has access to the admin. Only leads act on it. Ask a lead of IT Support.")
    if not any(may(agent, action.permission) for action in all_actions()):
        return _("Your role does not act on accounts. Ask an agent of IT Support.")
    if not account.is_active:
        if account.deactivated_at is not None:
            return _("An administrator has deactivated this account. Ask an administrator to reactivate it.")
        return _("The account is deactivated, because the university no longer lists it. Ask an administrator.")
    return ""


def is_staff(account: Account) -> bool:
    """Return whether the account can use the admin or is a superuser."""
    return account.is_staff or account.is_superuser


def actions_for(agent: Account, account: Account, registered: Sequence[Option]) -> list[HelpdeskAction]:
    """Return the actions that the agent can perform now on an account with these devices."""
    allowed = [action for action in all_actions() if may_perform(agent, action, account)]
    return [action for action in allowed if action.applies(account, registered)]


def needs_approval(action: HelpdeskAction, account: Account) -> bool:
    """Return whether a second agent must approve the action first."""
    return action.needs_approval and is_staff(account)


def approved(agent: Account, action: HelpdeskAction, account: Account, device: str | None = None) -> Approval | None:
    """Return the unused and unexpired approval that lets the agent perform the action now, or None.

    `device` is the persistent id that the approval must name, empty for an action on no device. None matches any
    device.
    """
    return _asked(agent, action, account, Approval.Outcome.APPROVED, device)


def waiting(agent: Account, action: HelpdeskAction, account: Account, device: str | None = None) -> Approval | None:
    """Return the agent's unexpired request that is not yet decided, or None. `device` is as for `approved`."""
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
    """Return whether the agent may approve or refuse. Neither the requester nor the account's owner may."""
    outside = agent.pk not in (approval.asked_by_id, approval.account_id)
    return (
        outside
        and may(agent, permissions.APPROVE_ACTION)
        and approval.expires_at > timezone.now()
        and not approval.outcome
    )


def may_see(agent: Account, approval: Approval) -> bool:
    """Return whether the agent may read the request: those who may approve, and the requester."""
    return may(agent, permissions.APPROVE_ACTION) or agent.pk == approval.asked_by_id


def waiting_for(agent: Account) -> int:
    """Return how many requests wait for the agent's answer. Ask the database only for agents who may approve."""
    if not may(agent, permissions.APPROVE_ACTION):
        return 0
    return Approval.objects.filter(open_approvals()).exclude(asked_by=agent).exclude(account=agent).count()


def open_approvals() -> Q:
    """Return the condition of approvals that can still be decided."""
    return Q(outcome=Approval.Outcome.WAITING, expires_at__gt=timezone.now())
