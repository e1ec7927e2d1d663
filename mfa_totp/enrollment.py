"""Registration of an authenticator app. The device is created only when a code confirms it."""

from django.db import transaction
from django.views.decorators.debug import sensitive_variables

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


@sensitive_variables("code", "secret", "device", "clock")
def confirm(pending: PendingSignIn, code: str, client: ClientInfo) -> AuthenticatorApp | None:
    """Register the app that shows this code of the flow's secret. Return None if the code is wrong.

    A flow registers one app. If two right codes arrive at once, the second request returns the device of the first.

    Wrong codes are recorded but not counted: the page has just shown the secret, so there is nothing to guess.

    Raises what `may_enroll_app` raises.
    """
    with transaction.atomic():
        account = pending.admit(accounts_enrollment.lock(pending.account_id))
        secret = keys.secret_of_flow(pending, account)
        device = AuthenticatorApp.objects.filter(user=account, key=secret.key.hex(), confirmed=True).first()
        if device is None:
            may_enroll_app(pending)
            device = AuthenticatorApp(user=account, key=secret.key.hex(), confirmed=True)
        clock = matching_step(device, code)
        if clock is None:
            events.code_refused(account, device, "wrong", client)
            return None
        if device.pk is None:
            # The code is now used, so it cannot also sign in.
            device.last_t, device.drift = clock.t(), clock.drift
            device.set_last_used_timestamp(commit=False)
            device.save()
            accounts_enrollment.confirmed(pending, device, client)
    return device
