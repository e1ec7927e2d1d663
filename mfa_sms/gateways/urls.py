"""Parses the URLs in SMS_GATEWAYS.

SECURITY: a URL contains credentials, so errors say only which part is wrong.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import NoReturn
from urllib.parse import unquote, urlsplit

from mfa_sms.gateways.base import BadGatewayUrl

_SLUG = re.compile(r"[a-z0-9-]{1,32}")
_LOOPBACK = ("127.0.0.1", "localhost", "::1")


@dataclass(frozen=True)
class GatewayUrl:
    """The decoded parts of `scheme://user:password@host:port?option=value`. A missing part is empty."""

    scheme: str
    user: str = field(repr=False)
    password: str = field(repr=False)
    host: str
    port: int | None
    options: Mapping[str, str] = field(repr=False)

    @classmethod
    def parse(cls, url: str, options: Collection[str] = ()) -> GatewayUrl:
        """Return the parts. Raises `BadGatewayUrl`, also for an option other than `name` and `options`."""
        scheme = url.partition("://")[0]
        try:
            parts = urlsplit(url)
            host, port = parts.hostname or "", parts.port
        except ValueError:
            parts = None
        # SECURITY: raised outside the `except` block. The first error quotes the URL and must not become the context.
        if parts is None:
            _refuse(scheme, "no host and port can be read; percent-encode what credentials hold besides letters")
        if not host:
            _refuse(scheme, "the host is missing")
        if parts.path not in ("", "/") or parts.fragment:
            _refuse(scheme, "nothing may follow the host but options; percent-encode / and # in credentials")
        credentials = unquote(parts.username or ""), unquote(parts.password or "")
        if not all(part.isascii() and part.isprintable() for part in credentials):
            _refuse(scheme, "credentials must be printable ASCII")
        return cls(scheme, *credentials, host, port, _read_options(scheme, parts.query, {"name", *options}))

    @property
    def slug(self) -> str:
        """The gateway's name: the option `name`, or the scheme by default. Raises `BadGatewayUrl`."""
        slug = self.options.get("name", self.scheme)
        if not _SLUG.fullmatch(slug):
            _refuse(self.scheme, "the option name takes 1 to 32 of a-z, 0-9 and hyphens")
        return slug

    @property
    def is_loopback(self) -> bool:
        """Whether the gateway runs on this machine."""
        return self.host in _LOOPBACK

    @property
    def base(self) -> str:
        """The base of request URLs, without a trailing slash."""
        # SECURITY: only traffic within this machine may be unencrypted. All other traffic carries codes and
        # credentials.
        scheme = "http" if self.is_loopback else "https"
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{scheme}://{host}" + (f":{self.port}" if self.port else "")

    def require(self, **parts: str) -> None:
        """Raise `BadGatewayUrl` naming the first empty part. Keywords are the names for the error."""
        for word, value in parts.items():
            if not value:
                _refuse(self.scheme, f"the {word} is missing")

    def forbid(self, **parts: str) -> None:
        """Raise `BadGatewayUrl` naming the first part that is not empty. Keywords are the names for the error."""
        for word, value in parts.items():
            if value:
                _refuse(self.scheme, f"there is a {word}, and it takes none")


def _read_options(scheme: str, query: str, known: Collection[str]) -> dict[str, str]:
    options: dict[str, str] = {}
    for pair in filter(None, query.split("&")):
        name, _equals, value = pair.partition("=")
        if name not in known:
            # SECURITY: the name is not repeated. It may be part of a password that contains a question mark.
            _refuse(scheme, f"there is an unknown option; known are {', '.join(sorted(known))}")
        if name in options or not value:
            _refuse(scheme, f"the option {name} is empty or stands twice")
        # A plus sign does not mean a space here: phone numbers begin with one.
        options[name] = unquote(value)
    return options


def _refuse(scheme: str, reason: str) -> NoReturn:
    raise BadGatewayUrl(f"{scheme}: {reason}")
