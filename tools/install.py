"""Install the lock files into .venv: exactly their packages, and nothing that pip or Python adds.

`python3 -m tools.install` installs the packages of the portal. `python3 -m tools.install dev` also installs those of
its tests and checks. Needs Python 3.11 or newer with its module venv. Does nothing if .venv is up to date.

pip has no choice: it installs the pinned versions and ignores their dependencies. So a version that is published later
changes nothing. A check afterwards finds out whether the lock files are complete. pip and setuptools are removed.
"""

import contextlib
import fcntl
import hashlib
import importlib.util
import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

PIP = ("-m", "pip", "--no-input", "--disable-pip-version-check", "--quiet")
# Python compiles a module at its first import. Compiling all of them would take longer than the rest of the install.
EXACTLY = ("--no-deps", "--require-hashes", "--no-compile", "--no-cache-dir", "--no-user")
# Wheels only: building a package would download its build tools without a hash.
WHEELS = ("--only-binary", ":all:")
# The packages that are published as source only, and how they are built: with the build tools of the same lock file.
SOURCES = ("python-ldap",)
FROM_SOURCE = ("--no-binary", ":all:", "--no-build-isolation")

# A command of the demo ignores the settings of a deployment. An empty variable counts as unset.
OF_THE_DEMO: dict[str, str] = {
    "ENV_FILE": os.devnull,
    "DEBUG": "1",
    "PORTAL_URL": "",
    "TRUSTED_PROXIES": "",
    "ALLOWED_HOSTS": "",
}


class Refused(Exception):
    """The install cannot continue. The message says what to do."""


