"""Settings for other services: OpenID Connect and Microsoft Entra."""

from datetime import timedelta
from typing import Any

from kumfa.settings.base import PORTAL_URL, SECURE, derived_keys, env

# The first secret encrypts the private parts of signing keys; all secrets decrypt them.
SSO_KEY_SECRETS_CONFIGURED = bool(env.str("SSO_KEY_SECRETS", default=""))
SSO_KEY_SECRETS = env.list("SSO_KEY_SECRETS", default=derived_keys("sso-keys"))
# Entra caches keys for 24 hours. A new key signs only after every relying party has read it.
SSO_KEY_PUBLISHED_BEFORE = timedelta(days=2)
SSO_KEY_BITS = 3072  # as strong as AES-128 (NIST SP 800-57), beyond 2030
SSO_CERTIFICATE_LIFE = timedelta(days=3650)  # the dates of a self-signed one are not checked; keys roll far more often
SSO_TOKEN_LIFE = timedelta(hours=1)  # longer than any sign-in, and than any difference between clocks

SSO_GRANT_LIFE = timedelta(hours=12)  # the result of one sign-in: a working day, and no longer than a session
SSO_GRANTS_KEPT = timedelta(days=31)  # a remembered session ends within this time, and its services are notified
SSO_REFUSALS_KEPT = 50  # per service: more different mistakes than a misconfigured service makes
SSO_REFRESH_GRACE = timedelta(seconds=10)  # two workers of a service that refresh at once, or a lost response
# Back-channel logout: some attempts within minutes. A service that is down for longer has its own expiry.
SSO_LOGOUT_TRIES = 5
SSO_LOGOUT_PAUSE = timedelta(minutes=2)
SSO_LOGOUT_TIMEOUT = timedelta(seconds=5)  # a worker's thread waits no longer for a service
SSO_LOGOUT_TOKEN_LIFE = timedelta(minutes=2)  # as the specification recommends

OAUTH2_PROVIDER_APPLICATION_MODEL = "sso.Client"
OAUTH2_PROVIDER: dict[str, Any] = {
    "OIDC_ENABLED": True,
    "OAUTH2_VALIDATOR_CLASS": "sso.oidc.validator.Validator",
    "OIDC_ISS_ENDPOINT": f"{PORTAL_URL}/oidc",
    "OIDC_USERINFO_ENDPOINT": f"{PORTAL_URL}/oidc/userinfo/",
    "OIDC_RESPONSE_TYPES_SUPPORTED": ["code"],
    "OIDC_RP_INITIATED_LOGOUT_ENABLED": True,
    "OIDC_RP_INITIATED_LOGOUT_STRICT_REDIRECT_URIS": True,
    "OIDC_RP_INITIATED_LOGOUT_ALWAYS_PROMPT": False,
    "PKCE_REQUIRED": True,
    "SCOPES": {"openid": "", "profile": "", "email": ""},
    "ALLOWED_REDIRECT_URI_SCHEMES": ["https"] if SECURE else ["https", "http"],
    "ALLOWED_SCHEMES": ["https"] if SECURE else ["https", "http"],
    "AUTHORIZATION_CODE_EXPIRE_SECONDS": 60,
    "ACCESS_TOKEN_EXPIRE_SECONDS": int(SSO_TOKEN_LIFE.total_seconds()),
    "ID_TOKEN_EXPIRE_SECONDS": int(SSO_TOKEN_LIFE.total_seconds()),
    "REFRESH_TOKEN_EXPIRE_SECONDS": int(SSO_GRANT_LIFE.total_seconds()),
    "ACCESS_TOKEN_GENERATOR": "sso.oidc.tokens.access_token",
    "REFRESH_TOKEN_GENERATOR": "sso.oidc.tokens.refresh_token",
    "ROTATE_REFRESH_TOKEN": True,
    "REFRESH_TOKEN_REUSE_PROTECTION": True,
    # RFC 9700: no implicit and no password grant, only S256, no token in a URL, no plain-text token in the database.
    "COMPLIANT_BCP_RFC9700_IMPLICIT_GRANT": True,
    "COMPLIANT_BCP_RFC9700_PASSWORD_GRANT": True,
    "COMPLIANT_BCP_RFC9700_PKCE_METHOD": True,
    "COMPLIANT_BCP_RFC9700_ACCESS_TOKEN_TRANSPORT": True,
    "COMPLIANT_BCP_RFC9700_AUTHZ_RESPONSE_ISS": True,
    "COMPLIANT_BCP_RFC9700_TOKEN_STORAGE": True,
}

ENTRA_ISSUER = f"{PORTAL_URL}/entra"
ENTRA_ATTEMPT_LIFE = timedelta(minutes=5)  # Entra forgets the request then
ENTRA_TOKEN_LIFE = timedelta(minutes=5)  # the longest that Entra accepts
# Exactly as Microsoft publishes them: for the public cloud, for US authorities, and for China.
ENTRA_REDIRECT_URIS = [
    "https://login.microsoftonline.com/common/federation/externalauthprovider",
    "https://login.microsoftonline.us/common/federation/externalauthprovider",
    "https://login.partner.microsoftonline.cn/common/federation/externalauthprovider",
]
ENTRA_HINT_AGE = timedelta(minutes=5)
ENTRA_CLOCK_SKEW = timedelta(seconds=60)  # how far a tenant's clock may be ahead of ours
ENTRA_KEYS_PAUSE = timedelta(minutes=1)  # between two attempts: hints with unknown keys must not cause more
ENTRA_KEYS_SECONDS = 3.0  # how long a sign-in waits for a tenant's keys, metadata included
ENTRA_KEYS_BYTES = 256 * 1024  # per response; Microsoft's are about a tenth of that
ENTRA_PILOT_BYTES = 1024 * 1024  # per uploaded list: twice the size of all the university's accounts
ENTRA_KEYS_FRESH = timedelta(hours=24)  # how long a tenant's keys are trusted without reading them again
ENTRA_ATTEMPTS_KEPT = timedelta(days=30)  # replays are refused by the hint's age long before that
