"""Its two pages."""

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import path

from accounts import enrollment, methods, notify, sign_in
from accounts.origin import of as origin_of
from accounts.views.sign_in import finish
from tests.pigeon import events, notices
from tests.pigeon.models import Pigeon


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


def verify(request: HttpRequest) -> HttpResponse:
    """Sign in, or step up, who knows the word."""
    pending = sign_in.after_password(request)
    if pending is None:
        return redirect("accounts:sign_in")
    device = Pigeon.objects.filter(user_id=pending.account_id, word=request.POST.get("word", "-")).first()
    if device is None:
        return HttpResponse("Hvad siger duen?")
    account = pending.admit(device.user)
    origin = origin_of(request)
    with transaction.atomic():
        sign_in.proven(pending, account, device, origin)
        event = events.pigeon_sent(account, device, origin)
        notify.owner(event, notices.PIGEON_SENT, methods.devices(account.pk))
    return finish(request, pending, account, device)


app_name = "pigeon"
urlpatterns = [path("enroll/pigeon/", enroll, name="enroll"), path("sign-in/verify/pigeon/", verify, name="verify")]
