"""Where passwords live: in this portal, or in the university's directory."""

from abc import ABC, abstractmethod
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum

from django.conf import settings
from django.utils import timezone

from accounts.models import Account


class Verdict(Enum):
    """The result of comparing one password. `TOO_OLD` means that the password is right but may not be used."""

    RIGHT = "right"
    TOO_OLD = "too_old"
    WRONG = "wrong"
    UNAVAILABLE = "unavailable"


@dataclass(frozen=True)
class Judgement:
    """A verdict. `reason` is the reason of the event if the password is refused. `changed_at` is when it was set."""

    verdict: Verdict
    reason: str = "wrong"
    changed_at: datetime | None = None

    @property
    def is_right(self) -> bool:
        return self.verdict in (Verdict.RIGHT, Verdict.TOO_OLD)


class PasswordSource(ABC):
    """Compares passwords. Everything else about a sign-in is the same for all sources."""

    @property
    @abstractmethod
    def change_url(self) -> str:
        """The page of the university on which people choose a password, or "" if this portal has that page."""

    @abstractmethod
    def judge(self, account: Account | None, password: str) -> Judgement:
        """Compare the password.

        SECURITY: for None, which stands for an unknown name, this takes as long as for an account (ASVS 6.3.8).
        """


class PortalPasswords(PasswordSource):
    """Passwords that are kept as hashes in the portal's own database."""

    change_url = ""

    def judge(self, account: Account | None, password: str) -> Judgement:
        if account is None:
            Account().set_password(password)
            return Judgement(Verdict.WRONG)
        changed_at = account.password_changed_at  # before check_password: a hash upgrade sets the password again
        if not account.check_password(password):
            return Judgement(Verdict.WRONG)
        return Judgement(Verdict.TOO_OLD if is_too_old(changed_at) else Verdict.RIGHT)


def is_too_old(changed_at: datetime | None) -> bool:
    """Return whether a password is older than `PASSWORD_MAX_AGE_DAYS`, or of unknown age (guide, R5)."""
    return changed_at is None or timezone.now() - changed_at > timedelta(days=settings.PASSWORD_MAX_AGE_DAYS)


_source: PasswordSource = PortalPasswords()


def current() -> PasswordSource:
    """Return the source that this portal uses."""
    return _source


def use(source: PasswordSource) -> None:
    """Compare all passwords with this source from now on."""
    global _source
    _source = source
