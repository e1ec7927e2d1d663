"""The size and rate of a run, and the times of its faults."""

from collections.abc import Iterator
from dataclasses import dataclass

CODES = ("codes-1", "codes-2")

# Start and end as fractions of the time in which messages are created, target, and fault.
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
# The process that creates the messages is killed while it sends them itself. Beat and web are killed without other
# faults.
KILLS = ((0.26, "web"), (0.36, "load"), (0.58, "beat"), (0.74, "load"), (0.82, "other"), (0.95, "web"))


@dataclass(frozen=True)
class Plan:
    """One run."""

    messages: int
    rate: float  # messages per second
    kill_every: float  # seconds between kills of a worker that sends
    stuck_after: float = 30.0
    sweep_every: float = 15.0
    patience: float = 300.0  # seconds until all messages must have ended, after the last one was created

    @property
    def seconds(self) -> float:
        """Seconds in which messages are created."""
        return self.messages / self.rate


@dataclass(frozen=True, order=True)
class Step:
    """The start or end of a fault. `at` is in seconds after the first message."""

    at: float
    target: str
    how: str


def steps(plan: Plan) -> Iterator[Step]:
    """Yield all steps, unsorted."""
    for begin, end, target, how in TROUBLES:
        yield Step(begin * plan.seconds, target, how)
        yield Step(end * plan.seconds, target, "well")
    for at, name in KILLS:
        yield Step(at * plan.seconds, name, "kill")
    for number in range(1, int(plan.seconds / plan.kill_every) + 1):
        yield Step(number * plan.kill_every, CODES[number % len(CODES)], "kill")


SMALL = Plan(messages=150, rate=7.5, kill_every=7, stuck_after=20, sweep_every=5, patience=150)
