"""The outcome of a run: how each message ended, why messages were received twice, and every broken promise."""

import json
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from statistics import quantiles
from typing import Any

from tests.faults import journal
from tests.faults.database import Database
from tests.faults.gateway import NAMES
from tests.faults.judge import judge

# Seconds between the times that a gateway and the portal record for the same event, on a busy machine.
SLACK = 2.0
# Maximum seconds for a response and its record. A process that was killed within them may have been waiting for one.
UNDER_WAY = 15.0

Row = dict[str, Any]
LOST_ANSWERS = {"hang": "the gateway hung", "nonsense": "the answer was nonsense", "mute": "the gateway hung up"}


@dataclass
class Outcome:
    """The numbers of a run."""

    statuses: Counter[str] = field(default_factory=Counter)
    twice: Counter[str] = field(default_factory=Counter)
    troubles: Counter[str] = field(default_factory=Counter)
    kills: Counter[str] = field(default_factory=Counter)
    ended_by_themselves: Counter[str] = field(default_factory=Counter)
    delays: list[float] = field(default_factory=list)  # seconds from the commit until a gateway had the message
    broken: list[str] = field(default_factory=list)  # descriptions of broken promises
    noted: Counter[str] = field(default_factory=Counter)  # other facts

    def delay(self, percent: int) -> float:
        """Return the percentile of the delays, in seconds."""
        return quantiles(self.delays, n=100, method="inclusive")[percent - 1] if len(self.delays) > 1 else 0.0


def read_outcome(database: Database, folder: Path) -> Outcome:
    """Compare the portal's records with the journals of the gateways and of the faults."""
    events = journal.read(folder / "events.jsonl")
    asked: dict[int, list[Row]] = {}
    reports: dict[int, list[Row]] = {}
    for entry in journal.read(folder / "gateway.jsonl"):
        found = reports if entry.get("kind") == "receipt" else asked
        found.setdefault(entry["reference"], []).append(entry)
    kept = _kept_receipts(database)
    attempts: dict[int, list[Row]] = {}
    for row in database.rows(
        "SELECT message_id, gateway, outcome, code, worker, gateway_message_id,"
        " extract(epoch FROM started_at)::float AS started,"
        " extract(epoch FROM ended_at)::float AS ended FROM mfa_sms_attempt ORDER BY id"
    ):
        attempts.setdefault(row["message_id"], []).append(row)
    outcome = Outcome()
    _count_events(outcome, events)
    kills = [event["at"] for event in events if event["kind"] != "trouble"]
    messages = database.rows(
        "SELECT id, status, error, tries, dispatches, extract(epoch FROM created_at)::float AS created,"
        " extract(epoch FROM status_at)::float AS since,"
        " extract(epoch FROM expires_at)::float AS expires FROM mfa_sms_textmessage ORDER BY id"
    )
    (folder / "messages.jsonl").write_text("".join(f"{json.dumps(message)}\n" for message in messages))
    for message in messages:
        number = message["id"]
        told = _Told(asked.pop(number, []), reports.get(number, []), attempts.get(number, []), kept.get(number, set()))
        _judge(outcome, message, told, kills)
    outcome.broken += [f"message {number} is no row" for number in asked]
    outcome.noted["receipts"] = database.count("SELECT count(*) FROM mfa_sms_receipt")
    return outcome


def _count_events(outcome: Outcome, events: Sequence[Row]) -> None:
    for event in events:
        if event["kind"] == "kill":
            outcome.kills[event["target"]] += 1
        elif event["kind"] == "trouble":
            outcome.troubles[f"{event['target']}: {event['how']}"] += event["how"] != "well"
        else:
            outcome.ended_by_themselves[event["target"]] += 1


@dataclass(frozen=True)
class _Told:
    """The records of the gateways and the portal about one message."""

    asked: list[Row]
    reports: list[Row]
    attempts: list[Row]
    kept: set[tuple[str, str, str]]


def _kept_receipts(database: Database) -> dict[int, set[tuple[str, str, str]]]:
    kept: dict[int, set[tuple[str, str, str]]] = {}
    rows = database.rows("SELECT message_id, gateway, gateway_message_id, raw_status FROM mfa_sms_receipt")
    for row in rows:
        values = (row["gateway"], row["gateway_message_id"], row["raw_status"])
        kept.setdefault(row["message_id"], set()).add(values)
    return kept


def _judge(outcome: Outcome, message: Row, told: _Told, kills: list[float]) -> None:
    number, attempts = message["id"], told.attempts
    taken = [entry for entry in told.asked if entry["taken"]]
    outcome.statuses[message["status"]] += 1
    for entry in told.asked:
        # The answer was lost if the process was killed before it came.
        entry["killed"] = _any(kills, entry["at"] - SLACK, entry["at"] + UNDER_WAY)
    row = {**message, "gateways": NAMES, "killed": any(entry["killed"] for entry in told.asked)}
    recorded = [attempt for attempt in attempts if attempt["code"] != "worker_lost"]
    outcome.broken += judge(row, told.asked, told.reports, recorded, time.time(), told.kept)
    if taken:
        outcome.delays.append(taken[0]["at"] - message["created"])
    for first, second in pairwise(taken):
        why = _why_again(first, attempts, kills)
        outcome.twice[why] += 1
        if why == "?":
            outcome.broken.append(f"message {number} was sent twice: {first}, then {second}; {attempts}")


def _why_again(first: Row, attempts: list[Row], kills: list[float]) -> str:
    """Return why a message was sent again although a gateway had taken it, or `?` without an explanation."""
    at = first["at"]
    recorded = [row for row in attempts if row["gateway_message_id"] == first["message_id"]]
    if recorded:
        ended = recorded[0]["ended"]
        return "killed before the status was written" if _any(kills, ended - SLACK, ended + SLACK) else "?"
    for row in attempts:
        if row["code"] == "worker_lost":
            continue
        same = row["gateway"] == first["gateway"] and row["started"] - SLACK <= at <= row["ended"] + SLACK
        if same and row["outcome"] == "unknown":
            return LOST_ANSWERS.get(first["mood"], "the answer came too late")
    # A process that survives records every attempt, whatever its result.
    return "killed before the answer was written" if _any(kills, at - SLACK, at + UNDER_WAY) else "?"


def _any(times: list[float], begin: float, end: float) -> bool:
    return any(begin <= at <= end for at in times)
