"""The Celery tasks of this app, for Celery's discovery. Each is defined next to the function that it runs."""

from mfa_sms.delivery import send_code_message, send_notice_message
from mfa_sms.pumping import block_pumped_prefixes
from mfa_sms.receipts import process_receipts, sweep_receipts
from mfa_sms.sweep import sweep_messages

__all__ = [
    "block_pumped_prefixes",
    "process_receipts",
    "send_code_message",
    "send_notice_message",
    "sweep_messages",
    "sweep_receipts",
]
