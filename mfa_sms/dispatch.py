"""Enqueues committed messages for the workers.

If the broker accepts nothing, the publishing thread sends the code itself. That is slower and is lost if the process
ends, but the row remains and the sweep finds it. The claim on the row prevents a second message once the broker is
back. A notice waits for the broker.
"""

from functools import partial

from common.publishing import publish_soon
from mfa_sms import delivery


def enqueue_code(message_id: int) -> None:
    """Enqueue a message with a code. Returns at once and never raises."""
    publish_soon(delivery.send_code_message, message_id, fallback=partial(delivery.deliver, message_id))


def enqueue_notice(message_id: int) -> None:
    """Enqueue a notice, on a queue that carries no codes. Returns at once and never raises."""
    publish_soon(delivery.send_notice_message, message_id)
