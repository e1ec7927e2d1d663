"""An exception that becomes an error page. Views and the code below them raise it, and a middleware shows the page."""

from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _

from common.help_sections import HelpSection


@dataclass
class Problem(Exception):
    """An error page: its heading, its paragraphs, one action, and sometimes a second one, which is less prominent.

    All texts are in the user's language. They contain no text from other systems. With `retry_at`, the response has the
    header Retry-After.
    """

    title: str
    paragraphs: tuple[str, ...]
    status: int
    action: str = ""
    action_url: str = ""
    retry_at: datetime | None = None
    second_action: str = ""
    second_url: str = ""
    # Whether nothing has failed, so that the page offers no help and no reference.
    quiet: bool = False
    # The section of the help page that explains what happened.
    help_section: HelpSection = HelpSection.OPENING_HOURS


def flow_expired() -> Problem:
    """Return the problem of a sign-in that expired, ended in another tab, or never started."""
    return Problem(
        _("Start again"),
        (_("You have been away for a while. For your security, start again."),),
        409,
        _("Start again"),
        reverse("sign_in:account_name"),
    )
