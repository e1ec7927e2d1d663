"""Compares passwords in the directory, by one bind as the person."""

import re
import secrets
from collections.abc import Sequence
from dataclasses import dataclass

import ldap
from django.conf import settings
from django.utils import timezone
from django.views.decorators.debug import sensitive_variables
from ldap.controls import LDAPControl
from ldap.controls.ppolicy import PasswordPolicyControl
from ldap.dn import escape_dn_chars
from ldap.filter import escape_filter_chars
from ldap.ldapobject import SimpleLDAPObject

from accounts.models import Account
from accounts.normalization import normalize_password
from directory import schema, servers
from directory.servers import Deadline, DirectoryDown
from sign_in.password_source import Judgement, PasswordSource, Verdict, is_too_old

# The codes that Active Directory adds to a refused bind (Windows errors, in hexadecimal). It reports the first two only
# if the password is right.
_AD_ERROR = re.compile(r"\bdata ([0-9a-f]+)")
_AD_TOO_OLD = ("532", "773")
_AD_LOCKED = "775"
_AD_DISABLED = ("530", "531", "533", "701")
# The errors of the password policy control (draft-behera-ldap-password-policy).
_POLICY_TOO_OLD = (0, 2)
_POLICY_LOCKED = 1


@dataclass(frozen=True)
class _Found:
    """The person's entry as the person may read it, and what the password policy said at the bind."""

    values: schema.Values
    too_old: bool


class _Refused(Exception):
    """The directory refused the bind. `judgement` is the reason."""

    def __init__(self, judgement: Judgement) -> None:
        super().__init__()
        self.judgement = judgement


class DirectoryPasswords(PasswordSource):
    """Passwords that only the directory knows.

    SECURITY: no password is kept, logged or cached. The limits of wrong passwords are counted before this is called,
    so that an attacker cannot use the portal to lock a person out of other systems.
    """

    @property
    def change_url(self) -> str:
        return str(settings.DIRECTORY_PASSWORD_URL)

    @sensitive_variables("password")
    def judge(self, account: Account | None, password: str) -> Judgement:
        """Bind as the person. An unknown name binds as someone who does not exist, which takes as long."""
        if not password or "\0" in password:
            # SECURITY: RFC 4513, 5.1.2: a bind without a password succeeds, and proves nothing.
            return Judgement(Verdict.WRONG)
        username = account.username if account is not None else f"nobody-{secrets.token_hex(8)}"
        deadline = Deadline(settings.DIRECTORY_PATIENCE.total_seconds())
        try:
            found = _prove(username, normalize_password(password), deadline)
        except DirectoryDown:
            return Judgement(Verdict.UNAVAILABLE, "unavailable")
        except _Refused as refused:
            return refused.judgement
        return _judged(account, found)


def _judged(account: Account | None, found: _Found) -> Judgement:
    if found.too_old:
        return Judgement(Verdict.TOO_OLD)
    attribute = schema.configured()
    stable_id = schema.stable_id(found.values, attribute.stable_id)
    if account is None or (account.directory_id and account.directory_id != stable_id):
        # SECURITY: a username that was given to someone else must not open the former owner's account.
        return Judgement(Verdict.WRONG, "directory_other")
    changed_at = schema.password_changed_at(found.values, attribute.password_changed)
    too_old = schema.must_change(found.values, timezone.now()) or (
        bool(attribute.password_changed) and is_too_old(changed_at)
    )
    return Judgement(Verdict.TOO_OLD if too_old else Verdict.RIGHT, changed_at=changed_at)


