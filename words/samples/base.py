"""Samples: a page, a mail, a text message, a problem or a state, as people see it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest
from django.template.loader import render_to_string

Write = Callable[[HttpRequest, str], str]


@dataclass(frozen=True)
class Sample:
    """Something to see. `write` returns it in the active language, whose code is also the second argument.

    `is_page` says whether it is an HTML page. Everything else is plain text. `sms` is "code" or "notice" for a text
    message.
    """

    slug: str
    title: str
    write: Write
    is_page: bool = False
    sms: str = ""


def page(slug: str, template: str, context: Callable[[], dict[str, Any]] = dict, *, signed_in: bool = False) -> Sample:
    """Return the sample of a page that a template makes. The context is made in the active language."""

    def write(request: HttpRequest, _language: str) -> str:
        return render_to_string(template, context(), request=visit_of(request, signed_in=signed_in))

    return Sample(slug, slug.replace("-", " "), write, is_page=True)


class _Visitor(AnonymousUser):
    is_authenticated = True  # type: ignore[assignment]


def visit_of(request: HttpRequest, *, signed_in: bool) -> HttpRequest:
    """Return the request of somebody else, who has no session. So the page shows nothing of the translator's own."""
    visit = HttpRequest()
    visit.method, visit.path, visit.META = "GET", "/", dict(request.META)
    visit.user = _Visitor() if signed_in else AnonymousUser()
    visit.session = {}  # type: ignore[assignment]
    visit.reference = "K7F3-92"  # type: ignore[attr-defined]
    visit.is_sample = True  # type: ignore[attr-defined]
    return visit
