"""People of the test directory."""

from typing import Any

import ldap

from directory.tests.conftest import PASSWORD
from directory.tests.slapd import PEOPLE, ROOT, ROOT_PASSWORD, Slapd, person


def add(directory: Slapd, username: str, *changes: str, **attributes: str) -> None:
    """Add a student with `PASSWORD`, and then make the changes, each in LDIF."""
    entry = person(username, PASSWORD, **attributes)
    directory.modify(entry.replace("\nobjectClass", "\nchangetype: add\nobjectClass", 1))
    for wanted in changes:
        change(directory, username, wanted)


def change(directory: Slapd, username: str, wanted: str) -> None:
    directory.modify(f"dn: uid={username},{PEOPLE}\nchangetype: modify\n{wanted}\n")


def clear(directory: Slapd, condition: str) -> None:
    """Delete the people that fulfil the condition, an LDAP filter."""
    connection: Any = ldap.initialize(directory.url)
    connection.set_option(ldap.OPT_X_TLS_CACERTFILE, str(directory.ca))
    connection.set_option(ldap.OPT_X_TLS_NEWCTX, 0)
    connection.simple_bind_s(ROOT, ROOT_PASSWORD)
    for dn, _values in connection.search_s(PEOPLE, ldap.SCOPE_ONELEVEL, condition, ["1.1"]):
        connection.delete_s(dn)
    connection.unbind_s()
