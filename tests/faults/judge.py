"""Compares the final status of a message with the journals of the gateways.

It shares no rule with the portal: it reads the journals, and derives what the row must contain. Times are in seconds
since the epoch.
"""

from collections.abc import Collection, Sequence
from itertools import combinations
from typing import Any

Row = dict[str, Any]
FAILURES = {"UNDELIVERABLE", "EXPIRED", "REJECTED"}
# Before a code expires, in which no gateway is asked any more.
LAST_SECONDS = 4.0


def judge(
    message: Row,
    asked: Sequence[Row],
    reports: Sequence[Row],
    attempts: Sequence[Row],
    now: float,
    kept: Collection[tuple[str, str, str]] | None = None,
) -> list[str]:
    """Return what is wrong with the row of a message.

    `asked` are all requests for the message, with `taken` and the gateway's `mood`. `reports` are the receipts that the
    portal acknowledged. `attempts` are the portal's own records, and `kept` the receipts that it stored for the
    message: gateway, id and status.
    """
    taken = [entry for entry in asked if entry["taken"]]
    arrived = [report for report in reports if report["status"] == "DELIVERED"]
    said = f"message {message['id']} is {message['status']}"
    wrong = [f"{said}, {words}" for words in _wrong_status(message, asked, taken, reports, arrived)]
    wrong += _wrong_times(message, asked, now)
    wrong += [
        f"message {message['id']} was sent by two workers at once"
        for one, two in combinations(attempts, 2)
        if one["worker"] != two["worker"] and _overlap(one, two)
    ]
    lost = {(report["gateway"], report["message_id"], report["status"]) for report in reports} - set(kept or ())
    if kept is not None:
        wrong += [
            f"message {message['id']} lacks a receipt that the portal acknowledged: {one}" for one in sorted(lost)
        ]
    return wrong


def _wrong_status(
    message: Row, asked: Sequence[Row], taken: Sequence[Row], reports: Sequence[Row], arrived: Sequence[Row]
) -> list[str]:
    status = message["status"]
    failed = {(report["gateway"], report["message_id"]) for report in reports if report["status"] in FAILURES}
    alive = [entry for entry in taken if (entry["gateway"], entry["message_id"]) not in failed]
    wrong = {
        "and a gateway has reported that it arrived": bool(arrived) and status != "delivered",
        "and no gateway has reported that it arrived": status == "delivered" and not arrived,
        "and no gateway has it": status in ("sent", "undeliverable", "expired") and not taken,
        "and no copy is left that could arrive": status == "sent" and bool(taken) and not alive,
        "and a copy may still arrive": status in ("undeliverable", "expired", "rejected") and bool(alive),
        "and a gateway has it": status in ("failed", "cancelled") and bool(alive),
        "and a gateway has accepted it": status == "unknown" and any(_is_accepted(entry) for entry in alive),
        "and no request was without an answer": status == "unknown"
        and bool(asked)
        and all(entry["mood"] in ("well", "error", "reject") for entry in asked)
        and not message.get("killed"),
    }
    return [words for words, is_so in wrong.items() if is_so]


def _wrong_times(message: Row, asked: Sequence[Row], now: float) -> list[str]:
    number, status = message["id"], message["status"]
    wrong = []
    if status in ("queued", "sending") and now > message["expires"]:
        wrong.append(f"message {number} is lost: {status}")
    # A message that expires within seconds is no longer sent to a gateway.
    early = message["since"] < message["expires"] - LAST_SECONDS
    if status == "cancelled" and message["since"] < message["expires"] - 1:
        wrong.append(f"message {number} was cancelled while its code lived")
    if status == "failed" and early:
        wrong.append(f"message {number} was given up while its code lived")
    if status == "rejected" and early and {entry["gateway"] for entry in asked} < set(message["gateways"]):
        wrong.append(f"message {number} was rejected, and another gateway was not asked")
    for entry in asked:
        if entry["at"] > message["expires"]:
            late = entry["at"] - message["expires"]
            wrong.append(f"message {number} came {late:.1f} s after its code's end")
    return wrong


def _is_accepted(entry: Row) -> bool:
    return bool(entry["mood"] == "well" and not entry.get("killed"))


def _overlap(one: Row, two: Row) -> bool:
    return bool(one["started"] < two["ended"] and two["started"] < one["ended"])
