"""The content of a log line: time, level, logger, text, the known fields and the exception. Nothing else."""

import logging
from collections.abc import Iterator

import pytest
import structlog
from django.db import connection
from time_machine import TimeMachineFixture

from kumfa.logs.lines import readable_lines
from kumfa.tests.log_stream import Lines, written

logger = logging.getLogger("redacted")


@pytest.fixture
def lines() -> Iterator[Lines]:
    with written("redacted") as lines:
        yield lines


def test_a_line_is_an_object_with_time_level_logger_and_text(lines: Lines, time_machine: TimeMachineFixture) -> None:
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


def test_a_line_names_the_message_and_the_gateway_it_is_about(lines: Lines) -> None:
    logger.info("taken", extra={"message_id": 123456789, "gateway": "kannel", "number": "+4526123478"})
    (line,) = lines()
    assert (line["message_id"], line["gateway"]) == (123456789, "kannel")
    assert "number" not in line


def test_asvs_16_2_5_a_field_with_a_number_is_masked(lines: Lines) -> None:
    logger.info("taken", extra={"gateway": "+4526123478"})
    assert "26123478" not in lines.text


def test_asvs_16_2_5_a_text_of_several_lines_stays_one_line(lines: Lines) -> None:
    logger.info('one\ntwo\r\n{"level": "ERROR"}')
    (line,) = lines()
    assert line["text"] == 'one\ntwo\r\n{"level": "ERROR"}'


def test_asvs_16_2_5_a_records_arguments_are_masked(lines: Lines) -> None:
    logger.info("sending to %s for %s", "+4526123478", {"cpr": "010190-1234"})
    assert lines()[0]["text"] == "sending to ••78 for {'cpr': '••••••-••••'}"


def test_asvs_16_2_5_an_exceptions_text_is_masked_with_all_that_led_to_it(lines: Lines) -> None:
    try:
        try:
            raise ValueError("no route to +4526123478 with code 123456")
        except ValueError as error:
            raise RuntimeError("010190-1234") from error
    except RuntimeError:
        logger.exception("fault of %s", "123456")
    exception = str(lines()[0]["exception"])
    assert exception.count("Traceback") == 2
    assert "builtins.ValueError: no route to ••78 with code ••••" in exception
    assert exception.index("ValueError: no route") < exception.index("RuntimeError: ••••")
    assert "26123478" not in lines.text
    assert "-1234" not in lines.text
    assert lines()[0]["text"] == "fault of ••••"


def test_asvs_16_2_5_an_exception_that_another_handler_has_formatted_is_masked(lines: Lines) -> None:
    first = logging.StreamHandler(Lines().stream)
    logger.handlers.insert(0, first)
    number = "+4526123478"
    try:
        raise ValueError(number)
    except ValueError:
        logger.exception("fault")
    finally:
        logger.removeHandler(first)
    record = logging.makeLogRecord(
        {"name": "redacted", "levelno": logging.ERROR, "exc_text": f"ValueError: {number}", "msg": "again"}
    )
    logger.handle(record)
    assert len(lines()) == 2
    assert "26123478" not in lines.text


def test_an_exception_that_led_to_itself_ends(lines: Lines) -> None:
    first, second = ValueError("first"), ValueError("second")
    first.__cause__, second.__cause__ = second, first
    logger.error("fault", exc_info=first)
    assert str(lines()[0]["exception"]).count("Traceback") == 2


def test_asvs_16_2_5_a_line_that_cannot_be_made_is_logged_and_prints_no_argument(
    lines: Lines, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(logger, "propagate", False)  # to pytest's own handler, which raises
    logger.info("%d messages", "+4526123478")
    assert lines()[0]["text"] == "a line that cannot be made: '%d messages'"
    assert "26123478" not in capsys.readouterr().err


@pytest.mark.django_db
def test_asvs_16_2_5_a_statement_is_logged_without_its_values() -> None:
    with written("django.db.backends") as lines:
        connection.force_debug_cursor = True
        try:
            with connection.cursor() as cursor:
                cursor.execute("SELECT %s, %s", ["+4526123478", "hemmelig"])
        finally:
            connection.force_debug_cursor = False
    assert any("SELECT '?', '?'" in line["text"] for line in lines())
    assert "26123478" not in lines.text
    assert "hemmelig" not in lines.text


def test_asvs_16_2_5_loggers_of_structlog_write_the_same_lines(lines: Lines) -> None:
    structlog.get_logger("redacted").info("to +4526123478", message_id=42, number="26123478")
    (line,) = lines()
    assert (line["text"], line["message_id"], line["logger"]) == ("to ••78", 42, "redacted")
    assert "number" not in line


def test_a_line_for_people_says_the_same(time_machine: TimeMachineFixture) -> None:
    time_machine.move_to("2026-09-01T08:00:00.250Z", tick=False)
    with written("redacted", formatter=readable_lines()) as lines:
        logger.info("to %s", "+4526123478", extra={"message_id": 42})
        try:
            raise ValueError("26123478")
        except ValueError:
            logger.exception("fault")
    first, second, *more = lines.text.splitlines()
    assert first == "2026-09-01T08:00:00.250+00:00 INFO redacted to ••78 message_id=42"
    assert second.endswith("ERROR redacted fault")
    assert more[0].startswith("Traceback")
    assert more[-1] == "builtins.ValueError: ••78"
