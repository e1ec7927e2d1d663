"""Log lines: one pipeline for our records and those of Django, Celery, gunicorn and libraries.

structlog formats the records of Python's own `logging`. It adds the context: the reference of the request, the task,
the account.
"""

import logging
import traceback
from collections.abc import Iterator
from datetime import UTC, datetime
from types import TracebackType
from typing import Any

import structlog
from structlog.stdlib import ProcessorFormatter
from structlog.typing import EventDict, WrappedLogger

from kumfa.logs.redaction import redact, redact_error, redact_sql

# The fields that a record may have beside its text. SECURITY: any other field is dropped. Django attaches the request
# and the parameters of SQL statements to its records, and a caller may attach a number.
FIELDS = ("reference", "request_id", "account_id", "task", "task_id", "message_id", "gateway", "status_code")


class LineFormatter(ProcessorFormatter):
    """Formats lines with structlog's processors. If the text of a record cannot be made, logs that and does not raise.

    SECURITY: `logging` would print the arguments of such a record unmasked.
    """

    def format(self, record: logging.LogRecord) -> str:
        """Return the line. Do not change the record, since other handlers may format it too."""
        if not hasattr(record, "_logger"):  # not structlog's own record, whose text is a dictionary
            record = logging.makeLogRecord(record.__dict__)
            record.msg, record.args = _text(record), ()
            record.formatted_error = None if record.exc_info else record.exc_text
        return super().format(record)


def json_lines() -> LineFormatter:
    """Return the formatter for production: one JSON object per line."""
    return LineFormatter(
        processors=[structlog.contextvars.merge_contextvars, fields_of_a_line, _json],
    )


def readable_lines() -> LineFormatter:
    """Return the formatter for development."""
    return LineFormatter(
        processors=[structlog.contextvars.merge_contextvars, fields_of_a_line, _readable],
    )


def fields_of_a_line(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """Return the fields of the line, all masked: time (UTC), level, logger, text, `FIELDS` and the exception."""
    record: logging.LogRecord = event["_record"]
    given = event if event["_from_structlog"] else {**record.__dict__, **event}
    error = _exception(given.get("exc_info")) or redact_error(given.get("formatted_error") or "")
    text = str(event.get("event", ""))
    line: dict[str, Any] = {
        "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
        "level": record.levelname,
        "logger": record.name,
        "text": redact_error(text) if error else redact(text),
    }
    line |= {name: _value(given[name]) for name in FIELDS if name in given}
    if error:
        line["exception"] = error
    return line


def configure_structlog() -> None:
    """Send the lines of structlog's own loggers through `logging`, and so through the pipeline."""
    structlog.configure(
        processors=[structlog.stdlib.filter_by_level, ProcessorFormatter.wrap_for_formatter],
        wrapper_class=structlog.stdlib.BoundLogger,
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=True,
    )


def _json(logger: WrappedLogger, method: str, event: EventDict) -> str:
    return str(structlog.processors.JSONRenderer(ensure_ascii=False)(logger, method, event))


def _readable(_logger: WrappedLogger, _method: str, event: EventDict) -> str:
    """Return "time LEVEL logger text name=value …", with the exception below."""
    extra = " ".join(f"{name}={event[name]}" for name in FIELDS if name in event)
    line = " ".join(filter(None, [event["time"], event["level"], event["logger"], event["text"], extra]))
    return f"{line}\n{event['exception']}" if "exception" in event else line


def _text(record: logging.LogRecord) -> str:
    if hasattr(record, "sql"):  # from django.db.backends: the statement with its parameters filled in
        duration = getattr(record, "duration", None)
        return f"({duration or 0:.3f}) {redact_sql(str(record.sql))}"
    try:
        return record.getMessage()
    except (TypeError, ValueError, KeyError):
        return f"a line that cannot be made: {record.msg!r}"


def _value(value: object) -> object:
    return value if isinstance(value, int) or value is None else redact(str(value))


def _exception(given: Any) -> str:
    """Return the traceback of `exc_info` with the text of each exception masked, or "" without an exception."""
    if isinstance(given, BaseException):
        return "".join(_chain(given, given.__traceback__, set()))
    if isinstance(given, tuple) and given[1] is not None:
        return "".join(_chain(given[1], given[2], set()))
    return ""


def _chain(error: BaseException, frames: TracebackType | None, seen: set[int]) -> Iterator[str]:
    """Yield the traceback of the first exception, then of each that followed, as Python prints them."""
    seen.add(id(error))
    cause = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    if cause is not None and id(cause) not in seen:
        yield from _chain(cause, cause.__traceback__, seen)
        yield "\n\nwhich led to:\n\n"
    yield "Traceback (most recent call last):\n"
    yield redact("".join(traceback.format_tb(frames)))
    yield f"{type(error).__module__}.{type(error).__qualname__}: {redact_error(str(error))}"
