"""Every reason that the code can write into an event has words for the helpdesk."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.apps import apps

from account_import.events import ACCOUNT_IMPORTED
from account_import.plan import RowOutcome
from audit.kinds import EventKind
from kumfa.settings import BASE_DIR
from mfa_sms.events import CODE_NOT_SENT
from mfa_sms.numbers import NumberFault
from sign_in.events import EXTERNAL_MFA_COMPLETED, PASSWORD_REFUSED, PASSWORD_RESET_REQUESTED
from sign_in.methods.events import CODE_REFUSED
from sign_in.verification import Verdict
from sso.entra.refusals import Unserved, Why
from sso.events import SERVICE_REFUSED

# The functions that write a reason, with the place of the argument.
WRITERS: dict[str, tuple[EventKind, int]] = {
    "code_not_sent": (CODE_NOT_SENT, 2),
    "code_refused": (CODE_REFUSED, 2),
    "password_refused": (PASSWORD_REFUSED, 2),
    "unknown_name_refused": (PASSWORD_REFUSED, 9),
    "service_refused": (SERVICE_REFUSED, 1),
    "person_refused": (SERVICE_REFUSED, 1),
    "AuthorizationRefused": (SERVICE_REFUSED, 0),
}
# The functions that return reasons, and the class attributes that hold some.
RETURNED = {"refusal_of_code": SERVICE_REFUSED}
HELD = {"missing_reason": CODE_REFUSED}
# Faults of a number after which it is refused as a whole. The others are typing errors, which no event records.
REFUSED_NUMBERS = (NumberFault.COUNTRY_REFUSED, NumberFault.TYPE_REFUSED)


def trees() -> Iterator[ast.AST]:
    for app in apps.get_app_configs():
        folder = Path(app.path)
        if folder.parent == BASE_DIR:
            for path in folder.rglob("*.py"):
                if "tests" not in path.parts and "migrations" not in path.parts:
                    yield ast.parse(path.read_text(encoding="utf-8"))


def constants(node: ast.AST) -> Iterator[str]:
    """Yield the texts that an expression can be: of a constant, or of both branches of a condition."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value:
        yield node.value
    if isinstance(node, ast.IfExp):
        yield from (*constants(node.body), *constants(node.orelse))


def written() -> Iterator[tuple[EventKind, str]]:
    """Yield the reasons that the code writes."""
    for tree in trees():
        for node in ast.walk(tree):
            if isinstance(node, ast.Call):
                name = getattr(node.func, "attr", getattr(node.func, "id", ""))
                kind, place = WRITERS.get(name, (None, 0))
                if kind is not None and len(node.args) > place:
                    yield from ((kind, reason) for reason in constants(node.args[place]))
            if isinstance(node, ast.FunctionDef) and node.name in RETURNED:
                for inner in ast.walk(node):
                    if isinstance(inner, ast.Return) and inner.value is not None:
                        yield from ((RETURNED[node.name], reason) for reason in constants(inner.value))
            if isinstance(node, ast.Assign | ast.AnnAssign) and node.value is not None:
                target = node.targets[0] if isinstance(node, ast.Assign) else node.target
                name = getattr(target, "id", "")
                yield from ((HELD[name], reason) for reason in constants(node.value) if name in HELD)


def enumerated() -> Iterator[tuple[EventKind, str]]:
    """Yield the reasons of enumerations."""
    yield from ((SERVICE_REFUSED, str(why)) for enumeration in (Why, Unserved) for why in enumeration)
    yield from ((CODE_NOT_SENT, fault.value) for fault in REFUSED_NUMBERS)
    yield from ((CODE_REFUSED, str(verdict)) for verdict in Verdict if verdict is not Verdict.RIGHT)
    yield from ((ACCOUNT_IMPORTED, str(outcome.value)) for outcome in RowOutcome if outcome.value)
    yield PASSWORD_REFUSED, "unknown"
    yield PASSWORD_RESET_REQUESTED, "no_mail"
    yield EXTERNAL_MFA_COMPLETED, "entra"


def test_the_code_is_searched_for_reasons() -> None:
    found = set(written())
    for known in ((CODE_NOT_SENT, "shared"), (SERVICE_REFUSED, "pkce"), (CODE_REFUSED, "no_challenge")):
        assert known in found
    assert (PASSWORD_REFUSED, "must_renew") in found


@pytest.mark.parametrize("reasons", [written, enumerated])
def test_every_reason_that_the_code_can_write_has_words(reasons: object) -> None:
    assert callable(reasons)
    without = {(str(kind), reason) for kind, reason in reasons() if kind.name_reason(reason) == reason}
    assert without == set()
