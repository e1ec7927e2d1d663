"""The log of every process: lines on standard error."""

from kumfa.logs.lines import configure_structlog
from kumfa.settings.base import DEBUG, env

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "line": {"()": "kumfa.logs.lines.readable_lines"},
        "json": {"()": "kumfa.logs.lines.json_lines"},
    },
    "handlers": {
        "stderr": {
            "class": "logging.StreamHandler",
            "formatter": env.str("LOG_FORMAT", default="line" if DEBUG else "json"),
        }
    },
    "root": {"handlers": ["stderr"], "level": env.str("LOG_LEVEL", default="INFO")},
    "loggers": {
        # These bring handlers of their own, which know neither the reference nor what to mask.
        "django": {"handlers": [], "propagate": True},
        "django.server": {"handlers": [], "propagate": True},
        "gunicorn.error": {"handlers": [], "propagate": True},
        "gunicorn.access": {"handlers": [], "propagate": True},
        # Two lines a task, of which ours says all that matters; and one each time the clock starts a task.
        "celery.worker.strategy": {"level": "WARNING"},
        "celery.app.trace": {"level": "WARNING"},
        "celery.beat": {"level": "WARNING"},
        # SECURITY: at any LOG_LEVEL. At DEBUG, oauthlib writes codes and refresh tokens; httpx writes each URL at INFO,
        # and Kannel's has the number and the text in it; httpcore writes headers, which hold the gateways' tokens.
        "oauthlib": {"level": "WARNING"},
        "oauth2_provider": {"level": "INFO"},
        "httpx": {"level": "WARNING"},
        "httpcore": {"level": "WARNING"},
    },
}
configure_structlog()
