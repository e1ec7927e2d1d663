"""Messages that a page shows once, stored in a cookie that is bound to this host."""

from django.conf import settings
from django.contrib.messages.storage.cookie import CookieStorage


class NoticeStorage(CookieStorage):
    """Django's cookie storage with the `__Host-` prefix: browsers then bind the cookie to this host."""

    cookie_name = "__Host-notices" if settings.SECURE else "notices"
