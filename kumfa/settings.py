"""Settings, read from the environment or from the file `.env`.

Every variable stands in `.env.example` with its default and unit. What is unset falls back to a default that runs
on a laptop; with `DEBUG` off, `kumfa.checks` refuses each default that is not fit for production.
"""

import os
from datetime import timedelta
from hashlib import sha256
from pathlib import Path
from urllib.parse import urlsplit

import environ
from celery.schedules import crontab
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _

BASE_DIR = Path(__file__).resolve().parent.parent

env = environ.Env()
env.read_env(os.environ.get("ENV_FILE", BASE_DIR / ".env"))

# Who sets no secret key runs it on a laptop. In that mode only this machine's own names are served (ALLOWED_HOSTS).
DEBUG = env.bool("DEBUG", default=not env.str("SECRET_KEY", default=""))
SECRET_KEY = env.str("SECRET_KEY", default="insecure-embedded-default" if DEBUG else "")
VAR_DIR = Path(env.str("VAR_DIR", default=str(BASE_DIR / "var")))

# Where people reach the portal: links in mails and the last line of each SMS are made from it, never from a request.
PORT = env.int("PORT", default=8000)
PORTAL_URL = env.str("PORTAL_URL", default=f"http://127.0.0.1:{PORT}").rstrip("/")
PORTAL_HOST = urlsplit(PORTAL_URL).hostname or ""
SECURE = PORTAL_URL.startswith("https://")
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["127.0.0.1", "localhost", "[::1]"] if DEBUG else [PORTAL_HOST])
CSRF_TRUSTED_ORIGINS = [PORTAL_URL] if SECURE else []

# How many reverse proxies stand in front and append to X-Forwarded-For.
TRUSTED_PROXIES = env.int("TRUSTED_PROXIES", default=0)
if TRUSTED_PROXIES:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")

# SECURITY: without a secret key this would be a laptop, with every code on a page that anyone can open. What looks like
# a deployment does not start that way.
if DEBUG and (SECURE or TRUSTED_PROXIES or not set(ALLOWED_HOSTS) <= {"127.0.0.1", "localhost", "[::1]", "testserver"}):
    raise ImproperlyConfigured("DEBUG is on, but this is no laptop: set SECRET_KEY, or DEBUG=0.")

INSTALLED_APPS = [
    "kumfa.apps.KumfaConfig",
    "accounts.apps.AccountsConfig",
    "mfa_sms.apps.MfaSmsConfig",
    "mfa_totp.apps.MfaTotpConfig",
    "mfa_recovery.apps.MfaRecoveryConfig",
    *(["demo.apps.DemoConfig", "django_otp.plugins.otp_static"] if DEBUG else []),
    "kumfa.apps.PortalAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django_otp",
    "django_otp.plugins.otp_totp",
    "phonenumber_field",
    "csp",
]

MIDDLEWARE = [
    *(["demo.middleware.OwnPages"] if DEBUG else []),
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "accounts.middleware.ReferenceMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "accounts.middleware.SessionMiddleware",
    "accounts.middleware.LanguageMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "accounts.middleware.LanguageSwitchMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django_otp.middleware.OTPMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "accounts.session_limits.SessionLimitsMiddleware",
    "accounts.middleware.ProblemMiddleware",
]

ROOT_URLCONF = "kumfa.urls"
WSGI_APPLICATION = "kumfa.wsgi.application"
CSRF_FAILURE_VIEW = "accounts.views.problems.csrf_failure"

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
                "accounts.context_processors.portal",
            ],
        },
    },
]

MESSAGE_STORAGE = "accounts.notices.NoticeStorage"

# --- data -----------------------------------------------------------------------------------------------------------

DATABASES = {"default": env.db_url("DATABASE_URL", default=f"sqlite:///{VAR_DIR}/kumfa.sqlite3")}
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    # A transaction takes the one write lock when it begins, so that nothing comes between its reads and its writes.
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
    # A cache that does not answer must cost less than the query it saves.
    CACHES["default"]["OPTIONS"] = {"socket_connect_timeout": 0.5, "socket_timeout": 0.5}
SESSION_ENGINE = "accounts.sessions.cached" if CACHE_URL else "accounts.sessions.database"
SESSION_COOKIE_AGE = int(timedelta(hours=12).total_seconds())  # of a sign-in that was begun, which ends far earlier
SESSION_EXPIRE_AT_BROWSER_CLOSE = True

# --- accounts -------------------------------------------------------------------------------------------------------

