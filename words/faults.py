"""The reports of the checks: one plain sentence for each fault, with the file, the line and the page."""

from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LOCALE = ROOT / "locale"


@dataclass(frozen=True, order=True)
class Fault:
    """A fault in a catalogue.

    `breaks` says whether the fault can make a page fail or hide its text. The portal does not start with such a fault.
    """

    path: Path
    line: int
    sentence: str
    place: str = ""
    breaks: bool = False

    def __str__(self) -> str:
        path = self.path.relative_to(ROOT) if self.path.is_relative_to(ROOT) else self.path
        return f"{path}:{self.line}: {self.sentence}" + (f" [{self.place}]" if self.place else "")
