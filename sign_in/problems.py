"""Problem pages of the sign-in. Code below a view raises them, and a middleware shows them."""

from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _

from common.clock import clock_up, day_and_clock
from common.help_sections import HelpSection
from common.problems import Problem
from limits.limit import Refusal
from limits.problems import limit_reached


def already_signed_in(name: str = "", destination: str = "") -> Problem:
    """Return the page for a user who opens a step of the sign-in after completing it.

    `name` is the account name of a user who has begun to sign in with another one, on the way to `destination`.
    """
    done = _("You have confirmed that it is you. You do not need to do anything else here.")
    return Problem(
        _("You are already logged in"),
        (_("You are logged in as %(name)s.") % {"name": name} if name else done,),
        409,
        _("Continue"),
        destination or reverse("sign_in:home"),
        second_action=_("Log out") if name else "",
        second_url=reverse("sign_in:sign_out") if name else "",
        quiet=True,
    )


def begun_elsewhere() -> Problem:
    """Return the page for a user who posts a step of a sign-in that another window has begun again."""
    return Problem(
        _("You have begun a login in another window"),
        (_("Continue in that window, or start again here."),),
        409,
        _("Start again"),
        reverse("sign_in:account_name"),
    )


def already_enrolled() -> Problem:
    """Return the page for a user who opens enrollment but has a method. A password alone cannot enroll a second one."""
    return Problem(
        _("You already have a login method"),
        (_("You do not need to add another. Log in with the one you have."),),
        409,
        _("Next"),
        reverse("sign_in:verify"),
        help_section=HelpSection.NEW_NUMBER,
    )


def not_allowed() -> Problem:
    """Return the page for an account that may not use the requested method."""
    return Problem(
        _("You cannot use this method"),
        (_("Your account cannot use this method for two-factor login. Choose another one."),),
        403,
        _("Choose another method"),
        reverse("sign_in:enroll_methods"),
        help_section=HelpSection.FIRST_TIME_APP,
    )


def nothing_to_enroll() -> Problem:
    """Return the page for an account that may not use any method that users enroll themselves."""
    return Problem(
        _("You cannot set up a method yourself"),
        (_("Call IT Support. When they have checked who you are, they can help you log in."),),
        403,
        _("Use another username"),
        reverse("sign_in:account_name"),
        help_section=HelpSection.OPENING_HOURS,
    )


def confirm_again() -> Problem:
    """Return the page for a user whose last second factor is too old for a sensitive change."""
    return Problem(
        _("Confirm again that it is you"),
        (_("You have been away for a while. For your security, start again. Nothing has been changed."),),
        403,
        _("Your login methods"),
        reverse("sign_in:security_info"),
        help_section=HelpSection.NEW_NUMBER,
    )


def too_many_devices() -> Problem:
    """Return the page for an account with the maximum number of devices."""
    return Problem(
        _("You have many login methods"),
        (_("Remove a method that you no longer use before you add another."),),
        409,
        _("Your login methods"),
        reverse("sign_in:security_info"),
        help_section=HelpSection.NEW_NUMBER,
    )


def device_gone() -> Problem:
    """Return the page for a device that was removed in the meantime or belongs to another account."""
    return Problem(
        _("The method is no longer there"),
        (_("It may have been removed in another window."),),
        404,
        _("Your login methods"),
        reverse("sign_in:security_info"),
        help_section=HelpSection.NEW_NUMBER,
    )


def last_device() -> Problem:
    """Return the page for an attempt to remove the last method. It can only be changed."""
    return Problem(
        _("You cannot remove your last login method"),
        (
            _("Without it you could no longer log in. You can change it instead."),
            _("If you add another method first, you can remove this one afterwards."),
        ),
        409,
        _("Your login methods"),
        reverse("sign_in:security_info"),
        help_section=HelpSection.NEW_NUMBER,
    )


def no_usable_method() -> Problem:
    """Return the page for an account without a usable device, because some are locked."""
    return Problem(
        _("Your login method is locked"),
        (
            _("Wrong codes have been entered too many times, or someone has reported activity that was not yours."),
            _("Call IT Support. When they have checked who you are, they can help you log in again."),
        ),
        403,
        _("Use another username"),
        reverse("sign_in:account_name"),
        help_section=HelpSection.LOST_PHONE,
    )


