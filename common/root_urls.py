"""URLs outside every journey (`sign_in.journeys`), whichever page the current request asks for."""

from collections.abc import Sequence

from django.conf import settings
from django.urls import get_script_prefix, reverse, set_script_prefix


def root_path(name: str, args: Sequence[object] = ()) -> str:
    """Return the path of a page, without the handle of the current journey."""
    prefix = get_script_prefix()
    set_script_prefix("/")
    try:
        return reverse(name, args=args)
    finally:
        set_script_prefix(prefix)


def portal_url(name: str, args: Sequence[object] = ()) -> str:
    """Return the full address of a page, for mails and other systems."""
    return settings.PORTAL_URL + root_path(name, args)
