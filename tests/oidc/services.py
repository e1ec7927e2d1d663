"""Relying parties of the portal. Each is a virtual host of Apache."""

from dataclasses import dataclass, field

from tests.apache import Host

_SECRET = "a-secret-of-this-test-and-of-no-service"
_DIRECTIVES = """
    OIDCProviderMetadataURL {portal}/oidc/.well-known/openid-configuration
    OIDCClientID {client_id}
    OIDCClientSecret {secret}
    OIDCScope "openid profile email"
    OIDCPKCEMethod S256
    OIDCAuthRequestParams {parameters}
"""


@dataclass(frozen=True)
class Service(Host):
    """One service. `parameters` are part of each of its requests, and `fields` are part of its row in the portal."""

    client_id: str
    name: str
    parameters: str = "ui_locales=da"
    fields: dict[str, object] = field(default_factory=dict, hash=False)

    @property
    def row(self) -> dict[str, object]:
        """The fields of its row in the portal."""
        return {
            "client_id": self.client_id,
            "client_secret": _SECRET,
            "name_da": self.name,
            "name_en": self.name,
            "redirect_uris": f"{self.url}/back",
            "post_logout_redirect_uris": f"{self.url}/signed-out.html",
            "backchannel_logout_uri": f"{self.url}/back?logout=backchannel",
            **self.fields,
        }

    def directives(self, portal: str) -> str:
        """Return its configuration for Apache."""
        return _DIRECTIVES.format(portal=portal, client_id=self.client_id, secret=_SECRET, parameters=self.parameters)
