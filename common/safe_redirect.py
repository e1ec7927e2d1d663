"""Addresses that a sign-in may redirect to."""

from django.conf import settings
from django.http import HttpRequest
from django.utils.http import MAX_URL_REDIRECT_LENGTH, url_has_allowed_host_and_scheme


def safe_redirect_url(request: HttpRequest, url: str) -> str:
    """Return the address if it points to this host or to one of `SIGN_IN_NEXT_HOSTS`, otherwise "".

    Its maximum length is that of Django's redirects. Django's check of the host reads 2048 characters, so it gets the
    part before the query, which alone decides on the host.

    SECURITY: other addresses would make the portal an open redirect.
    """
    # A browser takes two slashes for the beginning of another host.
    if not url.startswith(("/", "https://", "http://")) or url.startswith(("//", "/\\")):
        return ""
    if len(url) > MAX_URL_REDIRECT_LENGTH:
        return ""
    before_query = url.partition("#")[0].partition("?")[0]
    hosts = {request.get_host(), *settings.SIGN_IN_NEXT_HOSTS}
    safe = url_has_allowed_host_and_scheme(before_query, hosts, require_https=request.is_secure())
    return url if safe else ""
