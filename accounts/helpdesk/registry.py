"""The registry of what agents can do. Factors add their own acts, as they add their methods."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

from django.utils.functional import Promise
from django_otp.models import Device

from accounts.helpdesk.forms import ActForm
from accounts.methods import Option
from accounts.models import Account
from accounts.origin import Origin


@dataclass(frozen=True)
class Done:
    """What came of an act: a sentence for the agent, and what is shown once and never again, if anything.

    `detail` goes into the event, masked; `device` too, where the act has made one.

    SECURITY: the secret is no part of its `repr`, since Django's templates log their whole context at level DEBUG.
    """

    said: str
    secret: str = field(default="", repr=False)
    detail: str = ""
    device: Device | None = None


@dataclass(frozen=True)
class Act:
    """One thing that agents can do for an account, on a page of its own.

    `slug` names it in addresses and events, `verb` heads its page and its button, `effect` says what will happen and
    `seen` what the owner will see then; `told` is the sentence
    of the mail to the owner. `permission` is a full name, "app.codename". `form` takes what the act
    needs on top of proof, case number and note; it is made with the `account`. `perform` does it, in one transaction
    with its event, and may raise `ActRefused`. `applies` gets the account with its registered devices, and
    hides the act where there is nothing to do. `tells`: whether the owner is told by mail. `proves`: whether the agent
    must say how identity was proven. `needs_approval`: whether a second agent must agree where the account is one of
    staff (ASVS 2.3.5).
    """

    slug: str
    verb: str | Promise
    effect: str | Promise
    seen: str | Promise
    told: str | Promise
    permission: str
    perform: Callable[[Account, Account, dict[str, object], Origin], Done]
    form: type[ActForm] = ActForm
    applies: Callable[[Account, Sequence[Option]], bool] = lambda account, registered: True
    tells: bool = True
    proves: bool = True
    needs_approval: bool = False


class ActRefused(Exception):
    """The act cannot be done now; the text says why, in the agent's language."""


@dataclass(frozen=True)
class Section:
    """What a factor adds to the page of an account: a table, whose whole list is at `more`.

    `said` is a sentence for the top of the page. `notes` are what is wrong, and whether it is us.
    """

    title: str
    headings: tuple[str, ...]
    rows: list[tuple[str, ...]]
    more: str
    said: str = ""
    notes: tuple[str, ...] = ()


SectionOf = Callable[[Account, Sequence[Option]], Section]

_acts: dict[str, Act] = {}
_sections: list[tuple[str, SectionOf]] = []


def register(act: Act) -> None:
    """Add an act. Raises ValueError where its slug is taken."""
    if act.slug in _acts:
        raise ValueError(f"Act {act.slug!r} is registered twice.")
    _acts[act.slug] = act


def all_acts() -> Iterator[Act]:
    """Yield the acts in the order of their registration."""
    yield from _acts.values()


def by_slug(slug: str) -> Act | None:
    """Return the act of that name, if there is one."""
    return _acts.get(slug)


def register_section(permission: str, make: SectionOf) -> None:
    """Add a section for agents with a permission, "app.codename"; it is made of an account and its registered devices.

    Takes a constant number of queries: the page is opened for every call.
    """
    _sections.append((permission, make))


def sections(agent: Account, account: Account, registered: Sequence[Option]) -> list[Section]:
    """Return what factors have to say of an account to this agent."""
    return [make(account, registered) for permission, make in _sections if agent.has_perm(permission)]
