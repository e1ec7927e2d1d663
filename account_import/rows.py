"""Validates the rows of the file. Every bad row is reported, without any value that can be a CPR number."""

import os
import re
import unicodedata
from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import BinaryIO, TypeVar
from uuid import UUID

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext_noop

from account_import.records import CPR_SHOWN, BadFile, Reason, Record, Records, RowProblem
from accounts.account_names import contains_cpr
from accounts.models import USERNAME_PATTERN, Account

Value = TypeVar("Value")
# Called with the step's name, the amount done and the total.
Progress = Callable[[str, int, int], None]

_USERNAME = re.compile(USERNAME_PATTERN)
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]")
# A Danish Excel writes SAND and FALSK.
_TRUE = ("1", "true", "sand", "yes", "ja", "x")
_FALSE = ("0", "false", "falsk", "no", "nej", "")
_LOOKS_LIKE_CPR = gettext_noop("%(column)s looks like a CPR number")
_BOOLEANS = ("1", "0", "true", "false", "sand", "falsk", "yes", "no", "ja", "nej", "x")
_NONE_OF = gettext_noop("%(column)s %(value)s is not one of %(allowed)s")
_SHOWN_LENGTH = 60
_PROGRESS_EVERY = 1000
# Only this many header cells are read. A longer header belongs to some other file, and the error would show it whole.
_TITLES_READ = 30


class Column(StrEnum):
    """The columns of the file, in any order. All but `OPTIONAL` are required."""

    USERNAME = "username"
    FIRST_NAME = "first_name"
    LAST_NAME = "last_name"
    EMAIL = "email"
    STUDENT = "student"
    EMPLOYEE = "employee"
    LANGUAGE = "language"
    DIRECTORY_ID = "directory_id"


OPTIONAL = (Column.DIRECTORY_ID,)
_COLUMN_OF_TITLE = {column.replace("_", ""): column for column in Column}


@dataclass(frozen=True, slots=True)
class AccountRow:
    """The values of one row, named after the fields of `Account`."""

    username: str
    first_name: str
    last_name: str
    email: str
    is_student: bool
    is_employee: bool
    # If empty, an existing account keeps its language and a new one gets the default.
    language: str
    # The UUID in the university's directory. If empty, an account keeps the one that it has.
    directory_id: str = ""


class _Invalid(ValueError):
    """A cell's value is invalid. The msgid has a placeholder for the column's name, and others for `params`."""

    def __init__(self, msgid: str, **params: str | int | list[str]) -> None:
        super().__init__(msgid)
        self.msgid = msgid
        self.params = params


def shown(text: str) -> str:
    """Return a printable form of a value: quoted, truncated, without control characters, and never a CPR number."""
    return CPR_SHOWN if contains_cpr(text) else repr(text[:_SHOWN_LENGTH])


def read_rows(path: Path, progress: Progress) -> dict[str, AccountRow]:
    """Return the rows by username. Raises `BadFile` with every problem, or `OSError`."""
    with path.open("rb") as file:
        return read_from(file, os.fstat(file.fileno()).st_size, progress)


def read_from(file: BinaryIO, size: int, progress: Progress) -> dict[str, AccountRow]:
    """Return the rows of a file of `size` bytes by username. Raises `BadFile` with every problem."""
    records = Records(file)
    iterator = iter(records)
    reader = _RowReader(_columns(next(iterator, None)))
    for number, record in enumerate(iterator):
        reader.take(record)
        if number % _PROGRESS_EVERY == 0:
            progress("Reading", records.bytes_read, size)
    progress("Reading", size, size)
    if reader.problems:
        raise BadFile(reader.problems)
    return reader.rows


def read_cells(cells: Mapping[Column, str]) -> AccountRow:
    """Return the row of these cells. Cells that are missing or cannot be imported are empty."""
    return _row(defaultdict(str, {column: _clean(cell) for column, cell in cells.items()}), [])


def _columns(header: Record | RowProblem | None) -> list[Column]:
    """Return the columns in file order. Ignores case, whitespace and underscores in the header."""
    if header is None:
        raise BadFile([RowProblem(1, (Reason(gettext_noop("the file is empty")),))])
    if isinstance(header, RowProblem):
        raise BadFile([header])
    names = header.fields[:_TITLES_READ]
    titles = [re.sub(r"[\s_]+", "", title).lower() for title in names]
    found = [_COLUMN_OF_TITLE[title] for title in titles if title in _COLUMN_OF_TITLE]
    faults: dict[str, list[str]] = {
        gettext_noop("unknown columns: %(columns)s"): [
            shown(name.strip()) for name, title in zip(names, titles, strict=True) if title not in _COLUMN_OF_TITLE
        ],
        gettext_noop("missing columns: %(columns)s"): [
            column.value for column in Column if column not in (*found, *OPTIONAL)
        ],
        gettext_noop("duplicate columns: %(columns)s"): [column.value for column in Column if found.count(column) > 1],
    }
    reasons = tuple(Reason(fault, {"columns": columns}) for fault, columns in faults.items() if columns)
    if reasons:
        raise BadFile([RowProblem(header.line, reasons)])
    return found


