"""Pages for the cases in which no code can be sent or verified."""

from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _

from common import languages
from common.help_sections import HelpSection
from common.problems import Problem
from limits import catalogue
from limits.limit import Refusal
from limits.problems import limit_reached
from mfa_sms import numbers
from mfa_sms.numbers import NotANumber, NumberFault
from sign_in.methods import Method, policies


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
        help_section=HelpSection.FIRST_TIME_APP,
    )


def too_many_messages(until: datetime, back: str) -> Problem:
    """429: the resend gap after a message that another browser requested."""
    return _too_many(Refusal(catalogue.RESEND_GAP, until), back, code_alive=False)


def limit_of_messages(refusal: Refusal, back: str, *, code_alive: bool, other: Method | None) -> Problem:
    """429: a limit refused the message. `other` is a method that the account may set up instead."""
    if other is None or code_alive:
        return _too_many(refusal, back, code_alive=code_alive)
    problem = limit_reached(refusal, _set_up(other), reverse(other.enrollment_url))
    problem.second_action, problem.second_url = _("Back"), back
    problem.help_section = HelpSection.NO_SMS
    return problem


def _too_many(refusal: Refusal, back: str, *, code_alive: bool) -> Problem:
    also = (_("The code you have received still works."),) if code_alive else ()
    problem = limit_reached(refusal, _("Enter the code") if code_alive else _("Back"), back, also=also)
    problem.help_section = HelpSection.NO_SMS
    return problem


def number_refused(why: str, other: Method | None = None) -> Problem:
    """422: a valid number to which we send no codes. The page never says who has the number.

    `other` is a method that the account may set up instead.
    """
    words = _("Use another mobile number, or call IT Support to ask what else you can do.")
    problem = Problem(
        _("We cannot send codes to this number"),
        (why, words if other is None else _("Use another mobile number, or set up another method instead.")),
        422,
        _("Enter another number"),
        reverse("mfa_sms:phone"),
        help_section=HelpSection.FIRST_TIME_SMS,
    )
    if other is not None:
        problem.second_action, problem.second_url = _set_up(other), reverse(other.enrollment_url)
    return problem


def shared_number() -> str:
    """Return why a number that is on many accounts is refused."""
    return _("The number cannot be added to your account.")


def blocked_prefix() -> str:
    """Return why a number is refused whose prefix is blocked."""
    return _(
        "Too many codes sent to numbers like this one were never used. "
        "For now, we do not send codes to new numbers of this kind."
    )


def _set_up(other: Method) -> str:
    # Translators: a button. %(method)s is the name of a method, for example "Authenticator app".
    return _("Set up another method: %(method)s") % {"method": other.label}


def why_refused(refused: NotANumber) -> str:
    """Return why we send no codes to a valid number."""
    country = numbers.country_name(refused.region, languages.current())
    if refused.fault is NumberFault.COUNTRY_REFUSED and country:
        return _("We do not send codes to numbers in that country (%(country)s).") % {"country": country}
    if refused.fault is NumberFault.TYPE_REFUSED:
        return _("It is not an ordinary mobile number, so it may not receive codes.")
    return _("We do not send codes to this number.")
