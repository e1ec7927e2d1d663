"""ASVS 16.2.5: the log contains no code and no token of a service, at any level."""

from kumfa.tests.log_stream import written
from sso.tests.oidc.service import SECRET, VERIFIER, Service
from tests.fixtures import Walk


def test_asvs_16_2_5_codes_and_tokens_are_not_logged_at_debug(person: Walk, service: Service) -> None:
    with written() as lines:
        code = service.code(person.browser)
        answer = service.change(code).json()
        fresh = service.refresh(answer["refresh_token"]).json()
        service.userinfo(fresh["access_token"])
        service.refresh(answer["refresh_token"])
        service.change(code)
    assert lines.of("django.request")
    secrets = {code, SECRET, VERIFIER}
    secrets |= {tokens[name] for tokens in (answer, fresh) for name in ("access_token", "refresh_token", "id_token")}
    assert [secret for secret in secrets if secret in lines.text] == []


def test_asvs_16_2_5_the_library_that_logs_codes_is_never_asked_for_debug(person: Walk, service: Service) -> None:
    with written() as lines:
        service.tokens(person.browser)
    assert lines.of("oauthlib.oauth2.rfc6749.grant_types.authorization_code") == []
    assert not any(line["logger"].startswith("oauthlib") for line in lines())
