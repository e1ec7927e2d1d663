"""Other services in the audit log: which one an event is about.

The details of such an event begin with the service's id. An upper app registers the names.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from audit.models import SecurityEvent


@dataclass(frozen=True)
class ServiceIndex:
    """Finds services for the list of events.

    `kinds` are the kinds of events whose details begin with an id. `name_of` returns the name for the details, or an
    empty string. `choices` returns every id with its name. `ids_of` returns the ids that a typed text means.
    """

    kinds: frozenset[str]
    name_of: Callable[[str], str]
    choices: Callable[[], Sequence[tuple[str, str]]]
    ids_of: Callable[[str], Sequence[str]]


_indexes: list[ServiceIndex] = []


def register_index(index: ServiceIndex) -> None:
    """Add the services of an app."""
    _indexes.append(index)


def service_of(event: SecurityEvent) -> str:
    """Return the name of the service that an event is about; empty without one."""
    found = (index.name_of(event.detail) for index in _indexes if event.kind in index.kinds)
    return next(filter(None, found), "")


def service_kinds() -> frozenset[str]:
    """Return the kinds of events that are about a service."""
    return frozenset().union(*(index.kinds for index in _indexes))


def service_choices() -> list[tuple[str, str]]:
    """Return the id and the name of every service."""
    return [choice for index in _indexes for choice in index.choices()]


def service_ids(typed: str) -> list[str]:
    """Return the ids of the services that a typed text means."""
    return [found for index in _indexes for found in index.ids_of(typed)]
