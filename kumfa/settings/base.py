"""Settings of the project itself: its folders, apps, middleware, database and cache."""

import os
from hashlib import sha256
from pathlib import Path
from urllib.parse import urlsplit

import environ
from django.core.exceptions import ImproperlyConfigured

BASE_DIR = Path(__file__).resolve().parent.parent.parent
env = environ.Env()
env.read_env(os.environ.get("ENV_FILE", BASE_DIR / ".env"))

# Without SECRET_KEY the portal runs in development mode. ALLOWED_HOSTS then has only this machine's own names.
DEBUG = env.bool("DEBUG", default=not env.str("SECRET_KEY", default=""))
SECRET_KEY = env.str("SECRET_KEY", default="insecure-embedded-default" if DEBUG else "")
# Earlier values of SECRET_KEY, newest first. What they signed stays valid.
SECRET_KEY_FALLBACKS = [key.strip() for key in env.list("SECRET_KEY_FALLBACKS", default=[])]
VAR_DIR = BASE_DIR / env.str("VAR_DIR", default="var")  # an absolute path is used as it is


def derived_keys(use: str) -> list[str]:
    """Return keys for a laptop, derived from `SECRET_KEY` and from its earlier values."""
    return [sha256(f"{use}:{key}".encode()).hexdigest() for key in (SECRET_KEY, *SECRET_KEY_FALLBACKS)]


# The portal's public URL. Links in mails and the last line of each code's SMS use it, never the host of a request.
PORT = env.int("PORT", default=8000)
PORTAL_URL = env.str("PORTAL_URL", default=f"http://127.0.0.1:{PORT}").rstrip("/")
PORTAL_HOST = urlsplit(PORTAL_URL).hostname or ""
SECURE = PORTAL_URL.startswith("https://")
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["127.0.0.1", "localhost", "[::1]"] if DEBUG else [PORTAL_HOST])
CSRF_TRUSTED_ORIGINS = [PORTAL_URL] if SECURE else []

# The number of reverse proxies that append to X-Forwarded-For.
TRUSTED_PROXIES = env.int("TRUSTED_PROXIES", default=0)
if TRUSTED_PROXIES:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")

# SECURITY: in development mode every code is on a page that anyone can open. The portal does not start in this mode if
# its settings look like a deployment.
if DEBUG and (SECURE or TRUSTED_PROXIES or not set(ALLOWED_HOSTS) <= {"127.0.0.1", "localhost", "[::1]", "testserver"}):
    raise ImproperlyConfigured("DEBUG is on, but this is no laptop: set SECRET_KEY, or DEBUG=0.")

INSTALLED_APPS = [
    "kumfa.apps.KumfaConfig",
    "common.apps.CommonConfig",
    "accounts.apps.AccountsConfig",
    "audit.apps.AuditConfig",
    "limits.apps.LimitsConfig",
    "sessions.apps.SessionsConfig",
    "sign_in.apps.SignInConfig",
    "notices.apps.NoticesConfig",
    "backoffice.apps.BackofficeConfig",
    "overview.apps.OverviewConfig",
    "campaigns.apps.CampaignsConfig",
    "account_import.apps.AccountImportConfig",
    "helpdesk.apps.HelpdeskConfig",
    "mfa_sms.apps.MfaSmsConfig",
    "mfa_totp.apps.MfaTotpConfig",
    "mfa_recovery.apps.MfaRecoveryConfig",
    "mfa_pass.apps.MfaPassConfig",
    "sso.apps.SsoConfig",
    *(["demo.apps.DemoConfig", "django_otp.plugins.otp_static"] if DEBUG else []),
    "kumfa.apps.PortalAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django_otp",
    "oauth2_provider",
    "phonenumber_field",
    "csp",
]

MIDDLEWARE = [
    "common.middleware.ReferenceMiddleware",
    "common.middleware.BrowserPolicyMiddleware",
    *(["demo.middleware.DebugErrorPages"] if DEBUG else []),
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "common.middleware.CacheControlMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "sessions.repeats.RepeatMiddleware",
    "sessions.middleware.SessionMiddleware",
    "common.middleware.LanguageMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "accounts.middleware.LanguageSwitchMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django_otp.middleware.OTPMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "sessions.limits.SessionLimitsMiddleware",
    "sso.middleware.ServiceOrigins",
    "common.middleware.ProblemMiddleware",
]

ROOT_URLCONF = "kumfa.urls"
WSGI_APPLICATION = "kumfa.wsgi.application"
CSRF_FAILURE_VIEW = "common.problem_pages.csrf_failure"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "sign_in.context_processors.portal",
                "notices.context_processors.banner",
                *(["demo.context_processors.history"] if DEBUG else []),
            ],
        },
    },
]

MESSAGE_STORAGE = "common.message_storage.NoticeStorage"


DATABASES = {"default": env.db_url("DATABASE_URL", default=f"sqlite:///{VAR_DIR}/kumfa.sqlite3")}
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    # A transaction takes the single write lock when it begins, so that no other write comes between its reads and
    # writes.
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;",
    }
else:
    DATABASES["default"]["OPTIONS"] = {
        "pool": {"min_size": 1, "max_size": env.int("DATABASE_POOL_SIZE", default=16), "timeout": 5}
    }
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

CACHE_URL = env.str("CACHE_URL", default="")
CACHES = {"default": env.cache_url_config(CACHE_URL or "dbcache://kumfa_cache")}
if CACHE_URL.startswith("redis"):
    # An unresponsive cache must cost less than the query that it saves.
    CACHES["default"]["OPTIONS"] = {"socket_connect_timeout": 0.5, "socket_timeout": 0.5}
SESSION_ENGINE = "sessions.cached" if CACHE_URL else "sessions.database"
SESSION_COOKIE_AGE = 12 * 60 * 60  # seconds; for a pending sign-in, which ends far earlier
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
