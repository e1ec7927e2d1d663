"""The status of an account at a glance, for an agent on the phone with its owner."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Exists, Q, QuerySet, Subquery
from django.utils.translation import gettext as _

from accounts import states
from accounts.models import Account
from audit.models import SecurityEvent
from backoffice.permissions import VIEW_SECURITY_EVENT
from common.clock import day_and_clock
from helpdesk import calls, event_words, permissions, rules, sign_ins
from helpdesk.models import Case
from helpdesk.registry import AccountSection, HelpdeskAction, sections
from sign_in import events as sign_in_events
from sign_in import methods
from sign_in.methods import Option, device_rows, throttling
from sign_in.methods.throttling import State

_SHOWN = 10
_COMPARED = 200  # events; recent sign-ins are compared with those among them
_FIELDS = (
    *("at", "kind", "account_id", "reason", "detail", "method", "device_id"),
    *("address", "network", "browser", "reference"),
)


@dataclass(frozen=True)
class HistoryRow:
    """One registered device and its status."""

    option: Option
    state: State

    @property
    def standing(self) -> str:
        """Return in words whether the device can be used, and if not, why and until when."""
        if not self.option.allowed:
            return _("Not allowed for this account any more")
        if self.state.disabled:
            return _("Locked after too many wrong codes, or reported by the user")
        if self.state.until is not None:
            return _("Locked after wrong codes until %(time)s") % {"time": day_and_clock(self.state.until)}
        if self.state.failures:
            return _("%(failures)d wrong codes in a row, %(left)d tries left before the user has to wait") % {
                "failures": self.state.failures,
                "left": self.state.tries_left,
            }
        return _("Works")


@dataclass(frozen=True)
class HistoryEvent:
    """One event, with its method, reason and detail in words."""

    row: SecurityEvent
    words: str


@dataclass(frozen=True)
class Panel:
    """The content above the fields of an account's page."""

    account: Account
    rows: list[HistoryRow]
    last_sign_in: datetime | None
    cases: list[Case]
    sign_ins: list[sign_ins.SignInRow]
    events: list[HistoryEvent]
    actions: list[HelpdeskAction]
    sections: list[AccountSection]
    call: str
    may_call: bool
    why_not: str

    @property
    def state(self) -> str:
        """The states in which the account cannot be used as usual, in words."""
        return state_words(self.account)

    @property
    def is_stuck(self) -> bool:
        """Whether the account had a method and has none left, so that its owner needs an access pass."""
        return not self.rows and self.account.protected_since is not None

    @property
    def enrolled(self) -> bool:
        """Whether the account has a device that it may use."""
        return methods.standing_of(self.account, [row.option for row in self.rows]).enrolled


def state_words(account: Account) -> str:
    """Return the states in which the account cannot be used as usual, in words. Return "" for a usual account."""
    said = []
    if states.is_blocked(account):
        until = account.blocked_until
        said.append(_("blocked until %(time)s") % {"time": day_and_clock(until)} if until else _("blocked"))
    if account.reported_at is not None:
        said.append(_("reported by the user"))
    if account.must_renew_since is not None:
        said.append(_("password must be renewed"))
    return " · ".join(said)


def account_panel(agent: Account, account: Account) -> Panel:
    """Return the account's status and the actions that this agent can perform."""
    registered = methods.devices(account.pk, device_rows.held(account))
    known, last_sign_in, in_trouble = _history(account)
    sees = rules.may(agent, VIEW_SECURITY_EVENT)
    return Panel(
        account=account,
        rows=[HistoryRow(option, throttling.state(option.device)) for option in registered],
        last_sign_in=last_sign_in,
        cases=list(_open_cases(account)) if in_trouble and rules.may(agent, permissions.VIEW_CASE) else [],
        sign_ins=list(sign_ins.sign_in_rows(known, _SHOWN)) if sees else [],
        events=[HistoryEvent(event, event_words.line(event)) for event in known[:_SHOWN]] if sees else [],
        actions=rules.actions_for(agent, account, registered),
        sections=sections(agent, account, registered),
        call=calls.open_reference(agent, account),
        may_call=rules.may(agent, permissions.TAKE_CALL) and rules.may_touch(agent, account),
        why_not=rules.why_not(agent, account),
    )


def _open_cases(account: Account) -> QuerySet[Case]:
    return Case.objects.filter(account=account, closed_at=None)


def _history(account: Account) -> tuple[list[SecurityEvent], datetime | None, bool]:
    """Return (events, last sign-in, whether there may be open cases) with one query. Events are newest first.

    The events are the most recent ones, and also earlier sign-in attempts.
    """
    events = SecurityEvent.objects.filter(account=account).order_by("-at", "-id")
    last_sign_in = events.filter(kind=sign_in_events.SIGNED_IN).values("at")[:1]
    wanted = Q(kind__in=sign_ins.attempt_kinds()) | Q(pk__in=Subquery(events.values("pk")[:_SHOWN]))
    found = events.filter(wanted).select_related("actor").only(*_FIELDS, "actor__username")
    asked = found.annotate(last_sign_in=Subquery(last_sign_in), in_trouble=Exists(_open_cases(account)))
    known = list(asked[:_COMPARED])
    newest = known[0] if known else None
    return known, getattr(newest, "last_sign_in", None), getattr(newest, "in_trouble", True)
