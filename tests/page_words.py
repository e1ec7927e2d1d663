"""The heading and the buttons of a page, read from its HTML."""

from dataclasses import dataclass, field
from html.parser import HTMLParser

_VOID = {"area", "br", "hr", "img", "input", "link", "meta", "path", "wbr"}
# Shown only on touch screens, or only to screen readers.
_UNSEEN = {"on-touch", "visually-hidden"}


@dataclass(frozen=True)
class PageWords:
    """What `<main>` says: the text of its `h1`, of its buttons in their order, and of the first prominent one."""

    heading: str
    buttons: list[str]
    main_button: str


@dataclass
class _Reader(HTMLParser):
    heading: list[str] = field(default_factory=list)
    buttons: list[list[str]] = field(default_factory=list)
    prominent: list[list[str]] = field(default_factory=list)
    _open: list[tuple[str, set[str]]] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _VOID:
            return
        classes = set((dict(attrs).get("class") or "").split())
        self._open.append((tag, classes))
        if self._is_in("main") and _is_button(tag, classes) and not self._is_unseen():
            self.buttons.append([])
            if "button" in classes and "secondary" not in classes:
                self.prominent.append(self.buttons[-1])

    def handle_endtag(self, tag: str) -> None:
        while self._is_in(tag):
            if self._open.pop()[0] == tag:
                break

    def handle_data(self, data: str) -> None:
        if not self._is_in("main") or self._is_unseen():
            return
        if self._is_in("h1"):
            self.heading.append(data)
        if any(_is_button(tag, classes) for tag, classes in self._open):
            self.buttons[-1].append(data)

    def _is_in(self, tag: str) -> bool:
        return any(opened == tag for opened, _classes in self._open)

    def _is_unseen(self) -> bool:
        return any(_UNSEEN & classes for _tag, classes in self._open)


def _is_button(tag: str, classes: set[str]) -> bool:
    return tag == "button" or (tag == "a" and "button" in classes)


def read_page(html: str) -> PageWords:
    """Return the words of a page, with single spaces."""
    reader = _Reader()
    reader.feed(html)
    main_button = reader.prominent[0] if reader.prominent else []
    return PageWords(_text(reader.heading), [_text(button) for button in reader.buttons], _text(main_button))


def _text(parts: list[str]) -> str:
    return " ".join("".join(parts).split())
