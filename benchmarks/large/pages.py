"""Every page that an agent opens in the admin: found through the links of the lists, then measured.

Runs in its own process, in the environment of `fill.environment`. Prints a line of JSON for each page.
"""

import json
import re
import secrets
import sys
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from datetime import timedelta
from html import unescape
from pathlib import Path
from statistics import median
from typing import Any

# Modules of Django and of the portal are imported inside functions: they can be imported only once settings are loaded.
_FIRST = "/admin/overview/"
_SEARCH = "/admin/accounts/account/search/?q="  # measured as a POST of the term
LARGE = 10_000  # rows; a sequential scan of fewer is as fast as an index
SUMMED_UP = "overview_dailyfigure"
PASSWORD = "en-lang-adgangskode-til-test"
# Other terms that the search field accepts.
TYPED = ("ida nielsen", "Aakjær, Ida", "jose obrien", "78 ida", "26120000", "K7F3-92", "nobody@private.example")
SEARCHES = ("freja", "øster", "Åkjær", "ida nielsen", "78", "4321", "ida 78", "zzzzqqq")
_LINK = re.compile(r'href="(\?[^"]*)"')
_SKIPPED = re.compile(r"_popup|_facets|[?&](all|p)=")


@dataclass
class Page:
    """One page: its queries, its milliseconds, and the large tables that a query reads completely."""

    path: str
    queries: int
    ms: float
    ms_max: float
    scans: list[str] = field(default_factory=list)


class Agent:
    """A helpdesk lead who signs in through the portal's own pages, and opens pages of the admin."""

    def __init__(self) -> None:
        from django.test import Client

        self.client = Client()
        self._sign_in()

    def _sign_in(self) -> None:
        from django.contrib.auth.models import Group
        from django_otp.oath import totp

        from accounts.models import Account
        from mfa_totp.models import AuthenticatorApp

        agent = Account.objects.filter(username="zzagent").first()
        if agent is None:
            agent = Account.objects.create_user("zzagent", PASSWORD, is_employee=True, is_staff=True)
        agent.groups.set(Group.objects.filter(name="Helpdesk lead"))
        AuthenticatorApp.objects.filter(user=agent).delete()
        app = AuthenticatorApp.objects.create(user=agent, confirmed=True, bin_key=secrets.token_bytes(20))
        self._post("/sign-in/", account_name=str(agent.account_name))
        self._post("/sign-in/password/", password=PASSWORD)
        self._post("/sign-in/verify/app/", device=app.persistent_id)
        self._post("/sign-in/verify/app/code/", code=f"{totp(app.bin_key):06d}")

    def _post(self, path: str, **data: str) -> None:
        response = self.client.post(path, data, secure=True)
        if response.status_code != 302:
            sys.exit(f"{path}: {response.status_code}")

    def open(self, path: str) -> str:
        """Return the content of a page. Exit if the page cannot be opened."""
        if path.startswith(_SEARCH):
            typed = path.removeprefix(_SEARCH)
            response = self.client.post(_SEARCH.partition("?")[0], {"q": typed}, secure=True)
        else:
            response = self.client.get(path, secure=True)
        if response.status_code not in (200, 302) or "/sign-in/" in response.get("Location", ""):
            sys.exit(f"{path}: {response.status_code}")
        return str(response.content.decode())


def paths(agent: Agent) -> Iterator[str]:
    """Yield the paths of all pages to measure."""
    for home in dict.fromkeys(re.findall(r'href="(/admin/\w+/\w+/)"', agent.open(_FIRST))):
        yield from _of_list(agent, home)
    yield from (
        f"{_FIRST}{query}" for query in ("", "?period=7d", "?period=30d", "?period=12m", "?affiliation=student")
    )
    yield from (f"{_SEARCH}{typed}" for typed in (*TYPED, _account_name()))
    yield from (*_campaign(), *_accounts())


def _of_list(agent: Agent, home: str) -> Iterator[str]:
    page = agent.open(home)
    plain = agent.open(f"{home}?all_time=1") if "all_time" in page else page
    yield home
    seen: dict[str, None] = {}
    for query in [*_links(page), *_links(plain)]:
        seen.setdefault(query)
    # One level further: the links on the page of a chosen day or month.
    for query in [query for query in seen if "__month" in query or "__year" in query][:3]:
        for further in _links(agent.open(home + query)):
            seen.setdefault(further)
    yield from (home + query for query in seen)
    yield from (f"{home}?p={last}" for last in _last_pages(page))
    if 'id="searchbar"' in page:
        yield from (f"{home}?q={term.replace(' ', '+')}" for term in (*SEARCHES, _account_name()))
        filters = [query for query in seen if "__exact=" in query][:2]
        yield from (f"{home}{query}&q=freja" for query in filters)


