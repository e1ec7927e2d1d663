"""A whole portal on a real Kannel: messages reach the operator, and the operator's receipts reach the database."""

from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import pytest

from tests.kannel.kannel import INSTALLED, Kannel, wait_until
from tests.kannel.portal import Portal
from tests.kannel.process import NUMBER

pytestmark = [
    pytest.mark.broker,
    pytest.mark.skipif(not INSTALLED, reason="Kannel is not installed (Debian: kannel, kannel-extras)"),
]


@pytest.fixture
def portal(kannel: Kannel, tmp_path: Path) -> Iterator[Portal]:
    """Yield a portal whose only gateway is Kannel."""
    credentials = f"{kannel.user}:{quote(kannel.password, safe='')}"
    portal = Portal(tmp_path, f"kannel://{credentials}@127.0.0.1:{kannel.ports['sendsms']}")
    try:
        portal.start()
        yield portal
    finally:
        portal.stop()


def test_a_code_arrives_to_the_letter_and_its_receipts_end_in_the_database(kannel: Kannel, portal: Portal) -> None:
    sent = portal.send()
    wait_until(lambda: sent["last"] in kannel.log("operator"), "the operator has the message", kannel)
    assert f"<KU-IT {NUMBER} text {sent['first']}>" in kannel.log("operator")
    assert f"<{sent['last']}>" in kannel.log("operator")

    wait_until(lambda: len(portal.what_became_of(sent["message"])["receipts"]) == 2, "both receipts have come", kannel)
    became = portal.what_became_of(sent["message"])
    assert became["receipts"] == ["8", "1"], portal.log
    assert (became["status"], became["gateway"]) == ("delivered", "kannel")
    assert became["attempts"] == ["accepted"]
    code = sent["last"].partition("#")[2]
    for text in (became["raw"], portal.log):
        assert code not in text
        assert NUMBER[3:] not in text
