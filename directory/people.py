"""Reads all people of the directory, page by page."""

from collections.abc import Iterator

import ldap
from django.conf import settings
from django.utils import timezone
from ldap.controls import SimplePagedResultsControl

from account_import.rows import Column
from directory import schema, servers

_PAGE = 500
_PATIENCE = 60.0  # seconds for one page; the directory may have to sort
PersonRow = dict[Column, str]


def read_people() -> Iterator[PersonRow]:
    """Yield the import's row of each person whose account is in use and who is a student or an employee.

    Raises `servers.DirectoryDown`, or `ldap.LDAPError` in the middle. Then the list is incomplete.
    """
    configured = schema.configured()
    now = timezone.now()
    for values in _entries(configured):
        row = _row(values, configured)
        if schema.is_in_use(values, now) and "true" in (row[Column.STUDENT], row[Column.EMPLOYEE]):
            yield row


def _entries(configured: schema.Schema) -> Iterator[schema.Values]:
    page = SimplePagedResultsControl(True, size=_PAGE, cookie="")
    with servers.connection_as_reader(_PATIENCE) as connection:
        while True:
            message = connection.search_ext(
                settings.DIRECTORY_BASE,
                ldap.SCOPE_SUBTREE,
                configured.filter,
                configured.attributes,
                serverctrls=[page],
            )
            _kind, results, _message, controls = connection.result3(message, timeout=_PATIENCE)
            yield from (values for dn, values in results if dn is not None)  # a referral has no DN
            page.cookie = next((one.cookie for one in controls if isinstance(one, SimplePagedResultsControl)), "")
            if not page.cookie:
                return


def _row(values: schema.Values, configured: schema.Schema) -> PersonRow:
    language = schema.text(values, configured.language)[:2].lower()
    return {
        Column.USERNAME: schema.text(values, configured.username).lower(),
        Column.FIRST_NAME: schema.text(values, configured.first_name),
        Column.LAST_NAME: schema.text(values, configured.last_name),
        Column.EMAIL: schema.text(values, configured.email),
        Column.STUDENT: str(schema.has_affiliation(values, settings.DIRECTORY_STUDENT)).lower(),
        Column.EMPLOYEE: str(schema.has_affiliation(values, settings.DIRECTORY_EMPLOYEE)).lower(),
        Column.LANGUAGE: language if language in dict(settings.LANGUAGES) else "",
        Column.DIRECTORY_ID: schema.stable_id(values, configured.stable_id),
    }
