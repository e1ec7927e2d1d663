"""Features missing on the oldest supported phones: Chrome 77 of Android 10, and Safari of iOS 11 (R7).

A browser drops a rule with an unknown selector, and a declaration with an unknown value. It runs no part of a script
with unknown syntax.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

CHROME = 77.0
SAFARI = 11.0
NEVER = 999.0


@dataclass(frozen=True)
class Modern:
    """A pattern, its name, the first versions of Chrome and Safari that have it, and a text that it finds.

    `fallback` is a pattern of a declaration. If it comes first in the same rule, old browsers use it instead.
    `{property}` in it stands for the property that the pattern has found.
    """

    pattern: str
    name: str
    chrome: float
    safari: float
    example: str
    fallback: str = ""


SELECTORS = (
    Modern(r":not\([^()]*(?:\([^()]*\))?[^()]*,", "list in :not()", 88, 9, "input:not([a], [b])"),
    Modern(r":(?:is|where)\(", ":is() and :where()", 88, 14, "main :is(h1, h2)"),
    Modern(r":has\(", ":has()", 105, 15.4, "p:has(a)"),
    Modern(r"(?<!:focus:not\():focus-visible", ":focus-visible in place of :focus", 86, 15.4, "a:focus-visible"),
    Modern(r"&", "nested rules", 112, 16.5, "& a"),
)
# Rules that only improve what old browsers show: they hide the focus after a click, and open the details in print.
HARMLESS = (r"^:focus:not\(:focus-visible\)$", r"::details-content$")

DECLARATIONS = (
    Modern(r"^(?:row-|column-)?gap:", "gap in flex boxes; grids have grid-gap", 84, 14.1, "gap: 8px"),
    Modern(r"^inset(?:-\w+)*:", "inset", 87, 14.1, "inset: 0"),
    Modern(r"^(?:margin|padding|border)-(?:inline|block):", "logical shorthands", 87, 14.1, "margin-inline: auto"),
    Modern(r"^aspect-ratio:", "aspect-ratio", 88, 15, "aspect-ratio: 1"),
    Modern(r"^(?:translate|rotate|scale):", "transforms of their own", 104, 14.1, "rotate: 90deg"),
    Modern(
        r":.*\b(?:min|max)\(", "min() and max()", 79, 11.1, "right: max(8px, 2%)", r"^{property}:(?!.*\bm(in|ax)\()"
    ),
    Modern(r":.*\bclamp\(", "clamp()", 79, 13.1, "width: clamp(1px, 2%, 3px)", r"^{property}:(?!.*clamp)"),
    Modern(r":.*\d[dsl]v[hw]\b", "units of the visible screen", 108, 15.4, "height: 100dvh", r"^{property}:.*\dv[hw]"),
    Modern(r":.*\b(?:color-mix|light-dark|oklch|oklab|lab|lch)\(", "new colors", 111, 15, "color: lab(1% 2 3)"),
    Modern(r":.*\brgba?\(\d+ ", "colors without commas", 65, 12.1, "color: rgb(0 0 0 / 50%)"),
    Modern(r"^overflow-wrap: anywhere", "anywhere", 80, 15.4, "overflow-wrap: anywhere", "^word-break: break-word"),
    Modern(r"^hyphens:", "hyphens", 55, 17, "hyphens: auto", "^-webkit-hyphens:"),
    Modern(r"^user-select:", "user-select", 54, NEVER, "user-select: all", "^-webkit-user-select:"),
    Modern(r"^position: sticky", "sticky", 56, 13, "position: sticky", "^position: -webkit-sticky"),
    Modern(r"^display: flow-root", "flow-root", 58, 13, "display: flow-root"),
)

AT_RULES = (
    Modern(r"@layer\b", "layers", 99, 15.4, "@layer base"),
    Modern(r"@container\b", "containers", 105, 16, "@container (min-width: 1px)"),
    Modern(r"@media[^{]*[<>]", "ranges in @media", 104, 16.4, "@media (width >= 30rem)"),
)

SCRIPTS = (
    Modern(r"\bcatch\s*\{", "catch without a name", 66, 11.1, "catch {"),
    Modern(r"\?\.(?!\d)", "optional chaining", 80, 13.1, "a?.b"),
    Modern(r"\?\?", "??", 80, 13.1, "a ?? b"),
    Modern(r"(?:\|\||&&)=", "logical assignment", 85, 14, "a ||= b"),
    Modern(r"\{\s*\.\.\.|,\s*\.\.\.[\w.]+\s*\}", "spread in objects", 60, 11.1, "{ ...a }"),
    Modern(r"\bfor\s+await\b|\basync\s*(?:function)?\s*\*", "asynchronous loops", 63, 12, "for await (const a of b)"),
    Modern(r"\(\?<[=!]", "lookbehind", 62, 16.4, "/(?<=a)b/"),
    Modern(r"\(\?<\w|\\p\{", "named groups and \\p", 64, 11.1, "/(?<a>b)/"),
    Modern(r"\.#\w|^\s*#\w", "private members", 74, 14.1, "this.#a"),
    Modern(r"^\s*static\s+\w+\s*=", "static fields", 72, 14.1, "static a = 1"),
    Modern(r"\b\d+_\d|\b\d+n\b", "1_000 and 1n", 75, 14, "10_000"),
    Modern(r"\bimport\s*\(", "dynamic import", 63, 11.1, 'import("a")'),
    Modern(r"\.at\(", "at()", 92, 15.4, "a.at(-1)"),
    Modern(r"\.replaceAll\(", "replaceAll()", 85, 13.1, "a.replaceAll(b, c)"),
    Modern(r"\.matchAll\(", "matchAll()", 73, 13, "a.matchAll(b)"),
    Modern(r"\.flat(?:Map)?\(", "flat()", 69, 12, "a.flatMap(b)"),
    Modern(r"\.trim(?:Start|End)\(", "trimStart()", 66, 12, "a.trimStart()"),
    Modern(r"\.findLast|\.to(?:Sorted|Reversed|Spliced)\(", "new methods of arrays", 97, 15.4, "a.findLast(b)"),
    Modern(r"\bObject\.(?:fromEntries|hasOwn|groupBy)\b", "Object.fromEntries()", 73, 12.1, "Object.fromEntries(a)"),
    Modern(r"\bPromise\.(?:allSettled|any|withResolvers)\b", "Promise.any()", 85, 14, "Promise.any(a)"),
    Modern(r"\.finally\(", "finally()", 63, 11.1, "a.finally(b)"),
    Modern(r"\bglobalThis\b", "globalThis", 71, 12.1, "globalThis.a"),
    Modern(r"\bstructuredClone\b", "structuredClone()", 98, 15.4, "structuredClone(a)"),
    Modern(r"\bqueueMicrotask\b", "queueMicrotask()", 71, 12.1, "queueMicrotask(a)"),
    Modern(r"\b(?:Intersection|Resize)Observer\b", "observers", 64, 13.1, "new ResizeObserver(a)"),
    Modern(r"\brandomUUID\b", "randomUUID()", 92, 15.4, "crypto.randomUUID()"),
    Modern(r"\brequestSubmit\b", "requestSubmit()", 76, 16, "a.requestSubmit()"),
    Modern(r"\.submitter\b", "submitter", 81, 15.4, "event.submitter"),
    Modern(r"\.replaceChildren\(", "replaceChildren()", 86, 14, "a.replaceChildren(b)"),
    Modern(r"\.toggleAttribute\(", "toggleAttribute()", 69, 12, "a.toggleAttribute(b)"),
    Modern(r"\.showModal\(", "dialogs", 37, 15.4, "a.showModal()"),
    Modern(r"\bnavigator\.clipboard\b", "clipboard", 66, 13.1, "navigator.clipboard"),
    Modern(r"\bAbort(?:Controller|Signal)\b", "AbortController", 66, 11.1, "new AbortController()"),
)

ALL = (*SELECTORS, *DECLARATIONS, *AT_RULES, *SCRIPTS)
_RULE = re.compile(r"([^{}]+)\{([^{}]*)\}")


def uncommented(text: str) -> str:
    """Return CSS without its comments."""
    return re.sub(r"/\*.*?\*/", "", text, flags=re.DOTALL)


def _declarations(block: str) -> list[str]:
    return [" ".join(part.split()) for part in block.split(";") if part.strip()]


def _is_harmless(selector: str) -> bool:
    return any(re.search(pattern, selector.strip()) for pattern in HARMLESS)


def _modern_selectors(selector: str) -> Iterator[Modern]:
    return (row for row in SELECTORS if re.search(row.pattern, selector))


def _has_fallback(row: Modern, declaration: str, before: list[str]) -> bool:
    name = declaration.partition(":")[0]
    pattern = row.fallback.replace("{property}", re.escape(name))
    return bool(row.fallback) and any(re.search(pattern, other) for other in before)


def faults_of_css(text: str) -> list[str]:
    """Return what an old browser drops without a fallback."""
    css = uncommented(text)
    faults = [f"{row.name}: {row.example}" for row in AT_RULES if re.search(row.pattern, css)]
    for selector, block in _RULE.findall(css):
        if not _is_harmless(selector):
            faults += [f"{row.name}: {selector.strip()}" for row in _modern_selectors(selector)]
        declarations = _declarations(block)
        for at, declaration in enumerate(declarations):
            for row in DECLARATIONS:
                if re.search(row.pattern, declaration) and not _has_fallback(row, declaration, declarations[:at]):
                    faults.append(f"{row.name}: {declaration}")
    return faults


def faults_of_script(text: str) -> list[str]:
    """Return the lines that an old browser does not understand."""
    code = re.sub(r"^\s*//.*$", "", text, flags=re.MULTILINE)
    return [
        f"{row.name}: {found[0].strip()}" for row in SCRIPTS for found in re.finditer(row.pattern, code, re.MULTILINE)
    ]


def as_old_browsers_read(text: str) -> str:
    """Return CSS without the rules and declarations that Chrome 77 or Safari 11 drops."""

    def read(rule: re.Match[str]) -> str:
        selector, block = rule.groups()
        if any(_modern_selectors(selector)) or _is_harmless(selector):
            return ""
        kept = [
            declaration
            for declaration in _declarations(block)
            if not any(re.search(row.pattern, declaration) for row in DECLARATIONS)
        ]
        return f"{selector}{{{'; '.join(kept)}}}"

    return _RULE.sub(read, uncommented(text))
