"""Relying parties that check the password themselves and delegate only the second factor to us (external MFA).

The result of such a flow goes back to the relying party. The flow opens no session here and ignores an open session.
Its account is the one that the relying party has named, even if another user is signed in.
"""

from collections.abc import Callable
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.utils.functional import Promise
from django_otp.models import Device

from accounts.models import Account
from common.problems import Problem
from sign_in import enrollment, methods
from sign_in.pending import PendingSignIn


@dataclass(frozen=True)
class RelyingParty:
    """A relying party for external MFA.

    `name` is its name in the interface. `finish` builds the response to the relying party after the device is verified
    and its event is written. `pending.attempt` identifies the request that it answers.

    `expired` returns the page for a user who is too late. `stuck` returns the page for a user without a device that the
    relying party accepts now. `accepts` returns whether the relying party accepts the device. It is called again after
    verification, because a user can open a page by its URL.
    """

    slug: str
    name: str | Promise
    finish: Callable[[HttpRequest, PendingSignIn, Account, Device], HttpResponse]
    expired: Callable[[PendingSignIn], Problem]
    stuck: Callable[[PendingSignIn], Problem] = lambda pending: enrollment.stuck(
        methods.standing(pending.account_id or 0)
    )
    accepts: Callable[[PendingSignIn, Device], bool] = lambda pending, device: True


_relying_parties: dict[str, RelyingParty] = {}


def register_relying_party(added: RelyingParty) -> None:
    """Add a relying party. Raises ValueError if its slug is taken."""
    if added.slug in _relying_parties:
        raise ValueError(f"Party {added.slug!r} is registered twice.")
    _relying_parties[added.slug] = added


def relying_party_of(pending: PendingSignIn) -> RelyingParty:
    """Return the relying party of a flow whose purpose is EXTERNAL_MFA."""
    return _relying_parties[pending.relying_party]