AUTH_USER_MODEL = "accounts.Account"
LOGIN_URL = "accounts:sign_in"
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "accounts.passwords.LengthValidator", "OPTIONS": {"min_length": 12, "max_length": 1024}},
    {"NAME": "accounts.passwords.CommonValidator"},
    {"NAME": "accounts.passwords.ContextValidator"},
]
PASSWORD_RESET_TIMEOUT = int(timedelta(hours=1).total_seconds())
PASSWORD_MAX_AGE_DAYS = env.int("PASSWORD_MAX_AGE_DAYS", default=365)
# Three mails an hour are enough for who mistrusts the first; more would let anyone flood a mailbox.
PASSWORD_RESET_MAILS_PER_HOUR = 3
STUDENT_DOMAIN = env.str("STUDENT_DOMAIN", default="alumni.ku.dk")
EMPLOYEE_DOMAIN = env.str("EMPLOYEE_DOMAIN", default="ku.dk")
STAY_SIGNED_IN_DAYS = env.int("STAY_SIGNED_IN_DAYS", default=30)  # from the sign-in on; no idle limit
SESSION_LIFE = timedelta(hours=12)  # the longest day at a desk (NIST 800-63B-4, 2.2.3: at most 24 hours)
SESSION_IDLE = timedelta(hours=1)  # a lecture or a lunch; NIST's bound too
STAFF_SESSION_LIFE = timedelta(hours=8)  # a working day: what the admin shows is worth more than a session of one's own
STAFF_SESSION_IDLE = timedelta(minutes=30)  # a call with the screen left alone
# How exactly the last use is known: each note of it is a statement. Who stays has no limit that needs it.
SESSION_SEEN_EVERY = timedelta(minutes=1)
STAY_SEEN_EVERY = timedelta(hours=1)
# A session that is over opens nothing, but is kept until the next day is through: whoever comes back is told why.
SESSION_KEPT_AFTER_END = timedelta(days=1)
# After enrollment the paper guide signs in with a fresh code (E10). Off: the enrollment's own code signs in.
VERIFY_AFTER_ENROLLMENT = env.bool("VERIFY_AFTER_ENROLLMENT", default=True)
CODE_FAILURES_TO_LOCK = 5  # wrong codes in a row before the first wait: a slip costs nothing
CODE_THROTTLE_MAX = timedelta(minutes=15)  # longer would lock owners out for a stranger's guesses
CODE_FAILURES_TO_DISABLE = 100  # NIST 800-63B-4, 3.2.2
# The delays are ours (`accounts.throttle`), the same for every factor: django-otp's begin at the first slip, and would
# lock an owner out for a day and more after a stranger's guesses.
OTP_TOTP_THROTTLE_FACTOR = 0
# What an app shows above the code, in every language: apps tell accounts apart by it, so it never changes.
OTP_TOTP_ISSUER = "KU-login"
# Ten fill a sheet that is copied by hand in a few minutes, and see a person through a lost phone and some slips.
RECOVERY_CODES = 10
RECOVERY_CODES_LOW = 3  # unused codes at which the owner is told: enough to log in and make new ones
# A sensitive change needs a second factor of the last 20 minutes: what somebody at an unlocked computer has not.
STEP_UP_LIFE = timedelta(minutes=20)
DEVICES_PER_ACCOUNT = 10  # more than a person has phones and apps, and few enough for one page
DEVICE_UNUSED = timedelta(days=180)  # a semester: what was not used in one may be an old phone in a drawer
ACTIVITY_SHOWN = timedelta(days=90)
# Half an hour is what a sign-in takes with a call to IT Support in the middle.
PENDING_SIGN_IN_LIFE = timedelta(minutes=30)
# Hosts besides this one that a sign-in may lead back to.
SIGN_IN_NEXT_HOSTS = env.list("SIGN_IN_NEXT_HOSTS", default=[])
# Ten slips in a quarter of an hour are more than a person makes, and 960 guesses a day are far from enough to guess.
# The limit is per name and address: whoever guesses elsewhere does not lock the owner out.
PASSWORD_FAILURES = 10
PASSWORD_FAILURES_WINDOW = timedelta(minutes=15)
# Five hundred failures in a quarter of an hour slow an address down, unless as many sign-ins succeed there: one address
# may be a whole campus, where slips are a fifth, but whoever tries stolen passwords fails nearly always.
PASSWORD_FAILURES_PER_ADDRESS = env.int("PASSWORD_FAILURES_PER_ADDRESS", default=500)
# Links for new passwords that one address may have sent in an hour; a lecture hall asks for fewer.
PASSWORD_RESETS_PER_ADDRESS = 300

