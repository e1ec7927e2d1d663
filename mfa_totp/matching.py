"""Whose time step a code is."""

from django_otp.oath import TOTP
from django_otp.plugins.otp_totp.models import TOTPDevice


def matched(device: TOTPDevice, code: str) -> TOTP | None:
    """Return the clock of the app, set to the step that the code belongs to, used before or not; None: to no step now.

    The step now, the one before and the one after (`tolerance`), by what is known of the app's clock (`drift`).
    """
    clock = TOTP(device.bin_key, device.step, device.t0, device.digits, device.drift)
    return clock if clock.verify(int(code), device.tolerance) else None
