"""Why a request of Entra is refused, and the pages that say so.

`RequestRefused`: the request itself is not trusted. The page is ours, and nothing goes back to Entra. `NotServed`: the
request is genuine, but this person or this request cannot be served. The person reads why and goes back with
`access_denied`.
"""

from enum import StrEnum

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import Account
from common.help_sections import HelpSection
from common.problems import Problem


class Why(StrEnum):
    """The reason in the event of a request that is not trusted."""

    UNREADABLE = "unreadable"
    PARAMETERS = "parameters"
    CLIENT_ID = "client_id"
    REDIRECT_URI = "redirect_uri"
    HINT_MISSING = "hint_missing"
    HINT_MALFORMED = "hint_malformed"
    HINT_ALGORITHM = "hint_algorithm"
    HINT_TENANT = "hint_tenant"
    HINT_KEY = "hint_key"
    HINT_SIGNATURE = "hint_signature"
    HINT_CLAIMS = "hint_claims"
    HINT_ISSUER = "hint_issuer"
    HINT_AUDIENCE = "hint_audience"
    HINT_OLD = "hint_old"
    HINT_FUTURE = "hint_future"
    KEYS_UNREACHABLE = "keys_unreachable"
    REPLAYED = "replayed"


class Unserved(StrEnum):
    """The reason in the event, and in the row of the attempt."""

    TENANT_OFF = "tenant_off"
    UNKNOWN_ACCOUNT = "unknown_account"
    ACCOUNT_INACTIVE = "account_inactive"
    MUST_RENEW = "must_renew"
    LINK_TAKEN = "link_taken"
    AFFILIATION = "affiliation"
    NOT_PILOT = "not_pilot"
    GUEST = "guest"
    NO_ACR = "no_acr"
    NO_AMR = "no_amr"
    NO_METHOD = "no_method"
    DECLINED = "declined"
    EXPIRED = "expired"
    NO_KEY = "no_key"


# The texts of the reasons in the log.
REASONS: dict[str, str | Promise] = {
    Why.UNREADABLE: gettext_lazy("form that cannot be read"),
    Why.PARAMETERS: gettext_lazy("parameter that we did not expect"),
    Why.CLIENT_ID: gettext_lazy("client ID of another external method"),
    Why.HINT_MISSING: gettext_lazy("the hint is missing"),
    Why.HINT_MALFORMED: gettext_lazy("hint that cannot be read"),
    Why.HINT_ALGORITHM: gettext_lazy("hint with another algorithm"),
    Why.HINT_TENANT: gettext_lazy("hint of an unknown tenant"),
    Why.HINT_KEY: gettext_lazy("hint with an unknown key"),
    Why.HINT_SIGNATURE: gettext_lazy("hint with a wrong signature"),
    Why.HINT_CLAIMS: gettext_lazy("hint without what it must contain"),
    Why.HINT_ISSUER: gettext_lazy("hint of another issuer"),
    Why.HINT_AUDIENCE: gettext_lazy("hint for another app registration"),
    Why.HINT_OLD: gettext_lazy("hint that is too old"),
    Why.HINT_FUTURE: gettext_lazy("hint from the future"),
    Why.KEYS_UNREACHABLE: gettext_lazy("the tenant’s keys could not be read"),
    Why.REPLAYED: gettext_lazy("the same request again"),
    Unserved.TENANT_OFF: gettext_lazy("the tenant is not in use"),
    Unserved.UNKNOWN_ACCOUNT: gettext_lazy("no account with that name"),
    Unserved.ACCOUNT_INACTIVE: gettext_lazy("the account is deactivated or blocked"),
    Unserved.MUST_RENEW: gettext_lazy("the password must be renewed"),
    Unserved.LINK_TAKEN: gettext_lazy("the account is linked to another Entra user"),
    Unserved.AFFILIATION: gettext_lazy("the tenant is not for this person"),
    Unserved.NOT_PILOT: gettext_lazy("not in the pilot group"),
    Unserved.GUEST: gettext_lazy("guest from another organization"),
    Unserved.NO_ACR: gettext_lazy("kind of proof that we do not offer"),
    Unserved.NO_AMR: gettext_lazy("method that we do not offer"),
    Unserved.NO_METHOD: gettext_lazy("no method that the tenant accepts"),
    Unserved.DECLINED: gettext_lazy("the person went back without a proof"),
    Unserved.EXPIRED: gettext_lazy("took longer than five minutes"),
}


