"""Redaction of log lines.

SECURITY: this is the second line of defense. Our own code logs ids, never a number, a code or a password. But an
exception of a library may quote one, and at DEBUG libraries log their arguments.
"""

import re

MASK = "••••"

# Named values. The name may be part of a longer one: `client_secret`, `csrfmiddlewaretoken`.
_LONG_NAME = (
    r"[\w-]*(?:password|passwd|secret|token|authorization|cookie|api_?key|private_?key|signature|assertion|nonce"
    r"|verifier|credential|session_?key|session_?data)[\w-]*"
)
_CONFIDENTIAL = rf"(?:{_LONG_NAME}|code|otp|otp_code|pin|mac|text)"
_VALUE = r"(?:'[^']*'|\"[^\"]*\"|[^\s,;&)}\]'\"]+)"
_NAMED = re.compile(  # name=value, long_name: value, 'name': value, "name":"value"
    rf"(?P<name>(?<![\w-])(?:{_CONFIDENTIAL}\s*=\s*|{_LONG_NAME}:\s+|(?P<quote>['\"]){_CONFIDENTIAL}(?P=quote)\s*[:,]\s*)){_VALUE}",
    re.IGNORECASE,
)
_HEADER = re.compile(r"\b((?:proxy-)?authorization|cookie|set-cookie):\s.*", re.IGNORECASE)
_BEARER = re.compile(r"\b(Bearer|Basic)\s+[\w.~+/=-]{8,}", re.IGNORECASE)
# In a sentence: "refresh token iZhaEpLJ… for client".
_AFTER_ITS_NAME = re.compile(
    r"(?P<name>\b(?:token|code|verifier|secret|password|key)s?\s+)[\w.~+/=-]{16,}", re.IGNORECASE | re.ASCII
)
_JWT = re.compile(r"\beyJ[\w-]{8,}\.[\w-]+\.[\w-]*", re.ASCII)
_URL_PASSWORD = re.compile(r"(?<=://)([^\s/:@]*):[^\s/@]+@")
# Links that are credentials: with one, anybody can choose a password or report a change.
_LINK = re.compile(r"(/password/new/[^/\s]*/|/report/)[^/?\s'\"]+")
# PostgreSQL quotes values in these lines of an error: "Key (number)=(+4526123478) already exists."
_VALUES_OF_POSTGRESQL = re.compile(r"^(\s*(?:DETAIL|CONTEXT):).*$", re.MULTILINE)

# Ids stay unmasked, so that a task or a seal can be followed from line to line.
_ID = (
    r"(?<![0-9A-Za-z])[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}(?![0-9A-Za-z])"
    r"|(?<![0-9A-Za-z])(?=[0-9]*[a-f])[0-9a-f]{16,64}(?![0-9A-Za-z])"
)
_ADDRESS = r"(?<![0-9.+])(?!(?:\d\d\.){3}\d\d(?!\d))(?:\d{1,3}\.){3}\d{1,3}(?![0-9.])"  # not 26.12.34.78: a number
_CPR = r"(?<!\d)\d{6}[ -]?\d{4}(?!\d)"
_PHONE = (
    r"(?<![0-9A-Za-z.])(?!\d{4}-\d\d-\d\d)"  # not within a word or a fraction, and not a date
    r"\(?\+?\d(?:[ \u00a0.()-]{0,2}\d){7,}"
)
_NUMBERS = re.compile(rf"(?P<kept>{_ID}|{_ADDRESS})|(?P<cpr>{_CPR})|(?P<phone>{_PHONE})")
_DIGITS = re.compile(rf"(?P<kept>{_ID}|{_ADDRESS})|(?<![0-9A-Za-z])\d(?:[ \u00a0-]?\d){{5,}}")
_QUOTED = re.compile(r"(?<!\w)(['\"])((?:(?!\1).)*)\1(?!\w)")
_NAME = re.compile(r"[A-Za-z_./:-]*")

_SQL_LITERAL = re.compile(r"'(?:[^']|'')*'")


def redact(text: str) -> str:
    """Return the text with phone numbers, CPR numbers and named secrets masked."""
    text = _VALUES_OF_POSTGRESQL.sub(rf"\1 {MASK}", text)
    text = _URL_PASSWORD.sub(rf"\1:{MASK}@", text)
    text = _LINK.sub(rf"\1{MASK}", text)
    text = _BEARER.sub(rf"\1 {MASK}", text)
    text = _HEADER.sub(rf"\1: {MASK}", text)
    text = _NAMED.sub(rf"\g<name>{MASK}", text)
    text = _JWT.sub(MASK, text)
    text = _AFTER_ITS_NAME.sub(rf"\g<name>{MASK}", text)
    return _NUMBERS.sub(_masked, text)


def redact_error(text: str) -> str:
    """Return the text of an exception, masked more strictly: it may quote user input without naming it.

    A quoted value stays only if it is a name or a path without digits. Six digits in a row may be a code.
    """
    text = redact(text)
    text = _QUOTED.sub(_quoted, text)
    return _DIGITS.sub(lambda match: match["kept"] or MASK, text)


def redact_sql(statement: str) -> str:
    """Return the statement without its literals: these are numbers, digests and session data."""
    return _SQL_LITERAL.sub("'?'", statement)


def _quoted(match: re.Match[str]) -> str:
    mark, value = match.groups()
    return match.group() if _NAME.fullmatch(value) else f"{mark}{MASK}{mark}"


def _masked(match: re.Match[str]) -> str:
    if match["kept"]:
        return match["kept"]
    return "••••••-••••" if match["cpr"] else f"••{match['phone'][-2:]}"
