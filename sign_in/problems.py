"""Problem pages of the sign-in. Code below a view raises them, and a middleware shows them."""

from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _

from common.clock import clock_up
from common.problems import Problem


def already_signed_in() -> Problem:
    """Return the page for a user who opens a step of the sign-in after completing it."""
    return Problem(
        _("You are already logged in"),
        (_("You have proved who you are. There is nothing more to do here."),),
        409,
        _("Continue"),
        reverse("sign_in:home"),
    )


def already_enrolled() -> Problem:
    """Return the page for a user who opens enrollment but has a method. A password alone cannot enroll a second one."""
    return Problem(
        _("You already have a login method"),
        (_("You do not need to add another. Log in with the one you have."),),
        409,
        _("Next"),
        reverse("sign_in:verify"),
    )


def not_allowed() -> Problem:
    """Return the page for an account that may not use the requested method."""
    return Problem(
        _("You cannot use this method"),
        (_("Your account cannot use this method for two-factor login. Choose another one."),),
        403,
        _("Choose another method"),
        reverse("sign_in:enroll_methods"),
    )


def nothing_to_enroll() -> Problem:
    """Return the page for an account that may not use any method that users enroll themselves."""
    return Problem(
        _("You cannot set up a method yourself"),
        (_("Call IT Support. When they have checked who you are, they can help you log in."),),
        403,
        _("Use another username"),
        reverse("sign_in:account_name"),
    )


def confirm_again() -> Problem:
    """Return the page for a user whose last second factor is too old for a sensitive change."""
    return Problem(
        _("Confirm again that it is you"),
        (_("You have been away for a while. For your security, start again. Nothing has been changed."),),
        403,
        _("Your login methods"),
        reverse("sign_in:security_info"),
    )


def too_many_devices() -> Problem:
    """Return the page for an account with the maximum number of devices."""
    return Problem(
        _("You have many login methods"),
        (_("Remove one that you no longer use before you add another."),),
        409,
        _("Your login methods"),
        reverse("sign_in:security_info"),
    )


def device_gone() -> Problem:
    """Return the page for a device that was removed in the meantime or belongs to another account."""
    return Problem(
        _("The method is no longer there"),
        (_("It may have been removed in another window."),),
        404,
        _("Your login methods"),
        reverse("sign_in:security_info"),
    )


def last_device() -> Problem:
    """Return the page for an attempt to remove the last method. It can only be changed."""
    return Problem(
        _("You cannot remove your last login method"),
        (
            _("Without it you could not log in any more. You can change it instead."),
            _("If you add another method first, you can remove this one afterwards."),
        ),
        409,
        _("Your login methods"),
        reverse("sign_in:security_info"),
    )


def no_usable_method() -> Problem:
    """Return the page for an account whose devices are all locked."""
    return Problem(
        _("Your login method is locked"),
        (
            _("Wrong codes have been entered too many times, or somebody has reported that it was not you."),
            _("Call IT Support. When they have checked who you are, they can help you log in again."),
        ),
        403,
        _("Use another username"),
        reverse("sign_in:account_name"),
    )


def device_locked() -> Problem:
    """Return the page for a chosen device that is locked. The account may have another device."""
    return Problem(
        _("This login method is locked"),
        (
            _("Wrong codes have been entered too many times, or somebody has reported that it was not you."),
            _("If you have another login method, use that. Otherwise call IT Support."),
        ),
        403,
        _("Use another method"),
        reverse("sign_in:verify"),
    )


def too_many_codes(until: datetime) -> Problem:
    """Return the 429 page for a device that is locked until `until` after too many wrong codes."""
    return Problem(
        _("You must wait before you can log in"),
        (
            _("The code has been entered incorrectly too many times. Try again at %(time)s.")
            % {"time": clock_up(until)},
        ),
        429,
    )


def too_many_passwords(until: datetime) -> Problem:
    """Return the 429 page after too many wrong passwords from this address, for a known or an unknown name."""
    return Problem(
        _("You must wait before you can log in"),
        (
            _("The password has been entered incorrectly too many times. Try again at %(time)s.")
            % {"time": clock_up(until)},
        ),
        429,
        _("Start again"),
        reverse("sign_in:account_name"),
    )
