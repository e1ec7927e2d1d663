"""Pages for the cases in which no code can be sent or verified."""

from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _

from common import languages
from common.clock import clock_up
from common.problems import Problem
from mfa_sms import numbers
from mfa_sms.numbers import NotANumber, NumberFault
from sign_in.methods import policies


def not_allowed_by_sms() -> Problem:
    """403: the policy does not allow SMS, which by default is for students only (guide, R1)."""
    policy = policies.audience("mfa_sms")
    for_students = policy is None or policy.students
    return Problem(
        _("You cannot use text messages"),
        (
            _("Only students can use text messages (SMS) for two-factor login.")
            if for_students
            else _("Text messages (SMS) can no longer be used for two-factor login."),
            _("Choose another method."),
        ),
        403,
        _("Choose another method"),
        reverse("sign_in:enroll_methods"),
    )


def too_many_messages(until: datetime, back: str, *, code_alive: bool) -> Problem:
    """429: a quota, or the resend gap after a message that another browser requested."""
    paragraphs = [
        _("The code you have received still works.") if code_alive else "",
        _("Ask for a new one at %(time)s.") % {"time": clock_up(until)},
    ]
    return Problem(
        _("We cannot send more codes right now"),
        tuple(filter(None, paragraphs)),
        429,
        _("Enter the code") if code_alive else _("Back"),
        back,
    )


def number_refused(refused: NotANumber | None = None) -> Problem:
    """422: a valid number to which we send no codes. The page never says who has the number."""
    why = why_refused(refused) if refused else _("The number cannot be added to your account.")
    return Problem(
        _("We cannot send codes to this number"),
        (why, _("Use another mobile number, or call IT Support to hear what else you can do.")),
        422,
        _("Enter another number"),
        reverse("mfa_sms:phone"),
    )


def why_refused(refused: NotANumber) -> str:
    """Return why we send no codes to a valid number."""
    country = numbers.country_name(refused.region, languages.current())
    if refused.fault is NumberFault.COUNTRY_REFUSED and country:
        return _("We do not send codes to numbers in that country (%(country)s).") % {"country": country}
    if refused.fault is NumberFault.TYPE_REFUSED:
        return _("It is not an ordinary mobile number, so it may not receive codes.")
    return _("We do not send codes to this number.")
