"""The fields that a user typed into a page before switching its language."""

from django.http import HttpRequest


def typed(request: HttpRequest, *names: str) -> dict[str, str]:
    """Return the named fields that the user typed. Callers never name passwords or codes."""
    data = getattr(request, "typed", {})
    return {name: data[name] for name in names if name in data}
