"""The emails of the portal. Each has a text and an HTML part from one template.

The template is plain text: paragraphs with an empty line between them. It extends `mail.txt`, which has the greeting
and the signature.
"""

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.core.mail.backends.base import BaseEmailBackend
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from common import browser_names, languages
from common.clock import day_and_clock
from common.support_hours import support_hours

# RFC 3834: no out-of-office reply comes back.
HEADERS = {"Auto-Submitted": "auto-generated"}
_EMPTY_LINES = re.compile(r"\n\s*\n")


def compose_mail(
    subject: str, template: str, context: Mapping[str, Any], address: str, connection: BaseEmailBackend | None = None
) -> EmailMultiAlternatives:
    """Return an email in the active language. `template` is a text template, and the HTML part has the same words.

    SECURITY: everything is escaped in the HTML part. Only a whole line with a URL of this portal becomes a link, so a
    name or a campaign's text cannot bring a link to another host.
    """
    fixed = {
        "host": settings.PORTAL_HOST,
        "support_phone": languages.support_phone(),
        "support_hours": support_hours(),
    }
    written = render_to_string(template, {**context, **fixed}).strip()
    paragraphs = [paragraph.strip() for paragraph in _EMPTY_LINES.split(written)]
    mail = EmailMultiAlternatives(
        subject, "\n\n".join(paragraphs) + "\n", None, [address], headers=dict(HEADERS), connection=connection
    )
    lines = [[(line, _is_link(line)) for line in paragraph.splitlines()] for paragraph in paragraphs]
    mail.attach_alternative(render_to_string("mail.html", {"subject": subject, "paragraphs": lines}), "text/html")
    return mail


def _is_link(line: str) -> bool:
    return line.startswith(f"{settings.PORTAL_URL}/") and " " not in line


def circumstances(moment: datetime, browser: str, address: str | None) -> list[str]:
    """Return when something happened and where it came from, one line each. `browser` is a User-Agent header."""
    lines = [
        when_line(moment),
        # Translators: %(browser)s is "Firefox, Windows".
        _("From: %(browser)s") % {"browser": browser_names.describe_browser(browser)},
    ]
    if address:
        lines.append(_("IP address: %(address)s") % {"address": address})
    return lines


def when_line(moment: datetime) -> str:
    """Return the line with the time alone, for events without a browser."""
    return _("Time: %(time)s") % {"time": day_and_clock(moment)}
