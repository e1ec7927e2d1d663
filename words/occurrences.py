"""The samples in which each entry occurs. An entry that no page, mail or state shows is in a sample of its place."""

from collections import defaultdict
from functools import cache

from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import gettext, pgettext

from words import places, samples, tracing
from words.catalogues import Entry
from words.samples import Sample


def write(request: HttpRequest, sample: Sample, language: str, *, pseudo_language: bool = False) -> str:
    """Return the sample in a language, with a mark around each text."""
    code = tracing.traced_code(language, pseudo_language=pseudo_language)
    with tracing.traced(code):
        return sample.write(request, code)


@cache
def sections() -> dict[str, tuple[Sample, ...]]:
    """Return all samples by section. The last section has the texts that no other sample shows."""
    seen = {number for found in samples.sections().values() for sample in found for number in numbers_of(sample)}
    rest: dict[str, list[Entry]] = defaultdict(list)
    for number, entry in enumerate(tracing.entries(settings.LANGUAGE_CODE)):
        if number not in seen:
            rest[next(iter(places.places_of(entry.files)), "")].append(entry)
    others = tuple(_lines(f"other-{n}", place, found) for n, (place, found) in enumerate(sorted(rest.items())))
    return {**samples.sections(), "others": others}


def find(slug: str) -> Sample | None:
    """Return the sample of that name."""
    return next((sample for found in sections().values() for sample in found if sample.slug == slug), None)


@cache
def numbers_of(sample: Sample) -> tuple[int, ...]:
    """Return the numbers of the entries in a sample."""
    return tuple(tracing.numbers_in(write(nobody(), sample, settings.LANGUAGE_CODE)))


@cache
def samples_of() -> dict[int, list[tuple[str, Sample]]]:
    """Return the section and the sample in which each entry occurs, by the number of the entry."""
    found: dict[int, list[tuple[str, Sample]]] = defaultdict(list)
    for section, its_samples in sections().items():
        for sample in its_samples:
            for number in numbers_of(sample):
                found[number].append((section, sample))
    return found


def nobody() -> HttpRequest:
    """Return a request that belongs to no one."""
    request = HttpRequest()
    request.META = {"SERVER_NAME": "localhost", "SERVER_PORT": "80"}
    return request


def _lines(slug: str, place: str, found: list[Entry]) -> Sample:
    def write_lines(_request: HttpRequest, _language: str) -> str:
        return "\n".join(pgettext(e.context, e.source) if e.context else gettext(e.source) for e in found)

    return Sample(slug, place, write_lines)
