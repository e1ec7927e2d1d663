"""How much, how fast, and what goes wrong when."""

from collections.abc import Iterator
from dataclasses import dataclass

CODES = ("codes-1", "codes-2")

# Of the time in which messages are made: from, until, what, how.
TROUBLES = (
    (0.04, 0.10, "gateway a", "hang"),
    (0.16, 0.22, "gateway b", "mute"),
    (0.30, 0.38, "broker", "cut"),
    (0.42, 0.48, "gateway a", "error"),
    (0.50, 0.56, "gateway b", "nonsense"),
    (0.60, 0.66, "broker", "silent"),
    (0.70, 0.76, "gateway b", "hang"),
    (0.80, 0.85, "gateway a", "nonsense"),
    (0.89, 0.92, "gateway a", "error"),
    (0.89, 0.92, "gateway b", "error"),
)
# The process that makes the messages dies while it sends them itself, beat and web while all else is well.
KILLS = ((0.26, "web"), (0.36, "load"), (0.58, "beat"), (0.74, "load"), (0.82, "other"), (0.95, "web"))


@dataclass(frozen=True)
class Plan:
    """One run."""

    messages: int
    rate: float  # messages a second
    kill_every: float  # seconds between kills of one of the workers that send
    stuck_after: float = 30.0
    sweep_every: float = 15.0
    patience: float = 300.0  # seconds that the end may take after the last message was made

    @property
    def seconds(self) -> float:
        """How long messages are made."""
        return self.messages / self.rate


@dataclass(frozen=True, order=True)
class Step:
    """Something that goes wrong, or well again, so many seconds after the first message."""

    at: float
    target: str
    how: str


def steps(plan: Plan) -> Iterator[Step]:
    """Yield all of them, in no order."""
    for begin, end, target, how in TROUBLES:
        yield Step(begin * plan.seconds, target, how)
        yield Step(end * plan.seconds, target, "well")
    for at, name in KILLS:
        yield Step(at * plan.seconds, name, "kill")
    for number in range(1, int(plan.seconds / plan.kill_every) + 1):
        yield Step(number * plan.kill_every, CODES[number % len(CODES)], "kill")


SMALL = Plan(messages=150, rate=7.5, kill_every=7, stuck_after=20, sweep_every=5, patience=150)
