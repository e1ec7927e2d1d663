"""The worker logs like the web processes: one pipeline, the reference of the request, and the seals."""

import re
import shlex
import sys

import pytest

from common.references import is_reference
from tests.broker.portal import ROOT, Portal

pytestmark = pytest.mark.broker


def command(unit: str, portal: Portal) -> list[str]:
    """Return the command of a systemd unit, with this Python and the portal's own queues and files."""
    text = (ROOT / "docs/systemd" / unit).read_text(encoding="utf-8")
    words = shlex.split(re.findall(r"^ExecStart=(.*)$", text, re.MULTILINE)[0])
    assert words[0].endswith("/celery")
    words = [word.replace("/var/lib/kumfa", str(portal.folder)) for word in words]
    if "--queues" in words:
        position = words.index("--queues") + 1
        words[position] = f"{portal.prefix}{words[position]}"
    return [sys.executable, "-m", "celery", *words[1:]]


def test_the_worker_logs_the_reference_of_the_request(portal: Portal) -> None:
    published = portal.enroll()
    with portal.worker() as worker:
        portal.received(worker)
        line = portal.logged(worker, f"message {published.message}, gateway")
    assert line["reference"] == published.reference
    assert line["task"] == "mfa_sms.send_code_message"
    assert re.fullmatch(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", line["task_id"])


@pytest.mark.parametrize("portal", ["filesystem"], indirect=True)
def test_the_documented_worker_logs_each_seal(portal: Portal) -> None:
    portal.enroll()
    with portal.process(command("kumfa-other.service", portal), LOG_LEVEL="INFO") as worker:
        portal.publish("audit.seal_events")
        line = portal.logged(worker, "Sealed ")
    assert line["level"] == "INFO"
    assert is_reference(line["reference"])
