"""Who someone is, where they are signed in, and what happened to the account."""

from accounts.models.accounts import USERNAME_PATTERN, Account, AccountManager
from accounts.models.campaigns import CampaignMember, EnrollmentCampaign, Postponement, Reminder, ReminderMail
from accounts.models.events import AppendOnly, EventSeal, SecurityEvent, SecurityEventQuerySet
from accounts.models.figures import DailyFigure, HourlyFigure
from accounts.models.helpdesk import AgentAct, Approval, Proof
from accounts.models.imports import AccountImport
from accounts.models.notices import Case, Notice
from accounts.models.policies import MethodPolicy
from accounts.models.sessions import Session

__all__ = [
    "USERNAME_PATTERN",
    "Account",
    "AccountImport",
    "AccountManager",
    "AgentAct",
    "AppendOnly",
    "Approval",
    "CampaignMember",
    "Case",
    "DailyFigure",
    "EnrollmentCampaign",
    "EventSeal",
    "HourlyFigure",
    "MethodPolicy",
    "Notice",
    "Postponement",
    "Proof",
    "Reminder",
    "ReminderMail",
    "SecurityEvent",
    "SecurityEventQuerySet",
    "Session",
]
