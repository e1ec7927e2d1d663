"""Where a text is in its source: a heading, a button, the name of a field. And the comments of programmers.

Both come from the source itself, so that they change with it. xgettext loses a comment if the text does not begin in
the next line; `comments_of` does not.
"""

import ast
import re
import tokenize
from collections import defaultdict
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from words.faults import ROOT

NAMES = {
    "_", "gettext", "gettext_lazy", "gettext_noop", "ngettext", "ngettext_lazy",
    "pgettext", "pgettext_lazy", "npgettext", "npgettext_lazy",
}  # fmt: skip
# The role of a text, by its keyword argument or the function around it.
KEYWORDS = {
    "verbose_name": "Name of a field or model, in lower case",
    "verbose_name_plural": "Name of a list, in lower case",
    "label": "Label of a field",
    "help_text": "Help under a field",
    "description": "Heading of a column or name of an action",
    "heading": "Heading",
    "title": "Heading",
    "subject": "Subject of a mail",
    "sms": "Text message",
    "verb": "Button",
    "action": "Button",
    "button": "Button",
    "empty_label": "First choice of a list",
    "empty_value": "Choice of a list",
    "owner_text": "Line of recent activity",
    "reasons": "Reason after the name of an event",
    "error_messages": "Error at a field",
    "headings": "Heading of a column",
    "choices": "Choice of a list",
}
# The role of a text, by the name that it is assigned to.
VARIABLES = {
    **KEYWORDS,
    "effect": "What an action does, on its page",
    "seen": "What the student sees after an action, on its page",
    "told": "What the user reads after an action, on their pages",
    "labels": "Label of a field or value",
    "help_texts": KEYWORDS["help_text"],
    "helps": KEYWORDS["help_text"],
    "hint": KEYWORDS["help_text"],
    "search_help_text": KEYWORDS["help_text"],
    "headings": "Heading",
    "context": "Heading",
    "empty": "Error at a field",
    "wrong": "Error at a field",
    "wrong_until": "Error at a field",
    "malformed": "Error at a field",
    "error_messages": "Error at a field",
    "faults": "Error in a line of the file",
    "cannot": "Link",
    "_states": "State in a list",
    "standing": "State in a list",
    "paused": "State in a list",
    "registered": "Heading",
    "languages": "Name of a language",
}
# The role of a text, by the call around it: at every position, or at one of them.
CALLS = {
    "ValidationError": "Error at a field",
    "_Invalid": "Error in a line of the file",
    "_refused": "Error in a line of the file",
    "Reason": "Error in a line of the file",
    "success": "Message at the top of the page",
    "error": "Message at the top of the page",
    "warning": "Message at the top of the page",
    "info": "Message at the top of the page",
    "ActionRefused": "Message at the top of the page",
    "ActionResult": "Message at the top of the page",
    "GatewayRefused": "Message at the top of the page",
    "NotNow": "Message at the top of the page",
    "CannotRead": "Message at the top of the page",
    "add_reasons": "Reason after the name of an event",
    "Words": "Button or link",
    "Table": "Heading in a table",
    "Content": "Text",
    "_start_again": "Heading of an error page",
    "format_html": "Link or button",
    "Behavior": "Choice of a list",
    "Period": "Choice of a list",
}
ARGUMENTS = {
    ("EventKind", 1): "Name of a security event",
    ("Problem", 0): "Heading of an error page",
    ("Problem", 1): "Text of an error page",
    ("Problem", 3): "Button of an error page",
    ("limit", 1): "Name of a limit",
    ("limit", 5): "Text of an error page",
    ("limit_reached", 1): "Button of an error page",
    ("NoticeKind", 1): "Name of a notice, and subject of its mail",
    ("add_error", 1): "Error at a field",
    ("Figure", 2): "Heading of a figure",
    ("_render", 2): "Heading",
}
TAGS = {
    "title": "Title of the browser's tab",
    "h1": "Heading",
    "h2": "Heading",
    "h3": "Heading",
    "caption": "Heading of a table",
    "legend": "Heading of a group of fields",
    "summary": "Heading that opens a section",
    "button": "Button",
    "a": "Link",
    "label": "Label of a field",
    "th": "Heading in a table",
    "td": "In a table",
    "dt": "Name of a value",
    "dd": "Value",
    "li": "In a list",
    "p": "Text",
    "option": "Choice of a list",
    "nav": "Name of a navigation, for screen readers",
    "desc": "Description of a drawing, for screen readers",
}
_VOID = {"input", "br", "img", "meta", "link", "hr", "path", "rect", "line", "circle"}
_PIECE = re.compile(
    r"<!--.*?-->|\{#.*?#\}"
    r"|(?P<close></(?P<closed>\w+)\s*>)"
    r"|\{%\s*block\s+(?P<block>\w+)\s*%\}|(?P<endblock>\{%\s*endblock[^%]*%\})"
    r"|\{%\s*blocktrans(?:late)?(?P<options>[^%]*)%\}(?P<body>.*?)\{%\s*endblocktrans(?:late)?\s*%\}"
    r"|\{%\s*trans(?:late)?\s+(?P<quote>[\"'])(?P<text>.*?)(?P=quote)[^%]*%\}"
    r"|(?P<open><(?P<opened>[a-zA-Z][\w-]*))",
    re.DOTALL,
)


@cache
def positions(file: str) -> dict[str, str]:
    """Return what each text of a source file is, by its source: "Button", "Error at a field". Some are missing."""
    path = ROOT / file
    if not path.exists():
        return {}
    if path.name == "apps.py":
        return {text: "Name of a section of the admin" for text, _position in _python_positions(path)}
    if path.suffix == ".py":
        return {text: position for text, position in _python_positions(path) if position}
    return {text: position for text, position in _template_positions(path) if position}


