"""Production settings: headers, cookies and redirects that a browser gets, and the payloads in the broker."""

import base64
import json
import os
import subprocess
import sys
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from kumfa import settings
from kumfa.settings import BASE_DIR, reading
from tests.databases import copy_sqlite_template

ENV = Path(__file__).with_name("production.env")
CSP = {
    "default-src": "'none'",
    "script-src": "'self'",
    "worker-src": "'self'",
    "style-src": "'self'",
    "img-src": "'self'",
    "connect-src": "'self'",
    "base-uri": "'none'",
    "frame-ancestors": "'none'",
    "form-action": "'self' https://mail.example.dk",
}


def environment(var: Path, **changes: str) -> dict[str, str]:
    lines = [line for line in ENV.read_text().splitlines() if line and not line.startswith("#")]
    production = dict(line.split("=", 1) for line in lines)
    kept = {name: value for name, value in os.environ.items() if name not in production}
    return {
        **kept,
        **production,
        "ENV_FILE": os.devnull,
        "DJANGO_SETTINGS_MODULE": "kumfa.settings",
        "VAR_DIR": str(var),
        "ACCESSIBILITY_REVIEWED": date.today().isoformat(),  # the sample's day becomes too old
        **changes,
    }


def run(*arguments: str, env: dict[str, str]) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, *arguments]
    return subprocess.run(command, cwd=BASE_DIR, env=env, capture_output=True, text=True, check=False, timeout=120)


