"""The names of tasks, and the queues to which they go."""

import re

from celery import current_app
from django.conf import settings

from kumfa.celery import app
from kumfa.settings import BASE_DIR

# A message in the broker may be older than the release that reads it, so a name never changes.
NAMES = {
    "account_import.apply_import",
    "account_import.check_import",
    "account_import.sweep_imports",
    "audit.seal_events",
    "campaigns.send_reminder",
    "campaigns.sweep_reminders",
    "limits.mail_alarm",
    "directory.sync_directory",
    "helpdesk.alert_waiting",
    "limits.sweep_alarms",
    "mfa_sms.block_pumped_prefixes",
    "mfa_sms.process_receipts",
    "mfa_sms.send_code_message",
    "mfa_sms.send_notice_message",
    "mfa_sms.sweep_messages",
    "mfa_sms.sweep_receipts",
    "notices.notify_abandoned_sign_ins",
    "notices.notify_guessed_passwords",
    "notices.send_notice",
    "notices.sweep_notices",
    "overview.count_figures",
    "overview.mail_troubles",
    "overview.count_totals",
    "common.run_retention",
    "common.run_retention_step",
    "sessions.delete_expired_sessions",
    "sign_in.send_due_resets",
    "sso.send_backchannel_logout",
    "sso.sweep_backchannel_logouts",
}


def own_tasks() -> set[str]:
    current_app.loader.import_default_modules()
    return {name for name in current_app.tasks if not name.startswith("celery.") and ".tests." not in name}


def queues_in(pattern: str, path: str) -> set[str]:
    text = (BASE_DIR / path).read_text(encoding="utf-8")
    return {queue for found in re.findall(pattern, text) for queue in found.split(",")}


def test_the_names_of_tasks_stay_as_they_are() -> None:
    assert own_tasks() == NAMES


def test_every_route_is_of_a_task_that_there_is() -> None:
    assert set(settings.CELERY_TASK_ROUTES) <= own_tasks()


def test_every_queue_has_a_consumer() -> None:
    router = app.amqp.Router()
    wanted = {router.route({}, name)["queue"].name for name in own_tasks()}
    assert wanted == {"codes", "other"}
    units = [f"docs/systemd/{path.name}" for path in (BASE_DIR / "docs/systemd").glob("*.service")]
    assert set().union(*(queues_in(r"--queues (\S+)", unit) for unit in units)) == wanted
    assert queues_in(r'"--queues", "(\S+)"', "demo/management/commands/run.py") == wanted


def test_the_task_of_codes_and_their_sweep_wait_behind_nothing_else() -> None:
    routed = {name for name, route in settings.CELERY_TASK_ROUTES.items() if route == {"queue": "codes"}}
    assert routed == {"mfa_sms.send_code_message", "mfa_sms.sweep_messages"}
