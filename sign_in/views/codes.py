"""The base of the methods' code pages, for sign-in and step-up."""

from abc import ABC, abstractmethod
from typing import TYPE_CHECKING, Any, ClassVar, Generic, TypeVar

from django import forms
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.decorators import method_decorator
from django.views import View
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables
from django_otp.models import Device

from common.clock import clock_up
from sign_in import flow
from sign_in.methods import Method
from sign_in.pending import PendingSignIn
from sign_in.verification import CodeResult, CodeVerification
from sign_in.views.sign_in import finish

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

D = TypeVar("D", bound=Device)


@method_decorator(sensitive_post_parameters("code"), name="dispatch")
class CodeView(View, ABC, Generic[D]):
    """Asks for a code. A right code completes the sign-in or the step-up. HTTP only: `verification` checks the code.

    A method must set `form_class`, whose field is `code`, `template` and the texts, and implement `verification`.
    `wrong_until` is the text if the next code must wait until `time`.

    A GET and an invalid form change nothing. A locked device gets a problem page.
    """

    http_method_names = ["get", "head", "post"]
    form_class: ClassVar[type[forms.Form]]
    template: ClassVar[str]
    wrong: "ClassVar[StrOrPromise]"
    wrong_until: "ClassVar[StrOrPromise]"
    pending: PendingSignIn

    @abstractmethod
    def verification(self) -> CodeVerification[D, Any]:
        """Return the object that verifies the code of this request."""

    def explain(self, result: CodeResult[D]) -> str:
        """Return the form's error text for a refused code."""
        if result.until is None:
            return str(self.wrong)
        return str(self.wrong_until) % {"time": clock_up(result.until)}

    def context(self) -> dict[str, Any] | None:
        """Return the template's variables besides the form. If None, the page redirects to the choice of a method."""
        return {}

    def missing(self) -> HttpResponse:
        """Return the response if the account has nothing that a code could match."""
        return redirect("sign_in:verify")

    def proven(self, result: CodeResult[D], device: D) -> HttpResponse:
        """Return the response to a right code."""
        return finish(self.request, self.pending, device.user, device)

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Load the flow of this browser session. Raises the errors of `after_password`."""
        if request.method not in ("GET", "HEAD", "POST"):
            return self.http_method_not_allowed(request)
        pending = flow.after_password(request)
        if pending is None:
            return redirect("sign_in:account_name")
        self.pending = pending
        return super().dispatch(request, *args, **kwargs)

    def get(self, request: HttpRequest) -> HttpResponse:
        return self.show(self.form_class())

    @sensitive_variables("form")
    def post(self, request: HttpRequest) -> HttpResponse:
        form = self.form_class(request.POST)
        if form.is_valid():
            verification = self.verification()
            result = verification.verify(form.cleaned_data["code"])
            result.raise_if_locked()
            if result.device is not None:
                return self.proven(result, result.device)
            if result.verdict is verification.missing:
                return self.missing()
            form.add_error("code", self.explain(result))
        return self.show(form)

    def show(self, form: forms.Form) -> HttpResponse:
        context = self.context()
        if context is None:
            return redirect("sign_in:verify")
        return render(self.request, self.template, {"form": form, **context})


class OnlyDeviceCodeView(CodeView[D]):
    """The page of a method with at most one device per account. The method's button posts `device` and no code."""

    method: ClassVar[Method]

    def get(self, request: HttpRequest) -> HttpResponse:
        """Show the form if the account has a device that it may use."""
        return redirect("sign_in:verify") if self._device() is None else super().get(request)

    def post(self, request: HttpRequest) -> HttpResponse:
        """Verify the code. Without one, redirect to the form if `device` is the account's."""
        if "code" in request.POST:
            return super().post(request)
        device = self._device()
        known = device is not None and request.POST.get("device") == device.persistent_id
        return redirect(self.method.verification_url if known else "sign_in:verify")

    def _device(self) -> Device | None:
        """Return the account's device, if the account may use it. Raises the errors of `PendingSignIn.admit`."""
        device = next(iter(self.method.devices(self.pending.account_id or 0)), None)
        return device if device is not None and self.method.allows(self.pending.admit(device.user)) else None
