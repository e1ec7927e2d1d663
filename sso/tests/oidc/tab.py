"""A tab of a browser for tests: unlike a walk, it knows only the page that it shows."""

from html.parser import HTMLParser
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from django.test import Client

from accounts.models import Account
from sso.tests.oidc.service import back, target
from tests.fixtures import PASSWORD, Outbox

AUTHORIZE, CONTINUE = "/oidc/authorize/", "/oidc/continue/"


class Tab:
    """One tab of a browser: it shows a page, and its next form goes where that page says."""

    def __init__(self, browser: Client, outbox: Outbox) -> None:
        self.browser, self.outbox = browser, outbox
        self.page: Any = None

    def open(self, url: str) -> "Tab":
        """Follow the pages of the portal that continue by themselves. The last response leads to the service."""
        self.page = self._to_the_end(self.browser.get(url))
        return self

    def post(self, url: str) -> "Tab":
        """Send the parameters of the URL as a form of another site."""
        path, _, query = url.partition("?")
        self.page = self._to_the_end(self.browser.post(path, dict(parse_qsl(query))))
        return self

    def press(self, **typed: str) -> "Tab":
        """Fill in the form of the page and send it. No redirect after it may lead to the authorization endpoint."""
        action, fields = _form_of(self.page)
        answer = self._redirected(self.browser.post(action, {**fields, **typed}))
        assert answer.request["PATH_INFO"] != AUTHORIZE or answer.request["REQUEST_METHOD"] == "POST"
        self.page = self._to_the_end(answer)
        return self

    def name(self, account: Account) -> "Tab":
        return self.press(account_name=str(account.account_name))

    def password(self) -> "Tab":
        return self.press(password=PASSWORD)

    def code(self) -> "Tab":
        return self.press(code=self.outbox.codes[-1])

    def arrived(self) -> dict[str, str]:
        """Return what the browser brings back to the service."""
        return back(self.page)

    def _to_the_end(self, response: Any) -> Any:
        response = self._redirected(response)
        while response.request["PATH_INFO"] == CONTINUE:
            response = self._redirected(self.browser.get(target(response)))
        return response

    def _redirected(self, response: Any) -> Any:
        while response.status_code in (302, 303) and not urlsplit(response["Location"]).netloc:
            response = self.browser.get(response["Location"])
        return response


class _Form(HTMLParser):
    """Finds the first form of the page itself: its action, its hidden fields and its first button."""

    def __init__(self) -> None:
        super().__init__()
        self.action = ""
        self.fields: dict[str, str] = {}
        self._inside = self._found = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form" and given.get("id") != "language-form" and not self._found:
            self.action, self._inside, self._found = given.get("action", ""), True, True
        elif self._inside and given.get("name") and given.get("type") in ("hidden", "submit"):
            if tag == "input":
                self.fields[given["name"]] = given["value"]
            elif tag == "button":
                self.fields.setdefault(given["name"], given["value"])

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._inside = False


def _form_of(page: Any) -> tuple[str, dict[str, str]]:
    form = _Form()
    form.feed(page.content.decode())
    return form.action or page.request["PATH_INFO"], form.fields
