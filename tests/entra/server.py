"""The stand-in as a web server: its documents, the page that leads to the portal, and the page for responses."""

import html
import json
import threading
import time
import urllib.request
from enum import Enum
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, parse_qsl, urlsplit

from tests.entra.standin import AnswerRefused, Entra, User

CALLBACK = "/common/federation/externalauthprovider"


class Mood(Enum):
    """How the server responds to requests for its documents."""

    UP = "up"
    DOWN = "down"
    SLOW = "slow"
    WRONG = "wrong"
    HUGE = "huge"
    ELSEWHERE = "elsewhere"


def read(url: str) -> tuple[bytes, dict[str, str]]:
    """Return the body and the headers of a document that the portal publishes."""
    with urllib.request.urlopen(url, timeout=10) as answer:  # noqa: S310
        return answer.read(), dict(answer.headers)


class Server:
    """The web server of one tenant, in a thread."""

    def __init__(self, portal: str) -> None:
        self.mood = Mood.UP
        self.asked: list[str] = []
        self.released = threading.Event()
        self.users: dict[str, User] = {}
        self._http = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self))
        self.url = f"http://127.0.0.1:{self._http.server_address[1]}"
        self.entra = Entra(portal, f"{self.url}{CALLBACK}", read)
        threading.Thread(target=self._http.serve_forever, daemon=True).start()

    @property
    def metadata_url(self) -> str:
        """The URL of the tenant's metadata."""
        return f"{self.url}/{self.entra.tenant_id}/v2.0/.well-known/openid-configuration"

    def start(self, name: str, hint: str = "") -> str:
        """Return the URL of a page that sends a user to the portal."""
        user = self.users.setdefault(name, User(name))
        return f"{self.url}/start?user={user.name}&hint={hint}"

    def close(self) -> None:
        """Stop the server."""
        self.released.set()
        self._http.shutdown()
        self._http.server_close()

    def document(self, path: str) -> tuple[int, bytes]:
        """Return the status and the body of a document, depending on the mood."""
        self.asked.append(path)
        if self.mood is Mood.SLOW:
            self.released.wait(10)
        if self.mood is Mood.DOWN:
            return 503, b"down"
        if self.mood is Mood.HUGE:
            return 200, b" " * 1_000_000
        if "openid-configuration" in path:
            issuer = "https://login.microsoftonline.com/another/v2.0" if self.mood is Mood.WRONG else self.entra.issuer
            return 200, json.dumps({"issuer": issuer, "jwks_uri": f"{self.url}/discovery/v2.0/keys"}).encode()
        return 200, json.dumps(self.entra.jwks).encode()

    def page_of_start(self, query: dict[str, list[str]]) -> str:
        """Return the page with the form that submits itself to the portal."""
        user = self.users[query["user"][0]]
        old = query.get("hint") == ["old"]
        hint = self.entra.hint(user, iat=int(time.time()) - 600) if old else ""
        fields = "".join(
            f'<input type="hidden" name="{name}" value="{html.escape(value)}">'
            for name, value in self.entra.ask(user, hint).items()
        )
        target = html.escape(self.entra.discovery()["authorization_endpoint"])
        form = f'<form method="post" action="{target}">{fields}<button>Continue</button></form>'
        return _page("Entra", f"{form}<script>document.forms[0].submit()</script>")

    def page_of_answer(self, body: bytes) -> str:
        """Return the page that names the signed-in user, or the reason of the refusal."""
        try:
            user = self.entra.judge(dict(parse_qsl(body.decode())))
        except AnswerRefused as refused:
            return _page(f"Refused: {refused}", "")
        return _page(f"Signed in as {user.name}", "")


def _page(heading: str, body: str) -> str:
    title = html.escape(heading)
    return f'<!doctype html><html lang="en"><title>{title}</title><main><h1>{title}</h1>{body}</main></html>'


def _handler(server: Server) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            url = urlsplit(self.path)
            if url.path == "/start":
                self._send(200, server.page_of_start(parse_qs(url.query)).encode(), "text/html")
            elif server.mood is Mood.ELSEWHERE:
                self._send(302, b"", "text/plain", Location="http://127.0.0.1:1/")
            else:
                self._send(*server.document(url.path), "application/json")

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            assert urlsplit(self.path).path == CALLBACK
            self._send(200, server.page_of_answer(body).encode(), "text/html")

        def _send(self, status: int, body: bytes, kind: str, **headers: str) -> None:
            self.send_response(status)
            self.send_header("Content-Type", f"{kind}; charset=utf-8")
            self.send_header("Content-Length", str(len(body)))
            for name, value in headers.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *args: Any) -> None:
            """Suppress the log."""

    return Handler
