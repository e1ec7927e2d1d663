"""The registry of retention functions. They delete or anonymize data that is too old.

The beat schedule has one entry for all of them. The schedule is a setting that is read before the apps register, so it
cannot list them. `run_retention` starts one task for each function, so that one failure does not stop the others.
"""

from collections.abc import Callable

from celery import shared_task

_UNTIL_THE_NIGHT_IS_OVER = 4 * 3600.0  # seconds; the next night's run continues

_functions: dict[str, Callable[[], object]] = {}


def register(name: str, function: Callable[[], object]) -> None:
    """Register a function to run every night. It must work in batches. Raise `ValueError` if the name is taken."""
    if name in _functions:
        raise ValueError(f"Retention {name!r} is registered twice.")
    _functions[name] = function


def names() -> list[str]:
    """Return the registered names, in the order of registration."""
    return list(_functions)


@shared_task(name="common.run_retention")
def run_retention() -> None:
    """Start a task for each registered function."""
    for name in _functions:
        run_retention_step.delay(name)


@shared_task(name="common.run_retention_step", expires=_UNTIL_THE_NIGHT_IS_OVER)
def run_retention_step(name: str) -> None:
    """Run one registered function. Raise `KeyError` if the name is unknown."""
    _functions[name]()
