"""What may stand in a log line: no telephone number, no CPR number, also not in an exception's text."""

import io
import json
import logging
from collections.abc import Callable, Iterator

import pytest
from time_machine import TimeMachineFixture

from kumfa.logs import JsonLine, Redact, redact


@pytest.fixture
def stream() -> Iterator[io.StringIO]:
    """What the portal's handler writes for the logger "redacted"."""
    written = io.StringIO()
    handler = logging.StreamHandler(written)
    handler.addFilter(Redact())
    handler.setFormatter(logging.Formatter("%(levelname)s %(message)s"))
    logger = logging.getLogger("redacted")
    logger.addHandler(handler)
    logger.setLevel(logging.INFO)
    logger.propagate = False
    yield written
    logger.removeHandler(handler)


logger = logging.getLogger("redacted")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("to +4526123478", "to +••••••-••••"),
        ("to +45 26 12 34 78.", "to ••78."),
        ("to 26123478", "to ••78"),
        ("to 26 12 34 78", "to ••78"),
        ("cpr 010190-1234", "cpr ••••••-••••"),
        ("cpr 0101901234", "cpr ••••••-••••"),
        ("https://sms.example.org/?to=4526123478&x=1", "https://sms.example.org/?to=••••••-••••&x=1"),
        ("two: +4526123478, 26123479", "two: +••••••-••••, ••79"),
    ],
)
def test_asvs_16_2_5_numbers_are_masked(text: str, expected: str) -> None:
    assert redact(text) == expected


@pytest.mark.parametrize("text", ["message 42", "2026-03-02 12:00:10", "reference K7F3-92", "port 5672", "1234567"])
def test_what_is_short_stays_readable(text: str) -> None:
    assert redact(text) == text


@pytest.mark.parametrize("text", ["26-12-34-78", "26.12.34.78", "(+45) 26\u00a012\u00a034\u00a078", "010190 1234"])
def test_asvs_16_2_5_numbers_are_masked_however_they_are_written(text: str) -> None:
    masked = redact(text)
    assert "12" not in masked
    assert "34" not in masked


def test_asvs_16_2_5_a_records_arguments_are_masked(stream: io.StringIO) -> None:
    logger.info("sending to %s for %s", "+4526123478", {"cpr": "010190-1234"})
    assert stream.getvalue() == "INFO sending to +••••••-•••• for {'cpr': '••••••-••••'}\n"


def test_asvs_16_2_5_an_exceptions_text_is_masked(stream: io.StringIO) -> None:
    try:
        try:
            raise ValueError("no route to +4526123478")
        except ValueError as error:
            raise RuntimeError("010190-1234") from error
    except RuntimeError:
        logger.exception("fault")
    written = stream.getvalue()
    assert "Traceback" in written
    assert "no route to +••••••-••••" in written
    assert "26123478" not in written
    assert "1234" not in written


def test_asvs_16_2_5_an_exceptions_text_is_masked_after_another_handler_has_formatted_it(stream: io.StringIO) -> None:
    first = logging.StreamHandler(io.StringIO())
    logger.handlers.insert(0, first)
    try:
        raise ValueError("no route to +4526123478")
    except ValueError:
        logger.exception("fault")
    logger.removeHandler(first)
    assert "26123478" not in stream.getvalue()


def test_a_line_that_cannot_be_made_does_not_stop_whoever_logs_it(
    stream: io.StringIO, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(logging, "raiseExceptions", False)
    logger.info("%d messages", "several")


def test_the_portals_log_goes_through_the_filter() -> None:
    from kumfa import settings

    handlers = settings.LOGGING["handlers"]
    assert isinstance(handlers, dict)
    assert all(handler["filters"] == ["redact"] for handler in handlers.values())


@pytest.fixture
def lines(stream: io.StringIO) -> Callable[[], list[dict[str, object]]]:
    """What the portal's handler writes as JSON, one object a line."""
    logger.handlers[-1].setFormatter(JsonLine())
    return lambda: [json.loads(line) for line in stream.getvalue().splitlines()]


def test_a_line_is_an_object_with_time_level_logger_and_text(
    lines: Callable[[], list[dict[str, object]]], time_machine: TimeMachineFixture
) -> None:
    time_machine.move_to("2026-09-01T08:00:00.250Z", tick=False)
    logger.warning("message %s: æøå", 42)
    assert lines() == [
        {
            "time": "2026-09-01T08:00:00.250+00:00",
            "level": "WARNING",
            "logger": "redacted",
            "text": "message 42: æøå",
        }
    ]


def test_a_line_names_the_message_and_the_gateway_it_is_about(
    lines: Callable[[], list[dict[str, object]]],
) -> None:
    logger.info("taken", extra={"message_id": 42, "gateway": "kannel", "number": "+4526123478"})
    (line,) = lines()
    assert (line["message_id"], line["gateway"]) == (42, "kannel")
    assert "number" not in line


def test_a_text_of_several_lines_stays_one_line(lines: Callable[[], list[dict[str, object]]]) -> None:
    logger.info('one\ntwo\r\n{"level": "ERROR"}')
    (line,) = lines()
    assert line["text"] == 'one\ntwo\r\n{"level": "ERROR"}'


def test_asvs_16_2_5_an_object_holds_no_number_also_not_in_an_exception(
    lines: Callable[[], list[dict[str, object]]], stream: io.StringIO
) -> None:
    try:
        raise ValueError("no route to +4526123478")
    except ValueError:
        logger.exception("no message to %s", "+4526123478")
    (line,) = lines()
    assert "Traceback" in str(line["exception"])
    assert "ValueError" in str(line["exception"])
    assert "26123478" not in stream.getvalue()
