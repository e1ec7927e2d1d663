"""The banner on every page. Each process reads it at most every 15 seconds, so that no page costs a query."""

import threading
import time

from django.db import DatabaseError
from django.utils import timezone

from common import languages
from notices.models import Banner

MAX_AGE = 15.0  # seconds


class _Kept:
    """The banners that have not ended, as this process has read them. Thread-safe."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._banners: list[Banner] = []
        self._until = float("-inf")

    def get(self) -> list[Banner]:
        with self._lock:
            if time.monotonic() >= self._until:
                try:
                    self._banners = list(Banner.objects.filter(ends_at__gt=timezone.now()).order_by("starts_at"))
                except DatabaseError:
                    self._banners = []  # a page without a banner is better than none
                self._until = time.monotonic() + MAX_AGE
            return self._banners

    def keep(self, banners: list[Banner], seconds: float) -> None:
        with self._lock:
            self._banners, self._until = banners, time.monotonic() + seconds


_kept = _Kept()


def banner_text() -> str:
    """Return the text of the banner that is shown now, in the active language, or an empty string.

    If several apply, the one that started last is shown.
    """
    now = timezone.now()
    shown = [banner for banner in _kept.get() if banner.starts_at <= now < banner.ends_at]
    return shown[-1].text(languages.current()) if shown else ""


def forget() -> None:
    """Discard what was read, so that the next page reads it again."""
    _kept.keep([], float("-inf"))


def show_none() -> None:
    """Show no banner and read none, until `forget`. For tests that count the queries of pages."""
    _kept.keep([], float("inf"))
