"""What can go wrong with the link of a notice."""

from django.urls import reverse
from django.utils.translation import gettext as _

from common.problems import Problem


def report_link_dead() -> Problem:
    """The link of a mail to an owner is too old, or nobody of us made it."""
    return Problem(
        _("The link no longer works"),
        (
            _("Was there something about your login that was not you? Choose a new password, then call IT Support."),
            _("A link in a mail about your login works for a while only."),
        ),
        404,
        _("I have forgotten my password"),
        reverse("sign_in:password_forgotten"),
    )
