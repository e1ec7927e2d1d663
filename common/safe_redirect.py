"""Addresses that a sign-in may redirect to."""

from django.conf import settings
from django.http import HttpRequest
from django.utils.http import url_has_allowed_host_and_scheme


def safe_redirect_url(request: HttpRequest, url: str) -> str:
    """Return the address if it points to this host or to one of `SIGN_IN_NEXT_HOSTS`, otherwise "".

    SECURITY: other addresses would make the portal an open redirect.
    """
    # A browser takes two slashes for the beginning of another host.
    if not url.startswith(("/", "https://", "http://")) or url.startswith(("//", "/\\")):
        return ""
    hosts = {request.get_host(), *settings.SIGN_IN_NEXT_HOSTS}
    safe = url_has_allowed_host_and_scheme(url, hosts, require_https=request.is_secure())
    return url if safe else ""
