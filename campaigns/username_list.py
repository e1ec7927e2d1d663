"""Reads an uploaded list: one username or account name per line."""

from typing import BinaryIO

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.account_names import contains_cpr
from accounts.models import Account

_TITLES = ("username", "brugernavn", "ku-brugernavn")
_SHOWN_LENGTH = 60
_AT_ONCE = 1000  # usernames per query


class BadUsernameList(ValueError):
    """The list is invalid. `reasons` has a sentence for each bad line, up to a limit, and one for the rest."""

    def __init__(self, reasons: list[str]) -> None:
        super().__init__("\n".join(reasons))
        self.reasons = reasons


def read_usernames(file: BinaryIO) -> list[int]:
    """Return the account ids of a list without duplicates. Whitespace, case and empty lines do not matter.

    The file is UTF-8, as text or CSV. Only the first cell of a line counts, and a title in the first line is skipped.
    Raises `BadUsernameList`.
    """
    names: dict[int, str] = {}
    wrong: dict[int, str] = {}
    for number, line in enumerate(file, start=1):
        try:
            text = line.decode("utf-8-sig" if number == 1 else "utf-8")
        except UnicodeDecodeError:
            wrong[number] = _("Line %(line)d is not UTF-8.") % {"line": number}
            continue
        if "\0" in text:  # probably UTF-16; a database cannot search for NUL
            wrong[number] = _("Line %(line)d is not UTF-8.") % {"line": number}
            continue
        name = text.replace(";", ",").partition(",")[0].strip().strip('"').strip().lower()
        if name and not (number == 1 and name in _TITLES):
            names[number] = name
    found = _accounts({name.partition("@")[0] for name in names.values()})
    ids: dict[int, None] = {}
    for number, name in names.items():
        account = found.get(name.partition("@")[0])
        if account is None or name not in (account.username, str(account.account_name)):
            wrong[number] = _refusal(number, name)
        else:
            ids[account.pk] = None
    if wrong:
        raise BadUsernameList(_cut([wrong[number] for number in sorted(wrong)]))
    return list(ids)


def _accounts(usernames: set[str]) -> dict[str, Account]:
    wanted = sorted(usernames)
    found: dict[str, Account] = {}
    for start in range(0, len(wanted), _AT_ONCE):
        rows = Account.objects.filter(username__in=wanted[start : start + _AT_ONCE])
        found |= {row.username: row for row in rows.only("username", "is_student", "is_employee")}
    return found


def _refusal(line: int, name: str) -> str:
    # SECURITY: never show a CPR number. Users can print the page.
    if contains_cpr(name):
        return _("Line %(line)d looks like a CPR number.") % {"line": line}
    # Translators: %(name)s is what stands in the line, in quotes.
    return _("Line %(line)d: there is no account “%(name)s”.") % {"line": line, "name": name[:_SHOWN_LENGTH]}


def _cut(reasons: list[str]) -> list[str]:
    more = len(reasons) - settings.CAMPAIGN_LIST_ERRORS
    if more <= 0:
        return reasons
    text = ngettext("%(count)d more line has an error.", "%(count)d more lines have errors.", more) % {"count": more}
    return [*reasons[: settings.CAMPAIGN_LIST_ERRORS], text]
