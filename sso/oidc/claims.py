"""The claims about a person that services may receive."""

from typing import Any

from accounts.models import Account
from sso.models import Subject

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


def claims_of(account: Account) -> dict[str, Any]:
    """Return every claim about the account that has a value."""
    found = {
        "sub": Subject.of(account),
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
