"""The problem page of a refused postponement."""

from django.urls import reverse
from django.utils.translation import gettext as _

from common.help_sections import HelpSection
from common.problems import Problem


def cannot_put_off() -> Problem:
    """Return the page for a postponement that is too late, one too many, or not allowed at all."""
    return Problem(
        _("You can no longer choose “Not now”"),
        (_("To log in, set up a login method now. It takes about 2 minutes."),),
        403,
        _("Set it up now"),
        reverse("sign_in:enroll"),
        help_section=HelpSection.FIRST_TIME_SMS,
    )
