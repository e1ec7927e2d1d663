"""Settings for the browser: languages, cookies, headers, static files."""

from datetime import timedelta
from pathlib import Path

from csp.constants import NONE, SELF
from django.utils.translation import gettext_lazy as _

from kumfa.settings.base import BASE_DIR, DEBUG, SECURE, VAR_DIR, env
from kumfa.settings.sign_in import SIGN_IN_NEXT_HOSTS

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
FORMAT_MODULE_PATH = "kumfa.formats"
USE_I18N = True

DEFAULT_EXCEPTION_REPORTER_FILTER = "kumfa.logs.error_reports.AlwaysHidden"


SESSION_COOKIE_NAME = "__Host-session" if SECURE else "session"
SESSION_COOKIE_SECURE = SECURE
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_NAME = "__Host-csrf" if SECURE else "csrf"
CSRF_COOKIE_SECURE = SECURE
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SAMESITE = "Lax"
SECURE_SSL_REDIRECT = SECURE
# Start with a low value: browsers remember the one that they have seen. Preloading needs a year.
SECURE_HSTS_SECONDS = int(timedelta(days=env.int("HSTS_DAYS", default=365)).total_seconds()) if SECURE else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE and timedelta(days=365).total_seconds() <= SECURE_HSTS_SECONDS
SECURE_HSTS_PRELOAD = SECURE_HSTS_INCLUDE_SUBDOMAINS
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
# Pages read the code from a text message (WebOTP), and use no other feature.
PERMISSIONS_POLICY = "otp-credentials=(self), " + ", ".join(
    f"{feature}=()"
    for feature in (
        "accelerometer",
        "camera",
        "display-capture",
        "geolocation",
        "gyroscope",
        "hid",
        "idle-detection",
        "magnetometer",
        "microphone",
        "midi",
        "payment",
        "publickey-credentials-get",
        "screen-wake-lock",
        "serial",
        "usb",
    )
)
X_FRAME_OPTIONS = "DENY"
# No form of the portal is longer. A larger body is refused before it is parsed.
DATA_UPLOAD_MAX_MEMORY_SIZE = 64 * 1024
# Files do not count towards that limit. The first handler accepts them on these pages, up to IMPORT_FILE_MAX.
FILE_UPLOAD_HANDLERS = [
    "common.upload_handler.UploadAllowList",
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "django.core.files.uploadhandler.TemporaryFileUploadHandler",
]
FILE_PAGES = (
    "admin:import_upload",
    "admin:campaigns_enrollmentcampaign_add",
    "admin:campaigns_enrollmentcampaign_change",
    "admin:sso_tenant_pilot",
)
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
        # Browsers apply this directive to the redirects after a form. See `sso.oidc.onward` for the way to a service.
        "form-action": [SELF, *(f"https://{host}" for host in SIGN_IN_NEXT_HOSTS)],
    }
}

STATIC_URL = "/static/"  # without the slash, Django adds the prefix of the first request's journey
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
