"""The registry of what a search finds besides names: a full number, a reference, a service's id. Apps register it.

A finder recognizes its texts by their form. So one search field serves every kind of text.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from django.utils.functional import Promise

from accounts.models import Account
from common.client_info import ClientInfo


@dataclass(frozen=True)
class OtherRow:
    """A row that no account owns: its text and the URL of its page."""

    text: str
    url: str


@dataclass(frozen=True)
class Finding:
    """What one finder has found: ids of accounts, other rows, and a sentence for the agent."""

    accounts: Sequence[int] = ()
    rows: Sequence[OtherRow] = ()
    said: str = ""


# Takes the agent, the typed text and the agent's client info. Returns None if the text has another form.
Finder = Callable[[Account, str, ClientInfo], Finding | None]

_finders: list[tuple[str | Promise, Finder]] = []


def register_finder(said: str | Promise, finder: Finder) -> None:
    """Add a finder. `said` names in a few words what it finds, for the help below the search field."""
    _finders.append((said, finder))


def findable() -> list[str]:
    """Return what can be searched for besides names, in words."""
    return [str(said) for said, _finder in _finders]


def findings(agent: Account, typed: str, client: ClientInfo) -> list[Finding]:
    """Return the results of all finders that recognize the text, in the order of registration."""
    found = (finder(agent, typed, client) for _said, finder in _finders)
    return [finding for finding in found if finding is not None]
