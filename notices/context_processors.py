"""The template variable of the banner."""

from typing import Any

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from notices import banners


def banner(request: HttpRequest) -> dict[str, Any]:
    """Return the text of the banner for this page, which is empty if none is shown."""
    return {"banner": SimpleLazyObject(banners.banner_text)}
