"""Architecture rules that import-linter does not check. Its contracts in setup.cfg define the direction of imports."""

import ast
from pathlib import Path

import pytest

from kumfa.settings import BASE_DIR

APPS = [
    "common",
    "accounts",
    "audit",
    "limits",
    "sessions",
    "sign_in",
    "notices",
    "backoffice",
    "overview",
    "campaigns",
    "account_import",
    "directory",
    "helpdesk",
    "mfa_sms",
    "mfa_totp",
    "mfa_recovery",
    "mfa_pass",
    "sso",
    "demo",
    "words",
    "kumfa",
]
# The apps below the factors.
SHARED = APPS[: APPS.index("mfa_sms")]


def modules(app: str) -> list[Path]:
    return [path for path in sorted((BASE_DIR / app).rglob("*.py")) if "tests" not in path.parts]


@pytest.mark.parametrize("app", SHARED)
def test_what_the_factors_share_names_no_factor(app: str) -> None:
    for path in modules(app):
        text = path.read_text(encoding="utf-8")
        for factor in ("mfa_sms", "mfa_totp", "mfa_recovery", "mfa_pass", "otp_totp", "otp_static"):
            assert factor not in text, path


@pytest.mark.parametrize("app", APPS)
def test_models_hold_no_http_and_tasks_no_rules(app: str) -> None:
    for path in modules(app):
        if path.stem == "models" or "models" in path.parts:
            assert "django.http" not in path.read_text(encoding="utf-8"), path
    for path in (BASE_DIR / app).glob("tasks.py"):
        tasks = ast.parse(path.read_text(encoding="utf-8"))
        assert not [node for node in ast.walk(tasks) if isinstance(node, ast.If | ast.For | ast.While)]


@pytest.mark.parametrize("app", APPS)
def test_a_module_has_at_most_three_hundred_lines(app: str) -> None:
    for path in modules(app):
        if "migrations" not in path.parts:
            assert len(path.read_text(encoding="utf-8").splitlines()) <= 300, path
