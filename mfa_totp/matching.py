"""Comparison of a code with the time steps of an app."""

import time

from django_otp.oath import TOTP

from mfa_totp.models import AuthenticatorApp


def matching_step(device: AuthenticatorApp, code: str, min_t: int = 0) -> TOTP | None:
    """Return the TOTP clock of the app, set to the step that the code matches; None if no step matches.

    Compares the current step and `tolerance` steps on either side, corrected by the known `drift` of the app's clock.
    Skips steps before `min_t`.
    """
    clock = TOTP(device.bin_key, device.step, device.t0, device.digits, device.drift)
    clock.time = time.time()  # the step must not change between comparison and use
    return clock if clock.verify(int(code), device.tolerance, min_t) else None
