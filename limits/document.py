"""Generates docs/limits.md from the catalogue."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

from django.conf import settings
from django.utils import translation

from limits import catalogue
from limits.exposure import exposure
from limits.limit import Limit

PATH = Path(settings.BASE_DIR) / "docs" / "limits.md"

_INTRODUCTION = """# Limits

This page is generated from `limits/catalogue` by `manage.py limits_page`. Change the catalogue, not this page.

A window begins with the first use. The database counts each use in one statement, so that the limits are exact for any
number of processes. IT Support lifts the limits of an account when it unlocks the account.

A refusal writes the event `limit_reached`, at most one per limit, party and minute. The metric
`kumfa_limit_refusals_total` counts every refusal. The page of a refusal has status 429 and the header `Retry-After`.
"""
_HEAD = "\n| Name | Scope | Number | Window | Reason | Text for people |\n|---|---|---|---|---|---|\n"


def render() -> str:
    """Return the text of docs/limits.md, with the numbers of the default settings."""
    with translation.override("en"):
        return "".join(_parts())


def _parts() -> Iterator[str]:
    yield _INTRODUCTION
    listed = list(catalogue.LIMITS.values())
    yield "\n## Budgets of one party\n" + _HEAD
    yield from (_row(limit) for limit in listed if limit.counted and not limit.alarms)
    yield "\n## Caps on totals\n\nAt 80 % and at 100 % there is one event, one mail to operators, and one line\n"
    yield "on the overview.\n"
    yield _HEAD
    yield from (_row(limit) for limit in listed if limit.alarms)
    yield from _exposures()
    yield "\n## Other limits\n\nThese are counted with the row that they limit, such as a challenge or a device.\n"
    yield _HEAD
    yield from (_row(limit) for limit in listed if not limit.counted)


def _exposures() -> Iterator[str]:
    yield (
        "\n## What stolen accounts cost at most\n\n"
        "The thief of an account has the password, phones at home and abroad, and a known browser. Sixty minutes\n"
        "around the end of a window can once hold twice as much. A gateway that gives no answer can cause a second\n"
        f"message. The assumed prices are {settings.SMS_PRICE_AT_HOME:.2f} DKK at home and "
        f"{settings.SMS_PRICE_ABROAD:.2f} DKK abroad.\n\n"
        "| Stolen accounts | Messages in an hour | Of them abroad | Cost in DKK |\n|---|---|---|---|\n"
    )
    for accounts in (1, 100, 10_000):
        most = exposure(accounts)
        yield f"| {accounts:,} | {most.messages:,} | {most.abroad:,} | {most.cost:,.0f} |\n"


def _row(limit: Limit) -> str:
    told = " ".join(filter(None, (_sentence(str(limit.told)), _sentence(str(limit.instead))))) or "–"
    number = f"`{limit.setting}` = {limit.number:,}"
    return f"| `{limit.name}` | {limit.scope} | {number} | {_length(limit.window)} | {limit.reason} | {told} |\n"


def _sentence(text: str) -> str:
    return text if not text or text.endswith(".") else f"{text}."


def _length(window: timedelta) -> str:
    if window == timedelta.max:
        return "–"
    minutes = int(window.total_seconds() // 60)
    return f"{minutes} min." if minutes < 60 else f"{minutes // 60} h"