@pytest.fixture(scope="module")
def seen(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """Return the responses to a student's browser, with all services on this machine."""
    var = tmp_path_factory.mktemp("production")
    env = environment(
        var,
        DATABASE_URL=f"sqlite:///{var}/db.sqlite3",
        CACHE_URL="locmemcache://",
        CELERY_BROKER_URL="filesystem://localhost",
        SMS_GATEWAYS=f"file://{var}/messages.jsonl",
        SIGN_IN_NEXT_HOSTS="mail.example.dk",
        TRUSTED_PROXIES="0",
    )
    copy_sqlite_template(var / "db.sqlite3")
    done = run("-m", "kumfa.tests.production_walk", env=env)
    assert done.returncode == 0, done.stderr
    return {**json.loads(done.stdout.splitlines()[-1]), "log": done.stderr}


def test_the_content_security_policy_is_exactly_this(seen: Any) -> None:
    for name in ("/sign-in/", "/help/", "/nowhere/", "/security-info/", "code"):
        policy = seen["headers"][name]["Content-Security-Policy"]
        assert dict(part.strip().split(" ", 1) for part in policy.split(";")) == CSP, name


def test_every_page_has_the_headers_that_protect_it(seen: Any) -> None:
    for name in ("/sign-in/", "/help/", "/nowhere/", "/security-info/"):
        headers = seen["headers"][name]
        assert headers["X-Frame-Options"] == "DENY"
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["Referrer-Policy"] == "same-origin"
        assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
        assert headers["Strict-Transport-Security"] == "max-age=31536000; includeSubDomains; preload"
        assert "no-store" in headers["Cache-Control"]


def test_plain_http_is_led_to_https_but_for_the_probes(seen: Any) -> None:
    assert seen["status"]["plain"] == 301
    assert seen["headers"]["plain"]["Location"] == "https://mfa.ku.dk/help/"
    assert seen["status"]["healthz"] == 200


@pytest.mark.parametrize("name", ["/help/", "/privacy/", "/sign-in/", "/signed-out/", "/password/sent/", "/nowhere/"])
def test_the_first_page_sets_no_cookie_but_that_of_the_forms(seen: Any, name: str) -> None:
    assert seen["first"][name] in ([], ["__Host-csrf"])


def test_asvs_3_3_1_every_cookie_is_secure_http_only_and_same_site(seen: Any) -> None:
    assert {"__Host-session", "__Host-csrf", "__Host-name"} <= set(seen["cookies"])
    for name, cookie in seen["cookies"].items():
        assert cookie["secure"], name
        assert cookie["httponly"], name
        assert cookie["samesite"] == "Lax", name


def test_asvs_3_3_3_every_cookie_is_bound_to_its_host(seen: Any) -> None:
    assert [name for name in seen["cookies"] if not name.startswith("__Host-")] == []
    for cookie in seen["cookies"].values():
        assert cookie["path"] == "/"
        assert cookie["domain"] == ""


def test_asvs_11_4_2_passwords_are_hashed_with_argon2id(seen: Any) -> None:
    assert seen["password"].startswith("argon2$argon2id$")


def test_asvs_16_2_5_the_broker_holds_ids_and_no_code_number_name_or_token(seen: Any) -> None:
    assert len(seen["payloads"]) == 1  # one message; a task of beat finds the mail that is due
    for payload in seen["payloads"]:
        message = json.loads(payload)
        arguments, named, _options = json.loads(base64.b64decode(message["body"]))
        assert all(isinstance(argument, int) for argument in arguments)
        assert named == {}
        for secret in (seen["code"], "26123478", "stu123", "/password/new/"):
            assert secret not in payload + json.dumps(arguments)


def test_asvs_16_2_5_the_log_holds_no_code_number_or_password(seen: Any) -> None:
    for secret in (seen["code"], "26123478", "Kastanjer"):
        assert secret not in seen["log"]


def test_the_demo_is_not_installed(seen: Any) -> None:
    assert not {"demo.apps.DemoConfig", "django_otp.plugins.otp_static"} & set(seen["apps"])
    assert seen["status"]["/inbox/"] == 404


def test_the_sample_environment_passes_every_check(tmp_path: Path) -> None:
    done = run("manage.py", "check", "--deploy", "--fail-level", "WARNING", env=environment(tmp_path))
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize(
    ("variable", "value", "check"),
    [
        ("SECRET_KEY", "short", "kumfa.E002"),
        ("CACHE_URL", "", "kumfa.E005"),
        ("PORTAL_URL", "http://mfa.ku.dk", "kumfa.E006"),
        ("EMAIL_URL", "", "kumfa.E009"),
        ("ALLOWED_HOSTS", "*", "kumfa.E010"),
    ],
)
def test_a_variable_that_is_not_fit_stops_the_start(tmp_path: Path, variable: str, value: str, check: str) -> None:
    done = run("manage.py", "check", env=environment(tmp_path, **{variable: value}))
    assert done.returncode == 1
    assert f"({check}) {variable}" in done.stderr


@pytest.mark.parametrize("folder", ["", "nowhere"])
def test_without_settings_no_command_works(tmp_path: Path, folder: str) -> None:
    env = {name: value for name, value in os.environ.items() if name in ("PATH", "HOME")}
    env["ENV_FILE"] = str(tmp_path / folder / "env") if folder else os.devnull
    done = run("manage.py", "verify_events", env=env)
    assert done.returncode == 1
    assert len(done.stderr.splitlines()) == 1
    assert ("SECRET_KEY is not set" in done.stderr) == (not folder)


def test_a_command_that_writes_code_needs_no_settings(tmp_path: Path) -> None:
    env = {name: value for name, value in os.environ.items() if name in ("PATH", "HOME")}
    done = run("manage.py", "makemigrations", "--check", env={**env, "ENV_FILE": os.devnull, "VAR_DIR": str(tmp_path)})
    assert (done.returncode, done.stdout) == (0, "No changes detected\n"), done.stderr


def unset(monkeypatch: pytest.MonkeyPatch, *variables: str) -> None:
    """Unset the variables. Afterwards, restore them regardless of later changes."""
    for variable in variables:
        monkeypatch.setenv(variable, "")
        monkeypatch.delenv(variable)


def test_a_command_reads_the_settings_of_the_host(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "env"
    file.write_text("SECRET_KEY=pa$$word & more #1\nSMS_COUNTRIES=dk, se\n", encoding="utf-8")
    monkeypatch.setattr(reading, "HOST_FILE", file)
    unset(monkeypatch, "DEBUG", "ENV_FILE", "SECRET_KEY", "SMS_COUNTRIES")
    reading.read_file(tmp_path)
    assert reading.env.str("SECRET_KEY") == "pa$$word & more #1"
    assert reading.env.list("SMS_COUNTRIES", []) == ["dk", "se"]


def test_a_demo_never_reads_the_settings_of_the_host(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "env"
    file.write_text("DATABASE_URL=postgres://real\n", encoding="utf-8")
    monkeypatch.setattr(reading, "HOST_FILE", file)
    unset(monkeypatch, "ENV_FILE", "DATABASE_URL")
    monkeypatch.setenv("DEBUG", "1")
    reading.read_file(tmp_path)
    assert "DATABASE_URL" not in os.environ


def test_a_secret_can_be_a_credential_of_systemd(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "SMS_SENDER").write_text("UCPH\n", encoding="utf-8")
    unset(monkeypatch, "SMS_SENDER")
    monkeypatch.setenv("CREDENTIALS_DIRECTORY", str(tmp_path))
    assert reading.env.str("SMS_SENDER", "KU-IT") == "UCPH"
    monkeypatch.setenv("SMS_SENDER", "KU")
    assert reading.env.str("SMS_SENDER", "KU-IT") == "KU"


def test_with_debug_it_is_a_laptop_that_serves_itself_alone(tmp_path: Path) -> None:
    env = environment(tmp_path, SECRET_KEY="", DEBUG="1")
    for variable in ("ALLOWED_HOSTS", "PORTAL_URL", "TRUSTED_PROXIES"):
        del env[variable]
    script = "from kumfa import settings as s; print(s.DEBUG, s.ALLOWED_HOSTS)"
    assert run("-c", script, env=env).stdout.strip() == "True ['127.0.0.1', 'localhost', '[::1]']"


@pytest.mark.parametrize(
    ("variable", "value"),
    [("PORTAL_URL", "https://mfa.ku.dk"), ("TRUSTED_PROXIES", "1"), ("ALLOWED_HOSTS", "mfa.ku.dk")],
)
def test_with_debug_what_looks_like_a_deployment_does_not_start(tmp_path: Path, variable: str, value: str) -> None:
    env = environment(tmp_path, SECRET_KEY="", DEBUG="1")
    for other in ("ALLOWED_HOSTS", "PORTAL_URL", "TRUSTED_PROXIES"):
        del env[other]
    done = run("-c", "from kumfa import settings", env={**env, variable: value})
    assert done.returncode != 0
    assert "set SECRET_KEY" in done.stderr


@pytest.mark.parametrize(
    ("variable", "value"),
    [("TRUSTED_PROXIES", "2x"), ("LOG_LEVEL", "loud"), ("LOG_FORMAT", "xml"), ("VERIFY_AFTER_ENROLLMENT", "maybe")],
)
def test_a_value_that_cannot_be_read_is_named_in_one_line(tmp_path: Path, variable: str, value: str) -> None:
    done = run("manage.py", "check", env=environment(tmp_path, **{variable: value}))
    assert done.returncode == 1
    assert done.stderr.startswith(f"{variable} must be ")
    assert len(done.stderr.splitlines()) == 1
    assert value not in done.stderr


def test_values_are_taken_as_people_write_them(tmp_path: Path) -> None:
    changes = {"SMS_COUNTRIES": "dk, Se,", "LOG_LEVEL": "info", "LOG_FORMAT": "JSON", "STUDENT_DOMAIN": "Alumni.KU.dk"}
    script = "from kumfa import settings as s; print(s.SMS_COUNTRIES, s.LOGGING['root']['level'], s.STUDENT_DOMAIN)"
    assert run("-c", script, env=environment(tmp_path, **changes)).stdout.strip() == "['DK', 'SE'] INFO alumni.ku.dk"


def test_a_secret_key_alone_makes_it_production(tmp_path: Path) -> None:
    env = environment(tmp_path)
    del env["DEBUG"]
    assert run("-c", "from kumfa import settings as s; print(s.DEBUG)", env=env).stdout.strip() == "False"


def test_argon2_is_the_first_hasher() -> None:
    assert settings.PASSWORD_HASHERS[0] == "accounts.hashers.Argon2Hasher"
