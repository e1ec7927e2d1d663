"""Read a catalogue: its entries with their lines, or the reasons why it cannot be read.

Nothing here needs Django, gettext or a database.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

import polib  # type: ignore[import-untyped]

from words.faults import LOCALE, Fault

_STRING = re.compile(r'(?:(?:msgctxt|msgid|msgid_plural|msgstr(?:\[\d+\])?)\s+)?"(?:[^"\\]|\\.)*"')
_PLURALS = re.compile(r"nplurals\s*=\s*(\d+)\s*;\s*plural\s*=\s*[^;]+;?\s*")


@dataclass(frozen=True)
class Entry:
    """One entry of a catalogue: a source, its translations, and where both are.

    `texts` has one translation, or one for each plural form. `lines` are the lines of these translations.
    """

    path: Path
    line: int
    context: str
    source: str
    plural: str
    texts: tuple[str, ...]
    lines: tuple[int, ...]
    forms: tuple[int, ...] = ()
    flags: frozenset[str] = frozenset()
    files: tuple[str, ...] = ()
    comment: str = ""
    obsolete: bool = False

    @property
    def key(self) -> tuple[str, str, str]:
        """Return what identifies the entry in each language: context, source and plural source."""
        return self.context, self.source, self.plural

    @property
    def sources(self) -> tuple[str, ...]:
        """Return the source, and the plural source if there is one."""
        return (self.source, self.plural) if self.plural else (self.source,)

    @property
    def language(self) -> str:
        """Return the code of the language, from the folder."""
        return self.path.parent.parent.name


@dataclass
class Catalogue:
    """A catalogue. If `faults` contains one that breaks, `entries` may be empty."""

    path: Path
    faults: list[Fault] = field(default_factory=list)
    entries: list[Entry] = field(default_factory=list)
    metadata: dict[str, str] = field(default_factory=dict)

    @property
    def language(self) -> str:
        return self.path.parent.parent.name

    @cached_property
    def plural_count(self) -> int:
        """Return the number of plural forms that the header names, or 0 if it names none."""
        found = _PLURALS.fullmatch(self.metadata.get("Plural-Forms", ""))
        return int(found[1]) if found else 0


def catalogue_paths(locale: Path = LOCALE) -> list[Path]:
    """Return the catalogue of each language."""
    return sorted(locale.glob("*/LC_MESSAGES/django.po"))


def read(path: Path) -> Catalogue:
    """Read a catalogue. Faults of the file itself are reported, each with its line."""
    catalogue = Catalogue(path)
    data = path.read_bytes()
    catalogue.faults += _faults_of_bytes(path, data)
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        catalogue.faults.append(Fault(path, line, "The file is not UTF-8. Save it as UTF-8.", breaks=True))
        return catalogue
    catalogue.faults += (broken := list(_faults_of_lines(path, text.splitlines())))
    if not broken:
        _parse(catalogue, text.replace("\r\n", "\n"))
    return catalogue


def _faults_of_bytes(path: Path, data: bytes) -> Iterator[Fault]:
    if data.startswith(b"\xef\xbb\xbf"):
        said = "The file begins with a byte order mark. Save it as UTF-8 without BOM, or run: make words FIX=1"
        yield Fault(path, 1, said, breaks=True)
    if (at := data.find(b"\r")) >= 0:
        said = "The lines end as in Windows (CR LF). Save the file with Unix line ends, or run: make words FIX=1"
        yield Fault(path, data.count(b"\n", 0, at) + 1, said)


def _faults_of_lines(path: Path, lines: list[str]) -> Iterator[Fault]:
    for number, raw in enumerate(lines, start=1):
        line = raw.strip()
        if not line or line.startswith("#") or _STRING.fullmatch(line):
            continue
        if line.startswith(("<<<<<<<", "=======", ">>>>>>>")):
            said = "Two versions of the file were joined here. Keep one, and delete this line."
        elif line.startswith('"') or re.match(r"msg\w+(\[\d+\])?\s+\"", line):
            said = 'A text has a quotation mark too many or too few. Inside a text, write it as \\" or use ”…”.'
        else:
            said = "This line is not part of a text. A text is in quotation marks after msgid or msgstr."
        yield Fault(path, number, said, breaks=True)


def _parse(catalogue: Catalogue, text: str) -> None:
    try:
        parsed = polib.pofile(text)
    except (OSError, ValueError) as error:
        line = re.search(r"line (\d+)", str(error))
        said = "This text is not complete: msgid and msgstr must follow each other."
        catalogue.faults.append(Fault(catalogue.path, int(line[1]) if line else 1, said, breaks=True))
        return
    catalogue.metadata = dict(parsed.metadata)
    catalogue.faults += _faults_of_header(catalogue, fuzzy=parsed.metadata_is_fuzzy)
    lines = text.splitlines()
    catalogue.entries = [as_entry(catalogue.path, entry, lines) for entry in parsed]


def _faults_of_header(catalogue: Catalogue, *, fuzzy: bool) -> Iterator[Fault]:
    path, metadata = catalogue.path, catalogue.metadata
    if metadata.get("Content-Type", "").lower().replace(" ", "") != "text/plain;charset=utf-8":
        said = 'The header must contain "Content-Type: text/plain; charset=UTF-8\\n".'
        yield Fault(path, 2, said, breaks=True)
    if not catalogue.plural_count:
        said = 'The header must say how many plural forms there are: "Plural-Forms: nplurals=2; plural=(n != 1);\\n".'
        yield Fault(path, 2, said, breaks=True)
    if fuzzy:
        yield Fault(path, 1, "The header is marked as fuzzy. Delete the line “#, fuzzy” above it.", breaks=True)


def as_entry(path: Path, entry: Any, lines: Sequence[str] = ()) -> Entry:
    """Return an entry of polib as one of ours. Without the lines of the file, its line numbers mean nothing."""
    begin = entry.linenum
    numbers = []
    for number in range(begin, len(lines) + 1):
        line = lines[number - 1].removeprefix("#~ ")
        if line.startswith("msgstr"):
            numbers.append(number)
        elif numbers and not line.startswith('"'):
            break
    forms = tuple(sorted(entry.msgstr_plural)) if entry.msgid_plural else ()
    texts = tuple(entry.msgstr_plural[form] for form in forms) if entry.msgid_plural else (entry.msgstr,)
    return Entry(
        path=path,
        line=next((n for n in range(begin, len(lines) + 1) if "msgid " in lines[n - 1][:9]), begin),
        context=entry.msgctxt or "",
        source=entry.msgid,
        plural=entry.msgid_plural or "",
        texts=texts,
        lines=tuple((*numbers, *[begin] * len(texts))[: len(texts)]),
        forms=forms,
        flags=frozenset(entry.flags),
        files=tuple(file for file, _line in entry.occurrences),
        comment=entry.comment or "",
        obsolete=bool(entry.obsolete),
    )


def layout(path: Path) -> str:
    """Return the text of the catalogue in the layout of `make messages`: long lines unbroken, Unix line ends."""
    parsed = polib.pofile(path.read_bytes().decode("utf-8-sig").replace("\r\n", "\n"), wrapwidth=0)
    return f"{parsed}\n" if not str(parsed).endswith("\n") else str(parsed)