class RequestRefused(Exception):
    """The request is not trusted. `detail` must not quote a whole value of the request.

    `attempt` is the id of the attempt that an earlier copy of the request has opened, if any.
    """

    def __init__(self, why: Why, detail: str = "", attempt: int = 0) -> None:
        super().__init__(why)
        self.why = why
        self.detail = detail
        self.attempt = attempt


class NotServed(Exception):
    """The request is genuine, but it cannot be served. `account` is the person's account, if known."""

    def __init__(self, why: Unserved, account: Account | None = None) -> None:
        super().__init__(why)
        self.why = why
        self.account = account


def page_of(why: str) -> Problem:
    """Return the page for a request that is not trusted."""
    if why in (Why.HINT_OLD, Why.HINT_FUTURE, Why.REPLAYED):
        return start_again()
    if why in (Why.KEYS_UNREACHABLE, Why.HINT_KEY):
        return Problem(
            _("We cannot ask Microsoft right now"),
            (
                _("Before you can continue we must check with Microsoft 365, but it is not responding."),
                _("Wait a minute. Then go back to the service that you came from, and log in again."),
            ),
            503,
        )
    return Problem(
        _("We could not complete your login"),
        (
            _("Microsoft 365 sent us something we did not expect. For your security, we have stopped here."),
            _("Go back to the service that you came from, and log in again."),
        ),
        400,
    )


def start_again() -> Problem:
    """Return the page (409) for an attempt that is expired, answered, unknown, or from another browser."""
    return Problem(
        _("Start again"),
        (
            _("Microsoft 365 is no longer waiting for this page. You have five minutes, in the same browser."),
            _("Go back to the service that you came from, and log in again."),
        ),
        409,
    )


def not_this_method(handle: str) -> Problem:
    """Return the page (403) for a method that the tenant does not accept."""
    return Problem(
        _("This login method does not work here"),
        (_("Microsoft 365 does not accept this method. Use your phone or your authenticator app."),),
        403,
        _("Use another method"),
        reverse("sso:entra_attempt", args=[handle]),
        help_section=HelpSection.FIRST_TIME_APP,
    )


def stuck(handle: str) -> Problem:
    """Return the page (403) for a person who cannot use any method that the tenant accepts."""
    return Problem(
        *_texts(Unserved.NO_METHOD),
        403,
        _(
            "Continue",
        ),
        reverse("sso:entra_attempt", args=[handle]),
        help_section=HelpSection.LOST_PHONE,
    )


def unserved(why: str) -> Problem:
    """Return the page (403) for a person who goes back with `access_denied`. The template adds the button."""
    return Problem(*_texts(why), 403)


def _texts(why: str) -> tuple[str, tuple[str, ...]]:
    denied = _("You cannot log in to Microsoft 365 with this account")
    call = _("Call IT Support. When they have checked who you are, they can help you log in.")
    match why:
        case Unserved.NO_METHOD:
            return _("You need another login method"), (
                _(
                    "Microsoft 365 needs a code from your phone or your authenticator app, "
                    "but none of your methods works right now."
                ),
                _("Do you have an access pass or a recovery code? Log in to this portal with it, and add a method."),
                call,
            )
        case Unserved.AFFILIATION | Unserved.NOT_PILOT | Unserved.TENANT_OFF:
            return denied, (_("Two-factor login for Microsoft 365 is not open to your account here yet."),)
        case Unserved.GUEST:
            return denied, (_("You log in to Microsoft 365 as a guest from another organization."),)
        case Unserved.NO_ACR | Unserved.NO_AMR:
            return denied, (_("Microsoft 365 asks for a type of login that we do not support."), call)
        case Unserved.MUST_RENEW:
            return _("You must choose a new password"), (
                _("Someone else may know your password, so it no longer works."),
                _("Log in to this portal and use the link “I have forgotten my password”."),
                call,
            )
        case Unserved.LINK_TAKEN:
            return denied, (
                _("Your account here belongs to another user in Microsoft 365, perhaps an earlier one of yours."),
                _("Call IT Support. When they have checked who you are, they can remove the old link."),
            )
        case Unserved.NO_KEY:
            return _("We cannot answer Microsoft right now"), (_("Wait a few minutes, and log in again."),)
        case _:
            return denied, (_("We do not know which account is yours, or it is closed."), call)
