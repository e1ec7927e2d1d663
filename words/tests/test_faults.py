"""Each kind of fault in a catalogue is reported as one sentence, with its line and its place."""

from collections.abc import Callable
from pathlib import Path
from typing import Protocol

import pytest

from mfa_sms.budgets import LONGEST_HOST
from words import catalogues
from words.__main__ import fix
from words.checks import check, check_all
from words.faults import Fault

HEAD = """msgid ""
msgstr ""
"Content-Type: text/plain; charset=UTF-8\\n"
"Plural-Forms: nplurals=2; plural=(n != 1);\\n"

"""
NEXT = '#: templates/sign_in/password.html\nmsgid "Next step"\nmsgstr "Næste trin"\n'
PLURAL = '#, python-format\nmsgid "%(count)d code"\nmsgid_plural "%(count)d codes"\n'
SMS = "#. An SMS of at most 140 characters.\n#, python-format\n"


class Written(Protocol):
    """Writes a catalogue and returns its path."""

    def __call__(self, body: str, head: str = HEAD, language: str = "da") -> Path: ...


@pytest.fixture
def written(tmp_path: Path) -> Written:
    """Return a function that writes a Danish catalogue and returns its path."""

    def write(body: str, head: str = HEAD, language: str = "da") -> Path:
        path = tmp_path / language / "LC_MESSAGES" / "django.po"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(head + body, encoding="utf-8", newline="")
        return path

    return write


def faults(path: Path) -> list[Fault]:
    return list(check(catalogues.read(path)))


def entry(msgid: str, msgstr: str, before: str = "") -> str:
    return f'{before}msgid "{msgid}"\nmsgstr "{msgstr}"\n'


def test_a_good_catalogue_has_no_fault(written: Written) -> None:
    assert faults(written(NEXT)) == []


def test_a_fault_is_one_line_with_the_file_the_line_and_the_page(written: Written) -> None:
    path = written(NEXT.replace("Næste", "Venligst næste"))
    (fault,) = faults(path)
    assert str(fault).startswith(f"{path}:8: “Venligst” is not used here. Write ")
    assert str(fault).endswith("[/sign-in/password/]")


FORMAT = "#, python-format\n"


@pytest.mark.parametrize(
    ("body", "sentence"),
    [
        (entry("At %(time)s.", "Kl. %(tid)s.", FORMAT), "“%(tid)s” is not in the English text. Write “%(time)s”."),
        (entry("At %(time)s.", "Nu.", FORMAT), "“%(time)s” is missing in “Nu.”."),
        (entry("At %(time)s.", "Kl. %(time).", FORMAT), "The placeholder “%(time)” in “Kl. %(time).” is not complete."),
        (entry("At %(time)s.", "100 % kl. %(time)s.", FORMAT), "A percent sign in “100 % kl. %(time)s.” stands alone."),
        (entry("To {name}", "Til {navn}"), "“{navn}” is not in the English text. Write “{name}”."),
        (entry("Next step", "Næste trin {name}"), "“{name}” is not in the English text. Delete it."),
        (
            entry("Next step", "<script>Næste</script> trin"),
            "“<script>” is markup that the English text does not have.",
        ),
        (entry("Next step", "Næste & sidste trin"), "“&” is markup that the English text does not have."),
        (f'{PLURAL}msgstr[0] "%(count)d kode"\n', "The plural form msgstr[1] of “%(count)d code” is missing."),
        (
            f'{PLURAL}msgstr[0] "%(count)d kode"\nmsgstr[1] ""\n',
            "The plural form msgstr[1] of “%(count)d code” is empty.",
        ),
        (entry("H:i", "kl. H.i", 'msgctxt "clock time"\n'), "“kl. H.i” is a format, not a text."),
        (NEXT + NEXT, "“Next step” occurs twice: the first is in line 7."),
        ('msgid "Next "step""\nmsgstr "Næste trin"\n', "A text has a quotation mark too many or too few."),
        ("<<<<<<< HEAD\n" + NEXT, "Two versions of the file were joined here."),
        ('msgid "Next step"\nNæste trin\n', "This line is not part of a text."),
    ],
)
def test_a_text_that_would_break_a_page_stops_the_portal(written: Written, body: str, sentence: str) -> None:
    found = [fault for fault in faults(written(body)) if fault.breaks]
    assert [fault.sentence[: len(sentence)] for fault in found][:1] == [sentence]


@pytest.mark.parametrize(
    ("body", "sentence"),
    [
        (entry("Next step", ""), "“Next step” has no translation."),
        (entry("Next step", "Næste trin", "#, fuzzy\n"), "“Next step” is marked as fuzzy"),
        ('#~ msgid "Next step"\n#~ msgstr "Næste trin"\n', "“Next step” is not used any more."),
        (
            entry("You can no longer put it off.", "You can no longer put it off."),
            "“You can no longer put it off.” is still E",
        ),
        (entry("Close it.", "Luk den"), "“Luk den” has no mark at its end, but the English text ends with “.”."),
        (entry("Close it", "Luk den."), "“Luk den.” ends with “.”, but the English text has none."),
        (entry("Close it", "Luk den "), "“Luk den ” has a space or line break too many at the end."),
        (entry("Close it", " Luk den"), "“ Luk den” has a space or line break too many at the beginning."),
        (entry("Close it", "Luk\\nden"), "“Luk den” has other line breaks than the English text."),
        (entry("Close it", "Luk  den"), "“Luk den” has two spaces in a row"),
        (entry("Close it", "Luk den den"), "“den den” has the same word twice."),
        (entry("Close it", "Luk “den”"), "““” is not a quotation mark of this language. Write ”…”."),
        (entry("Close it", "Luk ”den"), "A quotation mark in “Luk ”den” has no partner."),
        (entry("Next step", "NÃ¦ste trin"), "“NÃ¦ste” was damaged by a wrong encoding. Write “Næste”."),
        (entry("Save", "Gem" * 30, "#. Button. At most 60 characters.\n"), f"“{'Gem' * 20} …” is 30 characters longer"),
        (entry("Next", "Fortsæt"), "Students have “Næste” on paper (step E1 of the guide). Do not change it."),
    ],
)
def test_a_text_that_reads_badly_is_reported(written: Written, body: str, sentence: str) -> None:
    (fault,) = faults(written(body))
    assert fault.sentence.startswith(sentence)
    assert not fault.breaks