# Mails to owners about their login, and what they answer.
NOTICE_HAND_OVER_THREADS = 1  # in each web process: a notice may be some seconds late
NOTICE_SWEEP_AFTER = timedelta(seconds=30)  # a healthy queue takes milliseconds, a mail server a few seconds
NOTICE_TRIES = 10
# Doubled after each try: the tenth is 17 hours after the first, which is longer than a bad night of a mail server. The
# first must be longer than any mail takes, so that no worker mails what another is still mailing.
NOTICE_PAUSE = timedelta(minutes=2)
NOTICES_TRIED = timedelta(days=7)  # by then a mail tells nothing that its owner has not met
NOTICE_SERVER_REST = timedelta(seconds=30)  # each try to reach a mail server that is gone holds a thread for 10 s
NOTICES_KEPT = timedelta(days=90)  # as long as the numbers in the log of messages
REPORT_LINK_LIFE = timedelta(days=14)  # a holiday; whoever comes later calls, since so much may have changed
# A code lives 10 minutes (ASVS 6.3.5). A clock that was away for longer than the difference misses some.
UNFINISHED_AFTER = timedelta(minutes=10)
UNFINISHED_UNTIL = timedelta(minutes=30)
UNFINISHED_TOLD_EVERY = timedelta(hours=24)  # people give up often; more mails than that are not read
# Under the first key each seal of security events is signed, under all of them seals verify.
EVENT_SEAL_KEYS_CONFIGURED = bool(env.str("EVENT_SEAL_KEYS", default=""))
EVENT_SEAL_KEYS = env.list("EVENT_SEAL_KEYS", default=[sha256(f"event-seal:{SECRET_KEY}".encode()).hexdigest()])
# An id is given before its row is committed; no transaction of ours lasts half as long (an import takes a minute).
EVENT_SETTLE = timedelta(minutes=10)
EVENT_ORIGIN_KEPT = timedelta(days=env.int("EVENT_ORIGIN_KEPT_DAYS", default=365))

SUPPORT_PHONE = env.str("SUPPORT_PHONE", default="35 32 32 32")
SUPPORT_HOURS_URL = env.str("SUPPORT_HOURS_URL", default="https://it.ku.dk/")
ACCESSIBILITY_STATEMENT_URL = env.str("ACCESSIBILITY_STATEMENT_URL", default="https://www.was.digst.dk/ku-dk")
PRIVACY_URL = env.str("PRIVACY_URL", default="https://informationssikkerhed.ku.dk/")

# --- text messages --------------------------------------------------------------------------------------------------

EU_EEA_CH_GB = "DK AT BE BG HR CY CZ EE FI FR DE GR HU IS IE IT LV LI LT LU MT NL NO PL PT RO SK SI ES SE CH GB"
SMS_GATEWAYS = env.list("SMS_GATEWAYS", default=[f"file://{VAR_DIR}/messages.jsonl"])
SMS_SENDER = env.str("SMS_SENDER", default="KU-IT")
SMS_CODE_KEYS_CONFIGURED = bool(env.str("SMS_CODE_KEYS", default=""))
SMS_CODE_KEYS = env.list("SMS_CODE_KEYS", default=[sha256(f"sms-code:{SECRET_KEY}".encode()).hexdigest()])
SMS_COUNTRIES = env.list("SMS_COUNTRIES", default=EU_EEA_CH_GB.split())
SMS_CODE_LIFE = timedelta(minutes=10)  # ASVS 6.5.5: at most 10 minutes for a code by SMS
SMS_CODE_TRIES = 5  # of a million codes: 5 in 1,000,000 to guess one challenge
# Seconds to wait after the first, second, and each later unanswered message: operators deliver most within 30 s.
SMS_WAITS = (30, 60, 120)
SMS_WAIT_MEMORY = timedelta(minutes=30)
SMS_SWEEP_AFTER = timedelta(seconds=10)  # a healthy queue takes milliseconds
SMS_STUCK_AFTER = timedelta(seconds=30)  # a gateway answers within 15 s, or its connection is given up
SMS_TRIES = 3  # by workers, for one message: each may cost a message
SMS_NOTICE_LIFE = timedelta(days=1)  # a phone that is off over night
SMS_NOTICE_TRIES = 10  # with the pauses of the sweep: 42 minutes in which no gateway can be reached
SMS_NOTICES_PER_DAY = 10  # to one number: the eleventh says nothing that ten have not said, and costs money
SMS_HAND_OVER_THREADS = env.int("SMS_HAND_OVER_THREADS", default=4)
# Five failures in half a minute are no accident at any load; a lower bar would rest a gateway for one bad number.
SMS_BREAKER_FAILURES = 5
SMS_BREAKER_WINDOW = timedelta(seconds=30)
SMS_BREAKER_DELIVERED = 0.85  # operators deliver over 95 %; phones that are off make up the rest
SMS_BREAKER_PROBE = timedelta(seconds=15)
SMS_BREAKER_SUCCESSES = 3
SMS_RECEIPTS_KEPT = timedelta(days=env.int("SMS_RECEIPTS_KEPT_DAYS", default=30))
SMS_NUMBERS_KEPT = timedelta(days=env.int("SMS_NUMBERS_KEPT_DAYS", default=90))
SMS_CHALLENGES_KEPT = timedelta(days=1)
SMS_PER_HALF_HOUR = 5  # enrolling and signing in take two; the rest is for lost messages
SMS_PER_DAY = 10  # what a busy day takes; each message costs money
SMS_ACCOUNTS_PER_NUMBER = 3  # a family shares a phone, a fraud shares one among many
# From the third number in 24 hours on, a person proves to be one: a typo makes two.
SMS_NUMBERS_BEFORE_CHECK = 2
SMS_CHECK_WAIT = timedelta(seconds=30)  # without a script; tedious for a machine that wants many
SMS_CHECK_COST = 1000  # rounds of PBKDF2 a guess, about 800 guesses: a second or two on a phone
PHONENUMBER_DB_FORMAT = "E164"
PHONENUMBER_DEFAULT_REGION = "DK"

