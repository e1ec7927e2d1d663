"""The filter for Django's error pages and reports."""

from django.http import HttpRequest
from django.views.debug import SafeExceptionReporterFilter


class AlwaysHidden(SafeExceptionReporterFilter):
    """Hides passwords, codes and numbers on error pages, with DEBUG on too."""

    def is_active(self, request: HttpRequest | None) -> bool:
        return True