@pytest.mark.parametrize(
    "text",
    [
        "Venligst indtast koden", "Koden er ugyldig", "Koden er ikke gyldig", "Feltet er påkrævet", "Vi beklager",
        "Log på", "Log dig på igen", "Du er logget af", "Tofaktor er slået til", "Send en tekst-besked",
        "Send en tekstbesked", "Send en SMS", "Gensend koden", "Ring til helpdesk", "Ring til IT-Support",
        "Indtast en bekræftelseskode", "Koden er 6-cifret", "Dit password", "Skriv en e-mail", "Din KU konto",
        "Smsen er sendt", "Har De en kode", "Skift din mobiltelefon", "Din teleudbyder", "klik her", "Se f.eks. her",
        "Slå flymode fra", "Deadline er i dag", "Vores gateway svarer", "Din backup-kode",
    ],
)  # fmt: skip
def test_a_word_that_the_glossary_replaces_is_reported_with_the_better_one(written: Written, text: str) -> None:
    sentences = [fault.sentence for fault in faults(written(entry("Something else", text)))]
    assert any(" is not used here. Write " in sentence for sentence in sentences)


def test_a_name_of_a_placeholder_is_no_word(written: Written) -> None:
    assert faults(written(entry("%(gateway)s is paused", "%(gateway)s er på pause", FORMAT))) == []


def test_a_singular_may_have_the_number_or_leave_it_out_if_the_source_does(written: Written) -> None:
    source = '#, python-format\nmsgid "One code"\nmsgid_plural "%(count)d codes"\n'
    for singular in ("En kode", "%(count)d kode"):
        assert faults(written(f'{source}msgstr[0] "{singular}"\nmsgstr[1] "%(count)d koder"\n')) == []


def test_a_plural_of_another_number_of_forms_is_what_the_header_says(written: Written) -> None:
    head = HEAD.replace("nplurals=2; plural=(n != 1)", "nplurals=3; plural=(n%10==1 ? 0 : n%10==2 ? 1 : 2)")
    forms = "".join(f'msgstr[{form}] "%(count)d kode"\n' for form in range(3))
    assert faults(written(PLURAL + forms, head)) == []
    assert "msgstr[2]" in faults(written(PLURAL + forms.rsplit("msgstr[2]")[0], head))[0].sentence


@pytest.mark.parametrize(("over", "found"), [(0, 0), (1, 1)])
def test_a_code_fits_with_the_longest_host_that_is_allowed(written: Written, over: int, found: int) -> None:
    rest = 140 - len(f"000000 \n@{'h' * LONGEST_HOST} #000000") + over
    path = written(SMS + f'msgid "%(code)s code"\nmsgstr "%(code)s {"k" * rest}"\n')
    assert [fault.sentence.startswith("The text message") for fault in faults(path)] == [True] * found


@pytest.mark.parametrize("mark", ["–", "’", "…"])
def test_a_mark_that_makes_two_messages_is_reported(written: Written, mark: str) -> None:
    (fault,) = faults(written(SMS + f'msgid "%(code)s code"\nmsgstr "%(code)s {mark} kode"\n'))
    assert fault.sentence.startswith(f"“{mark}” is not in the alphabet of text messages.")


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (lambda data: data.decode().encode("latin-1"), "The file is not UTF-8."),
        (lambda data: b"\xef\xbb\xbf" + data, "The file begins with a byte order mark."),
        (lambda data: data.replace(b"\n", b"\r\n"), "The lines end as in Windows"),
        (lambda data: data.replace(b"UTF-8", b"ISO-8859-1"), 'The header must contain "Content-Type:'),
        (lambda data: data.replace(b"nplurals", b"plurals"), "The header must say how many plural forms there are"),
    ],
)
def test_a_file_that_an_editor_saved_differently_is_reported(
    written: Written, change: Callable[[bytes], bytes], sentence: str
) -> None:
    path = written(NEXT)
    path.write_bytes(change(path.read_bytes()))
    assert [fault.sentence[: len(sentence)] for fault in faults(path)] == [sentence]


def test_lines_that_an_editor_wrapped_are_seen_and_repaired(written: Written, tmp_path: Path) -> None:
    path = written(NEXT.replace('"Næste trin"', '""\n"Næste "\n"trin"'))
    good = catalogues.layout(path)
    assert [fault.sentence for fault in check_all(tmp_path)] == [
        "The editor broke the lines of the file in another way. Run: make words FIX=1"
    ]
    fix(tmp_path)
    assert path.read_text(encoding="utf-8") == good
    assert check_all(tmp_path) == []


def test_an_english_text_that_was_changed_or_deleted_is_seen_without_gettext(written: Written, tmp_path: Path) -> None:
    english = entry("Close this window", "Close this window") + "\n" + entry("Go back", "Go back")
    written(english, language="en")
    written(entry("Close this windo", "Luk vinduet"))
    texts = {fault.sentence for fault in check_all(tmp_path)}
    assert any(
        said.startswith("The English text after msgid was changed. It must stay “Close this window”") for said in texts
    )
    assert "The entry “Go back” is missing. en has it in line 9." in texts
