"""The page that asks for the account name (E1, S1)."""

import logging

import pytest

from accounts.models import Account
from audit.models import SecurityEvent
from tests.fixtures import Walk
from tests.interface import in_da, in_en

CPRS = ["010190-1234", "0101901234", "010190 1234", "010190-1234@alumni.ku.dk", "０１０１９０-１２３４"]
# CPR numbers with spaces, an invisible character, or the dash that a phone inserts.
CPRS_APART = ["01 01 90 12 34", "010190\u200b1234", "010190 - 1234", "0101 90-1234", "010190–1234"]


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("", in_da("Enter your UCPH username")),
        (
            "abc123",
            in_da(
                "Write @%(student)s (student) or @%(employee)s (employee) after your username",
                student="alumni.ku.dk",
                employee="ku.dk",
            ),
        ),
        ("abc123@gmail.com", in_da("You cannot log in with a personal email address")),
        ("010190-1234", in_da("Do not enter your CPR number")),
        ("@ku.dk", "abc123@alumni.ku.dk"),
    ],
)
def test_what_is_wrong_is_said_at_the_field_and_in_the_summary(walk: Walk, typed: str, words: str) -> None:
    page = walk.name(typed).content.decode()
    assert "<title>Fejl: " in page
    assert page.count(words) >= 2
    assert 'aria-invalid="true"' in page
    assert 'aria-describedby="id_account_name_error id_account_name_helptext"' in page


def test_what_was_typed_is_kept(walk: Walk) -> None:
    assert 'value="abc123@gmail.com"' in walk.name("abc123@gmail.com").content.decode()


@pytest.mark.parametrize("typed", CPRS + CPRS_APART)
@pytest.mark.parametrize("path", ["/sign-in/", "/password/forgotten/"])
def test_a_cpr_number_is_not_echoed(walk: Walk, typed: str, path: str) -> None:
    page = walk.browser.post(path, {"account_name": typed}).content.decode()
    assert in_da("Do not enter your CPR number") in page
    assert typed not in page


@pytest.mark.parametrize("typed", CPRS + CPRS_APART)
@pytest.mark.parametrize("path", ["/sign-in/", "/password/forgotten/"])
def test_a_cpr_number_is_not_echoed_by_a_switch_of_language(walk: Walk, typed: str, path: str) -> None:
    page = walk.browser.post(path, {"account_name": typed, "language": "en"}).content.decode()
    assert in_en("UCPH username") in page
    assert typed not in page


def test_a_cpr_number_is_not_logged_and_no_event(walk: Walk, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG):
        walk.name("010190-1234")
        walk.browser.post("/password/forgotten/", {"account_name": "010190-1234"})
    assert "1234" not in caplog.text
    assert not SecurityEvent.objects.exists()


def test_an_unknown_name_goes_on_to_the_password(walk: Walk, student: Account) -> None:
    known = walk.name(student)
    unknown = walk.name("nob999@alumni.ku.dk")
    assert known.redirect_chain == unknown.redirect_chain == [("/sign-in/password/", 302)]


def test_the_password_page_shows_the_name_in_its_canonical_form(walk: Walk, student: Account) -> None:
    assert "<strong>stu123@alumni.ku.dk</strong>" in walk.name(" STU123@Alumni.KU.dk").content.decode()


def test_a_nul_character_is_an_error_at_the_field(walk: Walk) -> None:
    response = walk.name("abc\x00123@ku.dk")
    assert response.status_code == 200
    assert 'aria-invalid="true"' in response.content.decode()
