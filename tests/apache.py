"""Apache with mod_auth_openidc from Debian, as an OIDC relying party. Tests start it on free ports and stop it."""

import os
import shutil
import socket
import subprocess
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path

PATIENCE = 20.0  # seconds to wait for Apache on a busy machine
MODULES = Path("/usr/lib/apache2/modules")
APACHE = shutil.which("apache2", path="/usr/sbin:/usr/bin:/usr/local/sbin")
INSTALLED = bool(APACHE) and (MODULES / "mod_auth_openidc.so").exists()
MISSING = "no Apache with mod_auth_openidc (Debian: libapache2-mod-auth-openidc)"
CLAIMS = ("sub", "preferred_username", "name", "email", "eduperson_affiliation", "acr", "amr", "auth_time", "iss")

_LOADED = (
    *("mpm_event", "authn_core", "authz_core", "authz_user", "authz_host", "unixd", "dir", "mime", "include"),
    *("env", "auth_openidc"),
)
_SERVER = """
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
"""
_HOST = """
Listen 127.0.0.1:{port}
<VirtualHost 127.0.0.1:{port}>
    DocumentRoot {folder}/pages
    OIDCRedirectURI {url}/back
    OIDCCryptoPassphrase a-passphrase-of-{port}
    OIDCCookie session_of_{port}
    OIDCStateCookiePrefix state_of_{port}_
    {directives}
    <Location />
        AuthType openid-connect
        Require valid-user
        Options +Includes
    </Location>
    <Location /signed-out.html>
        AuthType None
        Require all granted
    </Location>
</VirtualHost>
"""


@dataclass(frozen=True)
class Host:
    """One virtual host. Its page shows the claims to any signed-in user."""

    port: int = field(default_factory=lambda: _free_port(), kw_only=True)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"


class Apache:
    """One Apache process. `start` starts it and `stop` ends it."""

    def __init__(self) -> None:
        # Do not use a pytest folder. Only its owner may read it, and Apache serves pages as another user.
        self.folder = Path(tempfile.mkdtemp(prefix="kumfa-apache-"))
        self.folder.chmod(0o755)
        self._process: subprocess.Popen[bytes] | None = None

    def start(self, hosts: dict[Host, str]) -> None:
        """Serve each host with its mod_auth_openidc directives. Return when all hosts answer."""
        self._write_pages()
        configuration = self.folder / "apache.conf"
        configuration.write_text(self._configuration(hosts))
        command = [str(APACHE), "-f", str(configuration), "-DFOREGROUND"]
        with (self.folder / "output.log").open("wb") as log:
            self._process = subprocess.Popen(command, stdout=log, stderr=log)
        deadline = time.monotonic() + PATIENCE
        while not all(_listens(host.port) for host in hosts):
            assert self._process.poll() is None, self.logs()
            assert time.monotonic() < deadline, self.logs()
            time.sleep(0.05)

    def stop(self) -> None:
        """End Apache with its child processes and delete its folder."""
        if self._process is not None:
            self._process.terminate()
            try:
                self._process.wait(PATIENCE)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait()
        shutil.rmtree(self.folder, ignore_errors=True)

    def logs(self) -> str:
        """Return the end of each log file, for the message of a failed assertion."""
        return "\n".join(path.read_text(errors="replace")[-4000:] for path in sorted(self.folder.glob("*.log")))

    def _write_pages(self) -> None:
        pages = self.folder / "pages"
        pages.mkdir()
        lines = "".join(f'<p id="{name}"><!--#echo var="OIDC_CLAIM_{name}" --></p>\n' for name in CLAIMS)
        (pages / "index.shtml").write_text(f"<!doctype html><title>Service</title><h1>Service</h1>\n{lines}")
        (pages / "signed-out.html").write_text("<!doctype html><title>Out</title><h1>Signed out</h1>")

    def _configuration(self, hosts: dict[Host, str]) -> str:
        built_in = subprocess.run([str(APACHE), "-l"], capture_output=True, text=True, check=True).stdout
        modules = "\n".join(
            f"LoadModule {name}_module {MODULES}/mod_{name}.so" for name in _LOADED if f"mod_{name}.c" not in built_in
        )
        user = "User www-data\nGroup www-data" if os.geteuid() == 0 else ""
        return _SERVER.format(folder=self.folder, modules=modules, user=user) + "".join(
            _HOST.format(folder=self.folder, port=host.port, url=host.url, directives=directives)
            for host, directives in hosts.items()
        )


def _listens(port: int) -> bool:
    with socket.socket() as client:
        return client.connect_ex(("127.0.0.1", port)) == 0


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
