"""The page for accounts that can make no codes now."""

from django.urls import reverse
from django.utils.translation import gettext as _

from common.help_sections import HelpSection
from common.problems import Problem


def too_many_sheets() -> Problem:
    """Return the page (429) for too many sets of codes in a day.

    Each set sends the owner an email and a text message, and costs money.
    """
    return Problem(
        _("You have made recovery codes too many times today"),
        (_("Your newest codes still work. You can make new ones tomorrow."),),
        429,
        _("Your login methods"),
        reverse("sign_in:security_info"),
        help_section=HelpSection.LOST_PHONE,
    )
