"""Processes that start and end together, and chains of them."""

import os
import signal
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from demo.processes import Group, Process

_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


@pytest.fixture(autouse=True)
def _handlers_are_put_back() -> Iterator[None]:
    before = [signal.getsignal(number) for number in _SIGNALS]
    yield
    for number, handler in zip(_SIGNALS, before, strict=True):
        signal.signal(number, handler)


def python(code: str) -> Process:
    return Process([sys.executable, "-c", code], dict(os.environ))


def test_the_next_of_a_chain_begins_once_the_one_before_has_succeeded(tmp_path: Path) -> None:
    path = tmp_path / "order"
    first, second = (f"open({str(path)!r}, 'a').write('{name}')" for name in ("first ", "second"))
    forever = python("import time; time.sleep(600)")
    assert Group([[forever], [python(first), python(f"{second}; raise SystemExit(7)")]]).run() == 7
    assert path.read_text() == "first second"


def test_the_other_chains_begin_once_the_first_is_ready(tmp_path: Path) -> None:
    first, second = tmp_path / "first", tmp_path / "second"
    web = python(f"import time; open({str(first)!r}, 'w').close(); time.sleep(600)")
    other = python(f"import os; os.rename({str(first)!r}, {str(second)!r}); raise SystemExit(7)")
    assert Group([[web], [other]], ready=first.exists).run() == 7
    assert second.exists()


def test_a_failure_in_a_chain_ends_everything(tmp_path: Path) -> None:
    path = tmp_path / "never"
    never = python(f"open({str(path)!r}, 'w')")
    assert Group([[python("raise SystemExit(3)"), never]]).run() == 3
    assert not path.exists()
