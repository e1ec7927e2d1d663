"""What was typed into a page before its language was switched."""

from django.http import HttpRequest


def typed(request: HttpRequest, *names: str) -> dict[str, str]:
    """Return the named fields that were typed. Passwords and codes are never among the names."""
    data = getattr(request, "typed", {})
    return {name: data[name] for name in names if name in data}
