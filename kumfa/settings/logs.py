"""Logging of every process: lines on standard error."""

import logging

from kumfa.logs.lines import configure_structlog
from kumfa.settings.base import DEBUG, env

EVENT_LOG = env.str("EVENT_LOG", default="")  # "stderr", or the path of a file
EVENT_HANDLER: dict[str, object]
if not EVENT_LOG:
    EVENT_HANDLER = {"class": "logging.NullHandler"}
elif EVENT_LOG == "stderr":
    EVENT_HANDLER = {"class": "kumfa.logs.event_file.StrictStream", "formatter": "event"}
else:
    EVENT_HANDLER = {
        "class": "kumfa.logs.event_file.StrictFile",
        "formatter": "event",
        "filename": EVENT_LOG,
        "encoding": "utf-8",
        "delay": True,
    }
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "line": {"()": "kumfa.logs.lines.readable_lines"},
        "json": {"()": "kumfa.logs.lines.json_lines"},
        "event": {"format": "%(message)s"},
    },
    "handlers": {
        "stderr": {
            "class": "logging.StreamHandler",
            "formatter": env.choice("LOG_FORMAT", ("line", "json"), default="line" if DEBUG else "json"),
        },
        "events": EVENT_HANDLER,
    },
    "root": {
        "handlers": ["stderr"],
        "level": env.choice("LOG_LEVEL", ("DEBUG", "INFO", "WARNING", "ERROR"), default="INFO"),
    },
    "loggers": {
        # These loggers bring their own handlers, which neither add the reference nor mask secrets.
        "django": {"handlers": [], "propagate": True},
        "django.server": {"handlers": [], "propagate": True},
        "gunicorn.error": {"handlers": [], "propagate": True},
        "gunicorn.access": {"handlers": [], "propagate": True},
        # Celery logs two lines per task, and beat one per scheduled task. Our own lines say all that matters.
        "celery.worker.strategy": {"level": "WARNING"},
        "celery.app.trace": {"level": "WARNING"},
        "celery.beat": {"level": "WARNING"},
        # Security events as JSON lines, regardless of LOG_LEVEL. `audit.sealing.export` writes them.
        "kumfa.events": {"handlers": ["events"], "level": "INFO", "propagate": False},
        # SECURITY: at any LOG_LEVEL. At DEBUG, oauthlib logs codes and refresh tokens. At INFO, httpx logs each URL,
        # and Kannel's contains the number and the text. httpcore logs headers, which contain the gateways' tokens. The
        # clients of brokers log payloads and URLs.
        **{name: {"level": "WARNING"} for name in ("oauthlib", "httpx", "httpcore", "urllib3")},
        **{name: {"level": "INFO"} for name in ("oauth2_provider", "celery", "kombu", "amqp", "redis")},
    },
}
configure_structlog()
# Python prints warnings as plain text. In production they are lines of the log as well.
if not DEBUG:
    logging.captureWarnings(True)
