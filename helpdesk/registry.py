"""The registry of helpdesk actions. Factors register their own."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db.models import QuerySet, TextChoices
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy
from django_otp.models import Device

from accounts.models import Account
from common.client_info import ClientInfo
from helpdesk.forms import ActionForm
from limits.limit import Refusal
from sign_in.methods import Option


@dataclass(frozen=True)
class ActionResult:
    """The result of an action: a sentence for the agent, and optionally a secret that is shown once.

    `detail` is written to the event and must be masked. `device` is the device that the action created.

    SECURITY: `repr` omits the secret, since Django logs the whole context of templates at level DEBUG.
    """

    said: str
    secret: str = field(default="", repr=False)
    detail: str = ""
    device: Device | None = None
    # The id of the record of the action. `perform_action` sets it.
    record_id: int | None = None


class ActionRefused(Exception):
    """The action cannot be performed now. The text says why, in the agent's language."""


class AccountChanged(ActionRefused):
    """The account has changed since the agent opened the page. `changes` say how, in the agent's language."""

    def __init__(self, changes: Sequence[str]) -> None:
        super().__init__()
        self.changes = changes


class LimitReached(ActionRefused):
    """A limit refuses the action. The caller writes the event of the refusal, after the transaction."""

    def __init__(self, text: str, refusal: Refusal) -> None:
        super().__init__(text)
        self.refusal = refusal


class HelpdeskAction(ABC):
    """An action that agents can perform on an account, with a page of its own. An app registers one instance.

    An app must implement the abstract members and may override the others. Texts are translated when a page is
    rendered.
    """

    # Members that an app must implement.

    @property
    @abstractmethod
    def slug(self) -> str:
        """Return the name of the action in URLs and events."""

    @property
    @abstractmethod
    def verb(self) -> str | Promise:
        """Return the text of the page's heading and of the button."""

    @property
    @abstractmethod
    def effect(self) -> str | Promise:
        """Return the effect of the action, for the agent."""

    @property
    @abstractmethod
    def seen(self) -> str | Promise:
        """Return what the owner of the account will notice, for the agent."""

    @property
    @abstractmethod
    def permission(self) -> str:
        """Return the permission that the agent needs, "app.codename"."""

    @abstractmethod
    def perform(
        self, agent: Account, account: Account, cleaned: Mapping[str, object], client: ClientInfo
    ) -> ActionResult:
        """Perform the action, in one transaction with its event. Raise `ActionRefused` if that is not possible now.

        `account` is locked. `cleaned` is the cleaned data of the `form`.
        """

    # Members that an app may set or override.

    # Adds fields to proof, case number and note. It is created with the `account`.
    form: type[ActionForm] = ActionForm
    # The place among the buttons of an account's page. The most frequent actions come first.
    place: int = 50
    # What somebody else who knows the password can do afterwards, for the agent.
    attacker: str | Promise = ""
    # Whether the owner is notified by email, and the sentence in that email.
    notifies: bool = True
    told: str | Promise = ""
    # Whether the email asks if the owner wanted it, with the link to report it. False for an action that only takes
    # access away and that IT Support decides itself.
    owner_asks: bool = True
    # Whether the agent must record how identity was proven.
    proves: bool = True
    # Whether the agent must enter a case number.
    cased: bool = True
    # Whether the action is also for deactivated accounts.
    for_inactive: bool = False
    # Whether a second agent must approve the action on a staff account (ASVS 2.3.5).
    needs_approval: bool = False

    def applies(self, account: Account, registered: Sequence[Option]) -> bool:
        """Return whether the action has an effect on an account with these devices. If not, the action is hidden."""
        return True

    def remarks(self, account: Account) -> list[str]:
        """Return what the agent should know about this account before the action, one sentence each."""
        return []


class HistoryGroup(TextChoices):
    """The subject of an entry in an account's history. The value is the filter in the URL."""

    SIGN_INS = "logins", gettext_lazy("Logins")
    MESSAGES = "messages", gettext_lazy("Messages")
    CHANGES = "changes", gettext_lazy("Changes")
    ACTIONS = "actions", gettext_lazy("Actions and notes")


@dataclass(frozen=True)
class HistoryEntry:
    """One entry of an account's history, in words. `unusual` is what an agent should notice.

    `failed` is whether it did not succeed, and `event_id` the security event that records the same.
    """

    at: datetime
    group: HistoryGroup
    what: str
    detail: str = ""
    by: str = ""
    unusual: str = ""
    failed: bool = False
    event_id: int | None = None


@dataclass(frozen=True)
class AccountSection:
    """The contribution of a factor or a service to the page of an account.

    - `facts` are labels with values for the top of the page.
    - `troubles` are sentences on what fails on our side now, and `notes` on what else is wrong with the account.
    - `advice` is what to tell the owner now. It is empty unless it is about something that is still going on.
    - `entries` belong to the history, and `more` is the URL of a list with all of them.
    """

    title: str
    facts: tuple[tuple[str, str], ...] = ()
    troubles: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    advice: str = ""
    entries: tuple[HistoryEntry, ...] = ()
    more: str = ""


SectionOf = Callable[[Account, Sequence[Option]], AccountSection]

_annotations: dict[str, Callable[[], Any]] = {}
_actions: dict[str, HelpdeskAction] = {}
_sections: list[tuple[str, SectionOf]] = []


def register(action: HelpdeskAction) -> None:
    """Add an action. Raise ValueError if its slug is already registered."""
    if action.slug in _actions:
        raise ValueError(f"Action {action.slug!r} is registered twice.")
    _actions[action.slug] = action


def all_actions() -> Iterator[HelpdeskAction]:
    """Yield the actions in the order of their buttons, and of their registration."""
    yield from sorted(_actions.values(), key=lambda action: action.place)


def by_slug(slug: str) -> HelpdeskAction | None:
    """Return the action with that slug, or None."""
    return _actions.get(slug)


def register_section(permission: str, make: SectionOf) -> None:
    """Add a section for agents with a permission, "app.codename". `make` takes the account and its registered devices.

    `make` must use a constant number of queries, because the page is opened for every call.
    """
    _sections.append((permission, make))


def sections(agent: Account, account: Account, registered: Sequence[Option]) -> list[AccountSection]:
    """Return the sections that this agent may see."""
    return [make(account, registered) for permission, make in _sections if agent.has_perm(permission)]


def register_annotation(name: str, make: Callable[[], Any]) -> None:
    """Add a value that the query for the page's account reads too, to save a query. `OuterRef("pk")` is the account."""
    _annotations[name] = make


def annotated(accounts: QuerySet[Account]) -> QuerySet[Account]:
    """Return the query set with the registered annotations."""
    return accounts.annotate(**{name: make() for name, make in _annotations.items()})
