"""Its two pages."""

from django import forms
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import path

from accounts import enrollment, sign_in
from accounts.origin import of as origin_of
from accounts.views.codes import CodeView
from tests.pigeon.models import Pigeon
from tests.pigeon.verification import PigeonVerification


class WordForm(forms.Form):
    """Asks for the word."""

    code = forms.CharField()


def enroll(request: HttpRequest) -> HttpResponse:
    """Ask for the word of a new pigeon."""
    pending = sign_in.after_password(request)
    if pending is None:
        return redirect("accounts:sign_in")
    account = enrollment.may_enroll(pending, "pigeon").account
    if request.method != "POST":
        return HttpResponse("Hvad siger duen?")
    with transaction.atomic():
        device = Pigeon.objects.create(user=account, name="Karl", word=request.POST["word"])
        enrollment.confirmed(pending, device, origin_of(request))
    sign_in.device_enrolled(request, pending, device)
    return redirect("accounts:enrolled")


class VerifyView(CodeView[Pigeon]):
    """Sign in, or step up, who knows the word."""

    form_class = WordForm
    wrong = "Det sagde duen ikke"
    wrong_until = "Det sagde duen ikke. Vent til %(time)s."

    def verification(self) -> PigeonVerification:
        """Judge against the account's pigeon."""
        return PigeonVerification(self.pending, origin_of(self.request))

    def show(self, form: forms.Form) -> HttpResponse:
        """Show the form without a template."""
        return HttpResponse(f"Hvad siger duen? {form.errors.as_text()}")


app_name = "pigeon"
urlpatterns = [
    path("enroll/pigeon/", enroll, name="enroll"),
    path("sign-in/verify/pigeon/", VerifyView.as_view(), name="verify"),
]
