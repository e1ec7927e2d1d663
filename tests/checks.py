"""Run every check that is not a test. `make check` and `make test` call this.

The checks run at the same time, one for each core. Each prints its output as one block when it ends. The last line
names the failed checks. The exit code is 0 if no check failed.
"""

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass
from datetime import date
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PRODUCTION = ROOT / "kumfa" / "tests" / "production.env"
PYTHON = sys.executable


@dataclass(frozen=True)
class Check:
    """One Python command. `production` says whether it runs with the settings of production."""

    name: str
    arguments: Sequence[str]
    production: bool = False


# The slowest checks start first, so that the others fill the remaining cores.
CHECKS = (
    Check("mypy", ("-m", "mypy")),
    Check("migrations", ("manage.py", "makemigrations", "--check", "--dry-run")),
    Check("system checks", ("manage.py", "check")),
    Check("system checks, production", ("manage.py", "check", "--deploy", "--fail-level", "WARNING"), production=True),
    Check("djlint", ("-m", "djlint", "--lint", "--quiet", "templates")),
    Check("catalogues", ("-m", "words")),
    Check("compilation of catalogues", ("-m", "tools.catalogues")),
    Check("import-linter", (str(Path(PYTHON).parent / "lint-imports"), "--no-cache", "--no-logo")),
    Check("ruff check", ("-m", "ruff", "check", ".")),
    Check("ruff format", ("-m", "ruff", "format", "--check", ".")),
)


def run_checks(var: Path, checks: Iterable[Check] = CHECKS) -> list[str]:
    """Run the checks and print the output of each. Return the names of the failed checks.

    The portal writes its files to the folder `var`.
    """
    failed = []
    with ThreadPoolExecutor(max_workers=os.cpu_count()) as pool:
        running = {pool.submit(_run, check, var): check.name for check in checks}
        for done in as_completed(running):
            good, output = done.result()
            print(output, flush=True)
            if not good:
                failed.append(running[done])
    return failed


def _run(check: Check, var: Path) -> tuple[bool, str]:
    begin = time.monotonic()
    done = subprocess.run(
        [PYTHON, *check.arguments],
        cwd=ROOT,
        env=_environment(check, var),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    outcome = "ok" if done.returncode == 0 else f"FAILED with {done.returncode}"
    end = f"--- {check.name}: {outcome}, {time.monotonic() - begin:.0f} s"
    return done.returncode == 0, f"\n=== {check.name}\n{done.stdout}{end}"


def _environment(check: Check, var: Path) -> dict[str, str]:
    if check.production:
        # The day of the sample becomes too old.
        today = date.today().isoformat()
        return {**bare_environment(), "ENV_FILE": str(PRODUCTION), "DEBUG": "0", "ACCESSIBILITY_REVIEWED": today}
    return {**bare_environment(), "ENV_FILE": os.devnull, "DEBUG": "1", "VAR_DIR": str(var)}


def bare_environment(environment: Mapping[str, str] = os.environ) -> dict[str, str]:
    """Return the environment without variables that configure the portal or lead tests to an unknown service."""
    settings = {line.partition("=")[0] for line in PRODUCTION.read_text().splitlines() if not line.startswith("#")}
    tests = {"TEST_DATABASE_URL", "TEST_REDIS_URL", "TEST_AMQP_URL", "CHROMIUM", "DJANGO_SETTINGS_MODULE", "PORT"}
    return {name: value for name, value in environment.items() if name not in settings | tests}


def main() -> int:
    with tempfile.TemporaryDirectory(prefix="kumfa-checks-") as folder:
        failed = run_checks(Path(folder))
    print(f"\nFailed: {', '.join(failed) or 'nothing'}", flush=True)
    return 1 if failed else 0


if __name__ == "__main__":
    try:
        sys.exit(main())
    except KeyboardInterrupt:
        sys.exit(130)
