"""A value that each process reads at most once a second."""

from collections.abc import Iterator
from types import SimpleNamespace

import pytest

from common import cached_value
from common.cached_value import CachedValue


@pytest.fixture
def now(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """Replace the process's monotonic clock. The first item is the time in seconds."""
    seconds = [100.0]
    monkeypatch.setattr(cached_value, "time", SimpleNamespace(monotonic=lambda: seconds[0]))
    return seconds


def test_it_is_read_once_a_second(now: list[float]) -> None:
    reads = iter(range(10))
    value = CachedValue(lambda: next(reads))
    assert [value.get(), value.get()] == [0, 0]
    now[0] += 1.0
    assert value.get() == 0
    now[0] += 0.1
    assert value.get() == 1


def test_it_is_read_again_once_it_is_forgotten(now: list[float]) -> None:
    reads = iter(range(10))
    value = CachedValue(lambda: next(reads))
    value.get()
    value.forget()
    assert value.get() == 1


def test_a_value_that_cannot_be_read_is_asked_for_again(now: list[float]) -> None:
    answers: Iterator[int | ValueError] = iter([ValueError(), 7])

    def read() -> int:
        answer = next(answers)
        if isinstance(answer, ValueError):
            raise answer
        return answer

    value = CachedValue(read)
    with pytest.raises(ValueError, match=r"^$"):
        value.get()
    assert value.get() == 7
