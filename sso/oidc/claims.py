"""The claims about a person that services may receive, and those that they ask for one by one."""

import json
from dataclasses import dataclass
from typing import Any

from accounts.models import Account
from sso.models import Client, Subject

# Each claim, with the scope that includes it.
SCOPES = {
    "sub": "openid",
    "preferred_username": "profile",
    "name": "profile",
    "given_name": "profile",
    "family_name": "profile",
    "locale": "profile",
    "eduperson_affiliation": "profile",
    "email": "email",
    "email_verified": "email",
}


@dataclass(frozen=True)
class RequestedClaims:
    """The parameter `claims` (OpenID Connect Core, section 5.5).

    `id_token` and `userinfo` are the names of claims that we have. `subject` is the person whom the service expects, or
    empty. `essential_acr` contains the `acr` values that it requires. `any_acr` is whether it requires an `acr` of
    any value.
    """

    id_token: tuple[str, ...] = ()
    userinfo: tuple[str, ...] = ()
    subject: str = ""
    essential_acr: tuple[str, ...] = ()
    any_acr: bool = False

    @property
    def scopes(self) -> frozenset[str]:
        """Return the scopes that include these claims."""
        return frozenset(SCOPES[name] for name in (*self.id_token, *self.userinfo))


def read_claims(text: str) -> RequestedClaims | None:
    """Return the parameter; None if it is not valid."""
    try:
        asked = json.loads(text) if text else {}
        parts = {name: asked.get(name) or {} for name in ("id_token", "userinfo")}
        names = {place: tuple(name for name in SCOPES if name in parts[place]) for place in parts}
        acr = parts["id_token"].get("acr") or {}
        subject = next((str(part["sub"]["value"]) for part in parts.values() if _has_value(part.get("sub"))), "")
        required = bool(acr.get("essential"))
        values = acr.get("values") or ([acr["value"]] if "value" in acr else [])
        essential = tuple(str(value) for value in values) if required else ()
    except (ValueError, AttributeError, TypeError, RecursionError):
        return None
    return RequestedClaims(names["id_token"], names["userinfo"], subject, essential, required and not essential)


def _has_value(claim: Any) -> bool:
    return isinstance(claim, dict) and "value" in claim


def claims_of(account: Account, client: Client) -> dict[str, Any]:
    """Return every claim about the account that has a value."""
    found = {
        "sub": Subject.of(account, client),
        "preferred_username": str(account.account_name),
        "name": account.get_full_name(),
        "given_name": account.first_name,
        "family_name": account.last_name,
        "locale": account.language,
        "eduperson_affiliation": affiliations(account),
        "email": account.email,
        "email_verified": bool(account.email),
    }
    return {name: value for name, value in found.items() if value}


def affiliations(account: Account) -> list[str]:
    """Return the account's affiliations with the university, as values of eduPerson."""
    own = [word for word, holds in (("student", account.is_student), ("employee", account.is_employee)) if holds]
    return [*own, "member"] if own else []
