"""Whether an account can log in now, in words, with what is wrong and why."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from django.utils.translation import gettext as _

from accounts import states
from accounts.models import Account
from common.clock import day_and_clock
from sign_in import methods
from sign_in.methods import Option, throttling


class Level(StrEnum):
    """The level of an account's status. Pages show it by color and icon."""

    WELL = "well"
    WARNING = "warning"
    BAD = "bad"


@dataclass(frozen=True)
class AccountStatus:
    """The status in a few words, and one sentence for each thing that is wrong."""

    level: Level
    words: str
    wrong: tuple[str, ...]

    @property
    def icon(self) -> str:
        """An icon that shows the level without color."""
        return {Level.WELL: "✓", Level.WARNING: "!", Level.BAD: "✕"}[self.level]


def state_words(account: Account) -> str:
    """Return the states in which the account cannot be used as usual, in words. Return "" for a usual account."""
    said = []
    if states.is_blocked(account):
        until = account.blocked_until
        said.append(_("blocked until %(time)s") % {"time": day_and_clock(until)} if until else _("blocked"))
    if account.reported_at is not None:
        said.append(_("reported by the user"))
    if account.must_renew_since is not None:
        said.append(_("password must be renewed"))
    return " · ".join(said)


def account_status(account: Account, registered: Sequence[Option]) -> AccountStatus:
    """Return the status of the account with these devices."""
    level, words = _level(account, registered)
    return AccountStatus(level, words, tuple(_wrong(account, registered)))


def _level(account: Account, registered: Sequence[Option]) -> tuple[Level, str]:
    standing = methods.standing_of(account, registered)
    if not account.is_active:
        return Level.BAD, _("Cannot log in: deactivated")
    if states.is_blocked(account):
        return Level.BAD, _("Cannot log in: blocked")
    if account.must_renew_since is not None:
        return Level.BAD, _("Cannot log in: the password must be renewed")
    if standing.options:
        if standing.enrolled:
            return (Level.WARNING if account.reported_at else Level.WELL), _("Enrolled: can log in")
        return Level.WARNING, _("Not enrolled: can log in with a backup only")
    if standing.forbidden:
        return Level.WARNING, _("Not enrolled: must set up another method at the next login")
    if standing.guarded:
        return Level.BAD, _("Cannot log in: needs an access pass")
    return Level.WARNING, _("Not enrolled: sets up a method at the next login")


def _wrong(account: Account, registered: Sequence[Option]) -> Iterator[str]:
    if states.is_blocked(account) and account.blocked_until is not None:
        yield _("Blocked until %(time)s.") % {"time": day_and_clock(account.blocked_until)}
    if account.reported_at is not None:
        yield _("The user has reported a misuse, %(time)s.") % {"time": day_and_clock(account.reported_at)}
    if account.must_renew_since is not None:
        text = _("The password works no more since %(time)s. The user chooses a new one with the link from an email.")
        yield text % {"time": day_and_clock(account.must_renew_since)}
    for option in registered:
        yield from _wrong_with(account, option)


def _wrong_with(account: Account, option: Option) -> Iterator[str]:
    name = f"{option.method.label} {option.description.seen}".strip()
    state = throttling.state(option.device)
    if not option.allowed:
        yield _forbidden(account, option) % {"device": name}
    elif state.disabled:
        yield _("%(device)s is locked after too many wrong codes, or reported by the user.") % {"device": name}
    elif state.until is not None:
        text = _("%(device)s is locked after wrong codes until %(time)s.")
        yield text % {"device": name, "time": day_and_clock(state.until)}
    if option.hint:
        yield option.hint


def _forbidden(account: Account, option: Option) -> str:
    """Return why the device is no longer allowed, and what happens at the next login."""
    audience = option.method.audience
    if account.is_student and account.is_employee and audience.students and not audience.employees:
        return _(
            "%(device)s is not allowed, because the student is also an employee. At the next login the user confirms "
            "with it once more, and then sets up an authenticator app."
        )
    return _(
        "%(device)s is not allowed for this account any more. At the next login the user confirms with it once more, "
        "and then sets up another method."
    )
