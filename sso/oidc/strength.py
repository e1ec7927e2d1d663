"""How strong the proof of a session is, and what a service requires."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from accounts.models import Account
from sign_in import methods, step_up
from sso.models import Client
from sso.oidc.authorization_request import MFA, AuthorizationRequest

_SMS = "sms"
# RFC 8176: proofs that a look-alike page cannot pass on. No method of the portal has one of them yet.
_PHISHING_RESISTANT = ("hwk", "swk", "pop")


def is_sufficient(request: HttpRequest, client: Client) -> bool:
    """Return whether the last proof of the session was by a method that is sufficient for the service."""
    proof = step_up.last_factor(request.session)
    return proof is not None and _is_enough(client, proof.amr, proof.independent)


def has_sufficient_method(account: Account, client: Client) -> bool:
    """Return whether the account has a usable method that is sufficient for the service."""
    options = methods.standing(account.pk).options
    return any(_is_enough(client, option.method.amr, option.method.independent) for option in options)


def enrollment_page(request: HttpRequest, client: Client) -> HttpResponse:
    """Return the page that leads a person without a sufficient method to enroll one, and then back."""
    can_enroll = client.sufficient == Client.Sufficient.NOT_SMS
    context = {"client": client, "again": request.get_full_path(), "can_enroll": can_enroll}
    return render(request, "sso/too_weak.html", context, status=403)


def satisfies_acr(request: HttpRequest, auth_request: AuthorizationRequest) -> bool:
    """Return whether the session has an `acr` value that the service requires, if it requires one."""
    wanted, proof = auth_request.claims, step_up.last_factor(request.session)
    if not wanted.essential_acr and not wanted.any_acr:
        return True
    return proof is not None and proof.independent and (wanted.any_acr or MFA in wanted.essential_acr)


def _is_enough(client: Client, amr: str, independent: bool) -> bool:
    if client.sufficient == Client.Sufficient.PHISHING_RESISTANT:
        return amr in _PHISHING_RESISTANT
    return client.sufficient == Client.Sufficient.ANY or (independent and amr != _SMS)
