"""A broker that keeps its connection open but does not answer: publishing fails in time, and recovers."""

import json
import os
import subprocess
import sys
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import pytest

from tests.broker.portal import ROOT, Portal
from tests.faults.helpers import Helper

pytestmark = pytest.mark.broker

# Publishes once, lets the broker fall silent, publishes twice, and once more after it is back.
PUBLISH = """
import json, sys, time
from mfa_sms.delivery import send_code_message

def publish():
    began = time.monotonic()
    try:
        send_code_message.delay(0)
        said = "published"
    except Exception as error:
        said = "failed"
    print(json.dumps([said, time.monotonic() - began]), flush=True)
    sys.stdin.readline()

for _ in range(4):
    publish()
"""


def test_publishing_into_a_silent_connection_fails_within_seconds_and_works_again_afterwards(tmp_path: Path) -> None:
    url = os.environ.get("TEST_AMQP_URL", "")
    if not url:
        pytest.skip("TEST_AMQP_URL is unset")
    parts = urlsplit(url)
    proxy = Helper("proxy", parts.hostname or "", str(parts.port or 5672))
    user = parts.netloc.rpartition("@")[0]
    portal = Portal(tmp_path, urlunsplit(parts._replace(netloc=f"{user}@127.0.0.1:{proxy.port}"))).migrated()
    command = [sys.executable, "manage.py", "shell", "--no-imports", "-c", PUBLISH]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True, "bufsize": 1}
    try:
        with subprocess.Popen(command, cwd=ROOT, env=portal.environment, **pipes) as process:  # type: ignore[call-overload]
            for expected, after in (("published", "silent"), ("failed", ""), ("failed", "restore"), ("published", "")):
                said, seconds = json.loads(process.stdout.readline())
                assert (said, seconds < 10) == (expected, True)
                if after:
                    proxy.tell(after)
                process.stdin.write("\n")
    finally:
        proxy.end()
        Portal(tmp_path, url, portal.prefix).clear()