class _RowReader:
    """Collects the rows and the problems of the records after the header."""

    def __init__(self, columns: list[Column]) -> None:
        self._columns = columns
        self._line_of: dict[str, int] = {}
        self.rows: dict[str, AccountRow] = {}
        self.problems: list[RowProblem] = []

    def take(self, record: Record | RowProblem) -> None:
        """Check a record. A row of delimiters alone, which Excel writes for an empty line, is skipped."""
        if isinstance(record, RowProblem):
            self.problems.append(record)
            return
        if not any(field.strip() for field in record.fields):
            return
        reasons: list[Reason] = []
        if len(record.fields) != len(self._columns):
            counts = {"fields": len(record.fields), "columns": len(self._columns)}
            reasons.append(Reason(gettext_noop("has %(fields)s fields, the header has %(columns)s"), counts))
        else:
            row = _row(defaultdict(str, zip(self._columns, map(_clean, record.fields), strict=True)), reasons)
            first = self._line_of.setdefault(row.username, record.line) if row.username else record.line
            if first != record.line:
                msgid = gettext_noop("username %(username)s is already on line %(line)s")
                reasons.append(Reason(msgid, {"username": shown(row.username), "line": first}))
            self.rows[row.username] = row
        if reasons:
            self.problems.append(RowProblem(record.line, tuple(reasons)))


def _clean(cell: str) -> str:
    return " ".join(unicodedata.normalize("NFC", cell).split())


def _row(cells: Mapping[Column, str], reasons: list[Reason]) -> AccountRow:
    """Return the row. Append its problems to `reasons`, and treat the invalid cells as empty."""

    def take(column: Column, rule: Callable[[str], Value], empty: Value) -> Value:
        try:
            if control := _CONTROL.search(cells[column]):
                msgid = gettext_noop("%(column)s has a control character, %(character)s")
                raise _Invalid(msgid, character=f"U+{ord(control[0]):04X}")
            return rule(cells[column])
        except _Invalid as fault:
            reasons.append(Reason(fault.msgid, {"column": column.value, **fault.params}))
            return empty

    username = take(Column.USERNAME, _username, "")
    first_name = take(Column.FIRST_NAME, _name("first_name"), "")
    last_name = take(Column.LAST_NAME, _name("last_name"), "")
    email = take(Column.EMAIL, _email, "")
    student = take(Column.STUDENT, _boolean, None)
    employee = take(Column.EMPLOYEE, _boolean, None)
    language = take(Column.LANGUAGE, _language, "")
    directory_id = take(Column.DIRECTORY_ID, _directory_id, "")
    if student is False and employee is False:
        reasons.append(Reason(gettext_noop("is neither student nor employee")))
    return AccountRow(username, first_name, last_name, email, bool(student), bool(employee), language, directory_id)


def _refused(value: str, msgid: str, **params: str | int | list[str]) -> _Invalid:
    return _Invalid(_LOOKS_LIKE_CPR) if contains_cpr(value) else _Invalid(msgid, value=shown(value), **params)


def _fit(value: str, field: str) -> str:
    longest = getattr(Account._meta.get_field(field), "max_length", None)
    if longest is not None and len(value) > longest:
        raise _Invalid(gettext_noop("%(column)s is longer than %(most)s characters"), most=longest)
    return value


def _username(cell: str) -> str:
    if not cell:
        raise _Invalid(gettext_noop("%(column)s is empty"))
    username = cell.lower()
    # A username that contains a CPR number cannot sign in: `account_names.parse` refuses it.
    if not _USERNAME.fullmatch(username) or contains_cpr(username):
        raise _refused(cell, gettext_noop("%(column)s %(value)s is not a KU username"))
    return username


def _name(field: str) -> Callable[[str], str]:
    def rule(cell: str) -> str:
        if contains_cpr(cell):
            raise _Invalid(_LOOKS_LIKE_CPR)
        return _fit(cell, field)

    return rule


def _email(cell: str) -> str:
    """Return the email address. Ten digits in a row can be a phone number, so they are accepted but never shown."""
    if cell:
        _fit(cell, "email")
        try:
            validate_email(cell)
        except ValidationError:
            raise _refused(cell, gettext_noop("%(column)s %(value)s is not an email address")) from None
    return cell


def _boolean(cell: str) -> bool | None:
    folded = cell.lower()
    if folded not in (*_TRUE, *_FALSE):
        raise _refused(cell, _NONE_OF, allowed=list(_BOOLEANS))
    return folded in _TRUE


def _language(cell: str) -> str:
    codes = [code for code, _name in settings.LANGUAGES]
    if cell and cell.lower() not in codes:
        raise _refused(cell, _NONE_OF, allowed=codes)
    return cell.lower()


def _directory_id(cell: str) -> str:
    try:
        return str(UUID(cell)) if cell else ""
    except ValueError:
        raise _refused(cell, gettext_noop("%(column)s %(value)s is not a UUID")) from None
