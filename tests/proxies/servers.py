"""nginx and Apache with the configurations of docs/proxies, on free ports and with a certificate of this test."""

import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.apache import APACHE, MODULES
from tests.units.unit import ROOT

NGINX = shutil.which("nginx", path="/usr/sbin:/usr/bin:/usr/local/sbin")
PATIENCE = 30.0
_MODULES = (
    *("mpm_event", "authz_core", "ssl", "socache_shmcb", "proxy", "proxy_http", "headers", "reqtimeout", "unique_id"),
    *("alias", "unixd"),
)


@dataclass(frozen=True)
class Proxy:
    """A running proxy: its ports for HTTP and HTTPS, and its certificate."""

    http: int
    https: int = 0
    certificate: str = ""


def free_port() -> int:
    """Return an unused port."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _configuration(name: str, folder: Path, portal: int, proxy: Proxy) -> str:
    """Return the documented configuration with the ports and the certificate of this test."""
    text = (ROOT / "docs" / "proxies" / name).read_text(encoding="utf-8")
    for given, ours in {
        "127.0.0.1:8000": f"127.0.0.1:{portal}",
        "listen 80;": f"listen 127.0.0.1:{proxy.http};",
        "listen 443 ": f"listen 127.0.0.1:{proxy.https} ",
        "*:80>": f"127.0.0.1:{proxy.http}>",
        "*:443>": f"127.0.0.1:{proxy.https}>",
        "/etc/ssl/kumfa/fullchain.pem": f"{folder}/certificate.pem",
        "/etc/ssl/kumfa/key.pem": f"{folder}/certificate.pem",
    }.items():
        text = text.replace(given, ours)
    return text


def _nginx(folder: Path, portal: int, proxy: Proxy) -> list[str]:
    temporary = "\n".join(
        f"{name}_temp_path {folder}/{name};" for name in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    (folder / "kumfa.conf").write_text(_configuration("nginx.conf", folder, portal, proxy))
    (folder / "nginx.conf").write_text(
        f"daemon off;\npid {folder}/pid;\nerror_log stderr;\nevents {{}}\n"
        f"http {{\naccess_log off;\n{temporary}\ninclude {folder}/kumfa.conf;\n}}\n"
    )
    return [str(NGINX), "-p", str(folder), "-c", f"{folder}/nginx.conf"]


def _apache(folder: Path, portal: int, proxy: Proxy) -> list[str]:
    built_in = subprocess.run([str(APACHE), "-l"], capture_output=True, text=True, check=True).stdout
    loaded = "\n".join(
        f"LoadModule {name}_module {MODULES}/mod_{name}.so" for name in _MODULES if f"mod_{name}.c" not in built_in
    )
    (folder / "apache.conf").write_text(
        f"ServerRoot {folder}\nServerName localhost\nPidFile {folder}/pid\nDefaultRuntimeDir {folder}\n"
        f"Mutex file:{folder}\nErrorLog {folder}/error.log\n{loaded}\nUser nobody\nGroup nogroup\n"
        f"Listen 127.0.0.1:{proxy.http}\nListen 127.0.0.1:{proxy.https}\n"
        + _configuration("apache.conf", folder, portal, proxy)
    )
    return [str(APACHE), "-f", f"{folder}/apache.conf", "-DFOREGROUND"]


@contextmanager
def running(kind: str, folder: Path, portal: int) -> Iterator[Proxy]:
    """Run `nginx` or `apache` in front of the portal's port."""
    proxy = Proxy(free_port(), free_port(), f"{folder}/certificate.pem")
    command = (_nginx if kind == "nginx" else _apache)(folder, portal, proxy)
    with (folder / "output.log").open("wb") as log:
        process = subprocess.Popen(command, stdout=log, stderr=log)
    try:
        deadline = time.monotonic() + PATIENCE
        while not _listens(proxy.https):
            assert process.poll() is None, (folder / "output.log").read_text()
            assert time.monotonic() < deadline, (folder / "output.log").read_text()
            time.sleep(0.05)
        yield proxy
    finally:
        process.terminate()
        process.wait(PATIENCE)


def _listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0
