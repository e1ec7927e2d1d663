"""Security events of other services, and of the keys that sign tokens for them."""

import re
from datetime import datetime

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.models import Account
from audit import refusals
from audit.kinds import EventKind, register
from audit.log import write_event
from audit.models import SecurityEvent
from common.client_info import ClientInfo
from common.clock import day_and_clock
from sign_in.events import EXTERNAL_MFA_COMPLETED
from sso.models import SigningKey

# The texts of the reasons why a service is refused. Those of Entra are in `sso.entra.refusals`.
REASONS = {
    "unknown_client": _("unknown client ID"),
    "redirect_uri": _("redirect URI that is not registered"),
    "post_logout_redirect_uri": _("address after logging out that is not registered"),
    "disabled": _("the service is not in use"),
    "not_admitted": _("the service is not for this person"),
    "too_weak": _("no login method that is strong enough"),
    "malformed": _("request that cannot be read"),
    "response_type": _("response type that we do not offer"),
    "response_mode": _("response mode that we do not offer"),
    "request": _("request object, which we do not offer"),
    "request_uri": _("request object, which we do not offer"),
    "registration": _("registration in the request, which we do not offer"),
    "resource": _("resource in the request, which we do not offer"),
    "scope": _("the scope openid is missing"),
    "prompt": _("unknown prompt"),
    "max_age": _("max_age that is no number"),
    "claims": _("claims that cannot be read"),
    "long_nonce": _("nonce that is too long"),
    "long_state": _("state that is too long"),
    "long_login_hint": _("login_hint that is too long"),
    "long_claims": _("claims that are too long"),
    "nonce": _("the nonce is missing"),
    "pkce": _("PKCE is missing or wrong"),
    "acr": _("kind of login that we do not offer"),
    "no_key": _("no signing key"),
    "invalid_client": _("wrong or missing secret"),
    "code_unknown": _("unknown code"),
    "code_used_twice": _("code used twice"),
    "code_expired": _("code too old"),
    "session_over": _("the login has ended"),
    "invalid_grant": _("token that is no longer valid"),
    "unknown": _("request that cannot be read"),
    "invalid_request": _("request that cannot be read"),
    "invalid_scope": _("more asked for than the service may have"),
    "unauthorized_client": _("not allowed for this service"),
    "unsupported_grant_type": _("not allowed for this service"),
    "unsupported_response_type": _("response type that we do not offer"),
}

SERVICE_SIGNED_IN = register(EventKind("service_signed_in", _("Logged in to a service")))
SERVICE_REFUSED = register(
    EventKind("service_refused", _("Service refused"), reasons=REASONS, is_failure=True, is_sign_in_attempt=True)
)
SERVICE_LINKED = register(EventKind("service_linked", _("Linked to another service's account")))
EXTERNAL_MFA_COMPLETED.add_reasons({"entra": "Microsoft 365"})
SERVICE_CHANGED = register(EventKind("service_changed", _("Service changed")))

_KEY_DETAIL = re.compile(r"(\w+) from=(\S+) replaces=(.+)")


def _key_text(event: SecurityEvent) -> str:
    """Return the detail of a new signing key in words: its protocol, its first day, and the keys that it replaces."""
    match = _KEY_DETAIL.fullmatch(event.detail)
    if match is None:
        return event.detail
    use, begins, replaced = match.groups()
    words = {
        "protocol": SigningKey.Use(use).label,
        "at": day_and_clock(datetime.fromisoformat(begins.replace("Z", "+00:00"))),
        "keys": replaced,
    }
    if words["keys"] == "-":
        return gettext("%(protocol)s. Signs from %(at)s.") % words
    return gettext("%(protocol)s. Signs from %(at)s. Replaces: %(keys)s") % words


SIGNING_KEY_CREATED = register(EventKind("signing_key_created", _("Signing key made"), detail_text=_key_text))


def service_signed_in(account: Account, service: str, client: ClientInfo) -> None:
    """Write that a service learned who a person is. `service` is its client id."""
    write_event(SERVICE_SIGNED_IN, client, account, detail=service, actor=account)


def service_refused(
    service: str, reason: str, client: ClientInfo, account: Account | None = None, detail: str = ""
) -> None:
    """Write that a request by a service, or in its name, was refused. `detail` quotes no request in full.

    SECURITY: a request without an account is counted instead, because anyone can send it, and as often as they like.
    """
    if account is None:
        refusals.count_refusal(SERVICE_REFUSED, client, reason)
    else:
        person_refused(service, reason, client, account, detail)


def person_refused(service: str, reason: str, client: ClientInfo, account: Account | None, detail: str = "") -> None:
    """Write that a person was not served. `account` is None if a tenant vouches for a person whom we do not know."""
    write_event(SERVICE_REFUSED, client, account, reason=reason, detail=f"{service} {detail}".strip()[:200])


def service_linked(account: Account, service: str, client: ClientInfo) -> None:
    """Write that a relying party's identity of a person was linked to the account, at its first use."""
    write_event(SERVICE_LINKED, client, account, detail=service)


def service_changed(actor: Account, service: str, detail: str, client: ClientInfo) -> None:
    """Write that an administrator changed a service or a tenant. `detail` has the new values."""
    write_event(SERVICE_CHANGED, client, detail=f"{service} {detail}"[:200], actor=actor)


def signing_key_created(key_id: str, detail: str) -> None:
    """Write that an operator made a signing key. `detail` is when it starts to sign, and which keys it replaces."""
    write_event(SIGNING_KEY_CREATED, ClientInfo(), reason=key_id[:32], detail=detail)