@sensitive_variables("password")
def _prove(username: str, password: str, deadline: Deadline) -> _Found:
    bind_name = _bind_name(username, deadline)

    @sensitive_variables()
    def bind_and_read(connection: SimpleLDAPObject) -> _Found:
        try:
            response = connection.simple_bind_s(bind_name, password, serverctrls=[PasswordPolicyControl()])
        except (ldap.INVALID_CREDENTIALS, ldap.INVALID_DN_SYNTAX) as error:
            raise _Refused(_meaning(error)) from None
        except (ldap.UNWILLING_TO_PERFORM, ldap.INAPPROPRIATE_AUTH, ldap.CONSTRAINT_VIOLATION):
            raise _Refused(Judgement(Verdict.WRONG, "directory_disabled")) from None
        too_old = _policy_error(response[3] if len(response) > 3 else ()) in _POLICY_TOO_OLD
        return _Found({} if too_old else _own_entry(connection, bind_name, username), too_old)

    return servers.ask(deadline, bind_and_read)


def _bind_name(username: str, deadline: Deadline) -> str:
    """Return the name with which the person binds: by DIRECTORY_BIND, or the DN that the reader finds."""
    if settings.DIRECTORY_BIND:
        return str(settings.DIRECTORY_BIND.format(username=escape_dn_chars(username)))
    found = servers.ask_as_reader(
        deadline, lambda connection: _search(connection, username, ["1.1"], settings.DIRECTORY_BASE, ldap.SCOPE_SUBTREE)
    )
    return found[0] if found else f"cn={escape_dn_chars(username)},{settings.DIRECTORY_BASE}"


def _own_entry(connection: SimpleLDAPObject, bind_name: str, username: str) -> schema.Values:
    """Return the attributes of their own entry that the person may read. Often they may read no other entry."""
    scope = (bind_name, ldap.SCOPE_BASE) if "=" in bind_name else (settings.DIRECTORY_BASE, ldap.SCOPE_SUBTREE)
    try:
        found = _search(connection, username, schema.configured().attributes, *scope)
    except (ldap.NO_SUCH_OBJECT, ldap.INSUFFICIENT_ACCESS):
        return {}
    return found[1] if found else {}


def _search(
    connection: SimpleLDAPObject, username: str, attributes: list[str], base: str, scope: int
) -> tuple[str, schema.Values] | None:
    """Return the DN and the values of the only person with this username, or None."""
    configured = schema.configured()
    condition = f"(&{configured.filter}({configured.username}={escape_filter_chars(username)}))"
    results = connection.search_s(base, scope, condition, attributes)
    entries = [(dn, values) for dn, values in results if dn is not None]  # a referral has no DN
    return entries[0] if len(entries) == 1 else None


def _meaning(error: ldap.LDAPError) -> Judgement:
    """Return what a refused bind means. Only errors that prove a right password are more than a wrong one."""
    detail = error.args[0] if error.args and isinstance(error.args[0], dict) else {}
    if _policy_error(_controls(detail.get("ctrls", ()))) == _POLICY_LOCKED:
        return Judgement(Verdict.WRONG, "directory_locked")
    if _policy_error(_controls(detail.get("ctrls", ()))) in _POLICY_TOO_OLD:
        return Judgement(Verdict.TOO_OLD, "too_old")
    match = _AD_ERROR.search(str(detail.get("info", "")))
    code = match[1] if match else ""
    if code in _AD_TOO_OLD:
        return Judgement(Verdict.TOO_OLD, "too_old")
    if code == _AD_LOCKED:
        return Judgement(Verdict.WRONG, "directory_locked")
    return Judgement(Verdict.WRONG, "directory_disabled" if code in _AD_DISABLED else "wrong")


def _controls(raw: Sequence[tuple[str, bool, bytes]]) -> list[LDAPControl]:
    """Decode the password policy controls of an error, which python-ldap leaves encoded."""
    decoded = []
    for kind, _critical, value in raw:
        if kind == PasswordPolicyControl.controlType:
            control = PasswordPolicyControl()
            control.decodeControlValue(value)
            decoded.append(control)
    return decoded


def _policy_error(controls: Sequence[LDAPControl]) -> int | None:
    return next((control.error for control in controls if isinstance(control, PasswordPolicyControl)), None)
