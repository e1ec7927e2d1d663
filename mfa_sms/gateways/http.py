"""The one way to a gateway over HTTP: kept connections, an end to all waiting, and what each failure means."""

from __future__ import annotations

import json
import logging
import os
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from http.cookiejar import CookieJar, DefaultCookiePolicy

import httpx

from mfa_sms.gateways import deadline
from mfa_sms.gateways.base import GatewayError, GatewayFault

# Seconds for one step: a gateway that does not accept a connection within three is down.
TIMEOUT = httpx.Timeout(connect=3, read=10, write=10, pool=3)
# Seconds for all of it, also where each step comes just in time. A person waits for the code meanwhile.
DEADLINE = 15.0
# Bytes of an answer that are read. Answers of gateways have a few hundred.
BODY_MAX = 64 * 1024
# Seconds that a gateway may ask to be left alone: half a code's life.
RETRY_AFTER_MAX = 300

# Nothing left this machine: no gateway has the message.
_NOT_SENT = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.UnsupportedProtocol)

# SECURITY: these log each request with its URL; Kannel's holds the password, the number and the code.
for _name in ("httpx", "httpcore.connection", "httpcore.http11"):
    logging.getLogger(_name).addFilter(lambda record: False)


@dataclass(frozen=True)
class GatewayResponse:
    """What a gateway answered; of a status that carries its own explanation (2xx, 4xx), with its body."""

    status: int
    body: bytes = field(default=b"", repr=False)
    retry_after: int | None = None

    @property
    def document(self) -> dict[str, object]:
        """The body as a JSON object; empty if it is none."""
        try:
            value = json.loads(self.body)
        except (ValueError, RecursionError):
            return {}
        return value if isinstance(value, dict) else {}


# Reads the gateway's own code out of a 4xx answer, and what it means by the gateway's table; None where the table is
# silent and the status decides.
Explain = Callable[[GatewayResponse], tuple[GatewayFault | None, str]]


def exchange(
    method: str,
    url: str,
    explain: Explain,
    *,
    headers: Mapping[str, str] | None = None,
    query: Mapping[str, str] | None = None,
    form: Mapping[str, str] | None = None,
    document: Mapping[str, object] | None = None,
) -> GatewayResponse:
    """Make one request and return its answer, of status 2xx. Raises `GatewayError` and nothing else.

    `query` and `form` are URL-encoded, `document` is sent as JSON. Not repeated on failure, not redirected.
    """
    # SECURITY: an error of the library holds the request, with its URL. It is neither raised nor kept as the context
    # of what is raised: both would reach a log or an error report.
    fault: GatewayFault | None = None
    try:
        client = _shared()
        with deadline.within(DEADLINE):
            answer = _converse(client, method, url, headers=headers, params=query, data=form, json=document)
    except _NOT_SENT:
        fault = GatewayFault.UNAVAILABLE
    except Exception:
        # Timed out, cut off, garbled, or anything else: the request may have left.
        fault = GatewayFault.UNKNOWN
    if fault is not None:
        raise GatewayError(fault)
    if not 200 <= answer.status < 300:
        raise _refusal(answer, explain)
    return answer


def status_fault(status: int) -> GatewayFault:
    """What a status that is not 2xx means where the gateway's own table is silent."""
    if status in (401, 403) or status < 400:
        return GatewayFault.MISCONFIGURED
    return GatewayFault.UNAVAILABLE if status == 429 or status >= 500 else GatewayFault.REJECTED


def close() -> None:
    """Close the kept connections of this process; the next request opens new ones."""
    global _client
    with _lock:
        client, _client = _client, None
    if client is not None:
        client.close()


class _TooLarge(Exception):
    pass


def _refusal(answer: GatewayResponse, explain: Explain) -> GatewayError:
    fault, code = explain(answer) if 400 <= answer.status < 500 else (None, "")
    return GatewayError(fault or status_fault(answer.status), code or f"http-{answer.status}", answer.retry_after)


def _converse(
    client: httpx.Client,
    method: str,
    url: str,
    *,
    headers: Mapping[str, str] | None,
    params: Mapping[str, str] | None,
    data: Mapping[str, str] | None,
    json: Mapping[str, object] | None,
) -> GatewayResponse:
    # SECURITY: a compressed answer could unpack to any size.
    headers = {"Accept-Encoding": "identity", "Accept": "*/*", **(headers or {})}
    with client.stream(
        method, url, headers=headers, params=params, data=data, json=json, timeout=TIMEOUT, follow_redirects=False
    ) as response:
        status = response.status_code
        retry_after = _seconds(response.headers.get("Retry-After", ""))
        if 200 <= status < 300:
            return GatewayResponse(status, _read(response), retry_after)
        if 400 <= status < 500:
            try:
                return GatewayResponse(status, _read(response), retry_after)
            except (httpx.HTTPError, _TooLarge):
                pass
        # The status alone says that the message was not taken.
        return GatewayResponse(status, b"", retry_after)


def _read(response: httpx.Response) -> bytes:
    body = b""
    for chunk in response.iter_raw():
        body += chunk
        if len(body) > BODY_MAX:
            raise _TooLarge
    return body


def _seconds(retry_after: str) -> int | None:
    """Read the header, seconds or an HTTP date, as seconds from now within limits; None for anything else."""
    if retry_after.isascii() and retry_after.isdigit():
        # More digits than the limit has are over it; int() would choke on thousands of them.
        return min(int(retry_after[:9]), RETRY_AFTER_MAX)
    try:
        moment = parsedate_to_datetime(retry_after)
    except ValueError:
        return None
    moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return round(min(max((moment - datetime.now(UTC)).total_seconds(), 0), RETRY_AFTER_MAX))


_client: httpx.Client | None = None
_lock = threading.Lock()


def _shared() -> httpx.Client:
    """Return the process's client; threads share it and its connections."""
    global _client
    with _lock:
        if _client is None:
            # No cookie is kept: what one send receives, another does not repeat.
            cookies = CookieJar(DefaultCookiePolicy(allowed_domains=[]))
            _client = httpx.Client(transport=deadline.DeadlineTransport(), cookies=cookies, trust_env=False)
        return _client


def _forget() -> None:
    """Leave the parent's connections to the parent: two processes on one socket would mix their answers."""
    global _client, _lock
    _client, _lock = None, threading.Lock()


os.register_at_fork(after_in_child=_forget)