class Installation:
    """The virtual environment in a folder, and its lock files."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.venv = root / ".venv"
        self.python = self.venv / "bin" / "python"
        self.stamp = self.venv / "installed.json"

    def run(self, names: Sequence[str]) -> None:
        """Install these lock files (`requirements` for requirements.txt), and those that were installed before."""
        with self._lock():
            old = self._read_stamp()
            locks = {name: self._digest(name) for name in dict.fromkeys((*old, *names))}
            if locks == old:
                return
            self.stamp.unlink(missing_ok=True)  # an interrupted install starts from the beginning
            if not old:
                self._make()
            self._ensure_pip()
            for name in locks:
                if locks[name] != old.get(name):
                    self._install(name)
            self._remove_others(list(locks))
            self._verify(list(locks))
            self._do([str(self.python), *PIP, "uninstall", "--yes", "pip"])
            self._prepare()
            self.stamp.write_text(json.dumps({"base": self._base(), "locks": locks}), encoding="utf-8")

    @contextlib.contextmanager
    def _lock(self) -> Iterator[None]:
        path = self.root / "var" / "install.lock"
        path.parent.mkdir(exist_ok=True)
        with path.open("a") as file:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                _say("Another command installs in this folder. This one goes on when that is done.")
                fcntl.flock(file, fcntl.LOCK_EX)
            yield

    def _read_stamp(self) -> dict[str, str]:
        """Return the digests of the lock files in .venv, or an empty dictionary if .venv must be made again."""
        try:
            found = json.loads(self.stamp.read_text(encoding="utf-8"))
        except (FileNotFoundError, ValueError):
            return {}
        return dict(found["locks"]) if found["base"] == self._base() and self.python.exists() else {}

    def _base(self) -> str:
        """Return what a virtual environment depends on: its folder, its Python, and Python's version."""
        return f"{self.venv.resolve()} {Path(sys.executable).resolve()} {sys.version_info[:2]}"

    def _digest(self, name: str) -> str:
        return hashlib.sha256((self.root / f"{name}.txt").read_bytes()).hexdigest()

    def _make(self) -> None:
        if importlib.util.find_spec("ensurepip") is None:
            raise Refused(f"{sys.executable} cannot make virtual environments; on Debian: apt-get install python3-venv")
        self._do([sys.executable, "-m", "venv", "--clear", "--without-pip", str(self.venv)])

    def _ensure_pip(self) -> None:
        self._do([str(self.python), "-m", "ensurepip"], quiet=True)

    def _install(self, name: str) -> None:
        _say(f"Installing {name}.txt into .venv, once.")
        pins = re.split(r"^(?=[\w.-]+==)", (self.root / f"{name}.txt").read_text(), flags=re.MULTILINE)
        sources = [pin for pin in pins if pin.startswith(tuple(f"{source}==" for source in SOURCES))]
        self._install_pins(name, [pin for pin in pins if pin not in sources], WHEELS)
        if sources:
            self._install_pins(name, sources, FROM_SOURCE)

    def _install_pins(self, name: str, pins: Sequence[str], how: Sequence[str]) -> None:
        file = self.venv / f"{name}.part.txt"
        file.write_text("".join(pins))
        command = [str(self.python), *PIP, "install", *EXACTLY, *how, "-r", str(file)]
        if subprocess.run(command, cwd=self.root, check=False).returncode:
            raise Refused(
                f"{name}.txt could not be installed, for the reason above. Check that this machine reaches a package"
                f" index and that README.md names its Python (this is {sys.version.split()[0]}); then run the same"
                " command again."
            )

    def _remove_others(self, names: Sequence[str]) -> None:
        """Remove every package that no lock file names, including setuptools."""
        locked = {
            _canonical(pin)
            for name in names
            for pin in re.findall(r"^([\w.-]+)==", (self.root / f"{name}.txt").read_text(), re.MULTILINE)
        }
        lister = "from importlib.metadata import distributions as d; print(*(p.metadata['Name'] for p in d()))"
        done = subprocess.run([self.python, "-c", lister], check=True, capture_output=True, text=True)
        others = sorted(name for name in done.stdout.split() if _canonical(name) not in {*locked, "pip"})
        if others:
            self._do([str(self.python), *PIP, "uninstall", "--yes", *others])

    def _verify(self, names: Sequence[str]) -> None:
        """Check that the installed packages meet our requirements. `pip check` would ignore extras."""
        asked = "".join((self.root / f"{name}.in").read_text() for name in names)
        wanted = self.venv / "asked.in"
        wanted.write_text(re.sub(r"^-c .*$", "", asked, flags=re.MULTILINE))
        command = [str(self.python), *PIP, "--isolated", "install", "--dry-run", "--no-index", "-r", str(wanted)]
        environment = {**os.environ, "PIP_CONFIG_FILE": os.devnull}
        if subprocess.run(command, cwd=self.root, env=environment, check=False).returncode:
            raise Refused(
                "The lock files are not complete, for the reason above. Run make lock and commit what it changes."
            )

    def _prepare(self) -> None:
        """Make the empty database that a first start of the portal copies."""
        if (self.root / "manage.py").exists():
            self._do([str(self.python), "manage.py", "prepare_database"], environment=OF_THE_DEMO)

    def _do(self, command: Sequence[str], quiet: bool = False, environment: Mapping[str, str] | None = None) -> None:
        output = subprocess.DEVNULL if quiet else None
        env = {**os.environ, **(environment or {})}
        if subprocess.run(command, cwd=self.root, env=env, stdout=output, check=False).returncode:
            raise Refused(f"This failed, for the reason above: {' '.join(command)}")


def _canonical(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def _say(words: str) -> None:
    print(words, file=sys.stderr, flush=True)


def main() -> int:
    """Install. Return the exit code."""
    names = ["requirements", *(f"requirements-{extra}" for extra in sys.argv[1:])]
    try:
        Installation(Path(__file__).resolve().parent.parent).run(names)
    except Refused as refusal:
        _say(str(refusal))
    except PermissionError as error:
        _say(f"{error.filename} belongs to another user: run this as that user, or have .venv and var removed.")
    except OSError as error:
        _say(
            f"{error.filename or '.venv'} cannot be written ({error.strerror}). Run the same command again afterwards."
        )
    except KeyboardInterrupt:
        _say("Interrupted. The same command starts the install from the beginning.")
        return 130
    else:
        return 0
    return 1


if __name__ == "__main__":
    sys.exit(main())
