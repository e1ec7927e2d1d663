"""The page that asks for an access pass."""

from django.contrib import messages
from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from common.client_info import client_info_of
from common.clock import clock
from mfa_pass.forms import AccessPassForm
from mfa_pass.method import METHOD
from mfa_pass.models import AccessPass
from mfa_pass.verification import PassVerification
from sign_in.verification import CodeResult
from sign_in.views.codes import OnlyDeviceCodeView


class AccessPassVerifyView(OnlyDeviceCodeView[AccessPass]):
    """The page that asks for an access pass. A right code signs in or completes the step-up."""

    method = METHOD
    form_class = AccessPassForm
    template = "mfa_pass/verify.html"
    wrong = gettext_lazy("The access pass is incorrect")
    wrong_until = gettext_lazy("The access pass is incorrect. Try again at %(time)s.")

    def verification(self) -> PassVerification:
        return PassVerification(self.pending, client_info_of(self.request))

    def missing(self) -> HttpResponse:
        """Redirect with the message that the pass has expired or has been used."""
        messages.info(
            self.request, _("The access pass has expired or has been used. IT Support can give you a new one.")
        )
        return super().missing()

    def proven(self, result: CodeResult[AccessPass], device: AccessPass) -> HttpResponse:
        """Sign in, and show on the next page until when."""
        response = super().proven(result, device)
        text = _("You are logged in until %(time)s. Set up a login method before then.")
        messages.info(self.request, text % {"time": clock(device.expires_at)})
        return response
