"""A running portal and a tenant on different hosts, so that forms between them are cross-site for a browser."""

from dataclasses import dataclass
from pathlib import Path

from tests.browser.portal import Portal, PortalProcess
from tests.entra.server import CALLBACK, Server
from tests.portal_shell import run_in_portal

_SET_UP = """
from sso.models import Tenant

Tenant.objects.create(is_pilot=False, is_enabled=True, name="KU", **{fields!r})
"""


@dataclass
class Live:
    """The portal, the tenant's server, and the environment of the portal."""

    portal: Portal
    server: Server
    env: dict[str, str]


class LiveProcess:
    """Starts and ends the portal and the tenant. `more` contains further addresses that responses may go to."""

    def __init__(self, var: Path, *more: str) -> None:
        self._process = PortalProcess(var)
        url = f"http://localhost:{self._process.port}"
        self.server = Server(f"{url}/entra/.well-known/openid-configuration")
        allowed = " ".join([f"{self.server.url}{CALLBACK}", *more])
        self._process.env |= {
            "PORTAL_URL": url,
            "DJANGO_SETTINGS_MODULE": "tests.entra.settings",
            "ENTRA_STAND_IN": allowed,
        }

    def start(self) -> Live:
        """Start both and create the tenant's row. `manage.py run` created the portal's keys."""
        portal = self._process.start()
        live = Live(portal, self.server, self._process.env)
        entra = self.server.entra
        self.add_tenant(
            tenant_id=entra.tenant_id,
            client_id=entra.client_id,
            app_id=entra.app_id,
            metadata_url=self.server.metadata_url,
        )
        return live

    def add_tenant(self, **fields: str) -> None:
        """Create another row of a tenant."""
        run_in_portal(self._process.env, _SET_UP.format(fields=fields))

    def stop(self) -> int:
        """End both, and return the portal's exit code."""
        self.server.close()
        return self._process.stop()
