"""The pages that people see if a service's request cannot continue."""

from django.urls import reverse
from django.utils.translation import gettext as _

from common.problems import Problem
from sso.models import Client


def refused(client: Client | None) -> Problem:
    """Return the page (400) for a request that the service, or a sender in its name, may not make."""
    first = (
        _("What %(service)s asked for is not allowed, so we have told it nothing about you.") % {"service": client}
        if client
        else _("You came from a service that we do not know, so we have told it nothing about you.")
    )
    return Problem(
        _("You cannot continue to the service"),
        (first, _("Go back and try again. If it happens again, tell IT Support the reference below.")),
        400,
        _("Go to the front page"),
        reverse("sign_in:home"),
    )


def out_of_use(client: Client) -> Problem:
    """Return the page (403) for a service that an administrator has disabled."""
    return Problem(
        _("The service is not in use"),
        (_("You cannot log in to %(service)s at the moment.") % {"service": client},),
        403,
        _("Go to the front page"),
        reverse("sign_in:home"),
    )


def not_now(client: Client) -> Problem:
    """Return the page (503) for a missing signing key, which an operator must make."""
    return Problem(
        _("You cannot continue to the service"),
        (
            _("You cannot log in to %(service)s at the moment.") % {"service": client},
            _("Wait a few minutes, and log in again."),
        ),
        503,
        _("Go to the front page"),
        reverse("sign_in:home"),
    )


def wrong_way_out(*, is_signed_in: bool) -> Problem:
    """Return the page (400) for a logout to an address that is not registered for the service."""
    if not is_signed_in:
        title, text = _("We cannot take you back to the service"), _("You are logged out.")
        return Problem(title, (text,), 400, _("Go to the front page"), reverse("sign_in:home"))
    return Problem(
        _("We cannot take you back to the service"),
        (_("You are not logged out yet. You can log out here."),),
        400,
        _("Log out"),
        reverse("sign_in:sign_out"),
    )
