"""The remember-me question after the code."""

from dataclasses import dataclass

from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends.base import SessionBase

from sessions import registry
from sign_in.pending import PendingSignIn

_STAY = "stay_question"


def ask_to_remember(session: SessionBase, pending: PendingSignIn) -> None:
    """Store the question and the URL to go to afterwards. Must not be called for accounts with access to the admin."""
    session[_STAY] = {"next": pending.next, "name": pending.account_name}


@dataclass(frozen=True)
class RememberQuestion:
    """The data for the question's page: the URL to go to afterwards, and the account name to remember."""

    next: str
    name: str


def open_question(session: SessionBase) -> RememberQuestion | None:
    """Return the open question, or None."""
    state = session.get(_STAY)
    return RememberQuestion(**state) if state and SESSION_KEY in session else None


def apply_choice(session: SessionBase, stay: bool) -> None:
    """Close the question. Let the session outlive the browser if `stay` is True."""
    session.pop(_STAY, None)
    if stay:
        registry.remember(session)
