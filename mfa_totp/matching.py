"""Whose time step a code is."""

import time

from django_otp.oath import TOTP

from mfa_totp.models import AuthenticatorApp


def matched(device: AuthenticatorApp, code: str, min_t: int = 0) -> TOTP | None:
    """Return the clock of the app, set to the step of the code; None if no step now has that code.

    The step now, the one before and the one after (`tolerance`), by what is known of the app's clock (`drift`). Steps
    before `min_t` are left out.
    """
    clock = TOTP(device.bin_key, device.step, device.t0, device.digits, device.drift)
    clock.time = time.time()  # the step must not change between the comparison and its use
    return clock if clock.verify(int(code), device.tolerance, min_t) else None
