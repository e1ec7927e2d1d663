"""The reference of a request: what a problem page shows, what security events store, what log records carry.

The reference is a variable of the log's context, so it reaches every record of the request, of the threads that publish
for it, and of the tasks that it starts.
"""

import re
import secrets
from collections.abc import Callable
from typing import ParamSpec, TypeVar

from structlog.contextvars import bind_contextvars, bound_contextvars, clear_contextvars, get_contextvars

_ALPHABET = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"
_REFERENCE = re.compile(rf"[{_ALPHABET}]{{4}}-[{_ALPHABET}]{{2}}")

P = ParamSpec("P")
R = TypeVar("R")


def new_reference() -> str:
    """Return a reference that can be read out on the phone: six characters without look-alikes, "K7F3-92"."""
    characters = "".join(secrets.choice(_ALPHABET) for _ in range(6))
    return f"{characters[:4]}-{characters[4:]}"


def is_reference(text: object) -> bool:
    """Whether the text is formed like a reference."""
    return isinstance(text, str) and bool(_REFERENCE.fullmatch(text))


def begin_log_context(reference: str) -> None:
    """Start the log context of a request. Threads are reused, so what an earlier request left is dropped."""
    clear_contextvars()
    bind_contextvars(reference=reference)


def end_log_context(**kwargs: object) -> None:
    """Empty the log context. Takes the arguments of a signal and ignores them."""
    clear_contextvars()


def log_account(account_id: int | str | None) -> None:
    """Add the id of the account that the request is about to its later log records."""
    if account_id is not None:
        bind_contextvars(account_id=int(account_id))


def current_reference() -> str:
    """Return the reference of the running request or task; empty outside of both."""
    return str(get_contextvars().get("reference", ""))


def in_this_log_context(job: Callable[P, R]) -> Callable[P, R]:
    """Return the job so that a thread runs it in the log context of the caller.

    Only log fields are carried over, not the whole context: that would hand the language of the request to the thread.
    """
    fields = dict(get_contextvars())

    def run(*args: P.args, **kwargs: P.kwargs) -> R:
        with bound_contextvars(**fields):
            return job(*args, **kwargs)

    return run
