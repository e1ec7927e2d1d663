"""The actions of one person: enroll, sign in, mistype, give up. Each ends before the next one begins."""

import secrets
from dataclasses import dataclass
from random import Random

from django.utils import translation
from django_otp.oath import totp
from phonenumber_field.phonenumber import PhoneNumber

from accounts.models import Account
from campaigns import postponements
from common.problems import Problem
from demo.clock import Clock
from demo.history.cast import Persona
from demo.history.network import Network
from mfa_sms import codes, enrollment, sending
from mfa_sms.models import Challenge, Purpose, SmsDevice
from mfa_sms.verification import SmsVerification
from mfa_totp import enrollment as app_enrollment
from mfa_totp import keys
from mfa_totp.models import AuthenticatorApp
from mfa_totp.verification import AppVerification
from sign_in import events
from sign_in.pending import PendingSignIn
from sign_in.verification import Verdict

_TRIES = 2  # messages that a person requests before giving up


@dataclass
class Visitor:
    """Does what a person does in a browser, through the functions behind the pages."""

    clock: Clock
    network: Network
    rng: Random

    def password(self, persona: Persona, seconds: float | None = None) -> PendingSignIn:
        """Enter the right password, which takes `seconds` (random if None). Return the pending sign-in."""
        account = Account.objects.get(username=persona.username)
        self.clock.forward(self.rng.uniform(8, 30) if seconds is None else seconds)
        events.password_accepted(account, account.username, persona.client)
        return PendingSignIn(
            str(account.account_name),
            self.clock.now.timestamp(),
            account_id=account.pk,
            auth_hash=account.get_session_auth_hash(),
            browser=secrets.token_urlsafe(24),
        )

    def mistype_password(self, persona: Persona) -> None:
        account = Account.objects.get(username=persona.username)
        self.clock.forward(self.rng.uniform(5, 20))
        events.password_refused(account, account.username, "wrong", persona.client)

    def sign_in(self, persona: Persona, wrong: int = 0) -> None:
        """Sign in with the app or by SMS, after `wrong` wrong codes. Do nothing without an enabled method.

        A password that must be renewed is refused.
        """
        account = Account.objects.get(username=persona.username)
        if account.must_renew_since is not None:
            events.password_refused(account, account.username, "must_renew", persona.client)
            return
        pending = self.password(persona)
        app = AuthenticatorApp.objects.filter(user_id=pending.account_id, confirmed=True).first()
        if app is not None:
            self._by_app(pending, app, persona, wrong)
            return
        phone = SmsDevice.objects.filter(user_id=pending.account_id, confirmed=True).first()
        if phone is not None and phone.disabled_at is None:
            self._by_phone(pending, phone, persona, wrong)

    def enroll(self, persona: Persona) -> None:
        """Enroll the app (employees) or SMS (others), and sign in with it."""
        pending = self.password(persona)
        if persona.is_employee:
            account = Account.objects.get(username=persona.username)
            self.clock.forward(self.rng.uniform(40, 120))
            app_enrollment.confirm(pending, self._shown(keys.secret_of_flow(pending, account).key), persona.client)
        elif not self._enroll_phone(pending, persona):
            return
        self.clock.forward(35)
        self.sign_in(persona)

    def put_off(self, persona: Persona) -> None:
        """Choose "Not now" if the campaign allows it. Give up otherwise."""
        pending = self.password(persona)
        self.clock.forward(self.rng.uniform(5, 15))
        try:
            postponements.postpone(pending, persona.client)
        except Problem:
            return

    def guess(self, persona: Persona) -> None:
        """Enter a wrong code of the app, as an attacker does who has only the password."""
        pending = self.password(persona)
        app = AuthenticatorApp.objects.get(user_id=pending.account_id, confirmed=True)
        self._answer_app(pending, app, persona, wrong=True)

    def _enroll_phone(self, pending: PendingSignIn, persona: Persona) -> bool:
        self.clock.forward(self.rng.uniform(15, 60))
        number = PhoneNumber.from_string(persona.number)
        with translation.override(persona.row.language):
            asked = enrollment.enter_number(pending, number, persona.client)
        if not isinstance(asked, sending.Queued) or not self.network.carry():
            return False
        return self._answer_phone(pending, asked.challenge, persona, Purpose.ENROLL, 0)

    def _by_phone(self, pending: PendingSignIn, phone: SmsDevice, persona: Persona, wrong: int) -> None:
        for _time in range(_TRIES):
            with translation.override(persona.row.language):
                asked = sending.request_code(phone.pk, Purpose.SIGN_IN, pending, persona.client)
            if not isinstance(asked, sending.Queued):
                return
            if self.network.carry():
                self._answer_phone(pending, asked.challenge, persona, Purpose.SIGN_IN, wrong)
                return
            self.clock.forward(self.rng.uniform(35, 70))

    def _answer_phone(
        self, pending: PendingSignIn, challenge: Challenge, persona: Persona, purpose: Purpose, wrong: int
    ) -> bool:
        """Enter `wrong` wrong codes, then the right one. Return whether it was accepted."""
        code = codes.derive(challenge) or ""
        for _time in range(wrong):
            self.clock.forward(self.rng.uniform(5, 12))
            SmsVerification(pending, persona.client, purpose).verify(_other(code))
        self.clock.forward(self.rng.uniform(6, 20))
        return SmsVerification(pending, persona.client, purpose).verify(code).verdict is Verdict.RIGHT

    def _by_app(self, pending: PendingSignIn, app: AuthenticatorApp, persona: Persona, wrong: int) -> None:
        for _time in range(wrong):
            self._answer_app(pending, app, persona, wrong=True)
        self._answer_app(pending, app, persona, wrong=False)

    def _answer_app(self, pending: PendingSignIn, app: AuthenticatorApp, persona: Persona, *, wrong: bool) -> None:
        self.clock.forward(self.rng.uniform(5, 15))
        code = self._shown(app.bin_key)
        AppVerification(pending, persona.client, app.persistent_id).verify(_other(code) if wrong else code)

    def _shown(self, key: bytes) -> str:
        return f"{totp(key):06d}"


def _other(code: str) -> str:
    return f"{(int(code) + 314_159) % 10**6:06d}"
