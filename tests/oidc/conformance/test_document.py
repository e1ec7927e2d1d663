"""The table of the document has a row for each module, and each module has a test."""

import re
from pathlib import Path

from kumfa.settings import BASE_DIR


def test_the_document_lists_each_module_that_has_a_test() -> None:
    listed = re.findall(r"^\| `(oidcc-[a-z0-9-]+)` \|", (BASE_DIR / "docs/openid.md").read_text(), re.MULTILINE)
    files = Path(__file__).parent.glob("test_*.py")
    names = [name for file in files for name in re.findall(r"^def test_(oidcc_\w+)\(", file.read_text(), re.MULTILINE)]
    assert sorted(name.replace("-", "_") for name in listed) == sorted(names)
