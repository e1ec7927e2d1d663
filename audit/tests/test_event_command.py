"""The output of `manage.py verify_events` for operators."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from audit import sealing
from audit.management.commands import verify_events
from audit.models import EventSeal
from audit.sealing import Checkpoint
from audit.tests.seals import tamper, write

pytestmark = pytest.mark.django_db


def run(*arguments: str) -> tuple[str, str]:
    """Run the command. Return its output and its error message."""
    output = StringIO()
    try:
        call_command("verify_events", *arguments, stdout=output)
    except CommandError as error:
        return output.getvalue(), str(error)
    return output.getvalue(), ""


def test_a_log_in_order_is_one_line() -> None:
    write(3)
    sealing.seal()
    write(2)
    assert run() == ("3 events and 1 seals are in order, 2 are not sealed yet.\n", "")


def test_each_finding_is_a_line_and_the_command_fails() -> None:
    ids = write(3)
    sealing.seal()
    tamper("UPDATE {events} SET reason = 'x' WHERE id = %s", ids[0])
    tamper("DELETE FROM {events} WHERE id = %s", ids[2])
    output, failure = run()
    assert output == f"Row {ids[0]} was changed: it is not what was sealed.\nRow {ids[2]} was deleted.\n"
    assert failure == "2 findings; 1 events and 1 seals are in order, 0 are not sealed yet."


def test_asvs_16_2_5_a_finding_shows_neither_address_nor_browser() -> None:
    write(2, address="192.0.2.99", browser="Netscape")
    sealing.seal()
    tamper("UPDATE {events} SET network = '198.51.100.4', browser = 'Mosaic'")
    output, failure = run()
    assert output.count("address, network or browser was changed") == 2
    for secret in ("192.0.2.99", "198.51.100.4", "Netscape", "Mosaic"):
        assert secret not in output + failure


def test_of_many_findings_the_first_are_lines_and_the_rest_a_number(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(verify_events, "SHOWN", 3)
    write(8)
    sealing.seal()
    tamper("DELETE FROM {events}")
    output, failure = run()
    assert output.splitlines()[3:] == ["… and 5 more."]
    assert failure.startswith("8 findings")


def test_a_head_from_the_log_is_taken_as_it_stands_there() -> None:
    write()
    sealing.seal()
    head = Checkpoint(1, EventSeal.objects.get().digest)
    assert run("--head", str(head))[1] == ""
    output, failure = run("--head", f"1:{'0' * 64}")
    assert output == "Seal 1 has another digest than the one given.\n"
    assert failure
    output, failure = run("--head", f"2:{head.digest}")
    assert output == "Seal 2 is the one given, and the chain ends before it.\n"
    assert failure


@pytest.mark.parametrize("head", ["", "1", "1:abc", "x:" + "0" * 64, "1:" + "0" * 62, "1:" + "g" * 64])
def test_what_is_no_head_is_refused(head: str) -> None:
    output, failure = run("--head", head)
    assert output == ""
    assert "NUMBER:DIGEST" in failure
