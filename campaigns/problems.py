"""What can go wrong when somebody postpones enrollment."""

from django.urls import reverse
from django.utils.translation import gettext as _

from common.problems import Problem


def cannot_put_off() -> Problem:
    """Enrollment was put off too late, or too often; or it may not be put off at all."""
    return Problem(
        _("You can no longer put it off"),
        (_("To log in, set up a login method now. It takes about 2 minutes."),),
        403,
        _("Set it up now"),
        reverse("sign_in:enroll"),
    )
