"""Every state that a message, a method or an account can be in, and every line of recent activity."""

from collections.abc import Callable, Iterable

from django.http import HttpRequest

from audit import kinds as event_kinds
from audit.kinds import EventKind
from mfa_sms.delivery_status import DeliveryStatus, status_advice, status_name, status_text
from notices import kinds as notice_kinds
from words.samples import fixtures
from words.samples.base import Sample


def samples() -> list[Sample]:
    """Return the states of text messages, the texts of the methods, the kinds of notices, and the events."""
    notices = _lines("notices", lambda _language: [kind.label for kind in notice_kinds.all_kinds()])
    of_methods = [*map(_of_status, DeliveryStatus), *map(_of_method, _METHODS)]
    return [*of_methods, notices, *map(_of_event, event_kinds.all_kinds())]


def _lines(slug: str, lines: Callable[[str], Iterable[object]]) -> Sample:
    def write(_request: HttpRequest, language: str) -> str:
        return "\n".join(str(line) for line in lines(language) if line)

    return Sample(slug, slug.replace("-", " "), write)


def _of_status(status: DeliveryStatus) -> Sample:
    found = (status_name, status_text, status_advice)
    return _lines(f"status-{status.value.replace('_', '-')}", lambda _language: [text(status) for text in found])


_METHODS = {
    "mfa_sms": fixtures.phone,
    "mfa_totp": fixtures.app,
    "mfa_recovery": fixtures.recovery_codes,
    "mfa_pass": fixtures.access_pass,
}


def _of_method(slug: str) -> Sample:
    def lines(_language: str) -> list[object]:
        option = _METHODS[slug]()
        method = option.method
        said = (option.prompt, option.description)
        texts = [method.label, *[text for words in said for text in (words.seen, words.spoken)], option.details]
        return [*texts, method.cannot, method.risk, method.registered, method.onward, method.offer]

    return _lines(f"method-{slug.replace('_', '-')}", lines)


def _of_event(kind: EventKind) -> Sample:
    def lines(language: str) -> list[object]:
        event = fixtures.event(kind, language)
        owner = kind.owner_text(event) if kind.owner_text else ""
        return [kind.label, owner, *kind.reasons()]

    return _lines(f"event-{str(kind).replace('_', '-')}", lines)
