"""Filters restrict the figures. Unknown filter values are ignored with a message."""

import pytest

from overview.filters import Filters
from overview.tests.helpers import PAGE, content, keep, numbers
from tests.fixtures import Browser

pytestmark = pytest.mark.django_db


def messages(**asked: str) -> int:
    return sum(int(str(cell)) for cell in content("messages", **asked).table.column(0))


@pytest.fixture(autouse=True)
def counted() -> None:
    keep("messages", "delivered", 1)
    keep("messages", "delivered", 10, language="en")
    keep("messages", "delivered", 100, who="employee")
    keep("messages", "delivered", 1000, ago=72)
    keep("gateway_switches", "out:alpha", 1, who="", language="")


@pytest.mark.parametrize(
    ("asked", "total"),
    [
        ({}, 111),
        ({"affiliation": "student"}, 11),
        ({"affiliation": "employee"}, 100),
        ({"language": "en"}, 10),
        ({"affiliation": "student", "language": "da"}, 1),
        ({"affiliation": "employee", "language": "en"}, 0),
        ({"period": "7d"}, 1111),
        ({"period": "30d", "affiliation": "student", "language": "da"}, 1001),
        ({"period": "12m"}, 1111),
    ],
)
def test_a_filter_leaves_out_the_others(asked: dict[str, str], total: int) -> None:
    assert messages(**asked) == total


def test_the_file_is_filtered_as_the_page_is(auditor: Browser) -> None:
    lines = numbers(auditor, "messages", affiliation="student", language="en")
    assert sum(int(line[1]) for line in lines[1:]) == 10
    page = auditor.get(PAGE, {"affiliation": "student", "language": "en"}).content.decode()
    assert "messages.csv?period=48h&amp;affiliation=student&amp;language=en" in page
    assert '<option value="student" selected>' in page


def test_what_gateways_did_is_nobodys_and_always_shown() -> None:
    assert any(content("messages", affiliation="employee").table.column(5))


@pytest.mark.parametrize("name", ["period", "affiliation", "language"])
@pytest.mark.parametrize("value", ["nonsense", "<script>", "' OR 1=1", "\x00", "48"])
def test_nonsense_falls_back_and_says_so(auditor: Browser, name: str, value: str) -> None:
    response = auditor.get(PAGE, {name: value})
    assert response.status_code == 200
    assert "There is no such period, affiliation or language" in response.content.decode()
    assert Filters.read({name: value}) == Filters(nonsense=True)


def test_no_filter_is_no_nonsense(auditor: Browser) -> None:
    page = auditor.get(PAGE, {"period": "7d", "affiliation": "", "language": ""}).content.decode()
    assert "There is no such period" not in page
