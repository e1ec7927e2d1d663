"""Template variables for every page."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject
from django.utils.html import format_html

from common import languages
from sign_in import services


def portal(request: HttpRequest) -> dict[str, Any]:
    """Return the support's phone number and hours, the service the user signs in to, and the request's reference.

    `support_phone` is a link that a phone calls. `service_until` is the clock time at which the service stops waiting.
    It is empty if there is no such time.
    """
    return {
        "support_phone": format_html(
            '<a href="{}" class="phone">{}</a>', languages.support_phone_link(), languages.support_phone_on_page()
        ),
        "support_hours_url": settings.SUPPORT_HOURS_URL,
        "service": SimpleLazyObject(lambda: services.service_name(request)),
        "service_until": SimpleLazyObject(lambda: services.service_deadline(request)),
        "reference": getattr(request, "reference", ""),
        "debug_inbox": settings.DEBUG,
    }
