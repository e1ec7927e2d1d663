"""The tasks of this app, for Celery's discovery. Each is next to the function that it runs."""

from accounts.campaigns.mails import send_reminder
from accounts.campaigns.reminding import sweep_reminders
from accounts.importing.uploads import apply_import, check_import, sweep_imports
from accounts.mailing import send_notice, sweep_notices
from accounts.overview.counting import count_figures
from accounts.password_reset import send_password_reset
from accounts.retention import run_all, run_one
from accounts.sealing.sealer import seal
from accounts.sessions.expiry import delete_expired_sessions
from accounts.unfinished import notify_abandoned_sign_ins

__all__ = [
    "apply_import",
    "check_import",
    "count_figures",
    "delete_expired_sessions",
    "notify_abandoned_sign_ins",
    "run_all",
    "run_one",
    "seal",
    "send_notice",
    "send_password_reset",
    "send_reminder",
    "sweep_imports",
    "sweep_notices",
    "sweep_reminders",
]
