"""Makes the accounts match the directory, by an import whose file the directory writes.

So an administrator sees the changes where they see those of an uploaded file. An import that would deactivate too many
accounts waits there for a confirmation.
"""

import logging

from celery import shared_task
from django.conf import settings

from account_import import unattended
from account_import.models import AccountImport

logger = logging.getLogger(__name__)

FILE_NAME = "LDAP"


@shared_task(name="directory.sync_directory")
def sync_directory() -> bool:
    """Import the people of the directory. Return whether the accounts match them now."""
    if not settings.DIRECTORY_URLS:
        return False
    # python-ldap is installed only where a directory is used.
    import ldap

    from directory import people, servers

    try:
        done = unattended.import_people(FILE_NAME, people.read_people())
    except (servers.DirectoryDown, ldap.LDAPError) as error:
        logger.error("The directory could not be read, so no account was changed: %s", type(error).__name__)
        return False
    if done.state == AccountImport.State.READY:
        logger.error("The import of the directory waits in the admin: it would deactivate too many accounts.")
    return done.state == AccountImport.State.APPLIED
