"""Settings for work outside requests: Celery, its broker and beat, and mail."""

from typing import Any

from celery.schedules import crontab

from kumfa.settings.base import VAR_DIR, env
from kumfa.settings.connections import CELERY_BROKER_URL
from kumfa.settings.directory import DIRECTORY_SYNC_HOURS, DIRECTORY_URLS

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
    # The broker may be unreachable: a request tries to connect once, for a second, and then continues. Workers have
    # settings of their own and keep trying.
    CELERY_BROKER_TRANSPORT_OPTIONS = {"max_retries": 0}
    if CELERY_BROKER_URL.startswith(("redis", "rediss")):
        # Shorter than a code's life, so that the messages of a killed worker are sent while their codes are valid.
        CELERY_BROKER_TRANSPORT_OPTIONS |= {
            "visibility_timeout": 120,
            "socket_connect_timeout": 1,
            "socket_timeout": 5,
        }
CELERY_BROKER_CONNECTION_TIMEOUT = 1
PUBLISH_TIMEOUT = 2.0  # seconds in which the broker confirms a task; a healthy one takes milliseconds
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
# Threads of each web process that publish tasks to the broker. While the broker is down they send codes, so each may
# wait for a gateway.
PUBLISHER_THREADS = env.int("PUBLISHER_THREADS", default=4)
# The sweep sends codes, so it must not wait behind receipts, which come in thousands. Notices by SMS are not routed
# here, since only codes may delay other codes.
CELERY_TASK_ROUTES = {
    "mfa_sms.send_code_message": {"queue": "codes"},
    "mfa_sms.sweep_messages": {"queue": "codes"},
}
# Beat keeps one connection open. Unlike a request it must retry: retries make it reconnect after the broker has been
# down.
_CLOCK = {"retry": True, "retry_policy": {"max_retries": 3, "interval_start": 0, "interval_step": 0.5}}


def _every(seconds: int) -> dict[str, Any]:
    # The broker drops a task that no worker has taken in time. It counts by its own clock, unlike Celery's `expires`,
    # which compares the clocks of two hosts.
    return {"schedule": float(seconds), "options": {"expiration": max(seconds, 60), **_CLOCK}}


_SCHEDULE = {
    "mfa_sms.sweep_messages": _every(15),
    "mfa_sms.sweep_receipts": _every(15),
    "sign_in.send_due_resets": _every(5),  # a user waits for this mail
    "notices.sweep_notices": _every(60),
    "campaigns.sweep_reminders": _every(300),
    "account_import.sweep_imports": _every(300),
    "notices.notify_abandoned_sign_ins": _every(60),
    "notices.notify_guessed_passwords": _every(60),
    "audit.seal_events": _every(60),
    "helpdesk.alert_waiting": _every(300),
    "limits.sweep_alarms": _every(60),
    "mfa_sms.block_pumped_prefixes": _every(300),
    "overview.count_figures": _every(300),
    "overview.mail_troubles": _every(60),
    "overview.count_totals": _every(60),
    "sso.sweep_backchannel_logouts": _every(60),
    "sessions.delete_expired_sessions": _every(3600),
    # Runs the jobs registered with `common.retention`, at the time when the fewest people sign in.
    "common.run_retention": {"schedule": crontab(hour=3, minute=17), "options": {"expiration": 3600, **_CLOCK}},
}
if DIRECTORY_URLS:
    _SCHEDULE["directory.sync_directory"] = _every(DIRECTORY_SYNC_HOURS * 3600)
CELERY_BEAT_SCHEDULE = {task: {"task": task, **entry} for task, entry in _SCHEDULE.items()}
CELERY_BEAT_SCHEDULER = "kumfa.clock:Scheduler"
CELERY_BEAT_SCHEDULE_FILENAME = str(VAR_DIR / "celerybeat-schedule")
CELERY_TIMEZONE = "Europe/Copenhagen"


EMAIL_URL = env.str("EMAIL_URL", default="")
if EMAIL_URL:
    globals().update(env.email_url_config(EMAIL_URL))
else:
    EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    EMAIL_FILE_PATH = str(VAR_DIR / "mail")
EMAIL_TIMEOUT = 10
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", default="KU-IT <noreply@ku.dk>")
