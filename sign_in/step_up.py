"""Proving a second factor again before a sensitive change (ASVS 7.5.1)."""

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
    """The last second factor that a session has proven: when, in seconds since the epoch, and what (RFC 8176)."""

    at: float
    amr: str


def remember_factor(request: HttpRequest, device: Device) -> None:
    """Note that the device was proven just now in this session."""
    method = methods.of_device(device)
    request.session[_PROVEN] = {
        "at": time.time(),
        "strength": method.strength if method else 0,
        "opens_admin": method is not None and method.opens_admin,
        "amr": method.amr if method else "",
    }


def last_factor(session: SessionBase) -> LastFactor | None:
    """Return what the session has proven last, None where nothing is known of it."""
    proof = session.get(_PROVEN)
    return LastFactor(float(proof["at"]), proof.get("amr", "")) if proof else None


def opens_admin(session: SessionBase) -> bool:
    """Whether what was proven in this session is strong enough for the admin (ASVS 8.4.2).

    SECURITY: a device that the session only stands on, since another was removed or replaced, was not proven.
    """
    proof = session.get(_PROVEN) or {}
    return bool(proof.get("opens_admin"))


def proven_at(session: SessionBase, standing: Standing) -> float | None:
    """Return when the session proved what a sensitive change needs, in seconds since the epoch; None: it must first.

    Not longer ago than `STEP_UP_LIFE`, and by a device as strong as any that the account can prove (NIST 800-63B-4,
    4.1.2.1).
    """
    proof = session.get(_PROVEN)
    if proof is None or time.time() - proof["at"] > settings.STEP_UP_LIFE.total_seconds():
        return None
    return float(proof["at"]) if proof["strength"] >= standing.strength else None


def is_fresh(proven: float) -> bool:
    """Whether a proof of that time still counts."""
    return time.time() - proven <= settings.STEP_UP_LIFE.total_seconds()


def options(standing: Standing) -> tuple[Option, ...]:
    """Return the devices that can prove what a sensitive change needs."""
    return tuple(option for option in standing.options if option.method.strength >= standing.strength)
