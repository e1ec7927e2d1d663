"""The worker logs like the web processes: one pipeline, and the reference of the request."""

import re

import pytest

from tests.broker.portal import Portal

pytestmark = pytest.mark.broker


def test_the_worker_logs_the_reference_of_the_request(portal: Portal) -> None:
    published = portal.enroll()
    with portal.worker() as worker:
        portal.received(worker)
        line = portal.logged(worker, f"message {published.message}, gateway")
    assert line["reference"] == published.reference
    assert line["task"] == "mfa_sms.send_code_message"
    assert re.fullmatch(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", line["task_id"])
