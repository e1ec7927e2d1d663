"""Without a broker the request succeeds at once, and the message is not lost."""

from pathlib import Path

import pytest

from tests.broker.portal import Portal

pytestmark = pytest.mark.broker


@pytest.mark.parametrize("url", ["redis://127.0.0.1:1/0", "amqp://guest:guest@127.0.0.1:1//"], ids=["redis", "amqp"])
def test_a_request_notices_within_a_second_that_the_broker_is_gone(url: str, tmp_path: Path) -> None:
    portal = Portal(tmp_path, url).migrated()
    published = portal.enroll()
    assert published.seconds < 2
    assert portal.status(published.message) in ("queued", "sending", "sent")
