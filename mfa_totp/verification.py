"""Verification of a code of an authenticator app."""

import re
from collections.abc import Sequence

from django.db.models import QuerySet
from django.views.decorators.debug import sensitive_variables
from django_otp.oath import TOTP

from common.client_info import ClientInfo
from mfa_totp.matching import matching_step
from mfa_totp.method import METHOD
from mfa_totp.models import AuthenticatorApp
from sign_in.pending import PendingSignIn
from sign_in.problems import not_allowed
from sign_in.verification import CodeVerification, Verdict, may_verify

_DEVICE = re.compile(r"\Amfa_totp\.authenticatorapp/(\d{1,18})\Z", re.ASCII)


def chosen(pending: PendingSignIn, device_id: str) -> AuthenticatorApp | None:
    """Return the account's confirmed app with that `persistent_id`; None if the account has no such app.

    Raises the page to start again if the account has changed since the password. Raises another page if the account may
    not use an app.
    """
    device = _own(AuthenticatorApp.objects.all(), pending, device_id)
    if device is None:
        return None
    pending.admit(device.user)
    if not may_verify(pending, METHOD, device):
        raise not_allowed()
    return device


def _own(devices: QuerySet[AuthenticatorApp], pending: PendingSignIn, device_id: str) -> AuthenticatorApp | None:
    found = _DEVICE.match(device_id)
    if found is None:
        return None
    own = devices.select_related("user").filter(pk=int(found[1]), user_id=pending.account_id or 0, confirmed=True)
    return own.first()


class AppVerification(CodeVerification[AuthenticatorApp, TOTP]):
    """Verifies six digits against the chosen app.

    An accepted code is used up, and so are the codes of all earlier steps (RFC 6238, section 5.2). If two requests with
    the same right code arrive at once, one is RIGHT and the other is USED.
    """

    method = METHOD

    def __init__(self, pending: PendingSignIn, client: ClientInfo, device_id: str) -> None:
        super().__init__(pending, client)
        self._device_id = device_id

    def lock_device(self) -> AuthenticatorApp | None:
        """Lock the chosen app and return it; None if it is not a confirmed app of the account."""
        return _own(AuthenticatorApp.objects.select_for_update(of=("self",)), self.pending, self._device_id)

    def record_missing(self) -> None:
        """Write no event: the request named no device of the account."""

    @sensitive_variables("code", "device")
    def find_match(self, device: AuthenticatorApp, code: str) -> TOTP | None:
        """Compare with the steps after the last accepted one."""
        return matching_step(device, code, device.last_t + 1)

    def consume(self, device: AuthenticatorApp, match: TOTP) -> Sequence[str]:
        """Store the accepted step and the drift of the app's clock.

        No code of this or an earlier step is accepted afterwards.
        """
        device.last_t, device.drift = match.t(), match.drift
        return ["last_t", "drift"]

    @sensitive_variables("code", "device")
    def refuse_uncounted(self, device: AuthenticatorApp, code: str) -> Verdict | None:
        """Return USED for a code of a step up to the last accepted one.

        Its owner has typed it twice, or has just enrolled with it. It gives no access, so a guess gains nothing.
        """
        return Verdict.USED if matching_step(device, code) else None
