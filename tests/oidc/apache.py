"""Debian's Apache with mod_auth_openidc: two services on ports that were free, started and ended by the test."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path

PATIENCE = 20.0  # seconds within which it answers on a busy machine
MODULES = Path("/usr/lib/apache2/modules")
APACHE = shutil.which("apache2", path="/usr/sbin:/usr/bin:/usr/local/sbin")
INSTALLED = bool(APACHE) and (MODULES / "mod_auth_openidc.so").exists()
SECRET = "a-secret-of-this-test-and-of-no-service"
CLAIMS = ("sub", "preferred_username", "name", "email", "eduperson_affiliation", "acr", "amr", "auth_time", "iss")

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

_SERVICE = """
Listen 127.0.0.1:{port}
<VirtualHost 127.0.0.1:{port}>
    DocumentRoot {folder}/pages
    OIDCProviderMetadataURL {portal}/oidc/.well-known/openid-configuration
    OIDCClientID {client_id}
    OIDCClientSecret {secret}
    OIDCRedirectURI http://127.0.0.1:{port}/back
    OIDCCryptoPassphrase a-passphrase-of-{client_id}
    OIDCCookie session_of_{client_id}
    OIDCStateCookiePrefix state_of_{client_id}_
    OIDCScope "openid profile email"
    OIDCPKCEMethod S256
    OIDCAuthRequestParams {parameters}
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

_LOADED = (
    *("mpm_event", "authn_core", "authz_core", "authz_user", "authz_host", "unixd", "dir", "mime", "include"),
    *("env", "auth_openidc"),
)


@dataclass(frozen=True)
class Service:
    """One virtual host. `parameters` go with each of its requests, `fields` into its row at the portal."""

    client_id: str
    name: str
    parameters: str = "ui_locales=da"
    fields: dict[str, object] = field(default_factory=dict)
    port: int = field(default_factory=lambda: free_port())

    @property
    def url(self) -> str:
        """Where it is."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def row(self) -> dict[str, object]:
        """What the portal has of it."""
        return {
            "client_id": self.client_id,
            "client_secret": SECRET,
            "name_da": self.name,
            "name_en": self.name,
            "redirect_uris": f"{self.url}/back",
            "post_logout_redirect_uris": f"{self.url}/signed-out.html",
            "backchannel_logout_uri": f"{self.url}/back?logout=backchannel",
            **self.fields,
        }


class Apache:
    """Started by `start`, ended by `stop`."""

    def __init__(self, portal: str, services: list[Service]) -> None:
        # Not one of pytest's folders, which are for their owner alone: what serves pages is another user.
        self.folder = Path(tempfile.mkdtemp(prefix="kumfa-apache-"))
        self.folder.chmod(0o755)
        self.portal, self.services = portal, services
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Write what it serves, and wait until it answers."""
        pages = self.folder / "pages"
        pages.mkdir()
        lines = "".join(f'<p id="{name}"><!--#echo var="OIDC_CLAIM_{name}" --></p>\n' for name in CLAIMS)
        (pages / "index.shtml").write_text(f"<!doctype html><title>Service</title><h1>Service</h1>\n{lines}")
        (pages / "signed-out.html").write_text("<!doctype html><title>Out</title><h1>Signed out</h1>")
        configuration = self.folder / "apache.conf"
        configuration.write_text(self._configuration())
        command = [str(APACHE), "-f", str(configuration), "-DFOREGROUND"]
        with (self.folder / "output.log").open("wb") as log:
            self.process = subprocess.Popen(command, stdout=log, stderr=log)
        deadline = time.monotonic() + PATIENCE
        while not self._listens():
            assert self.process.poll() is None, self.logs()
            assert time.monotonic() < deadline, self.logs()
            time.sleep(0.05)

    def stop(self) -> None:
        """End it with its children."""
        if self.process is not None:
            self.process.terminate()
            try:
                self.process.wait(PATIENCE)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
        shutil.rmtree(self.folder, ignore_errors=True)

    def logs(self) -> str:
        """What it has written, for who reads why a test failed."""
        return "\n".join(path.read_text(errors="replace")[-4000:] for path in sorted(self.folder.glob("*.log")))

    def _configuration(self) -> str:
        built_in = subprocess.run([str(APACHE), "-l"], capture_output=True, text=True, check=True).stdout
        modules = "\n".join(
            f"LoadModule {name}_module {MODULES}/mod_{name}.so" for name in _LOADED if f"mod_{name}.c" not in built_in
        )
        user = "User www-data\nGroup www-data" if os.geteuid() == 0 else ""
        head = _SERVER.format(folder=self.folder, modules=modules, user=user)
        return head + "".join(
            _SERVICE.format(
                port=service.port,
                folder=self.folder,
                portal=self.portal,
                client_id=service.client_id,
                secret=SECRET,
                parameters=service.parameters,
            )
            for service in self.services
        )

    def _listens(self) -> bool:
        with socket.socket() as client:
            return client.connect_ex(("127.0.0.1", self.services[0].port)) == 0


def free_port() -> int:
    """Return a port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
