"""The facts on the pages about accessibility and privacy."""

from datetime import date, timedelta
from typing import Any

from django.conf import settings

from common.clock import calendar_day
from common.support_hours import support_hours

REVIEW_EVERY = timedelta(days=365)  # the law on accessible websites asks for a review each year


def reviewed_on() -> date | None:
    """Return the day of the last review of the accessibility statement, or None if none is configured."""
    try:
        return date.fromisoformat(settings.ACCESSIBILITY_REVIEWED)
    except ValueError:
        return None


def accessibility() -> dict[str, Any]:
    """Return the template variables of the accessibility statement."""
    reviewed = reviewed_on()
    return {
        "host": settings.PORTAL_HOST,
        "reviewed_on": calendar_day(reviewed) if reviewed else "",
        "register_url": settings.ACCESSIBILITY_STATEMENT_URL,
        "support_email": settings.SUPPORT_EMAIL,
        "support_hours": support_hours(),
        "sign_in_minutes": int(settings.PENDING_SIGN_IN_LIFE.total_seconds() // 60),
        "code_minutes": int(settings.SMS_CODE_LIFE.total_seconds() // 60),
    }


def privacy() -> dict[str, Any]:
    """Return the template variables of the page about cookies and personal data: how long each kind is kept."""
    return {
        "privacy_url": settings.PRIVACY_URL,
        "stay_days": settings.REMEMBER_ME_DAYS,
        "number_days": settings.SMS_NUMBERS_KEPT.days,
        "client_days": settings.EVENT_CLIENT_KEPT.days,
        "refusal_days": settings.REFUSAL_COUNTS_KEPT.days,
        "notice_days": settings.NOTICES_KEPT.days,
        "grant_days": settings.SSO_GRANTS_KEPT.days,
        "check_minutes": int(settings.SIGN_IN_CHECK_LIFE.total_seconds() // 60),
    }
