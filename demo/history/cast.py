"""The people of the history, the same for each seed."""

from dataclasses import dataclass
from random import Random

from account_import.rows import AccountRow
from common.client_info import ClientInfo


def _names(text: str) -> list[str]:
    return text.split()


_FIRST = _names(
    """
    Agnes Aksel Alberte Anders Anna Asta August Bertil Caroline Clara Ditte Ebba Elias Ellen Emil Emma
    Esther Felix Filippa Frederik Freja Gustav Hannah Ida Ingrid Isak Jakob Johan Josefine Karla Kasper
    Konrad Laura Lauritz Liva Louise Luna Mads Magnus Maja Malthe Marie Mathilde Mikkel Nanna Nikolaj
    Noah Nora Oliver Olivia Otto Rasmus Rosa Sara Sebastian Signe Simon Sofie Storm Thea Tobias Valdemar
    Victor Vigga William
    """
)
_LAST = _names(
    """
    Andersen Bang Berg Bjerre Bruun Christensen Dahl Damgaard Eriksen Fischer Frandsen Friis Gregersen
    Hansen Holm Iversen Jensen Jessen Juhl Kjær Knudsen Kristensen Krogh Larsen Lassen Lund Madsen
    Mikkelsen Mortensen Møller Nielsen Nørgaard Olesen Overgaard Petersen Poulsen Rasmussen Riis Schmidt
    Skov Sørensen Thomsen Vestergaard Winther
    """
)
_BROWSERS = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.6 "
    "Mobile/15E148 Safari/604.1",
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0 Safari/537.36 "
    "Edg/141.0.0.0",
    "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.6 "
    "Safari/605.1.15",
    "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0 Mobile Safari/537.36",
    "Mozilla/5.0 (X11; Ubuntu; Linux x86_64; rv:143.0) Gecko/20100101 Firefox/143.0",
)
# Address blocks reserved for documentation (RFC 5737, RFC 3849).
_NETWORKS = ("192.0.2.", "198.51.100.", "203.0.113.", "2001:db8:130:225::")
_PREFIXES = ("20", "21", "22", "26", "28", "30", "40", "42", "50", "51", "53", "60", "61", "71", "81", "93")


@dataclass(frozen=True)
class Persona:
    """One person of the history.

    `joins` and `enrolls` are days of the history, counted from 0. `enrolls` is None if the person never enrolls.
    """

    row: AccountRow
    number: str
    client: ClientInfo
    joins: int
    enrolls: int | None

    @property
    def username(self) -> str:
        return self.row.username

    @property
    def is_employee(self) -> bool:
        """Whether the rules for employees apply. They also apply to employees who are students."""
        return self.row.is_employee

    def enrolled_by(self, day: int) -> bool:
        """Whether the person enrolled before `day`."""
        return self.enrolls is not None and self.enrolls < day


def cast(seed: int, people: int, days: int, campaign: int) -> list[Persona]:
    """Return the people. `campaign` is the day on which the students' campaign begins. Many enroll after it."""
    rng = Random(f"{seed}:cast")  # noqa: S311 - must be reproducible; nothing here is secret
    taken: set[str] = set()
    return [_persona(rng, taken, place, days, campaign) for place in range(people)]


def _persona(rng: Random, taken: set[str], place: int, days: int, campaign: int) -> Persona:
    first, last = rng.choice(_FIRST), rng.choice(_LAST)
    employee = rng.random() < 0.25
    student = not employee or rng.random() < 0.15
    row = AccountRow(
        username=(username := _username(rng, first, last, taken)),
        first_name=first,
        last_name=last,
        email=f"{username}@example.org",
        is_student=student,
        is_employee=employee,
        language="en" if rng.random() < 0.2 else "da",
    )
    joins = 0 if rng.random() < 0.85 else rng.randrange(1, max(2, days // 2))
    # These last digits make the demo's gateway deliver at once if somebody signs in as this person later.
    number = f"+45{rng.choice(_PREFIXES)}{rng.randrange(10_000, 99_999)}{rng.choice('01234')}"
    network = rng.choice(_NETWORKS)
    client = ClientInfo(f"{network}{rng.randrange(2, 250)}", rng.choice(_BROWSERS))
    return Persona(row, number, client, joins, _enrolls(rng, joins, days, campaign, employee=employee))


def _username(rng: Random, first: str, last: str, taken: set[str]) -> str:
    letters = f"{first[:2]}{last[0]}".lower().translate(str.maketrans("æøå", "aoa"))
    while (username := f"{letters}{rng.randrange(100, 1000)}") in taken:
        pass
    taken.add(username)
    return username


def _enrolls(rng: Random, joins: int, days: int, campaign: int, *, employee: bool) -> int | None:
    """Return the day on which a person enrolls, or None.

    Some people enroll before the campaign. More students enroll after it begins.
    """
    chance = rng.random()
    if chance < (0.55 if employee else 0.3):
        return joins if joins >= campaign else rng.randrange(joins, max(joins + 1, campaign))
    if chance < (0.7 if employee else 0.72):
        # More people enroll soon after the campaign's first mails.
        begin = max(joins, campaign)
        return min(days - 1, begin + int((days - begin) * rng.random() ** 1.5))
    return None