def _python_positions(path: Path) -> Iterator[tuple[str, str]]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    parents = {child: node for node in ast.walk(tree) for child in ast.iter_child_nodes(node)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and (text := _text_of(node)):
            yield text, _position(node, parents)


def _text_of(call: ast.Call) -> str:
    """Return the source of a call of gettext, or nothing if it is another call."""
    name = _name_of(call)
    if name not in NAMES:
        return ""
    arguments = call.args[1:] if "pgettext" in name else call.args
    first = arguments[0] if arguments else None
    return first.value if isinstance(first, ast.Constant) and isinstance(first.value, str) else ""


def _name_of(call: ast.Call) -> str:
    return getattr(call.func, "attr", getattr(call.func, "id", ""))


def _position(node: ast.AST, parents: dict[ast.AST, ast.AST]) -> str:
    while (parent := parents.get(node)) is not None:
        if isinstance(parent, ast.keyword) and parent.arg in KEYWORDS:
            return KEYWORDS[parent.arg]
        if isinstance(parent, ast.Assign | ast.AnnAssign):
            return VARIABLES.get(_target(parent).lower()) or _in_class(parent, parents)
        if isinstance(parent, ast.Call) and (said := _in_call(node, parent)):
            return said
        if isinstance(parent, ast.FunctionDef | ast.ClassDef):
            return ""
        node = parent
    return ""


def _target(node: ast.Assign | ast.AnnAssign) -> str:
    target = node.targets[0] if isinstance(node, ast.Assign) else node.target
    while isinstance(target, ast.Subscript):
        target = target.value
    return getattr(target, "attr", getattr(target, "id", ""))


def _in_call(node: ast.AST, call: ast.Call) -> str:
    name = _name_of(call)
    index = call.args.index(node) if node in call.args else -1
    if name.endswith(("Field", "ForeignKey")) and index == 0:
        return KEYWORDS["verbose_name"]
    return CALLS.get(name) or ARGUMENTS.get((name, index), "")


def _in_class(node: ast.AST, parents: dict[ast.AST, ast.AST]) -> str:
    parent = parents.get(node)
    if isinstance(parent, ast.ClassDef) and any("Choices" in ast.unparse(base) for base in parent.bases):
        return "One of several states or choices, in a table or list"
    return ""


def _template_positions(path: Path) -> Iterator[tuple[str, str]]:
    """Return each text of a template with the innermost tag around it that says something."""
    text = path.read_text(encoding="utf-8")
    around: list[str] = []
    blocks: list[str] = []
    for piece in _PIECE.finditer(text):
        if piece["open"]:
            if piece["opened"].lower() not in _VOID:
                around.append(piece["opened"].lower())
        elif piece["close"]:
            _close(around, piece["closed"].lower())
        elif piece["block"]:
            blocks.append(piece["block"])
        elif piece["endblock"]:
            blocks and blocks.pop()
        elif piece["text"] or piece["body"]:
            source = piece["text"] or _source_of_block(piece["body"], piece["options"])
            yield source, _in_template(text[: piece.start()], around, blocks, path)


def _close(around: list[str], tag: str) -> None:
    if tag in around:
        while around.pop() != tag:
            pass


def _source_of_block(body: str, options: str) -> str:
    body = re.split(r"\{%\s*plural\s*%\}", body)[0]
    if "trimmed" in options:
        body = re.sub(r"\s*\n\s*", " ", body.strip())
    return re.sub(r"\{\{\s*(\w+)\s*\}\}", r"%(\1)s", body.replace("%", "%%") if "{{" in body else body)


def _in_template(before: str, around: list[str], blocks: list[str], path: Path) -> str:
    if path.suffix == ".txt":
        return "Text of a mail"
    attribute = re.search(r"([\w-]+)=[\"'][^\"'<>]*$", before)
    if attribute and before.rfind("<") > before.rfind(">"):
        if attribute[1] in {"aria-label", "title", "alt"}:
            return "Read by screen readers"
        return "Text in an input" if attribute[1] in {"placeholder", "value"} else ""
    for tag in reversed(around):
        if tag in TAGS:
            return TAGS[tag]
    return TAGS["title"] if blocks and blocks[-1] == "title" else ""


@cache
def comments_of(file: str) -> dict[str, str]:
    """Return the comments "Translators: …" of a Python file, without that word, by the source that follows."""
    path = ROOT / file
    if path.suffix != ".py" or not path.exists():
        return {}
    tree = ast.parse(path.read_text(encoding="utf-8"))
    calls = sorted((n.lineno, t) for n in ast.walk(tree) if isinstance(n, ast.Call) and (t := _text_of(n)))
    found = {}
    for last, comment in _comments(path):
        following = next((text for line, text in calls if line > last), None)
        if following is not None:
            found[following] = comment
    return found


def _comments(path: Path) -> Iterator[tuple[int, str]]:
    """Return each comment for translators, and the number of its last line."""
    lines: dict[int, str] = defaultdict(str)
    with path.open("rb") as stream:
        for token in tokenize.tokenize(stream.readline):
            if token.type == tokenize.COMMENT and token.line.strip().startswith("#"):
                lines[token.start[0]] = token.string.lstrip("# ")
    for number in [n for n, text in lines.items() if text.startswith("Translators:")]:
        last = number
        while last + 1 in lines and not lines[last + 1].startswith("Translators:"):
            last += 1
        joined = " ".join(lines[n] for n in range(number, last + 1))
        yield last, joined.removeprefix("Translators:").strip()