# Who may read /metrics; without a token the page does not exist.
METRICS_TOKEN = env.str("METRICS_TOKEN", default="")

# --- Celery ---------------------------------------------------------------------------------------------------------

CELERY_BROKER_URL = env.str("CELERY_BROKER_URL", default="filesystem://localhost")
if CELERY_BROKER_URL.startswith("filesystem:"):
    BROKER_DIR = VAR_DIR / "broker"
    CELERY_BROKER_TRANSPORT_OPTIONS: dict[str, object] = {
        "data_folder_in": str(BROKER_DIR / "queue"),
        "data_folder_out": str(BROKER_DIR / "queue"),
        "control_folder": str(BROKER_DIR / "control"),
        "polling_interval": 0.1,
    }
    (BROKER_DIR / "queue").mkdir(parents=True, exist_ok=True)
else:
    # The broker may be gone: a request tries to connect once, for a second, and goes on. Workers have settings of their
    # own and keep trying.
    CELERY_BROKER_TRANSPORT_OPTIONS = {"max_retries": 0}
    if CELERY_BROKER_URL.startswith(("redis", "rediss")):
        # Shorter than a code's life, so that what a killed worker held is sent while its code is alive.
        CELERY_BROKER_TRANSPORT_OPTIONS |= {
            "visibility_timeout": 120,
            "socket_connect_timeout": 1,
            "socket_timeout": 5,
        }
CELERY_BROKER_CONNECTION_TIMEOUT = 1
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_TASK_PUBLISH_RETRY = False
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_TASK_DEFAULT_QUEUE = "other"
# The sweep is about codes: it must not wait behind receipts, which come in thousands. Notices by SMS are not routed
# here, since nothing but a code may stand before a code.
CELERY_TASK_ROUTES = {
    "mfa_sms.tasks.send_text_message": {"queue": "codes"},
    "mfa_sms.tasks.sweep": {"queue": "codes"},
}
# The clock keeps one connection for ever. Unlike a request it must retry: that is what makes it connect again once the
# broker has been away.
_CLOCK = {"retry": True, "retry_policy": {"max_retries": 3, "interval_start": 0, "interval_step": 0.5}}
CELERY_BEAT_SCHEDULE = {
    "sweep": {"task": "mfa_sms.tasks.sweep", "schedule": 15.0, "options": {"expires": 15, **_CLOCK}},
    "sweep-receipts": {"task": "mfa_sms.tasks.sweep_receipts", "schedule": 15.0, "options": {"expires": 15, **_CLOCK}},
    "sweep-notices": {"task": "accounts.tasks.sweep_notices", "schedule": 60.0, "options": {"expires": 60, **_CLOCK}},
    "unfinished-sign-ins": {
        "task": "accounts.tasks.tell_of_unfinished_sign_ins",
        "schedule": 60.0,
        "options": {"expires": 60, **_CLOCK},
    },
    "forget-notices": {
        "task": "accounts.tasks.forget_notices",
        "schedule": crontab(hour=3, minute=37),
        "options": {"expires": 3600, **_CLOCK},
    },
    "forget-old": {
        "task": "mfa_sms.tasks.forget_old",
        "schedule": crontab(hour=3, minute=17),  # when the fewest people sign in
        "options": {"expires": 3600, **_CLOCK},
    },
    "forget-origins": {
        "task": "accounts.tasks.forget_old",
        "schedule": crontab(hour=3, minute=37),
        "options": {"expires": 3600, **_CLOCK},
    },
    "seal-events": {"task": "accounts.tasks.seal_events", "schedule": 60.0, "options": {"expires": 60, **_CLOCK}},
    "clear-sessions": {
        "task": "accounts.tasks.clear_sessions",
        "schedule": 3600.0,
        "options": {"expires": 3600, **_CLOCK},
    },
}
CELERY_BEAT_SCHEDULE_FILENAME = str(VAR_DIR / "celerybeat-schedule")
CELERY_TIMEZONE = "Europe/Copenhagen"

