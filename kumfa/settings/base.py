"""Settings of the project itself: its folders, apps, middleware, database and cache."""

from hashlib import sha256
from pathlib import Path
from urllib.parse import urlsplit

from django.core.exceptions import ImproperlyConfigured

from kumfa.settings import reading

BASE_DIR = Path(__file__).resolve().parent.parent.parent
reading.read_file(BASE_DIR)
env = reading.env

# SECURITY: development mode is never a default. `make run` and the tests turn it on. ALLOWED_HOSTS then has only this
# machine's own names.
DEBUG = env.bool("DEBUG", default=False)
SECRET_KEY = env.str("SECRET_KEY", default="insecure-embedded-default" if DEBUG else "")
if not SECRET_KEY:
    raise ImproperlyConfigured(
        "SECRET_KEY is not set: write the settings to /etc/kumfa/env, or name their file in ENV_FILE."
        " On a laptop use `make run`, or set DEBUG=1."
    )
# Earlier values of SECRET_KEY, newest first. Signatures made with them stay valid.
SECRET_KEY_FALLBACKS = env.list("SECRET_KEY_FALLBACKS", default=[])
# Whether `check --deploy` contacts the services.
CHECK_SERVICES = env.bool("CHECK_SERVICES", default=True)
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
    raise ImproperlyConfigured(
        "DEBUG is on, but PORTAL_URL, TRUSTED_PROXIES or ALLOWED_HOSTS is that of a deployment:"
        " set SECRET_KEY and DEBUG=0."
    )

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
    "directory.apps.DirectoryConfig",
    "helpdesk.apps.HelpdeskConfig",
    "mfa_sms.apps.MfaSmsConfig",
    "mfa_totp.apps.MfaTotpConfig",
    "mfa_recovery.apps.MfaRecoveryConfig",
    "mfa_pass.apps.MfaPassConfig",
    "sso.apps.SsoConfig",
    *(["demo.apps.DemoConfig", "django_otp.plugins.otp_static"] if DEBUG else []),
    "words.apps.WordsConfig",
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
    "common.middleware.HeadMiddleware",
    "common.middleware.BrowserPolicyMiddleware",
    "kumfa.probes.ProbeMiddleware",
    "kumfa.probes.ForwardedProtoMiddleware",
    "sign_in.middleware.JourneyMiddleware",
    *(["demo.middleware.DebugErrorPages"] if DEBUG else []),
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "common.middleware.CacheControlMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "sso.middleware.ServiceRequests",
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
# Times that several hosts must agree on come from the database's clock, not from their own.
USE_DATABASE_CLOCK = True
