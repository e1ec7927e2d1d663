"""The attributes of a person in Active Directory and in OpenLDAP, and what their values mean."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, replace
from datetime import UTC, datetime, timedelta
from uuid import NAMESPACE_OID, UUID, uuid5

from django.conf import settings

Values = Mapping[str, Sequence[bytes]]

_FILETIME_BEGINS = datetime(1601, 1, 1, tzinfo=UTC)
_NEVER = 2**63 - 1
_ACCOUNT_DISABLED = 0x2  # a bit of userAccountControl
_PASSWORD_NEVER_EXPIRES = 0x10000
_LOCKED_FOR_EVER = "000001010000Z"


@dataclass(frozen=True)
class Schema:
    """The name of the attribute for each value that the portal reads. An empty name means that it is not read."""

    username: str
    stable_id: str
    first_name: str
    last_name: str
    email: str
    language: str
    phone: str
    password_changed: str
    filter: str

    @property
    def attributes(self) -> list[str]:
        """All attributes to ask for, with those that say whether an account is in use."""
        named = {getattr(self, field.name) for field in fields(self) if field.name != "filter"}
        affiliations = {affiliation.partition("=")[0] for affiliation in _affiliations()}
        return sorted((named | affiliations | set(_STATES)) - {""})


_STATES = (
    "userAccountControl",
    "accountExpires",
    "msDS-UserPasswordExpiryTimeComputed",
    "pwdAccountLockedTime",
    "pwdReset",
)
SCHEMAS = {
    "active-directory": Schema(
        username="sAMAccountName",
        stable_id="objectGUID",
        first_name="givenName",
        last_name="sn",
        email="mail",
        language="preferredLanguage",
        phone="",
        password_changed="pwdLastSet",  # noqa: S106
        filter="(&(objectCategory=person)(objectClass=user))",
    ),
    "openldap": Schema(
        username="uid",
        stable_id="entryUUID",
        first_name="givenName",
        last_name="sn",
        email="mail",
        language="preferredLanguage",
        phone="",
        password_changed="pwdChangedTime",  # noqa: S106
        filter="(objectClass=inetOrgPerson)",
    ),
}


def configured() -> Schema:
    """Return the schema of the settings."""
    schema = SCHEMAS[settings.DIRECTORY_KIND]
    changes = {
        **settings.DIRECTORY_ATTRIBUTES,
        **({"filter": settings.DIRECTORY_FILTER} if settings.DIRECTORY_FILTER else {}),
    }
    return replace(schema, **changes)


def _affiliations() -> tuple[str, str]:
    return settings.DIRECTORY_STUDENT, settings.DIRECTORY_EMPLOYEE


def text(values: Values, attribute: str) -> str:
    """Return the first value as text, or "" if the attribute has no value."""
    found = values.get(attribute) or ()
    return found[0].decode("utf-8", "replace").strip() if found else ""


def stable_id(values: Values, attribute: str) -> str:
    """Return the identifier that stays the same when a person is renamed or moved, as a UUID, or "" without one.

    A directory may use another attribute than a UUID, such as an employee number. Its value is made into one.
    """
    found = values.get(attribute) or ()
    if not found:
        return ""
    raw = found[0]
    # Active Directory writes a GUID as 16 bytes with its first three groups in little-endian order.
    if attribute == "objectGUID":
        return str(UUID(bytes_le=raw))
    given = raw.decode("utf-8", "replace").strip()
    try:
        return str(UUID(given))
    except ValueError:
        return str(uuid5(NAMESPACE_OID, given))


def has_affiliation(values: Values, affiliation: str) -> bool:
    """Return whether the person has `attribute=value`, for example a group: memberOf=cn=students,dc=ku,dc=dk."""
    attribute, _equals, wanted = affiliation.partition("=")
    found = (value.decode("utf-8", "replace") for value in values.get(attribute) or ())
    return bool(wanted) and wanted.casefold() in map(str.casefold, found)


def is_in_use(values: Values, now: datetime) -> bool:
    """Return whether the account is neither disabled nor expired."""
    control = int(text(values, "userAccountControl") or 0)
    ends = _filetime(text(values, "accountExpires"))
    return not (
        control & _ACCOUNT_DISABLED
        or (ends is not None and ends <= now)
        or text(values, "pwdAccountLockedTime") == _LOCKED_FOR_EVER
    )


def password_changed_at(values: Values, attribute: str) -> datetime | None:
    """Return when the password was set, or None if that is not known."""
    value = text(values, attribute)
    return _generalized_time(value) if value.endswith("Z") else _filetime(value)


def must_change(values: Values, now: datetime) -> bool:
    """Return whether the directory itself wants another password."""
    if text(values, "pwdReset").upper() == "TRUE" or text(values, "pwdLastSet") == "0":
        return True
    if int(text(values, "userAccountControl") or 0) & _PASSWORD_NEVER_EXPIRES:
        return False
    ends = _filetime(text(values, "msDS-UserPasswordExpiryTimeComputed"))
    return ends is not None and ends <= now


def _filetime(value: str) -> datetime | None:
    """Return a Windows file time, which counts steps of 100 ns since 1601. 0 and the greatest value mean "never"."""
    if not value.lstrip("-").isdecimal() or not 0 < int(value) < _NEVER:
        return None
    return _FILETIME_BEGINS + timedelta(microseconds=int(value) // 10)


def _generalized_time(value: str) -> datetime | None:
    """Return a time of RFC 4517, 3.3.13, in UTC. A fraction of a second is dropped."""
    try:
        return datetime.strptime(value.partition(".")[0].rstrip("Z"), "%Y%m%d%H%M%S").replace(tzinfo=UTC)
    except ValueError:
        return None