def method_gone() -> Problem:
    """Return the page for an account that had a method and has none left that it can use."""
    return Problem(
        _("You have no login method left"),
        (
            _("The login method that protected your account has been removed, or it no longer works."),
            _("For your security, your password alone cannot set up a new one."),
            _("Call IT Support. When they have checked who you are, they give you an access pass."),
            _("Then log in with your password and the access pass, and set up a new login method."),
        ),
        403,
        _("Use another username"),
        reverse("sign_in:account_name"),
        help_section=HelpSection.LOST_PHONE,
    )


def account_reported() -> Problem:
    """Return the page for an account whose owner has reported a misuse, and that has no usable method."""
    return Problem(
        _("We are protecting your account"),
        (
            _("You have reported activity on your login that was not yours."),
            _("Call IT Support. When they have checked who you are, they give you an access pass."),
            _("Then log in with your new password and the access pass, and set up a login method."),
        ),
        403,
        _("Use another username"),
        reverse("sign_in:account_name"),
        help_section=HelpSection.NOT_ME,
    )


def method_forbidden() -> Problem:
    """Return the page for a signed-in user whose methods may no longer be used, and who must confirm again."""
    return Problem(
        _("You can no longer use your login method"),
        (
            _("A rule has changed, or your role at the university has."),
            _("Log out, and log in again. You can then set up another login method."),
        ),
        403,
        _("Log out"),
        reverse("sign_in:sign_out"),
        help_section=HelpSection.FIRST_TIME_APP,
    )


def account_blocked(until: datetime | None) -> Problem:
    """Return the page after the right password of a blocked account. It does not say why the account is blocked.

    SECURITY: only a person with the right password sees it. Everyone else sees a wrong password (ASVS 6.3.8).
    """
    how_long = _("It is blocked until %(time)s.") % {"time": day_and_clock(until)} if until else ""
    return Problem(
        _("Your account is blocked"),
        tuple(filter(None, (_("IT Support has blocked it, so you cannot log in."), how_long, _("Call IT Support.")))),
        403,
        _("Use another username"),
        reverse("sign_in:account_name"),
        help_section=HelpSection.OPENING_HOURS,
    )


def must_renew_password() -> Problem:
    """Return the page after the right password of an account whose password must be renewed."""
    return Problem(
        _("You must choose a new password"),
        (
            _("Someone else may know your password, so it no longer works."),
            _("Use the link “I have forgotten my password”. We will send you an email, even if you remember it."),
        ),
        403,
        _("I have forgotten my password"),
        reverse("sign_in:password_forgotten"),
        help_section=HelpSection.PASSWORD,
    )


def passwords_unavailable() -> Problem:
    """Return the page for a password that could not be compared because the university's directory is down."""
    return Problem(
        _("We cannot check your password right now"),
        (
            _(
                "There is nothing wrong with your password or your login method. The system that checks passwords does "
                "not answer."
            ),
            _("Try again in a few minutes."),
        ),
        503,
        _("Try again"),
        reverse("sign_in:password"),
    )


def too_many_codes_of_account(refusal: Refusal) -> Problem:
    """Return the 429 page for an account that has used up its wrong codes, for any method."""
    return limit_reached(refusal, _("Try again"), reverse("sign_in:verify"))


def device_locked() -> Problem:
    """Return the page for a chosen device that is locked. The account may have another device."""
    return Problem(
        _("This login method is locked"),
        (
            _("Wrong codes have been entered too many times, or someone has reported activity that was not yours."),
            _("If you have another login method, use that. Otherwise call IT Support."),
        ),
        403,
        _("Use another method"),
        reverse("sign_in:verify"),
        help_section=HelpSection.WRONG_CODE,
    )


def too_many_codes(until: datetime) -> Problem:
    """Return the 429 page for a device that is locked until `until` after too many wrong codes."""
    text = _("The code has been entered incorrectly too many times. Try again at %(time)s.")
    return Problem(
        _("You must wait before you can log in"),
        (text % {"time": clock_up(until)},),
        429,
        _("Use another method"),
        reverse("sign_in:verify"),
        retry_at=until,
        help_section=HelpSection.WRONG_CODE,
    )
