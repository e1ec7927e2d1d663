"""The words for the reasons and details of events of other services, for helpdesk staff."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from audit.models import SecurityEvent

_TENANT = "entra"
_FOREIGN = gettext_lazy("Microsoft sent a request that the portal does not trust")
# Reasons of `sso.entra.refusals.Unserved` and `Why`, of `sso.oidc` and of the library.
REFUSALS: dict[str, str | Promise] = {
    "tenant_off": gettext_lazy("Two-factor login for Microsoft 365 is turned off"),
    "unknown_account": gettext_lazy("Microsoft’s user has no account here with that name"),
    "account_inactive": gettext_lazy("The account is deactivated or blocked"),
    "must_renew": gettext_lazy("The password must be renewed"),
    "link_taken": gettext_lazy("The account is linked to another user in Microsoft 365"),
    "affiliation": gettext_lazy("Not open to students, or not to employees"),
    "not_pilot": gettext_lazy("The account is not in the pilot group"),
    "no_acr": gettext_lazy("Microsoft asks for a type of login that we do not support"),
    "no_amr": gettext_lazy("Microsoft asks for a method that we do not support"),
    "no_method": gettext_lazy("No login method of the account works for Microsoft 365"),
    "declined": gettext_lazy("The user went back to Microsoft without confirming"),
    "expired": gettext_lazy("The user did not confirm within five minutes"),
    "no_key": gettext_lazy("The portal has no key to sign its answer"),
    "unreadable": _FOREIGN,
    "parameters": _FOREIGN,
    "client_id": _FOREIGN,
    "hint_missing": _FOREIGN,
    "hint_malformed": _FOREIGN,
    "hint_algorithm": _FOREIGN,
    "hint_tenant": gettext_lazy("The request comes from a tenant that is not registered"),
    "hint_key": gettext_lazy("Microsoft’s key is not known yet"),
    "hint_signature": _FOREIGN,
    "hint_claims": _FOREIGN,
    "hint_issuer": _FOREIGN,
    "hint_audience": _FOREIGN,
    "hint_old": gettext_lazy("The request is too old: the page was open too long"),
    "hint_future": gettext_lazy("The request is from the future: a clock is wrong"),
    "keys_unreachable": gettext_lazy("The portal cannot reach Microsoft’s keys"),
    "replayed": gettext_lazy("The request was sent twice"),
    "unknown_client": gettext_lazy("The service is not registered"),
    "disabled": gettext_lazy("The service is disabled"),
    "not_admitted": gettext_lazy("The service is not for this account"),
    "acr": gettext_lazy("The service asks for a type of login that we do not support"),
    "malformed": gettext_lazy("The request of the service is faulty"),
    "response_type": gettext_lazy("The request of the service is faulty"),
    "response_mode": gettext_lazy("The request of the service is faulty"),
    "scope": gettext_lazy("The service asks for more than it may"),
    "request": gettext_lazy("The request of the service is faulty"),
    "request_uri": gettext_lazy("The request of the service is faulty"),
    "resource": gettext_lazy("The request of the service is faulty"),
    "redirect_uri": gettext_lazy("The address of the service is not registered"),
    "post_logout_redirect_uri": gettext_lazy("The address after the logout is not registered"),
    "pkce": gettext_lazy("The service cannot prove that it began the login (PKCE)"),
    "code_unknown": gettext_lazy("The service’s code is not known"),
    "code_used_twice": gettext_lazy("The service has used its code twice"),
    "code_expired": gettext_lazy("The service’s code had expired"),
    "session_over": gettext_lazy("The login had ended"),
    "unknown": gettext_lazy("The request of the service is faulty"),
    "invalid_client": gettext_lazy("The service has not proven who it is"),
    "invalid_request": gettext_lazy("The request of the service is faulty"),
    "invalid_grant": gettext_lazy("The service’s code or token is not valid"),
    "invalid_scope": gettext_lazy("The service asks for more than it may"),
    "unauthorized_client": gettext_lazy("The service may not do this"),
    "unsupported_grant_type": gettext_lazy("The service may not do this"),
    "unsupported_response_type": gettext_lazy("The request of the service is faulty"),
}


def service_in_words(event: SecurityEvent) -> str:
    """Return the detail with "Microsoft 365" for an Entra tenant. Microsoft's id of the request follows it."""
    name, _space, rest = event.detail.partition(" ")
    if name != _TENANT:
        return event.detail
    _tenant, _space, request_id = rest.partition(" ")
    return " · ".join(filter(None, ("Microsoft 365", request_id)))
