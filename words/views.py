"""The pages for translators: every sample in every language, and every text with the places where it appears."""

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache, wraps
from typing import Any

from csp.constants import SELF
from csp.decorators import csp_replace, csp_update
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_safe

from common.problem_pages import forbidden
from mfa_sms import gsm
from mfa_sms.budgets import CODE_BUDGET, NOTICE_BUDGET
from sign_in.guards import verified_required
from words import occurrences, places, tracing
from words.catalogues import Entry
from words.permissions import READ_WORDS
from words.samples import Sample
from words.tracing import Piece

View = Callable[..., HttpResponseBase]


def translators_only(view: View) -> View:
    """Require the permission. With DEBUG, on a developer's machine, let in everyone."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        return view(request, *args, **kwargs) if request.user.has_perm(READ_WORDS) else forbidden(request)

    behind_sign_in = verified_required(guarded)

    @wraps(view)
    def dispatched(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        return (view if settings.DEBUG else behind_sign_in)(request, *args, **kwargs)

    return dispatched


@dataclass(frozen=True)
class Shown:
    """A sample in one language: its text in pieces, and for a text message its length."""

    language: str
    pieces: list[tuple[Piece, int]]
    length: int = 0
    most: int = 0


@require_safe
@translators_only
def index(request: HttpRequest) -> HttpResponse:
    """Show the sections, and how many samples and texts there are."""
    sections = {name: len(found) for name, found in occurrences.sections().items()}
    return render(request, "words/index.html", {"sections": sections, "texts": len(_entries()), **_switch(request)})


@require_safe
@translators_only
@csp_update({"frame-src": [SELF]})  # type: ignore[arg-type]
def section(request: HttpRequest, section: str) -> HttpResponse:
    """Show the samples of a section, in all languages side by side. Pages are in frames, narrow and wide."""
    found = occurrences.sections().get(section)
    if found is None:
        raise Http404
    rows = [
        (sample, [] if sample.is_page else _shown(request, sample), occurrences.numbers_of(sample)) for sample in found
    ]
    return render(request, "words/section.html", {"section": section, "rows": rows, **_switch(request)})


@require_safe
@translators_only
@xframe_options_sameorigin
@csp_replace({"frame-ancestors": [SELF]})  # type: ignore[arg-type]
def show(request: HttpRequest, slug: str, language: str) -> HttpResponse:
    """Show the page of a sample. Each text names its line, and links to its entry."""
    sample = occurrences.find(slug)
    if sample is None or not sample.is_page or language not in dict(settings.LANGUAGES):
        raise Http404
    page = occurrences.write(request, sample, language, pseudo_language=_is_pseudo(request))
    return HttpResponse(tracing.link_page(page, language, reverse("words:texts")))


@require_safe
@translators_only
def texts(request: HttpRequest) -> HttpResponse:
    """Show every entry in all languages, by place, with its comment and the samples that contain it."""
    found: dict[str, list[dict[str, Any]]] = defaultdict(list)
    known = occurrences.samples_of()
    for number, (entry, *_others) in enumerate(_entries()):
        row = {
            "number": number,
            "source": entry.source,
            "comment": entry.comment,
            "samples": known.get(number, [])[:5],
            "texts": [(one.language, one.texts, one.lines) for one in _entries()[number]],
        }
        found[next(iter(places.places_of(entry.files)), "")].append(row)
    context = {"places": sorted(found.items()), **_switch(request)}
    return render(request, "words/texts.html", context)


def _is_pseudo(request: HttpRequest) -> bool:
    return request.GET.get("pseudo") == "1"


def _switch(request: HttpRequest) -> dict[str, Any]:
    pseudo_language = _is_pseudo(request)
    return {"pseudo": pseudo_language, "query": "?pseudo=1" if pseudo_language else "", "languages": _languages()}


def _languages() -> list[str]:
    return [code for code, _name in settings.LANGUAGES]


@cache
def _entries() -> list[tuple[Entry, ...]]:
    """Return each entry in all languages, in the order of the first one."""
    by_key = [{entry.key: entry for entry in tracing.entries(code)} for code in _languages()]
    return [tuple(keys[key] for keys in by_key if key in keys) for key in by_key[0]]


def _shown(request: HttpRequest, sample: Sample) -> list[Shown]:
    found = []
    for language in _languages():
        text = occurrences.write(request, sample, language, pseudo_language=_is_pseudo(request))
        lines = tracing.entries(language)
        pieces = [(piece, 0 if piece.number is None else lines[piece.number].line) for piece in tracing.split(text)]
        length = gsm.measure(tracing.plain(text)).units if sample.sms else 0
        most = {"code": CODE_BUDGET, "notice": NOTICE_BUDGET}.get(sample.sms, 0)
        found.append(Shown(language, pieces, length, most))
    return found
