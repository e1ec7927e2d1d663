"""How an account stands, for one look while its owner is on the phone."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Subquery
from django.utils.translation import gettext as _

from accounts import methods, throttle
from accounts.clock import day_and_clock
from accounts.helpdesk import rules
from accounts.helpdesk.registry import Act, Section, sections
from accounts.methods import Option
from accounts.models import Account, Case, SecurityEvent
from accounts.throttle import State

_SHOWN = 10


@dataclass(frozen=True)
class Row:
    """One login method: what it is, and how it stands."""

    option: Option
    state: State

    @property
    def standing(self) -> str:
        """Say in words whether it can be used, and if not, why and until when."""
        if not self.option.allowed:
            return _("Not allowed for this account any more")
        if self.state.disabled:
            return _("Locked after too many wrong codes, or reported by the owner")
        if self.state.until is not None:
            return _("Locked after wrong codes until %(time)s") % {"time": day_and_clock(self.state.until)}
        if self.state.failures:
            return _("%(failures)d wrong codes in a row, %(left)d tries left before a wait") % {
                "failures": self.state.failures,
                "left": self.state.tries_left,
            }
        return _("Works")


@dataclass(frozen=True)
class Panel:
    """What stands on top of an account's page."""

    account: Account
    rows: list[Row]
    last_sign_in: datetime | None
    cases: list[Case]
    events: list[SecurityEvent]
    acts: list[Act]
    sections: list[Section]

    @property
    def enrolled(self) -> bool:
        """Whether the account has a method that it may use."""
        return methods.standing_of([row.option for row in self.rows]).enrolled


def of(agent: Account, account: Account) -> Panel:
    """Return how the account stands, and what this agent can do for it."""
    registered = methods.devices(account.pk)
    events = SecurityEvent.objects.filter(account=account).order_by("-at", "-id")
    last_sign_in = events.filter(kind=SecurityEvent.Kind.SIGNED_IN).values("at")[:1]
    shown = list(events.select_related("actor").annotate(last_sign_in=Subquery(last_sign_in))[:_SHOWN])
    return Panel(
        account=account,
        rows=[Row(option, throttle.state(option.device)) for option in registered],
        last_sign_in=getattr(shown[0], "last_sign_in", None) if shown else None,
        cases=list(Case.objects.filter(account=account, closed_at=None)) if rules.may(agent, "view_case") else [],
        events=shown if rules.may(agent, "view_securityevent") else [],
        acts=rules.acts_for(agent, account, registered),
        sections=sections(agent, account, registered),
    )
