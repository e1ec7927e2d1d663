"""Kannel for all tests of this folder."""

from collections.abc import Iterator

import pytest

from mfa_sms.gateways import http
from tests.kannel.kannel import Kannel


@pytest.fixture(scope="module")
def kannel(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Kannel]:
    """Yield a running Kannel, for all tests of a file."""
    kannel = Kannel(tmp_path_factory.mktemp("kannel"))
    try:
        kannel.start()
        yield kannel
    finally:
        http.close()
        kannel.stop()
