"""The page of an account for an agent on the phone with its owner: one screen with everything that a call needs."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery
from django.utils.translation import gettext as _

from accounts.models import Account
from audit.models import SecurityEvent
from backoffice.permissions import VIEW_SECURITY_EVENT
from backoffice.search_terms import seal_term
from common.clock import ago, day, day_and_clock
from helpdesk import account_status, calls, history, permissions, rules, sign_ins, timeline
from helpdesk.account_status import AccountStatus, state_words
from helpdesk.models import ActionRecord, Call, Case
from helpdesk.registry import AccountSection, HelpdeskAction, HistoryEntry, HistoryGroup, sections
from sign_in import events as sign_in_events
from sign_in import methods
from sign_in.methods import Option, device_rows, throttling
from sign_in.methods.throttling import State

__all__ = ["Panel", "account_panel", "state_words"]

_NEWEST = 60  # events of every kind
_COMPARED = 200  # events; recent sign-ins are compared with those among them
_FIELDS = (
    *("at", "kind", "account_id", "reason", "detail", "method", "device_id"),
    *("address", "network", "browser", "reference"),
)


@dataclass(frozen=True)
class DeviceRow:
    """One registered device and its status."""

    option: Option
    state: State

    @property
    def is_bad(self) -> bool:
        """Whether the device cannot be used now."""
        return not self.option.allowed or self.state.disabled or self.state.until is not None

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
class Panel:
    """The content above the fields of an account's page."""

    account: Account
    status: AccountStatus
    facts: list[tuple[str, str]]
    troubles: list[str]
    wrong: list[str]
    advice: list[str]
    cases: list[Case]
    actions: list[HelpdeskAction]
    call: str
    may_call: bool
    why_not: str
    rows: list[DeviceRow]
    history: list[HistoryEntry]
    shows_history: bool
    group: str
    events_term: str
    lists: list[AccountSection]

    @property
    def filters(self) -> list[tuple[str, str, bool]]:
        """The filters of the history: the value for the URL, the words, and whether it is chosen."""
        choices = [("", _("All")), *((str(value), str(words)) for value, words in HistoryGroup.choices)]
        return [(value, words, value == self.group) for value, words in choices]


def account_panel(agent: Account, account: Account, group: str = "") -> Panel:
    """Return the account's status and the actions that this agent can perform. `group` filters the history."""
    registered = methods.devices(account.pk, device_rows.held(account))
    known, last_sign_in, in_trouble, has_rows = _events(account)
    sees = rules.may(agent, VIEW_SECURITY_EVENT)
    acts = has_rows and rules.may(agent, permissions.VIEW_ACTION_RECORD)
    rows = timeline.account_rows(account, history.SHOWN) if acts else []
    parts = sections(agent, account, registered)
    status = account_status.account_status(account, registered)
    chosen = group if group in HistoryGroup.values else ""
    return Panel(
        account=account,
        status=status,
        facts=[*_facts(account, last_sign_in), *(fact for part in parts for fact in part.facts)],
        troubles=[trouble for part in parts for trouble in part.troubles],
        wrong=[*status.wrong, *(note for part in parts for note in part.notes)],
        advice=[part.advice for part in parts if part.advice],
        cases=list(_open_cases(account)) if in_trouble and rules.may(agent, permissions.VIEW_CASE) else [],
        actions=rules.actions_for(agent, account, registered),
        call=calls.open_reference(agent, account),
        may_call=rules.may(agent, permissions.TAKE_CALL) and rules.may_touch(agent, account),
        why_not=rules.why_not(agent, account),
        rows=[DeviceRow(option, throttling.state(option.device)) for option in registered],
        history=history.history_of(account, known if sees else [], parts, chosen, rows),
        shows_history=sees or acts or any(part.entries for part in parts),
        group=chosen,
        events_term=seal_term(account.username) if sees else "",
        lists=[part for part in parts if part.more],
    )


def _facts(account: Account, last_sign_in: datetime | None) -> Iterator[tuple[str, str]]:
    """Yield the person's details, each as a label and a value."""
    yield _("Email address"), account.email or _("none")
    affiliations = [_("student")] if account.is_student else []
    affiliations += [_("employee")] if account.is_employee else []
    yield _("Affiliation"), " · ".join(affiliations) or _("none")
    yield _("Language"), str(account.get_language_display())
    name, deadline = getattr(account, "campaign_name", None), getattr(account, "campaign_deadline", None)
    if name is not None and deadline is not None:
        last = deadline - timedelta(microseconds=1)  # users see the day before a deadline at midnight
        yield _("Campaign"), _("%(name)s, until %(day)s") % {"name": name, "day": day(last)}
    yield _("Last login"), ago(last_sign_in) if last_sign_in else _("never")
    changed = account.password_changed_at
    yield _("Password changed"), ago(changed) if changed else _("never")


def _open_cases(account: Account) -> QuerySet[Case]:
    return Case.objects.filter(account=account, closed_at=None)


def _events(account: Account) -> tuple[list[SecurityEvent], datetime | None, bool, bool]:
    """Return (events, last sign-in, whether there may be open cases, whether agents may have acted) with one query.

    The events are the most recent ones, and also earlier sign-in attempts. They are newest first.
    """
    events = SecurityEvent.objects.filter(account=account).order_by("-at", "-id")
    last_sign_in = events.filter(kind=sign_in_events.SIGNED_IN).values("at")[:1]
    wanted = Q(kind__in=sign_ins.attempt_kinds()) | Q(pk__in=Subquery(events.values("pk")[:_NEWEST]))
    found = events.filter(wanted).select_related("actor").only(*_FIELDS, "actor__username")
    note = ActionRecord.objects.filter(event=OuterRef("pk")).order_by().values("note")[:1]
    asked = found.annotate(
        last_sign_in=Subquery(last_sign_in),
        in_trouble=Exists(_open_cases(account)),
        has_actions=Exists(ActionRecord.objects.filter(account=account)),
        has_calls=Exists(Call.objects.filter(account=account)),
        note=Subquery(note),
    )
    known = list(asked[:_COMPARED])
    newest = known[0] if known else None
    acted = getattr(newest, "has_actions", True) or getattr(newest, "has_calls", True)
    return known, getattr(newest, "last_sign_in", None), getattr(newest, "in_trouble", True), acted