# --- mail -----------------------------------------------------------------------------------------------------------

EMAIL_URL = env.str("EMAIL_URL", default="")
if EMAIL_URL:
    globals().update(env.email_url_config(EMAIL_URL))
else:
    EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    EMAIL_FILE_PATH = str(VAR_DIR / "mail")
EMAIL_TIMEOUT = 10
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", default="KU-IT <noreply@ku.dk>")

# --- languages ------------------------------------------------------------------------------------------------------

LANGUAGE_CODE = "da"
LANGUAGES = [("da", _("Danish")), ("en", _("English"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
LANGUAGE_COOKIE_NAME = "__Host-language" if SECURE else "language"
LANGUAGE_COOKIE_AGE = int(timedelta(days=365).total_seconds())
LANGUAGE_COOKIE_SECURE = SECURE
LANGUAGE_COOKIE_HTTPONLY = True
LANGUAGE_COOKIE_SAMESITE = "Lax"
TIME_ZONE = "Europe/Copenhagen"
USE_TZ = True
USE_I18N = True

DEFAULT_EXCEPTION_REPORTER_FILTER = "kumfa.logs.AlwaysHidden"

# --- browser security -----------------------------------------------------------------------------------------------

SESSION_COOKIE_NAME = "__Host-session" if SECURE else "session"
SESSION_COOKIE_SECURE = SECURE
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_NAME = "__Host-csrf" if SECURE else "csrf"
CSRF_COOKIE_SECURE = SECURE
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SAMESITE = "Lax"
SECURE_SSL_REDIRECT = SECURE
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]
SECURE_HSTS_SECONDS = int(timedelta(days=365).total_seconds()) if SECURE else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE
SECURE_HSTS_PRELOAD = SECURE
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
# Nothing a person types here is longer; a larger body is refused before it is parsed.
DATA_UPLOAD_MAX_MEMORY_SIZE = 64 * 1024
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "worker-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF],
        "connect-src": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
        # Browsers hold a form to this through its redirects: the last step leads back to a service.
        "form-action": [SELF, *(f"https://{host}" for host in SIGN_IN_NEXT_HOSTS)],
    }
}

STATIC_URL = "static/"
STATIC_ROOT = Path(env.str("STATIC_ROOT", default=str(VAR_DIR / "static")))
STATICFILES_DIRS = [BASE_DIR / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}
WHITENOISE_USE_FINDERS = DEBUG
WHITENOISE_AUTOREFRESH = DEBUG

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {"redact": {"()": "kumfa.logs.Redact"}},
    "formatters": {
        "line": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"},
        "json": {"()": "kumfa.logs.JsonLine"},
    },
    "handlers": {
        "stderr": {
            "class": "logging.StreamHandler",
            "formatter": env.str("LOG_FORMAT", default="line" if DEBUG else "json"),
            "filters": ["redact"],
        }
    },
    "root": {"handlers": ["stderr"], "level": env.str("LOG_LEVEL", default="INFO")},
    "loggers": {
        "django": {"handlers": [], "propagate": True},
        "django.server": {"handlers": [], "propagate": True},
        # Two lines a task, of which ours says all that matters.
        "celery.worker.strategy": {"level": "WARNING"},
        "celery.app.trace": {"level": "WARNING"},
    },
}
