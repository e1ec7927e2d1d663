"""Verification of a code of an authenticator app."""

import re
from collections.abc import Sequence

from django.db.models import QuerySet
from django.views.decorators.debug import sensitive_variables
from django_otp.oath import TOTP

from common.client_info import ClientInfo
from mfa_totp.matching import matched
from mfa_totp.method import METHOD
from mfa_totp.models import AuthenticatorApp
from sign_in.pending import PendingSignIn
from sign_in.problems import not_allowed
from sign_in.verification import CodeVerification, Verdict

_DEVICE = re.compile(r"\Amfa_totp\.authenticatorapp/(\d{1,18})\Z", re.ASCII)


def chosen(pending: PendingSignIn, device_id: str) -> AuthenticatorApp | None:
    """Return the app of the account with that `persistent_id`; None for another account's.

    Raises the page that says to start again if the account has changed since the password, and the page for an account
    that may not use an app.
    """
    device = _own(AuthenticatorApp.objects.all(), pending, device_id)
    if device is not None and not METHOD.allows(pending.admit(device.user)):
        raise not_allowed()
    return device


def _own(devices: QuerySet[AuthenticatorApp], pending: PendingSignIn, device_id: str) -> AuthenticatorApp | None:
    found = _DEVICE.match(device_id)
    if found is None:
        return None
    own = devices.select_related("user").filter(pk=int(found[1]), user_id=pending.account_id or 0, confirmed=True)
    return own.first()


class AppVerification(CodeVerification[AuthenticatorApp, TOTP]):
    """Judges six digits against the app that was chosen.

    A code is right once, and after it no code of an earlier step is (RFC 6238, section 5.2). Of two right codes at once
    exactly one is RIGHT; the other is USED.
    """

    method = METHOD

    def __init__(self, pending: PendingSignIn, client: ClientInfo, device_id: str) -> None:
        super().__init__(pending, client)
        self._device_id = device_id

    def lock_device(self) -> AuthenticatorApp | None:
        """Lock the app that was chosen."""
        return _own(AuthenticatorApp.objects.select_for_update(of=("self",)), self.pending, self._device_id)

    def record_missing(self) -> None:
        """Write nothing: no device of the account was meant."""

    @sensitive_variables("code", "device")
    def find_match(self, device: AuthenticatorApp, code: str) -> TOTP | None:
        """Compare with the codes of the steps after the last one that was right."""
        return matched(device, code, device.last_t + 1)

    def consume(self, device: AuthenticatorApp, match: TOTP) -> Sequence[str]:
        """Keep the step, so that neither its code nor an earlier one is right again, and the drift of the clock."""
        device.last_t, device.drift = match.t(), match.drift
        return ["last_t", "drift"]

    @sensitive_variables("code", "device")
    def count_wrong(self, device: AuthenticatorApp, code: str) -> Verdict:
        """Tell a code that was right before from a wrong one."""
        return Verdict.USED if matched(device, code) else Verdict.WRONG
