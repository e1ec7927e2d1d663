"""A page that says what went wrong. Raised anywhere below a view, shown by a middleware."""

from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _


@dataclass
class Problem(Exception):
    """A page: its heading, its paragraphs, and the one thing to do now.

    All texts are in the person's language and carry no other system's words.
    """

    title: str
    paragraphs: tuple[str, ...]
    status: int
    action: str = ""
    action_url: str = ""


def flow_expired() -> Problem:
    """The sign-in is over: too old, ended elsewhere, or never begun."""
    return Problem(
        _("Start again"),
        (_("You have been away for a while. For your security, start again."),),
        409,
        _("Start again"),
        reverse("sign_in:account_name"),
    )
