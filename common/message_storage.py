"""Notices that a page shows once, in a cookie of this host alone."""

from django.conf import settings
from django.contrib.messages.storage.cookie import CookieStorage


class NoticeStorage(CookieStorage):
    """Django's cookie storage under a name that browsers bind to this host."""

    cookie_name = "__Host-notices" if settings.SECURE else "notices"