def _links(page: str) -> list[str]:
    return [unescape(query) for query in _LINK.findall(page) if query != "?" and not _SKIPPED.search(query)]


def _last_pages(page: str) -> list[str]:
    found = [int(number) for number in re.findall(r"[?&;]p=(\d+)", page)]
    return [str(max(found))] if found else []


def _account_name() -> str:
    from accounts.models import Account

    return str(Account.objects.get(pk=77).account_name)


def _campaign() -> Iterator[str]:
    """Yield the page of a campaign for all students, and its lists of students without a method."""
    from django.utils import timezone

    from campaigns.models import EnrollmentCampaign

    now = timezone.now()
    dates = {"opens_at": now - timedelta(days=20), "deadline": now + timedelta(days=20)}
    texts = {"audience": "students", "text_da": "Sæt det op.", "text_en": "Set it up."}
    made, _made = EnrollmentCampaign.objects.get_or_create(name="All students", defaults=dates | texts)
    page = f"/admin/campaigns/enrollmentcampaign/{made.pk}/"
    yield from (f"{page}change/", f"{page}missing/", f"{page}missing/?after=25000")


def _accounts() -> Iterator[str]:
    """Yield the pages of an ordinary account, of the most active account, and of an account without activity."""
    from accounts.models import Account

    for pk in (77, 1, Account.objects.order_by("-pk").values_list("pk", flat=True)[5]):
        yield f"/admin/accounts/account/{pk}/change/"
        yield f"/admin/accounts/account/{pk}/change/?show=logins"
        yield f"/admin/accounts/account/{pk}/panel/"


def measure(agent: Agent, path: str, runs: int, plans: bool) -> Page:
    """Open a page `runs` times, after a first time that fills the caches of the process."""
    from django.db import connection

    said: list[tuple[str, Any]] = []

    def note(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        said.append((sql, params))
        return execute(sql, params, many, context)

    agent.open(path)
    with connection.execute_wrapper(note):
        agent.open(path)
    times = []
    for _time in range(runs):
        begin = time.perf_counter()
        agent.open(path)
        times.append((time.perf_counter() - begin) * 1000)
    scans = sorted({table for sql, params in said for table in _scanned(sql, params)}) if plans else []
    return Page(path, len(said), median(times), max(times), scans)


def _scanned(sql: str, params: Any) -> Iterator[str]:
    """Yield the large tables that the statement reads completely."""
    from django.db import connection

    if not sql.startswith("SELECT"):
        return
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN (ANALYZE, FORMAT JSON) {sql}", params)
        (plan,) = json.loads(json.dumps(cursor.fetchone()[0]))
        for node in _nodes(plan["Plan"]):
            if node["Node Type"] != "Seq Scan" or _stopped_early(node) or _wants_most(node):
                continue
            if _is_large(node["Relation Name"]):
                yield node["Relation Name"]


def _nodes(node: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield node
    for child in node.get("Plans", ()):
        yield from _nodes(child)


def _stopped_early(node: dict[str, Any]) -> bool:
    """Whether the scan read at most `LARGE` rows, because a LIMIT ended it or no parent node needed it."""
    return bool(node["Actual Rows"] + node.get("Rows Removed by Filter", 0) <= LARGE)


def _wants_most(node: dict[str, Any]) -> bool:
    """Whether the scan returns most of the daily figures: an index would not find them faster."""
    return node["Relation Name"] == SUMMED_UP and bool(node["Actual Rows"] > node.get("Rows Removed by Filter", 0))


def _is_large(table: str) -> bool:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT reltuples FROM pg_class WHERE relname = %s", [table])
        return bool(cursor.fetchone()[0] > LARGE)


def main() -> None:
    """Measure the pages named on standard input, or all pages found."""
    import django
    from django.conf import settings
    from django.core.management import call_command

    runs, plans, only = int(sys.argv[1]), sys.argv[2] == "plans", sys.argv[3]
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    django.setup()
    if not Path(settings.STATIC_ROOT, "staticfiles.json").exists():
        call_command("collectstatic", interactive=False, verbosity=0)
    agent = Agent()
    named = [line.strip() for line in sys.stdin if line.strip()]
    for path in named or [path for path in dict.fromkeys(paths(agent)) if only in path]:
        print(json.dumps(asdict(measure(agent, path, runs, plans))), flush=True)


if __name__ == "__main__":
    main()
