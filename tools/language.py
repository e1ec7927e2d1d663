"""Add a language to the portal, or remove it. `make language LANGUAGE=sv` calls this.

`LANGUAGES` in the settings is the only list of languages. Adding one writes it there, and starts its catalogue and its
glossary. After the extraction, `--fill` copies the English texts into the catalogue, so that people read English until
a text is translated. `make words` then lists each text that is still English.
"""

import argparse
import re
import shutil
import sys
from pathlib import Path

import django
import polib  # type: ignore[import-untyped]
from django.conf.locale import LANG_INFO

from words.extraction import fill

ROOT = Path(__file__).resolve().parent.parent
SETTINGS = Path("kumfa/settings/web.py")
_LIST = re.compile(r"^LANGUAGES = \[(.*)\]$", re.MULTILINE)
_QUOTES = {"sv": "””", "fi": "””", "nb": "«»", "nn": "«»", "fr": "«»", "de": "„“", "is": "„“", "pl": "„”"}
_GLOSSARY = """# What is not written in this language, and what is written instead. The keys: locale/da/glossary.toml.

quotes = "{quotes}"
alike = []
rule = []
"""


class Refused(Exception):
    """The language cannot be added or removed. The message says why."""


def add(code: str, root: Path = ROOT) -> None:
    """Add a language to the settings, and make its catalogue and glossary. Raise `Refused` if it cannot be added."""
    if code not in LANG_INFO or len(code) != 2:
        raise Refused(f"{code or 'Nothing'} is not a language that Django knows by two letters, such as sv.")
    name, entries = str(LANG_INFO[code]["name"]), _languages(root)
    if any(f'"{code}"' in entry for entry in entries):
        raise Refused(f"The portal has {name} already.")
    _write(root, [*entries, f'("{code}", _("{name}"))'])
    folder = root / "locale" / code
    (folder / "LC_MESSAGES").mkdir(parents=True)
    _new_catalogue(code).save(str(folder / "LC_MESSAGES" / "django.po"))
    (folder / "glossary.toml").write_text(_GLOSSARY.format(quotes=_QUOTES.get(code, "“”")), encoding="utf-8")


def remove(code: str, root: Path = ROOT) -> None:
    """Remove a language from the settings, with its catalogue and glossary. Raise `Refused` if it is unknown."""
    entries = _languages(root)
    kept = [entry for entry in entries if not entry.startswith(f'("{code}"')]
    if len(kept) == len(entries) or code in ("da", "en"):
        raise Refused(f"{code or 'Nothing'} is not a language that can be removed.")
    _write(root, kept)
    shutil.rmtree(root / "locale" / code, ignore_errors=True)


def fill_new(code: str, root: Path = ROOT) -> int:
    """Copy the English texts into a new catalogue. Return how many there are to translate."""
    parsed = polib.pofile(str(root / "locale" / code / "LC_MESSAGES" / "django.po"), wrapwidth=0)
    english = {
        (entry.msgctxt, entry.msgid): entry
        for entry in polib.pofile(str(root / "locale" / "en" / "LC_MESSAGES" / "django.po"))
    }
    forms = int(re.search(r"nplurals=(\d+)", parsed.metadata["Plural-Forms"])[1])  # type: ignore[index]
    count = 0
    for entry in parsed:
        if any(entry.msgstr_plural.values()) or entry.msgstr:
            continue
        count += 1
        source = english[entry.msgctxt, entry.msgid]
        fill(entry)
        entry.msgstr = source.msgstr
        if entry.msgid_plural:
            entry.msgstr_plural = {form: source.msgstr_plural[min(form, 1)] for form in range(forms)}
    parsed.save()
    return count


def _languages(root: Path) -> list[str]:
    """Return the entries of LANGUAGES, as the settings write them."""
    found = _LIST.search((root / SETTINGS).read_text(encoding="utf-8"))
    if found is None:
        raise Refused(f"{SETTINGS} has no line LANGUAGES = […].")
    return re.findall(r'\("\w+", _\("[^"]+"\)\)', found[1])


def _write(root: Path, entries: list[str]) -> None:
    text = (root / SETTINGS).read_text(encoding="utf-8")
    (root / SETTINGS).write_text(
        _LIST.sub(lambda _found: f"LANGUAGES = [{', '.join(entries)}]", text), encoding="utf-8"
    )


def _new_catalogue(code: str) -> polib.POFile:
    """Return an empty catalogue with the plural forms of Django's own translation."""
    ours = Path(django.__file__).parent / "conf" / "locale" / code / "LC_MESSAGES" / "django.po"
    plural = polib.pofile(str(ours)).metadata.get("Plural-Forms", "nplurals=2; plural=(n != 1);")
    catalogue = polib.POFile(wrapwidth=0)
    catalogue.metadata = {
        "Project-Id-Version": "kumfa",
        "Language": code,
        "MIME-Version": "1.0",
        "Content-Type": "text/plain; charset=UTF-8",
        "Content-Transfer-Encoding": "8bit",
        "Plural-Forms": plural if plural.endswith(";") else f"{plural};",
    }
    return catalogue


def main() -> int:
    """Add, fill or remove a language. Return the exit code."""
    parser = argparse.ArgumentParser(description="Add a language to the portal, or remove it.")
    parser.add_argument("code", nargs="?", default="")
    parser.add_argument("--fill", action="store_true")
    parser.add_argument("--remove", action="store_true")
    arguments = parser.parse_args()
    try:
        if arguments.remove:
            remove(arguments.code)
        elif arguments.fill:
            print(f"{fill_new(arguments.code)} texts to translate: locale/{arguments.code}. `make words` names them.")
        else:
            add(arguments.code)
    except Refused as refusal:
        print(refusal)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
