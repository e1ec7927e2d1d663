"""The error pages for the link in a notice."""

from django.urls import reverse
from django.utils.translation import gettext as _

from common.help_sections import HelpSection
from common.problems import Problem


def report_link_dead() -> Problem:
    """Return the problem of a report link that has expired or that the portal did not create."""
    return Problem(
        _("The link no longer works"),
        (
            _("Did you see a login or a change that was not yours? Choose a new password, then call IT Support."),
            _("Links in emails about your login only work for a limited time."),
        ),
        404,
        _("Choose a new password"),
        reverse("sign_in:password_forgotten"),
        help_section=HelpSection.NOT_ME,
    )
