"""Samba from Debian as an Active Directory domain controller. Tests start it on an address of its own and stop it.

It listens on the fixed port 636, so it needs root, and an address of the loopback network that nothing else uses.
"""

import os
import shutil
import subprocess
from pathlib import Path

from directory.tests.slapd import PATIENCE, make_certificates, wait_for_port

ADDRESS = "127.0.0.77"
REALM = "AD.KU.DK"
BASE = "DC=ad,DC=ku,DC=dk"
PORT = 636
READER, READER_PASSWORD = f"reader@{REALM.lower()}", "Reader-of-the-people-1"

_TOOL = shutil.which("samba-tool")
_SAMBA = shutil.which("samba", path="/usr/sbin:/usr/local/sbin")
INSTALLED = bool(_TOOL and _SAMBA) and Path("/usr/share/samba/setup/provision.ldif").exists()
MISSING = "no Samba (Debian: samba, samba-ad-provision, samba-dsdb-modules)"


class Samba:
    """One domain controller with the account of a reader."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.url = f"ldaps://{ADDRESS}"
        self.ca = folder / "ca.pem"
        self._process: subprocess.Popen[bytes] | None = None
        make_certificates(folder, ADDRESS)
        os.chmod(folder / "server.key", 0o600)
        self._provision()
        self.tool("domain", "passwordsettings", "set", "--account-lockout-threshold=3", "--complexity=off")
        self.add("reader", READER_PASSWORD)

    def tool(self, *command: str) -> None:
        """Run `samba-tool` on the database of the domain."""
        at = ("-H", f"tdb://{self.folder}/private/sam.ldb") if "provision" not in command else ()
        done = subprocess.run(
            [str(_TOOL), *command, *at, *self._configuration(command)], capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stdout + done.stderr

    def add(self, username: str, password: str, *options: str) -> None:
        """Add a person."""
        self.tool("user", "create", username, password, *options)

    def start(self) -> None:
        with (self.folder / "samba.log").open("w") as log:
            self._process = subprocess.Popen(
                [str(_SAMBA), "-F", "--no-process-group", "-M", "single", f"--configfile={self.folder}/etc/smb.conf"],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
            )
        wait_for_port(PORT, self._process, ADDRESS)

    def stop(self) -> None:
        if self._process is not None:
            self._process.terminate()
            self._process.wait(PATIENCE)
            self._process = None

    def _configuration(self, command: tuple[str, ...]) -> tuple[str, ...]:
        return () if "provision" in command else (f"--configfile={self.folder}/etc/smb.conf",)

    def _provision(self) -> None:
        settings = {
            "posix:eadb": self.folder / "eadb.tdb",
            "interfaces": f"{ADDRESS}/8",
            "bind interfaces only": "yes",
            "server services": "ldap",
            "log file": self.folder / "log",
            "pid directory": self.folder,
            "tls certfile": self.folder / "server.pem",
            "tls keyfile": self.folder / "server.key",
            "tls cafile": self.ca,
        }
        self.tool(
            *("domain", "provision", f"--realm={REALM}", "--domain=KUAD", "--server-role=dc", "--dns-backend=NONE"),
            *(f"--targetdir={self.folder}", f"--host-ip={ADDRESS}", "--adminpass=Root-of-the-domain-1"),
            *(f"--option={name}={value}" for name, value in settings.items()),
        )
