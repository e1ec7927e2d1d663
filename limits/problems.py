"""The one page for a limit that is reached."""

from django.utils.translation import gettext as _

from common.clock import when_up
from common.help_sections import HelpSection
from common.problems import Problem
from limits.limit import Refusal


def limit_reached(refusal: Refusal, action: str = "", action_url: str = "", *, also: tuple[str, ...] = ()) -> Problem:
    """Return the 429 page: what happened, when to try again, and what else to do.

    `also` are paragraphs that only the caller knows, for example that the last code still works.
    """
    # Translators: %(when)s is "at 14:05", "tomorrow at 14:05" or "on 5 March 2025 at 14:05".
    again = _("Try again %(when)s.") % {"when": when_up(refusal.until)}
    paragraphs = (*also, again, str(refusal.limit.instead))
    return Problem(
        str(refusal.limit.told),
        tuple(filter(None, paragraphs)),
        429,
        action,
        action_url,
        retry_at=refusal.until,
        help_section=HelpSection.WRONG_CODE,
    )
