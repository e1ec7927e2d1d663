"""The schedule of each day of the history."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import cached_property, partial
from random import Random
from typing import NamedTuple

from django.utils import timezone

from demo import people
from demo.clock import Clock
from demo.history.cast import Persona, cast
from demo.history.desk import Desk
from demo.history.mishaps import GUESSES_APART, Mishaps
from demo.history.network import Line, Network
from demo.history.visits import Visitor
from overview import counting


class Deed(NamedTuple):
    """An action and its time. `at` is in seconds since midnight. `durable`: the action commits by itself."""

    at: float
    do: Callable[[], object]
    durable: bool = False


_HOUR = 3600.0
_LONGEST = timedelta(minutes=20)  # upper bound for any deed, so that none ends after now
_WEEKEND = 5  # the first weekday of the weekend
_LECTURE = 12  # people who request a code at the same time
_GUESSED = 9  # days until an attacker who uses up the daily budget of wrong codes has locked an app
_GUESSES = 14  # codes that the attacker tries in a day: some more than the budget
_MINUTE = 60.0


@dataclass(frozen=True)
class HistoryPlan:
    """The size of the history. Fields that name a day count back from the last day."""

    seed: int = 1642  # the Round Tower was completed in this year
    days: int = 60
    people: int = 260
    visits: int = 18  # on a working day
    campaign: int = 20  # days since the campaign opened, and days until its deadline
    outage: int = 9
    blackout: int = 23  # both gateways are down for some minutes
    guesses: tuple[int, ...] = (40, 9)  # days on which an attacker starts to guess codes; the last leaves a case open

    @cached_property
    def cast(self) -> list[Persona]:
        """All people of the history."""
        return cast(self.seed, self.people, self.days, self.days - 1 - self.campaign)

    def victim(self, begun: int) -> Persona:
        """Return the employee whose codes are guessed from `begun` days before the last day."""
        enrolled = [one for one in self.cast if one.is_employee and one.enrolled_by(self.days - 1 - begun)]
        return enrolled[begun % len(enrolled)]


class Day:
    """One day of the history, planned until its end or until `until`."""

    def __init__(self, plan: HistoryPlan, number: int, day: date, until: datetime) -> None:
        self.plan, self.number, self.day, self.until = plan, number, day, until
        self.begin = _midnight(day)
        self.end = min(self.begin + timedelta(days=1), until) - timedelta(minutes=1)
        self.rng = Random(f"{plan.seed}:{number}")  # noqa: S311 - must be reproducible; nothing here is secret
        self.clock = Clock(self.begin)
        self.network = Network(self.clock, self.rng, [Line("demo", self.rng), Line("demo-reserve", self.rng)])
        self.visitor = Visitor(self.clock, self.network, self.rng)
        self.desk = Desk(self.clock, self.network, self.rng)
        self.mishaps = Mishaps(self.clock, self.network, self.visitor, self.rng)

    @property
    def left(self) -> int:
        """The number of days of the history that follow this one."""
        return self.plan.days - 1 - self.number

    @cached_property
    def deeds(self) -> list[Deed]:
        """The deeds in order, until the end of the day or until now. The last one closes the day."""
        seconds = (self.end - self.begin).total_seconds()
        planned = sorted((deed for deed in self._deeds() if deed.at < seconds), key=lambda deed: deed.at)
        return [*planned, Deed(seconds, self._close)]

    def do(self, number: int) -> None:
        """Do one deed at its planned time. Call this inside the clock's block."""
        deed = self.deeds[number]
        self.rng.seed(f"{self.plan.seed}:{self.number}:{number}")  # independent of earlier deeds and interruptions
        self.clock.reach(self.begin + timedelta(seconds=deed.at))
        if self.clock.now < self.end - _LONGEST or deed is self.deeds[-1]:
            deed.do()

    def _close(self) -> None:
        self.clock.now = self.end
        self.desk.close_day()
        counting.count_figures()

    def _deeds(self) -> Iterator[Deed]:
        yield from self._office()
        yield from self._enrollments()
        yield from self._sign_ins()
        yield from self._trouble()
        if self.left < 2:
            # The overview shows the last two days hour by hour.
            yield from (Deed((hour + 0.92) * _HOUR, counting.count_figures) for hour in range(24))

    def _office(self) -> Iterator[Deed]:
        new = [persona for persona in self.plan.cast if persona.joins == self.number]
        if self.number == 0:
            yield Deed(0.5 * _HOUR, partial(people.ensure, people.SECOND_LEAD))
        if new:
            yield Deed(1 * _HOUR, partial(self.desk.import_accounts, new))
        if self.left == self.plan.campaign:
            deadline = _midnight(self.day + timedelta(days=2 * self.plan.campaign))
            yield Deed(8 * _HOUR, partial(self.desk.begin_campaign, deadline))
        if self.left <= self.plan.campaign:
            yield Deed(9.05 * _HOUR, self.desk.remind)
            yield Deed(9.06 * _HOUR, self.desk.mail, durable=True)
        if self.day.weekday() < _WEEKEND:
            for persona in self._some(self._enrolled, self.rng.randrange(1, 4)):
                yield Deed(self.rng.uniform(8.5, 15.5) * _HOUR, partial(self.desk.call, persona))

    def _enrollments(self) -> Iterator[Deed]:
        for persona in self.plan.cast:
            if persona.enrolls == self.number:
                yield Deed(self._hour(), partial(self.visitor.enroll, persona))
        if self.left < self.plan.campaign:
            late = [one for one in self._there if not one.enrolled_by(self.number + 1) and not one.is_employee]
            for persona in self._some(late, self.plan.visits // 8):
                yield Deed(self._hour(), partial(self.visitor.put_off, persona))

    def _sign_ins(self) -> Iterator[Deed]:
        busy = 1.0 if self.day.weekday() < _WEEKEND else 0.35
        visits = int(self.plan.visits * busy * self.rng.uniform(0.8, 1.2))
        for persona in self.rng.choices(self._enrolled, k=visits) if self._enrolled else ():
            hour, luck = self._hour(), self.rng.random()
            if luck < 0.03:
                yield Deed(hour, partial(self.mishaps.give_up, persona))
                continue
            if luck < 0.09:
                yield Deed(hour, partial(self.visitor.mistype_password, persona))
            wrong = 6 if luck > 0.985 else 1 if luck > 0.94 else 0
            yield Deed(hour + 1, partial(self.visitor.sign_in, persona, wrong))

    def _trouble(self) -> Iterator[Deed]:
        lecture = self._some([one for one in self._enrolled if not one.is_employee], _LECTURE)
        if self.left == self.plan.outage:
            yield Deed(10 * _HOUR, partial(self.mishaps.outage, lecture, 1))
            yield Deed(11.4 * _HOUR, self.mishaps.repair)
        if self.left == self.plan.blackout:
            yield Deed(13 * _HOUR, partial(self.mishaps.outage, lecture, 2))
            yield Deed(13.2 * _HOUR, self.mishaps.repair)
        if self._enrolled and self.number % 20 == 4:
            yield Deed(self._hour(), partial(self.mishaps.guess_passwords, self.rng.choice(self._enrolled)))
        if self.left == 1 and self._enrolled:
            newest = max(self._enrolled, key=lambda one: (one.enrolls or 0, one.username))
            yield Deed(14.2 * _HOUR, partial(self.desk.report, newest.username))
        yield from self._guesses()

    def _guesses(self) -> Iterator[Deed]:
        """Guess the codes of each victim until the app is locked. After an early lock the owner calls the next day."""
        for begun in self.plan.guesses:
            if begun >= self.plan.days:
                continue
            victim = self.plan.victim(begun)
            if begun - _GUESSED < self.left <= begun:
                # A minute later than on the day before, so that the budget is full again.
                first, apart = (begun - self.left) * _MINUTE, GUESSES_APART.total_seconds()
                guess = partial(self.mishaps.guess_code, victim)
                yield from (Deed(first + place * apart, guess) for place in range(_GUESSES))
            if self.left == begun - _GUESSED and begun > _GUESSED:
                yield Deed(9.5 * _HOUR, partial(self.desk.call, victim, "unlock"))

    @cached_property
    def _there(self) -> list[Persona]:
        return [persona for persona in self.plan.cast if persona.joins < self.number]

    @cached_property
    def _enrolled(self) -> list[Persona]:
        """People who enrolled before today, except the victims of guessed codes: those are away."""
        victims = {self.plan.victim(begun) for begun in self.plan.guesses if begun < self.plan.days}
        return [one for one in self._there if one.enrolled_by(self.number) and one not in victims]

    def _some(self, personas: list[Persona], count: int) -> list[Persona]:
        return self.rng.sample(personas, min(count, len(personas)))

    def _hour(self) -> float:
        return self.rng.triangular(6.5, 23.5, 10.5) * _HOUR


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min), timezone.get_default_timezone())
