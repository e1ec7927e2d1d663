"""HTTP client for gateways. It reuses connections, limits all waiting, and maps each failure to a fault."""

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

# Seconds for one step. A gateway that accepts no connection within the limit is down.
TIMEOUT = httpx.Timeout(connect=3, read=10, write=10, pool=3)
# Seconds for the whole request, even if every step is in time. A person is waiting for the code.
DEADLINE = 15.0
# Maximum bytes that are read from an answer. Gateways' answers have a few hundred.
BODY_MAX = 64 * 1024
# Maximum seconds that a gateway may ask us to wait: half a code's life.
RETRY_AFTER_MAX = 300

# The code of a request that did not leave this machine.
NETWORK = "network"
# Nothing left this machine, so no gateway has the message.
_NOT_SENT = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.UnsupportedProtocol)

# These say nothing about the message: credentials, no credit, the wrong address, method or content type.
_REFUSE_ALL = (401, 402, 403, 404, 405, 407, 410, 415)
# A proxy got no answer from the gateway, which may have taken the message.
_MAYBE_TAKEN = (504, 524)

# SECURITY: these loggers record each request with its URL. Kannel's URL contains the password, the number and the code.
for _name in ("httpx", "httpcore.connection", "httpcore.http11"):
    logging.getLogger(_name).addFilter(lambda record: False)


@dataclass(frozen=True)
class GatewayResponse:
    """A gateway's answer. The body is kept only for a status that explains itself (2xx, 4xx)."""

    status: int
    body: bytes = field(default=b"", repr=False)
    retry_after: int | None = None

    @property
    def document(self) -> dict[str, object]:
        """The body as a JSON object; empty if it is not one."""
        try:
            value = json.loads(self.body)
        except (ValueError, RecursionError):
            return {}
        return value if isinstance(value, dict) else {}


# Returns the meaning of a 4xx answer by the gateway's table, and the gateway's own code. If the table has no entry, the
# meaning is None and the status decides.
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
    """Make one request and return its answer with a 2xx status. Raises `GatewayError` and nothing else.

    `query` and `form` are URL-encoded; `document` is sent as JSON. The request is neither retried nor redirected.
    """
    # SECURITY: an exception of the library contains the request with its URL. It is neither raised nor kept as the
    # context of another exception. Both would reach a log or an error report.
    fault: GatewayFault | None = None
    code = ""
    try:
        client = _shared()
        with deadline.within(DEADLINE):
            answer = _converse(client, method, url, headers=headers, params=query, data=form, json=document)
    except _NOT_SENT:
        fault, code = GatewayFault.UNAVAILABLE, NETWORK
    except Exception:
        # Timeout, interruption, invalid answer or any other error: the request may have left.
        fault = GatewayFault.UNKNOWN
    if fault is not None:
        raise GatewayError(fault, code)
    if not 200 <= answer.status < 300:
        raise _refusal(answer, explain)
    return answer


def status_fault(status: int) -> GatewayFault:
    """Return the meaning of a status other than 2xx that the gateway's own table does not list."""
    if status in _REFUSE_ALL or status < 400:
        return GatewayFault.MISCONFIGURED
    if status in _MAYBE_TAKEN:
        return GatewayFault.UNKNOWN
    if status == 429:
        return GatewayFault.BUSY
    return GatewayFault.UNAVAILABLE if status in (408, 425) or status >= 500 else GatewayFault.REJECTED


def close() -> None:
    """Close the open connections of this process. The next request opens new ones."""
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
        # The status alone shows that the message was not accepted.
        return GatewayResponse(status, b"", retry_after)


def _read(response: httpx.Response) -> bytes:
    body = b""
    for chunk in response.iter_raw():
        body += chunk
        if len(body) > BODY_MAX:
            raise _TooLarge
    return body


def _seconds(retry_after: str) -> int | None:
    """Return a Retry-After header (seconds or HTTP date) as seconds from now, limited to `RETRY_AFTER_MAX`.

    Returns None for any other value.
    """
    if retry_after.isascii() and retry_after.isdigit():
        # Nine digits already exceed the limit. int() raises an error for thousands of digits.
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
    """Return the client of this process. Threads share it and its connections."""
    global _client
    with _lock:
        if _client is None:
            # No cookie is stored: a request must not repeat what another one received.
            cookies = CookieJar(DefaultCookiePolicy(allowed_domains=[]))
            _client = httpx.Client(transport=deadline.DeadlineTransport(), cookies=cookies, trust_env=False)
        return _client


def _forget() -> None:
    """Leave the parent's connections to the parent. Two processes on one socket would mix their answers."""
    global _client, _lock
    _client, _lock = None, threading.Lock()


os.register_at_fork(after_in_child=_forget)
