"""Errors of a file are shown by line, in the reader's language. Files that are not CSV are rejected."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import translation
from pytest_django.fixtures import Settings

from account_import.models import AccountImport
from account_import.records import Reason
from account_import.tests.files import ANNA, BO, csv_of, last, page, upload
from tests.fixtures import Browser
from tests.helpers import picture
from tests.interface import in_en


def test_every_bad_line_is_named_with_every_reason_and_nothing_can_be_applied(desk: Browser) -> None:
    shown = upload(desk, csv_of(ANNA, "b!,Bo,Krogh,nowhere,0,1,", BO, "bad")).content.decode()
    assert "2 lines have errors" in shown
    assert "username &#x27;b!&#x27; is not a KU username<br>email &#x27;nowhere&#x27; is not an email address" in shown
    assert "has 1 fields, the header has 7" in shown
    assert '<th scope="row">3</th>' in shown
    assert '<th scope="row">5</th>' in shown
    assert reverse("admin:import_apply", args=[last().pk]) not in shown
    assert (last().state, bytes(last().content)) == ("refused", b"")


def test_a_header_without_end_is_refused_by_its_first_names(desk: Browser) -> None:
    shown = upload(desk, b"," * 100_000).content.decode()
    assert "1 line has errors" in shown
    assert "unknown columns: &#x27;&#x27;, " in shown
    assert len(shown) < 50_000
    assert len(str(last().summary)) < 5_000


def test_the_reasons_are_read_in_the_language_of_whoever_reads_them(
    desk: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    upload(desk, csv_of("bad"))
    monkeypatch.setattr("account_import.records.gettext", lambda msgid: f"[{translation.get_language()}] {msgid}")
    for language in ("da", "en"):
        desk.cookies["language"] = language
        assert f"[{language}] has 1 fields, the header has 7" in page(desk, last())


def test_a_reason_that_lists_names_says_which_are_kept_back() -> None:
    with translation.override("en"):
        reason = Reason("unknown columns: %(columns)s", {"columns": ["'phone'", "(looks like a CPR number)"]})
        assert str(reason) == "unknown columns: 'phone', (looks like a CPR number)"


def test_of_many_bad_lines_the_first_are_shown_and_all_are_counted(desk: Browser, settings: Settings) -> None:
    settings.IMPORT_ERRORS_SHOWN = 3
    shown = upload(desk, csv_of(*["bad"] * 10)).content.decode()
    assert "10 lines have errors" in shown
    assert shown.count("has 1 fields") == 3
    assert "The first 3 lines are shown." in shown


def test_a_cpr_number_is_neither_shown_nor_kept(desk: Browser) -> None:
    upload(desk, csv_of("010190-1234,Anna,Lund,,1,0,"))
    assert "username looks like a CPR number" in page(desk, last())
    assert "010190" not in repr(picture()["account_import.AccountImport"])


def test_a_file_name_with_a_cpr_number_is_not_kept(desk: Browser) -> None:
    file = SimpleUploadedFile("010190-1234.csv", csv_of(ANNA))
    desk.post(reverse("admin:import_upload"), {"file": file})
    assert "010190" not in repr(picture()["account_import.AccountImport"])


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", in_en("The file is empty.")),
        (b"\xef\xbb\xbf\r\n\r\n", in_en("The file is empty.")),
        (b"PK\x03\x04\x14\x00\x06\x00", "This is not a CSV file in UTF-8."),
        (csv_of(ANNA).decode().encode("utf-16"), "This is not a CSV file in UTF-8."),
    ],
)
def test_what_is_no_text_is_refused_on_the_page_itself(desk: Browser, content: bytes, words: str) -> None:
    assert words in upload(desk, content).content.decode()
    assert not AccountImport.objects.exists()


def test_no_file_at_all_is_asked_for(desk: Browser) -> None:
    assert in_en("Choose a file.") in desk.post(reverse("admin:import_upload"), {}).content.decode()


def test_a_file_that_is_too_large_is_not_kept_and_called_so(desk: Browser, settings: Settings) -> None:
    settings.IMPORT_FILE_MAX = 2000
    assert "The file is larger than" in upload(desk, csv_of(*[ANNA] * 100)).content.decode()
    assert not AccountImport.objects.exists()


def test_a_file_on_any_other_page_is_read_past(desk: Browser) -> None:
    file = SimpleUploadedFile("people.csv", csv_of(ANNA))
    answer = desk.post("/sign-in/", {"account_name": "x", "file": file})
    assert not answer.wsgi_request.FILES
    assert answer.wsgi_request.POST["account_name"] == "x"
