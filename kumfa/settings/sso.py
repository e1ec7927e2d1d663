"""Other services: OpenID Connect, and Microsoft Entra."""

from datetime import timedelta
from hashlib import sha256
from typing import Any

from kumfa.settings.base import PORTAL_URL, SECRET_KEY, SECURE, env

# Under the first the private parts of signing keys are encrypted, under all of them they are read.
SSO_KEY_SECRETS_CONFIGURED = bool(env.str("SSO_KEY_SECRETS", default=""))
SSO_KEY_SECRETS = env.list("SSO_KEY_SECRETS", default=[sha256(f"sso-keys:{SECRET_KEY}".encode()).hexdigest()])
# Entra keeps what it has read for 24 hours; a key signs when everybody has read it.
SSO_KEY_PUBLISHED_BEFORE = timedelta(days=2)
SSO_KEY_BITS = 3072  # as strong as AES-128 (NIST SP 800-57), beyond 2030
SSO_CERTIFICATE_LIFE = timedelta(days=3650)  # nobody checks a self-signed one's dates; keys are rolled far more often
SSO_TOKEN_LIFE = timedelta(hours=1)  # longer than any sign-in takes, and than clocks differ

SSO_GRANT_LIFE = timedelta(hours=12)  # what came of one sign-in: a working day, and no longer than a session
SSO_GRANTS_KEPT = timedelta(days=31)  # a session that stays is ended within this, and its services told
# Telling services that a session is over: some tries within minutes; a service that is down for longer has its own end.
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
    "ROTATE_REFRESH_TOKEN": True,
    "REFRESH_TOKEN_REUSE_PROTECTION": True,
    # RFC 9700: no implicit and no password grant, S256 alone, no token in an address, none in clear in the database.
    "COMPLIANT_BCP_RFC9700_IMPLICIT_GRANT": True,
    "COMPLIANT_BCP_RFC9700_PASSWORD_GRANT": True,
    "COMPLIANT_BCP_RFC9700_PKCE_METHOD": True,
    "COMPLIANT_BCP_RFC9700_ACCESS_TOKEN_TRANSPORT": True,
    "COMPLIANT_BCP_RFC9700_AUTHZ_RESPONSE_ISS": True,
    "COMPLIANT_BCP_RFC9700_TOKEN_STORAGE": True,
}

ENTRA_ISSUER = f"{PORTAL_URL}/entra"
ENTRA_ATTEMPT_LIFE = timedelta(minutes=5)  # Entra forgets it then
ENTRA_TOKEN_LIFE = timedelta(minutes=5)  # the most that Entra takes
# Letter for letter: what Microsoft publishes for the public cloud, the one for US authorities, and the one in China.
ENTRA_REDIRECT_URIS = [
    "https://login.microsoftonline.com/common/federation/externalauthprovider",
    "https://login.microsoftonline.us/common/federation/externalauthprovider",
    "https://login.partner.microsoftonline.cn/common/federation/externalauthprovider",
]
ENTRA_HINT_AGE = timedelta(minutes=5)
ENTRA_CLOCK_SKEW = timedelta(seconds=60)  # by which a tenant's clock may be ahead of ours
ENTRA_KEYS_PAUSE = timedelta(minutes=1)  # between two tries: hints with keys that nobody knows must not cause more
ENTRA_KEYS_SECONDS = 3.0  # for which a sign-in waits for a tenant's keys, metadata included
ENTRA_KEYS_BYTES = 256 * 1024  # of one answer; Microsoft's are about a tenth of it
ENTRA_PILOT_BYTES = 1024 * 1024  # of an uploaded list: every account of the university, twice over
ENTRA_KEYS_FRESH = timedelta(hours=24)  # for which a tenant's keys are believed without being read again
ENTRA_ATTEMPTS_KEPT = timedelta(days=30)  # replays are refused by the hint's age long before
