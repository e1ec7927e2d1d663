"""The reference of a request. Problem pages show it, security events store it, and log records carry it.

The reference is a variable of the log context. It reaches every record of the request, of the threads that publish for
it, and of the tasks that it starts.
"""

import re
import secrets
from collections.abc import Callable
from contextvars import ContextVar
from typing import ParamSpec, TypeVar

from structlog.contextvars import bind_contextvars, bound_contextvars, clear_contextvars, get_contextvars

_ALPHABET = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"
_REFERENCE = re.compile(rf"[{_ALPHABET}]{{4}}-[{_ALPHABET}]{{2}}")
_SPOKEN = re.compile(rf"(?:REF[A-Z.]*\s*:?\s*)?([{_ALPHABET}]{{4}})[\s.\u2010-\u2015-]*([{_ALPHABET}]{{2}})")

# Whether something is stored under the reference of the current request, so that the helpdesk finds it.
_is_recorded: ContextVar[bool] = ContextVar("reference_is_recorded", default=False)

P = ParamSpec("P")
R = TypeVar("R")


def new_reference() -> str:
    """Return a reference that is easy to read aloud: six characters without look-alikes, for example "K7F3-92"."""
    characters = "".join(secrets.choice(_ALPHABET) for _ in range(6))
    return f"{characters[:4]}-{characters[4:]}"


def is_reference(text: object) -> bool:
    """Return whether the text has the form of a reference."""
    return isinstance(text, str) and bool(_REFERENCE.fullmatch(text))


def parse_reference(typed: str) -> str:
    """Return the typed reference in its stored form, or "" if the text is not a reference.

    Case, spaces and hyphens do not matter, and the label of the page may come first: "Reference: cerp ab".
    """
    found = _SPOKEN.fullmatch(typed.strip().upper())
    return f"{found[1]}-{found[2]}" if found else ""


def begin_log_context(reference: str) -> None:
    """Start the log context of a request. Discard the context of an earlier request, because threads are reused."""
    clear_contextvars()
    bind_contextvars(reference=reference)
    _is_recorded.set(False)


def end_log_context(**kwargs: object) -> None:
    """Clear the log context. Accept and ignore the arguments of a signal."""
    clear_contextvars()


def log_request_id(request_id: str) -> None:
    """Add the proxy's id of the request to its later log records."""
    bind_contextvars(request_id=request_id)


def log_account(account_id: int | str | None) -> None:
    """Add the id of the request's account to its later log records."""
    if account_id is not None:
        bind_contextvars(account_id=int(account_id))


def current_reference() -> str:
    """Return the reference of the current request or task, or "" outside both."""
    return str(get_contextvars().get("reference", ""))


def mark_recorded(reference: str) -> None:
    """Note that a row with the reference was written, if it is the one of the current request."""
    if reference and reference == current_reference():
        _is_recorded.set(True)


def is_recorded() -> bool:
    """Return whether a row with the reference of the current request was written."""
    return _is_recorded.get()


def in_this_log_context(job: Callable[P, R]) -> Callable[P, R]:
    """Return a version of the job that a thread runs in the caller's log context.

    Only the log fields are copied. The whole context would also give the thread the language of the request.
    """
    fields = dict(get_contextvars())

    def run(*args: P.args, **kwargs: P.kwargs) -> R:
        with bound_contextvars(**fields):
            return job(*args, **kwargs)

    return run
