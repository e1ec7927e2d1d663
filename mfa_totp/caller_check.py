"""The current code of an authenticator app, with which a caller proves that they have the app."""

from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_variables
from django_otp.models import Device

from common.client_info import ClientInfo
from helpdesk.caller_codes import CallerCheck
from helpdesk.models import Call
from mfa_totp.matching import matching_step
from mfa_totp.models import AuthenticatorApp
from sign_in.verification import Verdict


class AppCallerCheck(CallerCheck):
    """Compares the code that the app shows. It is used up, so that someone who overheard it cannot log in with it."""

    method = "mfa_totp"

    def ask(self, call: Call, device: Device, client: ClientInfo) -> str:
        """Send nothing: the app shows the code."""
        return _("Ask the caller to open the authenticator app and read out the code that it shows.")

    @sensitive_variables("code")
    def verify(self, call: Call, device: Device, code: str) -> Verdict:
        """Compare with the steps after the last accepted one, and use the step up if the code is right."""
        rows = AuthenticatorApp.objects.select_for_update(of=("self",))
        app = rows.filter(pk=device.pk, confirmed=True).first()
        if app is None:
            return Verdict.EXPIRED
        match = matching_step(app, code, app.last_t + 1)
        if match is None:
            return Verdict.USED if matching_step(app, code) else Verdict.WRONG
        app.last_t, app.drift = match.t(), match.drift
        app.save(update_fields=["last_t", "drift"])
        return Verdict.RIGHT
