"""The limits of wrong passwords. Above them an attempt needs a human check, so that no one is ever locked out.

- A known browser of the account has a budget of its own, which no one else can use up.
- Elsewhere wrong passwords count per username and address, and per username over all addresses. An address also has a
  limit of usernames with a wrong password, which right passwords do not lift.

SECURITY: each function executes the same statements for known and unknown usernames (ASVS 6.3.8). A right password is
given back, so only failures count. An attempt is counted before the password is compared. So simultaneous attempts
cannot exceed a limit.
"""

from dataclasses import dataclass

from accounts.account_names import AccountName
from accounts.models import Account
from common.client_info import ClientInfo
from limits import catalogue, counting, refusals
from limits.limit import Limit, Refusal, Use
from sign_in.human_check import Answer


@dataclass
class Attempt:
    """One attempt to enter a password. `budget` is the key of the known browser's own budget, or empty."""

    name: AccountName
    account: Account | None
    client: ClientInfo
    budget: str = ""
    _counted: tuple[Use, ...] = ()

    def admit(self, answer: Answer) -> Refusal | None:
        """Count the attempt. Return None if the password may be compared, otherwise the limit that refuses it."""
        refusal = self._take()
        if refusal is None or answer.use():
            return None
        # Without the account: its event would be one statement more than that of an unknown name.
        refusals.record(refusal, self.client)
        return refusal

    def failed(self) -> None:
        """Count the username once in a window as one that failed at the address."""
        if self.budget:
            return
        if counting.take(catalogue.PASSWORD_FAILURE_OF_NAME_SEEN, self._name_and_address) is None:
            counting.add(catalogue.PASSWORD_NAMES_OF_ADDRESS, self._network)

    def succeeded(self) -> None:
        """Give back what the attempt counted."""
        for use in self._counted:
            counting.give_back(use.limit, use.party)

    @property
    def _network(self) -> str:
        return self.client.network or ""

    @property
    def _name_and_address(self) -> str:
        return counting.digest(f"{self.name.username}|{self._network}")

    def _take(self) -> Refusal | None:
        uses: tuple[Use, ...]
        if self.budget:
            uses = (self._use(catalogue.PASSWORD_FAILURES_OF_KNOWN_BROWSER, counting.digest(self.budget)),)
        else:
            refusal = counting.peek((catalogue.PASSWORD_NAMES_OF_ADDRESS, self._network))
            if refusal is not None:
                return refusal
            uses = (
                self._use(catalogue.PASSWORD_FAILURES_OF_NAME_AND_ADDRESS, self._name_and_address),
                self._use(catalogue.PASSWORD_FAILURES_OF_NAME, counting.digest(self.name.username)),
            )
        refusal = counting.take_all(uses)
        if refusal is None:
            self._counted = uses
        return refusal

    def _use(self, limit: Limit, party: str) -> Use:
        return Use(limit, party, self.account.pk if self.account else None)
