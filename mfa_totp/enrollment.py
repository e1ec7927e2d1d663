"""Registration of an authenticator app. The device is created only when a code confirms it."""

from collections.abc import Iterator

from django.db import transaction
from django.views.decorators.debug import sensitive_variables
from django_otp.oath import TOTP

from accounts.models import Account
from common.client_info import ClientInfo
from mfa_totp import keys
from mfa_totp.matching import matching_step
from mfa_totp.method import METHOD
from mfa_totp.models import AuthenticatorApp
from sign_in import enrollment as accounts_enrollment
from sign_in.enrollment import Offer
from sign_in.methods import events
from sign_in.pending import PendingSignIn


def may_enroll_app(pending: PendingSignIn) -> Offer:
    """Return what the account may enroll. Raises a page that says what to do if an app is not allowed."""
    return accounts_enrollment.may_enroll(pending, METHOD.slug)


@sensitive_variables("code", "offered", "candidates", "device", "clock")
def confirm(pending: PendingSignIn, code: str, client: ClientInfo) -> AuthenticatorApp | None:
    """Register the app that shows this code of the flow's secret. Return None if the code is wrong.

    A flow registers one app. If two right codes arrive at once, the second request returns the device of the first.

    Wrong codes are recorded but not counted: the page has just shown the secret, so there is nothing to guess.

    Raises what `may_enroll_app` raises.
    """
    with transaction.atomic():
        account = pending.admit(accounts_enrollment.lock(pending.account_id))
        offered = [secret.key for secret in keys.secrets_of_flow(pending, account)]
        device = _registered(account, offered)
        candidates = [device] if device else [AuthenticatorApp.with_key(key, account) for key in offered]
        if device is None:
            may_enroll_app(pending)
        device, clock = next(_matches(candidates, code), (candidates[0], None))
        if clock is None:
            events.code_refused(account, device, "wrong", client)
            return None
        if device._state.adding:
            # The code is now used, so it cannot also sign in.
            device.confirmed, device.last_t, device.drift = True, clock.t(), clock.drift
            device.set_last_used_timestamp(commit=False)
            device.save()
            accounts_enrollment.confirmed(pending, device, client)
    return device


def _registered(account: Account, offered: list[bytes]) -> AuthenticatorApp | None:
    """Return the app that an earlier request of this flow has registered, or None."""
    apps = AuthenticatorApp.objects.filter(user=account, confirmed=True)
    return next((app for app in apps if app.bin_key in offered), None)


def _matches(candidates: list[AuthenticatorApp], code: str) -> Iterator[tuple[AuthenticatorApp, TOTP | None]]:
    """Yield each candidate that the code matches, with its clock."""
    for device in candidates:
        clock = matching_step(device, code)
        if clock is not None:
            yield device, clock
