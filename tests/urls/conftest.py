"""The fixture of what the visitors find."""

import pytest

from tests.fixtures import MakeAccount, Outbox
from tests.urls.visitors import Scene


@pytest.fixture
def scene(make_account: MakeAccount, sms_outbox: Outbox) -> Scene:
    return Scene.made(make_account, sms_outbox)
