"""How settings are read: from the environment, then from a file. A value that cannot be read is an error."""

import builtins
import os
from collections.abc import Collection
from io import StringIO
from pathlib import Path
from typing import Any

import environ
from django.core.exceptions import ImproperlyConfigured

# The file that the systemd units read. `manage.py` on such a host must use the same settings.
HOST_FILE = Path("/etc/kumfa/env")
HOST_CREDENTIALS = Path("/etc/kumfa/credentials")
_YES = {"1", "true", "yes", "on"}
_NO = {"0", "false", "no", "off"}


def _credential(name: str) -> str:
    """Return the content of the file that systemd's `LoadCredential` provides, or "" without such a file."""
    folder = os.environ.get("CREDENTIALS_DIRECTORY", "") or ("" if _is_debug() else str(HOST_CREDENTIALS))
    try:
        return (Path(folder) / name).read_text(encoding="utf-8").strip() if folder else ""
    except OSError:
        return ""


def _is_debug() -> bool:
    return os.environ.get("DEBUG", "").lower() in _YES


class Environment:
    """Reads variables. A list is separated by commas, and its items may have blanks around them.

    A variable that is unset or empty is read from the credential of its name, and then has its default. Raises
    `ImproperlyConfigured` with the name of the variable, never with its value, which may be a secret.
    """

    db_url_config = staticmethod(environ.Env.db_url_config)
    cache_url_config = staticmethod(environ.Env.cache_url_config)
    email_url_config = staticmethod(environ.Env.email_url_config)

    def str(self, name: builtins.str, default: builtins.str | None = None) -> builtins.str:
        """Return the text without blanks around it."""
        value = os.environ.get(name, "").strip() or _credential(name)
        if not value and default is None:
            raise ImproperlyConfigured(f"{name} is not set.")
        return value or default or ""

    def int(self, name: builtins.str, default: builtins.int) -> builtins.int:
        """Return a whole number."""
        return int(self._number(name, str(default), int))

    def float(self, name: builtins.str) -> builtins.float:
        """Return a number."""
        return float(self._number(name, None, float))

    def _number(self, name: builtins.str, default: builtins.str | None, read: Any) -> Any:
        try:
            return read(self.str(name, default))
        except ValueError:
            raise ImproperlyConfigured(f"{name} must be a number.") from None

    def bool(self, name: builtins.str, default: builtins.bool) -> builtins.bool:
        """Return whether the variable is on."""
        value = self.str(name, str(default)).lower()
        if value not in _YES | _NO:
            raise ImproperlyConfigured(f"{name} must be 1 or 0.")
        return value in _YES

    def list(self, name: builtins.str, default: Collection[builtins.str]) -> builtins.list[builtins.str]:
        """Return the items, without empty ones."""
        items = [item.strip() for item in self.str(name, "").split(",")]
        return [item for item in items if item] or list(default)

    def choice(self, name: builtins.str, options: Collection[builtins.str], default: builtins.str) -> builtins.str:
        """Return the option, regardless of its case."""
        value = self.str(name, default)
        for option in options:
            if value.lower() == option.lower():
                return option
        raise ImproperlyConfigured(f"{name} must be one of {', '.join(options)}.")


def read_file(project: Path) -> None:
    """Add the variables of a file to the environment, where they are not set.

    The file is `ENV_FILE`, or `.env` in the project's folder, or `/etc/kumfa/env`. Raises `ImproperlyConfigured` if it
    exists and cannot be read. SECURITY: a process with DEBUG on never reads the file of the host, since the demo would
    then fill the real database.
    """
    named = os.environ.get("ENV_FILE", "")
    candidates = [Path(named)] if named else [project / ".env", HOST_FILE]
    if _is_debug():
        candidates = [path for path in candidates if path != HOST_FILE]
    for path in candidates:
        try:
            content = path.read_text(encoding="utf-8")
        except FileNotFoundError:
            if named:
                raise ImproperlyConfigured(f"ENV_FILE names {path}, which does not exist.") from None
            continue
        except PermissionError:
            # A unit of systemd has the variables from the same file already.
            if os.environ.get("SECRET_KEY"):
                return
            raise ImproperlyConfigured(f"{path} cannot be read: run this as root or as the file's group.") from None
        environ.Env.read_env(StringIO(content))
        return


env = Environment()
