"""The pages that make recovery codes and that ask for one."""

from dataclasses import replace
from typing import cast
from urllib.parse import urlencode

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_http_methods

from accounts.models import Account
from common.client_info import client_info_of
from common.safe_redirect import safe_redirect_url
from mfa_recovery import making
from mfa_recovery.forms import MakeForm, RecoveryCodeForm
from mfa_recovery.method import METHOD
from mfa_recovery.models import RecoveryDevice
from mfa_recovery.verification import RecoveryVerification
from sign_in import methods
from sign_in.guards import step_up_required
from sign_in.problems import not_allowed
from sign_in.verification import CodeResult
from sign_in.views.codes import OnlyDeviceCodeView


@sensitive_variables("made")
@require_http_methods(["GET", "HEAD", "POST"])
@step_up_required
def recovery_codes(request: HttpRequest) -> HttpResponse:
    """Show how many codes are left. On POST, make new codes and show them once.

    The response to the POST itself contains the codes. A redirect to another page would require a copy in clear text.

    A reload posts the number of a set that no longer exists, and makes nothing.
    """
    account = cast(Account, request.user)
    if not METHOD.allows(account):
        security_info = reverse("sign_in:security_info")
        raise replace(not_allowed(), action=_("Your login methods"), action_url=security_info)
    next_url = safe_redirect_url(request, request.POST.get("next") or request.GET.get("next", ""))
    onward = next_url or reverse("sign_in:security_info")
    if request.method != "POST":
        context = {"sheet": making.made_sheet(account), "next": next_url, "onward": onward}
        return render(request, "mfa_recovery/make.html", context)
    form = MakeForm(request.POST)
    made = making.make_sheet(account, form.cleaned_data["sheet"] if form.is_valid() else None, client_info_of(request))
    if made is None:
        messages.info(request, _("The codes are shown only once. If you did not save them, make new ones."))
        query = f"?{urlencode({'next': next_url})}" if next_url else ""
        return HttpResponseRedirect(reverse("mfa_recovery:codes") + query)
    shown = {"made": made, "made_at": timezone.now(), "onward": onward, "host": settings.PORTAL_HOST}
    response = render(request, "mfa_recovery/codes.html", shown)
    # SECURITY: unlike other responses to a POST, this one is not kept for the back button either.
    response.headers["Cache-Control"] = "no-store, private"
    return response


class RecoveryVerifyView(OnlyDeviceCodeView[RecoveryDevice]):
    """The page that asks for a recovery code. A right code signs in or completes the step-up."""

    method = METHOD
    form_class = RecoveryCodeForm
    template = "mfa_recovery/verify.html"
    wrong = gettext_lazy("The code is incorrect, or you have used it already")
    wrong_until = gettext_lazy("The code is incorrect. Try again at %(time)s.")

    def verification(self) -> RecoveryVerification:
        return RecoveryVerification(self.pending, client_info_of(self.request))

    def proven(self, result: CodeResult[RecoveryDevice], device: RecoveryDevice) -> HttpResponse:
        """Sign in, and show on the next page how many codes are left."""
        response = super().proven(result, device)
        left = result.left
        if left:
            text = ngettext("You have %(count)d recovery code left.", "You have %(count)d recovery codes left.", left)
            messages.info(self.request, text % {"count": left})
        else:
            messages.warning(
                self.request, _("That was your last recovery code. Make new ones under Your login methods.")
            )
        if not methods.standing(device.user.pk).enrolled:
            messages.warning(self.request, _("You have no other login method. Add one under Your login methods."))
        return response
