"""Records refused requests of services: the reason, and the value that arrived."""

from urllib.parse import urlsplit

from django.conf import settings
from django.db.models import F
from django.utils import timezone

from sso.models import Client, ServiceRefusal

# Each reason, with the parameter whose value explains it. SECURITY: none can contain a secret, a code or a name.
PARAMETERS = {
    "redirect_uri": "redirect_uri",
    "post_logout_redirect_uri": "post_logout_redirect_uri",
    "scope": "scope",
    "response_type": "response_type",
    "response_mode": "response_mode",
    "prompt": "prompt",
    "max_age": "max_age",
    "pkce": "code_challenge_method",
}
_LONGEST = 200


def arrived(reason: str, value: str) -> str:
    """Return the value as it may be stored: printable, short, and an address without its query."""
    if reason.endswith("redirect_uri"):
        value = _bare(value)
    return "".join(letter if letter.isprintable() else "?" for letter in value)[:_LONGEST]


def note_refusal(client: Client, reason: str, value: str = "") -> None:
    """Count the refusal in the service's row for that reason and value. Delete the oldest row if there are too many."""
    now = timezone.now()
    rows = ServiceRefusal.objects.filter(client=client)
    wanted = {"reason": reason[:32], "value": value}
    if rows.filter(**wanted).update(count=F("count") + 1, last_at=now):
        return
    ServiceRefusal.objects.bulk_create(
        [ServiceRefusal(client=client, first_at=now, last_at=now, **wanted)], ignore_conflicts=True
    )
    kept = rows.order_by("-last_at", "-pk").values("pk")[: settings.SSO_REFUSALS_KEPT]
    rows.exclude(pk__in=list(kept.values_list("pk", flat=True))).delete()


def _bare(uri: str) -> str:
    """Return an address without a password, query and fragment, which may hold a secret."""
    try:
        parts = urlsplit(uri)
    except ValueError:
        return "?"
    host = parts.netloc.rpartition("@")[2]
    more = "?…" if parts.query else ""
    return f"{parts.scheme}://{host}{parts.path}{more}" if parts.scheme else f"{host}{parts.path}{more}"
