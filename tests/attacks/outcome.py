"""The outcome of a simulated attack, in numbers."""

from collections.abc import Callable
from dataclasses import dataclass

from tests.attacks.people import Owner


@dataclass(frozen=True)
class Outcome:
    """Records each number as a property of the test, for the JUnit report, and asserts it.

    `limit` must come from the settings or the catalogue, so that the test follows them.
    """

    record: Callable[[str, object], None]

    def exactly(self, name: str, measured: float, limit: float) -> None:
        """Fail unless the attacker reached the limit and nothing above it."""
        self._note(name, measured, "=", limit)
        assert measured == limit, f"{name}: {measured:g}, and not {limit:g}"

    def at_most(self, name: str, measured: float, limit: float) -> None:
        self._note(name, measured, "<=", limit)
        assert measured <= limit, f"{name}: {measured:g}, above {limit:g}"

    def at_least(self, name: str, measured: float, limit: float) -> None:
        """Fail if less was reached. It also guards against an attack that does nothing."""
        self._note(name, measured, ">=", limit)
        assert measured >= limit, f"{name}: {measured:g}, below {limit:g}"

    def less_than(self, name: str, measured: float, limit: float) -> None:
        self._note(name, measured, "<", limit)
        assert measured < limit, f"{name}: {measured:g}, not below {limit:g}"

    def owner_signs_in(self, owner: Owner) -> None:
        """Fail unless every sign-in of the owner during the attack succeeded, and there was one."""
        self.at_least("tries of the owner to sign in", owner.tries, 1)
        self.exactly("sign-ins of the owner", owner.sign_ins, owner.tries)

    def nothing(self, name: str, found: list[str]) -> None:
        """Fail if the attacker found anything. The message names the first findings."""
        self._note(name, len(found), "=", 0)
        assert not found, f"{name}: {found[:5]}"

    def _note(self, name: str, measured: float, sign: str, limit: float) -> None:
        self.record(name, f"{measured:g} ({sign} {limit:g})")
