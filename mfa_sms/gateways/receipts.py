"""Parses requests to the receipt URL. Their content is not trusted."""

from __future__ import annotations

import json
from collections.abc import Mapping
from urllib.parse import parse_qsl

from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, RawPostDataException, UnreadablePostError

from mfa_sms.gateways.base import ReceiptUnreadable

_FIELDS_MAX = 100  # Twilio sends about twenty


def body(request: HttpRequest) -> bytes:
    """Return the raw body. Raises `ReceiptUnreadable` if it is too large, incomplete or already read."""
    try:
        return request.body
    except (RequestDataTooBig, UnreadablePostError, RawPostDataException):
        raise ReceiptUnreadable from None


def json_object(body: bytes) -> Mapping[str, object]:
    """Return the body as a JSON object. Raises `ReceiptUnreadable` for anything else."""
    try:
        value = json.loads(body)
    except (ValueError, RecursionError):
        value = None
    if not isinstance(value, dict):
        raise ReceiptUnreadable
    return value


def child(document: Mapping[str, object], *path: str) -> Mapping[str, object]:
    """Return the object at a path of names; empty if it does not exist."""
    for name in path:
        value = document.get(name)
        document = value if isinstance(value, dict) else {}
    return document


def form(body: bytes) -> list[tuple[str, str]]:
    """Return the names and values of a URL-encoded form, including empty values. Raises `ReceiptUnreadable`."""
    try:
        return parse_qsl(body.decode(), keep_blank_values=True, errors="strict", max_num_fields=_FIELDS_MAX)
    except ValueError:
        raise ReceiptUnreadable from None
