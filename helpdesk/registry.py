"""The registry of what agents can do. Factors add their own actions, as they add their methods."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from django.utils.functional import Promise
from django_otp.models import Device

from accounts.models import Account
from common.client_info import ClientInfo
from helpdesk.forms import ActionForm
from sign_in.methods import Option


@dataclass(frozen=True)
class ActionResult:
    """What came of an action: a sentence for the agent, and a secret that is shown once, if there is one.

    `detail` goes into the event, masked; `device` too, if the action has made one.

    SECURITY: the secret is no part of its `repr`, since Django's templates log their whole context at level DEBUG.
    """

    said: str
    secret: str = field(default="", repr=False)
    detail: str = ""
    device: Device | None = None


class ActionRefused(Exception):
    """The action cannot be done now; the text says why, in the agent's language."""


class HelpdeskAction(ABC):
    """One thing that agents can do for an account, on a page of its own. An app registers one instance.

    An app must implement the abstract members and may override the others. Texts are translated when a page is
    rendered.
    """

    # What an app must implement.

    @property
    @abstractmethod
    def slug(self) -> str:
        """Return the name of the action in addresses and events."""

    @property
    @abstractmethod
    def verb(self) -> str | Promise:
        """Return the words for the heading of its page and for its button."""

    @property
    @abstractmethod
    def effect(self) -> str | Promise:
        """Return what will happen, for the agent."""

    @property
    @abstractmethod
    def seen(self) -> str | Promise:
        """Return what the owner of the account will see afterwards, for the agent."""

    @property
    @abstractmethod
    def permission(self) -> str:
        """Return the permission that the agent needs, "app.codename"."""

    @abstractmethod
    def perform(
        self, agent: Account, account: Account, cleaned: Mapping[str, object], client: ClientInfo
    ) -> ActionResult:
        """Do it, in one transaction with its event. Raises `ActionRefused` if that is not possible now.

        `account` is locked. `cleaned` is the cleaned data of the `form`.
        """

    # What an app may set or implement.

    # Takes what the action needs besides proof, case number and note. It is created with the `account`.
    form: type[ActionForm] = ActionForm
    # Whether the owner is notified by mail, and the sentence of that mail.
    notifies: bool = True
    told: str | Promise = ""
    # Whether the agent must say how identity was proven.
    proves: bool = True
    # Whether a second agent must agree if the account is one of staff (ASVS 2.3.5).
    needs_approval: bool = False

    def applies(self, account: Account, registered: Sequence[Option]) -> bool:
        """Return whether there is anything to do for an account with these devices; if not, the action is hidden."""
        return True


@dataclass(frozen=True)
class AccountSection:
    """What a factor adds to the page of an account: a table, whose whole list is at `more`.

    `said` is a sentence for the top of the page. `notes` are what is wrong, and whether it is us.
    """

    title: str
    headings: tuple[str, ...]
    rows: list[tuple[str, ...]]
    more: str
    said: str = ""
    notes: tuple[str, ...] = ()


SectionOf = Callable[[Account, Sequence[Option]], AccountSection]

_actions: dict[str, HelpdeskAction] = {}
_sections: list[tuple[str, SectionOf]] = []


def register(action: HelpdeskAction) -> None:
    """Add an action. Raises ValueError if its slug is taken."""
    if action.slug in _actions:
        raise ValueError(f"Action {action.slug!r} is registered twice.")
    _actions[action.slug] = action


def all_actions() -> Iterator[HelpdeskAction]:
    """Yield the actions in the order of their registration."""
    yield from _actions.values()


def by_slug(slug: str) -> HelpdeskAction | None:
    """Return the action of that name, if there is one."""
    return _actions.get(slug)


def register_section(permission: str, make: SectionOf) -> None:
    """Add a section for agents with a permission, "app.codename"; it is made of an account and its registered devices.

    Takes a constant number of queries: the page is opened for every call.
    """
    _sections.append((permission, make))


def sections(agent: Account, account: Account, registered: Sequence[Option]) -> list[AccountSection]:
    """Return what factors have to say of an account to this agent."""
    return [make(account, registered) for permission, make in _sections if agent.has_perm(permission)]
