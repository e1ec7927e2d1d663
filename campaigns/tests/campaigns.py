"""Campaigns for tests, and the URL that postpones enrollment."""

from datetime import timedelta
from typing import Any

from django.utils import timezone

from campaigns.models import EnrollmentCampaign

NOT_NOW = "/enroll/not-now/"


def campaign(**fields: Any) -> EnrollmentCampaign:
    """Create an open campaign for students, with a deadline in ten days."""
    now = timezone.now()
    given = {
        "name": "Studerende",
        "audience": "students",
        "opens_at": now - timedelta(days=1),
        "deadline": now + timedelta(days=10),
        "text_da": "Alle studerende skal have to-faktor-login.",
        "text_en": "All students must have two-factor login.",
        **fields,
    }
    return EnrollmentCampaign.objects.create(**given)


def words(response: Any) -> str:
    """Return the page's text."""
    return str(response.content.decode())
