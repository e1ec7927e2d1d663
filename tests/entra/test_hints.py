"""A hint that is forged, stale or otherwise invalid is refused: one event, a page of ours, and no response."""

import base64
import hashlib
import hmac
import json
import time
import uuid
from collections.abc import Callable
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives import serialization

from sso.models import EntraAttempt, Tenant, TenantLink
from tests.entra.conftest import Carrier, make_entra, make_tenant, refused
from tests.entra.standin import Entra, Key, User

MakeHint = Callable[[Entra, User], str]


def _url64(value: bytes) -> str:
    return base64.urlsafe_b64encode(value).rstrip(b"=").decode()


def _with_header(entra: Entra, user: User, header: dict[str, Any]) -> str:
    _old, payload, _signature = entra.hint(user).split(".")
    return f"{_url64(json.dumps(header).encode())}.{payload}"


def unsigned(entra: Entra, user: User) -> str:
    return entra.hint(user).rpartition(".")[0] + "."


def alg_none(entra: Entra, user: User) -> str:
    return _with_header(entra, user, {"alg": "none", "typ": "JWT"}) + "."


def alg_none_with_the_signature(entra: Entra, user: User) -> str:
    kid = entra.keys[-1].kid
    return _with_header(entra, user, {"alg": "none", "kid": kid}) + "." + entra.hint(user).rpartition(".")[2]


def hs256_with_the_public_key(entra: Entra, user: User) -> str:
    head = _with_header(entra, user, {"alg": "HS256", "typ": "JWT", "kid": entra.keys[-1].kid})
    public = entra.keys[-1].private.public_key()
    secret = public.public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
    return f"{head}.{_url64(hmac.new(secret, head.encode(), hashlib.sha256).digest())}"


def with_another_key_of_that_name(entra: Entra, user: User) -> str:
    claims = jwt.decode(entra.hint(user), options={"verify_signature": False})
    return jwt.encode(claims, Key().private, algorithm="RS256", headers={"kid": entra.keys[-1].kid})


def with_a_key_of_its_own_header(entra: Entra, user: User) -> str:
    claims = jwt.decode(entra.hint(user), options={"verify_signature": False})
    key = Key()
    headers = {"kid": entra.keys[-1].kid, "jwk": key.jwk, "jku": "https://evil.example/keys"}
    return jwt.encode(claims, key.private, algorithm="RS256", headers=headers)


def with_a_key_that_nobody_knows(entra: Entra, user: User) -> str:
    entra.keys.append(Key())
    return entra.hint(user)


def somebody_elses_sub(entra: Entra, user: User) -> str:
    head, payload, signature = entra.hint(user).split(".")
    claims = json.loads(base64.urlsafe_b64decode(payload + "=="))
    swapped = _url64(json.dumps({**claims, "sub": User("x").sub}).encode())
    return f"{head}.{swapped}.{signature}"


def claiming(**claims: Any) -> MakeHint:
    return lambda entra, user: entra.hint(user, **claims)


def aged(seconds: float) -> MakeHint:
    return lambda entra, user: entra.hint(user, iat=int(time.time() - seconds))


