"""Debian's Apache with mod_auth_openidc, on a port that was free, started and ended by the test."""

import os
import shutil
import socket
import subprocess
import tempfile
import time
from pathlib import Path

PATIENCE = 20.0  # seconds within which it answers on a busy machine
MODULES = Path("/usr/lib/apache2/modules")
APACHE = shutil.which("apache2", path="/usr/sbin:/usr/bin:/usr/local/sbin")
INSTALLED = bool(APACHE) and (MODULES / "mod_auth_openidc.so").exists()

_LOADED = (
    *("mpm_event", "authn_core", "authz_core", "authz_user", "authz_host", "unixd", "dir", "mime", "include"),
    *("env", "auth_openidc"),
)
_CONFIGURATION = """
ServerRoot {folder}
ServerName 127.0.0.1
PidFile {folder}/apache.pid
DefaultRuntimeDir {folder}
Mutex file:{folder}
ErrorLog {folder}/error.log
LogLevel warn auth_openidc:info
{user}
{modules}
TypesConfig /dev/null
AddType text/html .shtml
AddOutputFilter INCLUDES .shtml
DirectoryIndex index.shtml
Listen 127.0.0.1:{port}
DocumentRoot {folder}/pages
OIDCRedirectURI http://127.0.0.1:{port}/back
OIDCCryptoPassphrase a-passphrase-of-this-test
{directives}
<Location />
    AuthType openid-connect
    Require valid-user
    Options +Includes
</Location>
"""


class Apache:
    """A service that shows the named claims to whoever is signed in. `directives` are those of mod_auth_openidc."""

    def __init__(self, claims: tuple[str, ...]) -> None:
        # Not one of pytest's folders, which are for their owner alone: what serves pages is another user.
        self.folder = Path(tempfile.mkdtemp(prefix="kumfa-apache-"))
        self.folder.chmod(0o755)
        self.port = _free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.claims = claims
        self._process: subprocess.Popen[bytes] | None = None

    def start(self, directives: str) -> None:
        """Write what it serves, and wait until it answers."""
        pages = self.folder / "pages"
        pages.mkdir()
        lines = "".join(f'<p id="{name}"><!--#echo var="OIDC_CLAIM_{name}" --></p>\n' for name in self.claims)
        (pages / "index.shtml").write_text(f"<!doctype html><title>Service</title><h1>Service</h1>\n{lines}")
        configuration = self.folder / "apache.conf"
        configuration.write_text(self._configuration(directives))
        command = [str(APACHE), "-f", str(configuration), "-DFOREGROUND"]
        with (self.folder / "output.log").open("wb") as log:
            self._process = subprocess.Popen(command, stdout=log, stderr=log)
        deadline = time.monotonic() + PATIENCE
        while not self._listens():
            assert self._process.poll() is None, self.logs()
            assert time.monotonic() < deadline, self.logs()
            time.sleep(0.05)

    def stop(self) -> None:
        """End it with its children."""
        if self._process is not None:
            self._process.terminate()
            self._process.wait(PATIENCE)
        shutil.rmtree(self.folder, ignore_errors=True)

    def logs(self) -> str:
        """What it has written, for who reads why a test failed."""
        return "\n".join(path.read_text(errors="replace")[-4000:] for path in sorted(self.folder.glob("*.log")))

    def _configuration(self, directives: str) -> str:
        built_in = subprocess.run([str(APACHE), "-l"], capture_output=True, text=True, check=True).stdout
        modules = "\n".join(
            f"LoadModule {name}_module {MODULES}/mod_{name}.so" for name in _LOADED if f"mod_{name}.c" not in built_in
        )
        user = "User www-data\nGroup www-data" if os.geteuid() == 0 else ""
        return _CONFIGURATION.format(
            folder=self.folder, port=self.port, modules=modules, user=user, directives=directives
        )

    def _listens(self) -> bool:
        with socket.socket() as client:
            return client.connect_ex(("127.0.0.1", self.port)) == 0


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
