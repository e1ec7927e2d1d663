"""The pages for when no codes can be made."""

from django.urls import reverse
from django.utils.translation import gettext as _

from common.problems import Problem


def too_many_sheets() -> Problem:
    """429: each set of codes is a mail and a message to the owner, and costs money."""
    return Problem(
        _("You have made recovery codes many times today"),
        (_("The codes that you made last still work. You can make new ones tomorrow."),),
        429,
        _("Your login methods"),
        reverse("sign_in:security_info"),
    )
