"""Parties that have checked a password themselves and send people here for the second factor alone.

What such a flow proves goes back to the party. It opens no session here, and uses nothing of one that is open: the
account is the one that the party has named, whoever else is signed in.
"""

from collections.abc import Callable
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.utils.functional import Promise
from django_otp.models import Device

from accounts.models import Account
from common.problems import Problem
from sign_in.pending import PendingSignIn
from sign_in.problems import no_usable_method


@dataclass(frozen=True)
class RelyingParty:
    """One of them.

    `name` is what people call it. `finish` makes the answer to the party, once the device is proven and its event
    written; `pending.attempt` says to which question. `expired` is the page for who comes too late, `stuck` the one for
    who has no device that can be proven to the party now. `accepts` says of a device whether the party takes it as a
    proof; it is asked again once it is proven, since a page can be opened by its address.
    """

    slug: str
    name: str | Promise
    finish: Callable[[HttpRequest, PendingSignIn, Account, Device], HttpResponse]
    expired: Callable[[PendingSignIn], Problem]
    stuck: Callable[[PendingSignIn], Problem] = lambda pending: no_usable_method()
    accepts: Callable[[PendingSignIn, Device], bool] = lambda pending, device: True


_relying_parties: dict[str, RelyingParty] = {}


def register_relying_party(added: RelyingParty) -> None:
    """Add a party. Raises ValueError where its slug is taken."""
    if added.slug in _relying_parties:
        raise ValueError(f"Party {added.slug!r} is registered twice.")
    _relying_parties[added.slug] = added


def relying_party_of(pending: PendingSignIn) -> RelyingParty:
    """Return the party of a flow whose purpose is EXTERNAL_MFA."""
    return _relying_parties[pending.relying_party]
