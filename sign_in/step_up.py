"""Step-up: verifying a second factor again before a sensitive change (ASVS 7.5.1)."""

import time
from dataclasses import dataclass

from django.conf import settings
from django.contrib.sessions.backends.base import SessionBase
from django.http import HttpRequest
from django_otp.models import Device

from sign_in import methods
from sign_in.methods import Option, Standing

_PROVEN = "proven"


@dataclass(frozen=True)
class LastFactor:
    """The last second factor verified in a session.

    `at` is in seconds since the epoch. `amr` is its value of RFC 8176. `with_password` is whether the same flow has
    verified the password. `independent` is `Method.independent`.
    """

    at: float
    amr: str
    with_password: bool = False
    independent: bool = True


def remember_factor(request: HttpRequest, device: Device, *, with_password: bool = False) -> None:
    """Record in the session that the device was verified just now."""
    method = methods.of_device(device)
    request.session[_PROVEN] = {
        "at": time.time(),
        "strength": method.strength if method else 0,
        "opens_admin": method is not None and method.opens_admin,
        "amr": method.amr if method else "",
        "with_password": with_password,
        "independent": method is None or method.independent,
    }


def last_factor(session: SessionBase) -> LastFactor | None:
    """Return the last second factor verified in the session, or None if unknown."""
    proof = session.get(_PROVEN)
    if not proof:
        return None
    return LastFactor(
        float(proof["at"]), proof.get("amr", ""), proof.get("with_password", False), proof.get("independent", True)
    )


def opens_admin(session: SessionBase) -> bool:
    """Return whether the last second factor verified in the session is strong enough for the admin (ASVS 8.4.2).

    SECURITY: ignores the device that the session is bound to. After a removal or replacement the session may be bound
    to a device that was never verified in it.
    """
    proof = session.get(_PROVEN) or {}
    return bool(proof.get("opens_admin"))


def proven_at(session: SessionBase, standing: Standing) -> float | None:
    """Return when the session verified what a sensitive change needs, in seconds since the epoch.

    Return None if a step-up is needed. The verification must be within `STEP_UP_LIFE`, and as strong as the account's
    strongest method (NIST 800-63B-4, 4.1.2.1).
    """
    proof = session.get(_PROVEN)
    if proof is None or time.time() - proof["at"] > settings.STEP_UP_LIFE.total_seconds():
        return None
    return float(proof["at"]) if proof["strength"] >= standing.strength else None


def is_fresh(proven: float) -> bool:
    """Return whether a verification at that time, in seconds since the epoch, is within `STEP_UP_LIFE`."""
    return time.time() - proven <= settings.STEP_UP_LIFE.total_seconds()


def options(standing: Standing) -> tuple[Option, ...]:
    """Return the usable devices that are strong enough for a sensitive change."""
    return tuple(option for option in standing.options if option.method.strength >= standing.strength)
