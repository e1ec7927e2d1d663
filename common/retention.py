"""The registry of retention: what each app deletes or anonymizes once it is too old.

The schedule has one entry for all of it. The schedule is a setting, and is read before the apps register, so it cannot
list them. `run_retention` starts one task for each, so that a failure of one does not stop the others.
"""

from collections.abc import Callable

from celery import shared_task

_UNTIL_THE_NIGHT_IS_OVER = 4 * 3600.0  # the next night does the rest

_functions: dict[str, Callable[[], object]] = {}


def register(name: str, function: Callable[[], object]) -> None:
    """Add a function that runs every night, in batches of its own. Raise `ValueError` if the name is taken."""
    if name in _functions:
        raise ValueError(f"Retention {name!r} is registered twice.")
    _functions[name] = function


def names() -> list[str]:
    """Return the names in the order of their registration."""
    return list(_functions)


@shared_task(name="common.run_retention")
def run_retention() -> None:
    """Start a task for every registered function."""
    for name in _functions:
        run_retention_step.delay(name)


@shared_task(name="common.run_retention_step", expires=_UNTIL_THE_NIGHT_IS_OVER)
def run_retention_step(name: str) -> None:
    """Run one registered function. Raise `KeyError` if the name is unknown."""
    _functions[name]()
