"""Comparison of a code with the time steps of an app."""

import time

from django_otp.oath import TOTP

from mfa_totp.models import AuthenticatorApp

STEP = 30  # seconds, the default of RFC 6238 and the only value that every app supports
TOLERANCE = 1  # steps before and after the current one (RFC 6238, section 5.2)
DIGITS = 6


def matching_step(device: AuthenticatorApp, code: str, min_t: int = 0) -> TOTP | None:
    """Return the TOTP clock of the app, set to the step that the code matches; None if no step matches.

    Compares the current step and the steps next to it, corrected by the known `drift` of the app's clock.
    Skips steps before `min_t`.
    """
    clock = TOTP(device.bin_key, STEP, 0, DIGITS, device.drift)
    clock.time = time.time()  # the step must not change between comparison and use
    return clock if clock.verify(int(code), TOLERANCE, min_t) else None
