"""Measure an authorization of a signed-in user for a service, beside the sign-in itself.

    python benchmarks/authorizations.py [--rounds N]

Measures the CPU time of the serving process and counts SQL statements: of a sign-in, of the authorization endpoint, of
the token endpoint and of userinfo. Uses a SQLite file, or the database that BENCHMARK_DATABASE_URL names. Counts as
`sign_in.py` does.
"""

import argparse
import base64
import hashlib
import os
import sys
import tempfile
from pathlib import Path
from statistics import median
from urllib.parse import parse_qs, urlencode, urlsplit

# Modules of Django and of the portal are imported inside functions: they can be imported only once settings are loaded.
ROOT = Path(__file__).resolve().parent.parent
SECRET = "a-secret-of-the-benchmark-alone"
VERIFIER = "v" * 64
BACK = "https://mail.example.dk/back"
HASHER = "django.contrib.auth.hashers.Argon2PasswordHasher"
STEPS = ("authorization", "token", "userinfo")


def address(client_id: str) -> str:
    """Return the URL to which the service sends a browser."""
    challenge = base64.urlsafe_b64encode(hashlib.sha256(VERIFIER.encode()).digest()).rstrip(b"=").decode()
    asked = {
        "client_id": client_id,
        "redirect_uri": BACK,
        "response_type": "code",
        "scope": "openid profile email",
        "state": "s",
        "nonce": "n",
        "code_challenge": challenge,
        "code_challenge_method": "S256",
    }
    return f"/oidc/authorize/?{urlencode(asked)}"


def enter(visitor, service, client_id: str) -> None:  # type: ignore[no-untyped-def]
    """Send the browser on, and do the service's part over a separate connection."""
    keep = {}

    def noted(page, send):  # type: ignore[no-untyped-def]
        def kept():  # type: ignore[no-untyped-def]
            keep["response"] = send()
            return keep["response"]

        return page, kept

    visitor._note(*noted("authorization", lambda: visitor.client.get(address(client_id))), 302)
    code = parse_qs(urlsplit(keep["response"]["Location"]).query)["code"][0]
    said = {
        "grant_type": "authorization_code",
        "code": code,
        "redirect_uri": BACK,
        "code_verifier": VERIFIER,
        "client_id": client_id,
        "client_secret": SECRET,
    }
    service._note(*noted("token", lambda: service.client.post("/oidc/token/", said)), 200)
    bearer = {"Authorization": f"Bearer {keep['response'].json()['access_token']}"}
    service._note(*noted("userinfo", lambda: service.client.get("/oidc/userinfo/", headers=bearer)), 200)


def measure(rounds: int) -> dict[str, list[tuple[float, int]]]:
    """Return CPU milliseconds and statements of each step and round. Only the first round counts statements."""
    import django
    from django.conf import settings
    from django.core.management import call_command
    from django.test.client import ClientHandler

    settings.PASSWORD_HASHERS = [HASHER]
    django.setup()
    call_command("migrate", verbosity=0)
    call_command("collectstatic", interactive=False, verbosity=0)
    from benchmarks.sign_in import Ours, Visitor
    from sso import keys
    from sso.models import Client, SigningKey

    keys.rotate(SigningKey.Use.OIDC)
    client = Client.objects.create(name_da="B", name_en="B", redirect_uris=BACK, client_secret=SECRET)
    people = Ours(rounds + 1)
    handler = ClientHandler(enforce_csrf_checks=False)
    handler.load_middleware()
    found: dict[str, list[tuple[float, int]]] = {"sign-in": [], **{step: [] for step in STEPS}}
    for nth in range(rounds + 1):
        visitor, service = Visitor(handler, counts=nth == 0), Visitor(handler, counts=nth == 0)
        people.sign_in(visitor)
        pages = list(visitor.requests)
        enter(visitor, service, client.client_id)
        found["sign-in"].append((sum(page.cpu for page in pages), sum(len(page.statements) for page in pages)))
        for step, request in zip(STEPS, (visitor.requests[-1], *service.requests), strict=True):
            found[step].append((request.cpu, len(request.statements)))
    return found


def main() -> int:
    """Measure and print the table."""
    parser = argparse.ArgumentParser(description="What an authorization costs beside a sign-in.")
    parser.add_argument("--rounds", type=int, default=30, help="sign-ins that are timed (30)")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="authorizations-") as var:
        os.environ |= {
            "DJANGO_SETTINGS_MODULE": "kumfa.settings",
            "ENV_FILE": os.devnull,
            "DEBUG": "0",
            "SECRET_KEY": "k" * 50,
            "PORTAL_URL": "http://testserver",
            "DATABASE_URL": os.environ.get("BENCHMARK_DATABASE_URL", f"sqlite:///{var}/benchmark.sqlite3"),
            "CACHE_URL": "locmemcache://",
            "VAR_DIR": var,
            "LOG_LEVEL": "WARNING",
        }
        sys.path.insert(0, str(ROOT))
        found = measure(arguments.rounds)
    whole = median(cpu for cpu, _count in found["sign-in"][1:])
    print("| Step | SQL statements | CPU, ms | a second on one core | beside a sign-in |")
    print("| --- | ---: | ---: | ---: | ---: |")
    for step, rounds in found.items():
        cpu = median(cpu for cpu, _count in rounds[1:])
        print(f"| {step} | {rounds[0][1]} | {cpu:.1f} | {1000 / cpu:.0f} | {cpu / whole:.2f} |")
    return 0


if __name__ == "__main__":
    sys.exit(main())