HINTS: dict[str, tuple[MakeHint, str]] = {
    "missing": (lambda entra, user: "", "hint_missing"),
    "no token": (lambda entra, user: "nonsense", "hint_malformed"),
    "far too long": (claiming(padding="x" * 20_000), "hint_malformed"),
    "unsigned": (unsigned, "hint_signature"),
    "alg none": (alg_none, "hint_algorithm"),
    "alg none, signed": (alg_none_with_the_signature, "hint_algorithm"),
    "HS256 with the public key": (hs256_with_the_public_key, "hint_algorithm"),
    "another key of that name": (with_another_key_of_that_name, "hint_signature"),
    "a key it brings along": (with_a_key_of_its_own_header, "hint_signature"),
    "unknown key": (with_a_key_that_nobody_knows, "hint_key"),
    "swapped sub": (somebody_elses_sub, "hint_signature"),
    "wrong audience": (claiming(aud=str(uuid.uuid4())), "hint_audience"),
    "one audience more": (lambda entra, user: entra.hint(user, aud=[entra.app_id, "x"]), "hint_audience"),
    "unknown tenant": (claiming(tid=str(uuid.uuid4())), "hint_tenant"),
    "no tenant": (claiming(tid=None), "hint_tenant"),
    "a tenant that is no id": (claiming(tid=["x"]), "hint_tenant"),
    "another issuer": (claiming(iss=f"https://login.microsoftonline.com/{uuid.uuid4()}/v2.0"), "hint_issuer"),
    "ten minutes old": (aged(600), "hint_old"),
    "just too old": (aged(302), "hint_old"),
    "from the future": (aged(-63), "hint_future"),
    "not valid yet": (lambda entra, user: entra.hint(user, nbf=int(time.time()) + 600), "hint_future"),
    "valid from no time": (claiming(nbf="soon"), "hint_claims"),
    "of no age": (claiming(iat=None), "hint_claims"),
    "of a silly age": (claiming(iat=1e300), "hint_claims"),
    "of an age beyond the calendar": (claiming(iat=2**39), "hint_claims"),
    "no sub": (claiming(sub=None), "hint_claims"),
    "an oid that is no text": (claiming(oid=["x"]), "hint_claims"),
    "no oid": (claiming(oid=None), "hint_claims"),
    "an endless oid": (claiming(oid="x" * 65), "hint_claims"),
    "an oid with a zero byte": (claiming(oid="a\x00b"), "hint_claims"),
    "a name with a zero byte": (claiming(upn="a\x00b@ku.dk"), "hint_claims"),
}


@pytest.mark.parametrize("what", HINTS)
def test_a_hint_is_refused(carrier: Carrier, user: User, what: str) -> None:
    make, why = HINTS[what]
    Tenant.objects.update(tried_at="2100-01-01T00:00Z")
    fields = carrier.entra.ask(user)
    fields["id_token_hint"] = make(carrier.entra, user)
    response = carrier.post(fields)
    assert response.status_code == 303
    assert response["Location"].startswith("/entra/refused/")
    assert refused() == [(why, None)]
    assert not EntraAttempt.objects.exists()
    assert not TenantLink.objects.exists()
    page = carrier.browser.get(response["Location"])
    assert page.status_code in (400, 409, 503)
    assert fields["client-request-id"] in page.content.decode()
    assert 'id="answer"' not in page.content.decode()


@pytest.mark.parametrize("seconds", [298, -57, 0])
def test_a_hint_may_be_a_little_old_or_ahead(carrier: Carrier, user: User, seconds: float) -> None:
    carrier.arrive(carrier.entra.ask(user, aged(seconds)(carrier.entra, user)))
    assert refused() == []
    assert EntraAttempt.objects.count() == 1


def test_another_tenants_user_is_nobody_here(carrier: Carrier, user: User) -> None:
    other = make_entra()
    other.keys = [Key()]
    make_tenant(other)
    claims = jwt.decode(carrier.entra.hint(user), options={"verify_signature": False})
    forged = jwt.encode(claims, other.keys[-1].private, algorithm="RS256", headers={"kid": other.keys[-1].kid})
    Tenant.objects.update(tried_at="2100-01-01T00:00Z")
    carrier.arrive(carrier.entra.ask(user, forged))
    assert refused() == [("hint_key", None)]


def test_the_page_is_in_the_language_of_the_person(carrier: Carrier, user: User) -> None:
    carrier.browser.cookies["language"] = "en"
    page = carrier.arrive(carrier.entra.ask(user, scope="profile"))
    assert "We could not complete your login" in page.content.decode()
    assert "Microsoft’s reference:" in page.content.decode()


def test_a_made_up_address_of_a_refusal_says_nothing(carrier: Carrier) -> None:
    page = carrier.browser.get("/entra/refused/made-up/")
    assert page.status_code == 409
