"""Settings of the connections to the database, the cache and the broker. Options come from their URLs."""

import ssl
from collections.abc import Mapping
from typing import Any

from kumfa.settings.base import VAR_DIR, env

_FLAGS = {"true": True, "false": False}


def _with_flags(options: Mapping[str, Any]) -> dict[str, Any]:
    """Return options of a URL, with `true` and `false` as booleans. A text "false" would count as true."""
    return {name: _FLAGS.get(str(value).lower(), value) for name, value in options.items()}


def database(url: str, pool_size: int) -> dict[str, Any]:
    """Return Django's settings of a database. Options of the URL, such as `sslmode`, are kept."""
    parsed: dict[str, Any] = env.db_url_config(url)
    given = parsed.get("OPTIONS", {})
    if parsed["ENGINE"].endswith("sqlite3"):
        # A transaction takes the single write lock when it begins, so that no other write comes between its reads and
        # writes.
        ours: dict[str, Any] = {
            "transaction_mode": "IMMEDIATE",
            "timeout": 20,
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;",
        }
        return {**parsed, "OPTIONS": {**ours, **given}}
    pool = {"min_size": 1, "max_size": pool_size, "timeout": 5}
    # Without connect_timeout, libpq waits forever for a silent host. With it, it tries the next of several hosts.
    ours = {"connect_timeout": 3, "application_name": "kumfa"}
    return {
        **_with_flags(parsed),
        "ENGINE": "common.postgresql",
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {**ours, **given, "pool": pool},
    }


def cache(url: str) -> dict[str, Any]:
    """Return Django's settings of a cache. Options of the URL, such as `ssl_ca_certs`, are kept."""
    # django-environ writes `key_prefix` and its like in lower case, which Django ignores.
    parsed = {name.upper(): value for name, value in env.cache_url_config(url).items()}
    if not url.startswith("redis"):
        return parsed
    # An unresponsive cache must cost less than the query that it saves.
    ours = {"socket_connect_timeout": 0.5, "socket_timeout": 0.5}
    return {**parsed, "OPTIONS": {**ours, **_with_flags(parsed.get("OPTIONS", {}))}}


def broker_tls(url: str, authorities: str, certificate: str, key: str) -> dict[str, Any] | None:
    """Return Celery's TLS settings for a broker, or None if its URL asks for no TLS.

    SECURITY: without them neither transport verifies the broker's certificate.
    """
    files = {"ca_certs": authorities, "certfile": certificate, "keyfile": key}
    given = {name: path for name, path in files.items() if path}
    if url.startswith("amqps:"):
        # None means the host of the URL.
        return {"cert_reqs": ssl.CERT_REQUIRED, "server_hostname": None, **given}
    if url.startswith("rediss:"):
        prefixed = {f"ssl_{name}": path for name, path in given.items()}
        return {"ssl_cert_reqs": ssl.CERT_REQUIRED, "ssl_check_hostname": True, **prefixed}
    return None


DATABASE_URL = env.str("DATABASE_URL", default=f"sqlite:///{VAR_DIR}/kumfa.sqlite3")
DATABASE_POOL_SIZE = env.int("DATABASE_POOL_SIZE", default=16)
DATABASES = {"default": database(DATABASE_URL, DATABASE_POOL_SIZE)}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

CACHE_URL = env.str("CACHE_URL", default="")
CACHES = {"default": cache(CACHE_URL or "dbcache://kumfa_cache")}
SESSION_ENGINE = "sessions.cached" if CACHE_URL else "sessions.database"
SESSION_COOKIE_AGE = 12 * 60 * 60  # seconds; for a pending sign-in, which ends far earlier
SESSION_EXPIRE_AT_BROWSER_CLOSE = True

CELERY_BROKER_URL = env.str("CELERY_BROKER_URL", default="filesystem://localhost")
CELERY_BROKER_USE_SSL = broker_tls(
    CELERY_BROKER_URL,
    env.str("BROKER_CA_FILE", default=""),
    env.str("BROKER_CERTIFICATE_FILE", default=""),
    env.str("BROKER_KEY_FILE", default=""),
)
