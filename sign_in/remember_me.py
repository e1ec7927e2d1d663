"""The question after the code: whether to stay signed in on this device."""

from dataclasses import dataclass

from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends.base import SessionBase

from sessions import registry
from sign_in.pending import PendingSignIn

_STAY = "stay_question"


def ask_to_remember(session: SessionBase, pending: PendingSignIn) -> None:
    """Put the question, with where to go after its answer. Never for accounts with access to the admin."""
    session[_STAY] = {"next": pending.next, "name": pending.account_name}


@dataclass(frozen=True)
class RememberQuestion:
    """What the page after the code needs: where to go afterwards, and the account name to remember."""

    next: str
    name: str


def open_question(session: SessionBase) -> RememberQuestion | None:
    """Return the open question, or None."""
    state = session.get(_STAY)
    return RememberQuestion(**state) if state and SESSION_KEY in session else None


def apply_choice(session: SessionBase, stay: bool) -> None:
    """Let the session outlive the browser, or end with it."""
    session.pop(_STAY, None)
    if stay:
        registry.remember(session)
