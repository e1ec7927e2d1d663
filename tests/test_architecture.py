"""Imports go one way: kumfa → demo → the factors → accounts. A factor is an app of its own, and imports no other."""

import ast
from pathlib import Path

import pytest

from kumfa.settings import BASE_DIR

FORBIDDEN = {
    "accounts": {"mfa_sms", "mfa_totp", "mfa_recovery", "mfa_pass", "demo", "sso", "kumfa"},
    "mfa_sms": {"mfa_totp", "mfa_recovery", "mfa_pass", "demo", "sso", "kumfa"},
    "mfa_totp": {"mfa_sms", "mfa_recovery", "mfa_pass", "demo", "sso", "kumfa"},
    "mfa_recovery": {"mfa_sms", "mfa_totp", "mfa_pass", "demo", "sso", "kumfa"},
    "mfa_pass": {"mfa_sms", "mfa_totp", "mfa_recovery", "demo", "sso", "kumfa"},
    "sso": {"mfa_sms", "mfa_totp", "mfa_recovery", "mfa_pass", "demo", "kumfa"},
    "demo": {"kumfa"},
}


def modules(app: str) -> list[Path]:
    return [path for path in sorted((BASE_DIR / app).rglob("*.py")) if "tests" not in path.parts]


def imported(path: Path) -> set[str]:
    """Return the first part of every module that a file imports, also within its functions."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            found |= {(node.module or "").partition(".")[0]} if not node.level else set()
    return found


@pytest.mark.parametrize("app", FORBIDDEN)
def test_an_app_imports_none_that_stands_above_it(app: str) -> None:
    assert modules(app)
    for path in modules(app):
        assert not imported(path) & FORBIDDEN[app], path.relative_to(BASE_DIR)


def test_accounts_names_no_factor() -> None:
    for path in modules("accounts"):
        text = path.read_text(encoding="utf-8")
        for factor in ("mfa_sms", "mfa_totp", "mfa_recovery", "mfa_pass", "otp_totp", "otp_static"):
            assert factor not in text, path


@pytest.mark.parametrize("app", ["accounts", "mfa_sms", "mfa_recovery", "mfa_pass", "sso"])
def test_models_hold_no_http_and_tasks_no_rules(app: str) -> None:
    for path in modules(app):
        if path.stem == "models" or "models" in path.parts:
            assert "django.http" not in path.read_text(encoding="utf-8"), path
    for path in (BASE_DIR / app).glob("tasks.py"):
        tasks = ast.parse(path.read_text(encoding="utf-8"))
        assert not [node for node in ast.walk(tasks) if isinstance(node, ast.If | ast.For | ast.While)]


@pytest.mark.parametrize("app", ["accounts", "mfa_sms", "mfa_totp", "mfa_recovery", "mfa_pass", "sso", "demo", "kumfa"])
def test_a_module_has_at_most_three_hundred_lines(app: str) -> None:
    for path in modules(app):
        if "migrations" not in path.parts:
            assert len(path.read_text(encoding="utf-8").splitlines()) <= 300, path
