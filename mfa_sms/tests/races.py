"""Runs calls at the same time, each in a thread with its own database connection."""

import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from django.db import connections

Result = TypeVar("Result")

PATIENCE = 30  # seconds; PostgreSQL detects a deadlock after one


def at_once(calls: Sequence[Callable[[], Result]]) -> list[Result | BaseException]:
    """Start all calls at the same moment. Return what each returned or raised."""
    barrier = threading.Barrier(len(calls))

    def run(call: Callable[[], Result]) -> Result | BaseException:
        try:
            connections["default"].ensure_connection()
            barrier.wait(PATIENCE)
            return call()
        except Exception as error:
            return error
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(calls)) as pool:
        return list(pool.map(run, calls))
