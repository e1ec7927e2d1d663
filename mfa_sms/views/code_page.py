"""Common parts of the two pages that ask for a code: at enrollment and at sign-in."""

from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts import states
from common.client_info import client_info_of
from common.clock import clock, clock_up
from limits.limit import Refusal
from mfa_sms import delivery_status, enrollment, numbers
from mfa_sms.forms import SmsCodeForm
from mfa_sms.method import METHOD
from mfa_sms.models import Challenge, Purpose, SmsDevice, TextMessage
from mfa_sms.problems import blocked_prefix, limit_of_messages, number_refused, shared_number, too_many_messages
from mfa_sms.sending import Blocked, Locked, Queued, SendOutcome, Wait, browser_digest
from mfa_sms.verification import SmsVerification
from sign_in import flow
from sign_in.methods import Method
from sign_in.pending import PendingSignIn
from sign_in.problems import device_locked, too_many_codes
from sign_in.verification import Verdict

# Columns that the page shows and that admission of the account needs. The three tables have three times as many.
_SHOWN = (
    *(
        "number",
        "status",
        "status_at",
        "gateway",
        "error",
        "challenge__outcome",
        "challenge__expires_at",
        "challenge__device__id",
    ),
    *(f"challenge__device__user__{field}" for field in ("password", "session_epoch", *states.COLUMNS)),
)


@dataclass(frozen=True)
class CodePage:
    """One of the two pages: its URLs, and how it differs from the other."""

    purpose: Purpose
    template: str
    url: str
    status_url: str
    without_message: str
    always_counts: bool

    def latest_message(self, pending: PendingSignIn) -> TextMessage | None:
        """Return the last message that this browser session requested, with challenge, device and account."""
        message = (
            TextMessage.objects.filter(
                account_id=pending.account_id or 0,
                challenge__browser=browser_digest(pending.browser),
                challenge__purpose=self.purpose,
                device__confirmed=self.purpose != Purpose.ENROLL,
            )
            .select_related("challenge__device__user")
            .only(*_SHOWN)
            .order_by("-pk")
            .first()
        )
        if message is not None and message.challenge is not None:
            pending.admit(message.challenge.device.user)
        return message

    def show(self, request: HttpRequest, pending: PendingSignIn, form: SmsCodeForm) -> HttpResponse:
        """Show the page. Without a message, redirect to the page where one can be requested."""
        message = self.latest_message(pending)
        if message is None or message.challenge is None:
            return redirect(self.without_message)
        challenge = message.challenge
        fate = delivery_status.delivery_status(message)
        trouble = METHOD.trouble() if fate is delivery_status.DeliveryStatus.WAITS else ""
        context = {
            "form": form,
            "trouble": trouble,
            "device": challenge.device,
            "last_two": numbers.last_two(message.number),
            "full_number": numbers.format_number(message.number)
            if enrollment.has_entered(pending, message.number)
            else "",
            "expires": clock(challenge.expires_at),
            "expires_at": challenge.expires_at,
            "dead": _dead(challenge),
            "status": delivery_status.status_text(fate),
            "failed": delivery_status.has_failed(fate),
            # No page promises a message that no gateway can send now.
            "waits": bool(trouble) or delivery_status.waits_long(message),
            "status_url": reverse(self.status_url),
        }
        return render(request, self.template, context)

    def status(self, request: HttpRequest) -> JsonResponse:
        """Return the last message's delivery status as JSON: its `text`, and whether it `failed` and is `final`."""
        pending = flow.current_flow(request)
        message = self.latest_message(pending) if pending and pending.password_done else None
        if message is None:
            return JsonResponse({"text": "", "failed": False, "final": True})
        fate = delivery_status.delivery_status(message)
        return JsonResponse(
            {
                "text": delivery_status.status_text(fate),
                "failed": delivery_status.has_failed(fate),
                "final": delivery_status.is_final(message),
            }
        )

    def judge(self, request: HttpRequest, pending: PendingSignIn, form: SmsCodeForm) -> SmsDevice | None:
        """Return the device if the code is correct; otherwise add the error to the form and return None.

        Raises the page for a locked device.
        """
        verification = SmsVerification(pending, client_info_of(request), self.purpose)
        result = verification.verify(form.cleaned_data["code"])
        result.raise_if_locked()
        match result.verdict:
            case Verdict.RIGHT:
                return result.device
            case Verdict.WRONG:
                form.add_error("code", self._wrong(result.left))
            case Verdict.EXHAUSTED:
                again = clock_up(result.until or timezone.now())
                text = _("The code is incorrect. You have no attempts left. Ask for a new code at %(time)s.")
                form.add_error("code", text % {"time": again})
            case _:
                form.add_error("code", _("The code has expired. Ask for a new one."))
        return None

    def _wrong(self, tries_left: int) -> str:
        text = _("The code is incorrect")
        if self.always_counts or tries_left <= 2:
            left = ngettext("You have %(count)d attempt left", "You have %(count)d attempts left", tries_left)
            text = f"{text}. {left % {'count': tries_left}}."
        return text

    def after_asking(self, request: HttpRequest, pending: PendingSignIn, asked: SendOutcome) -> HttpResponse:
        """Redirect to the page that asks for the code, or raise the page for what refused the message."""
        match asked:
            case Queued(again=again):
                if again:
                    messages.success(request, _("We sent the code again at %(time)s.") % {"time": clock(asked.at)})
                return redirect(self.url)
            case Locked(until=until):
                raise too_many_codes(until) if until else device_locked()
            case Wait(until=until):
                if self._has_live_code(pending):
                    text = _("We have already sent the code. You can ask for it again at %(time)s.")
                    messages.info(request, text % {"time": clock_up(until)})
                    return redirect(self.url)
                raise too_many_messages(until, reverse(self.without_message))
            case Refusal():
                alive = self._has_live_code(pending)
                back = reverse(self.url if alive else self.without_message)
                raise limit_of_messages(asked, back, code_alive=alive, other=self._other(pending))
        why = blocked_prefix() if isinstance(asked, Blocked) else shared_number()
        raise number_refused(why, self._other(pending))

    def _other(self, pending: PendingSignIn) -> Method | None:
        return enrollment.other_method(enrollment.may_enroll_sms(pending)) if self.purpose == Purpose.ENROLL else None

    def _has_live_code(self, pending: PendingSignIn) -> bool:
        message = self.latest_message(pending)
        return message is not None and message.challenge is not None and not _dead(message.challenge)


def _dead(challenge: Challenge) -> bool:
    return challenge.outcome != Challenge.Outcome.OPEN or challenge.is_expired
