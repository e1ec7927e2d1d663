"""Failures and attacks in the history: a gateway outage, guessed passwords, and guessed codes until a lock."""

from dataclasses import dataclass
from datetime import timedelta
from random import Random

from accounts.models import Account
from common.client_info import ClientInfo
from demo.clock import Clock
from demo.history.cast import Persona
from demo.history.network import Network
from demo.history.visits import Visitor
from mfa_sms import sending
from mfa_sms.models import Purpose, SmsDevice
from notices import abandoned_sign_ins
from sign_in.password_check import check_password

_STRANGER = ClientInfo("203.0.113.66", "python-requests/2.32.5")
GUESSES_APART = timedelta(minutes=15, seconds=30)  # the longest wait after wrong codes, plus a margin


@dataclass
class Mishaps:
    """Causes failures and attacks, through the functions that detect them."""

    clock: Clock
    network: Network
    visitor: Visitor
    rng: Random

    def outage(self, personas: list[Persona], lines: int) -> None:
        """Take the first `lines` gateways down while all people of a lecture request a code."""
        for line in self.network.lines[:lines]:
            line.down = True
        for persona in personas:
            self._ask(persona)
        self.network.carry()

    def repair(self) -> None:
        """Bring all gateways back up."""
        for line in self.network.lines:
            line.down = False

    def guess_passwords(self, persona: Persona) -> None:
        """Have a machine guess passwords of one account until it is throttled."""
        account = Account.objects.get(username=persona.username)
        for number in range(12):
            self.clock.forward(0.8)
            check_password(account.account_name, f"sommer{2014 + number}!", _STRANGER)

    def guess_code(self, persona: Persona) -> None:
        """Have an attacker who has the password try one code of the owner's app."""
        self.visitor.guess(persona)

    def give_up(self, persona: Persona) -> None:
        """Have a person enter only the password. The owner is notified."""
        self.visitor.password(persona)
        self.clock.forward(12 * 60)
        abandoned_sign_ins.notify_abandoned_sign_ins()

    def _ask(self, persona: Persona) -> None:
        pending = self.visitor.password(persona, seconds=0.3)  # the sign-ins overlap
        phone = SmsDevice.objects.filter(user_id=pending.account_id, confirmed=True).first()
        if phone is not None:
            sending.request_code(phone.pk, Purpose.SIGN_IN, pending, persona.client)
