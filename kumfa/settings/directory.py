"""Settings for the university's directory. If DIRECTORY_URLS is empty, passwords are kept in the portal's database."""

from datetime import timedelta

from kumfa.settings.base import env

DIRECTORY_URLS = env.list("DIRECTORY_URLS", default=[])
DIRECTORY_KIND = env.str("DIRECTORY_KIND", default="active-directory")
DIRECTORY_CA_FILE = env.str("DIRECTORY_CA_FILE", default="")
DIRECTORY_BASE = env.str("DIRECTORY_BASE", default="")
DIRECTORY_BIND = env.str("DIRECTORY_BIND", default="")
DIRECTORY_READER = env.str("DIRECTORY_READER", default="")
DIRECTORY_READER_PASSWORD = env.str("DIRECTORY_READER_PASSWORD", default="")
DIRECTORY_FILTER = env.str("DIRECTORY_FILTER", default="")
DIRECTORY_ATTRIBUTES = dict(item.partition("=")[::2] for item in env.list("DIRECTORY_ATTRIBUTES", default=[]))
DIRECTORY_STUDENT = env.str("DIRECTORY_STUDENT", default="eduPersonAffiliation=student")
DIRECTORY_EMPLOYEE = env.str("DIRECTORY_EMPLOYEE", default="eduPersonAffiliation=employee")
DIRECTORY_PASSWORD_URL = env.str("DIRECTORY_PASSWORD_URL", default="")
DIRECTORY_SYNC_HOURS = env.int("DIRECTORY_SYNC_HOURS", default=1)
# A person waits: all servers together answer within this time, or the page says that passwords cannot be checked.
DIRECTORY_PATIENCE = timedelta(seconds=3)
