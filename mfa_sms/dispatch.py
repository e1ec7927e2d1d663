"""A committed message's id goes to the worker.

If the broker takes nothing, the publishing thread sends the code itself. That is slower, and lost with the process, but
the row stays and the sweep finds it. The claim on the row prevents a second message once the broker is back. A notice
waits for the broker.
"""

from functools import partial

from common.publishing import publish_soon
from mfa_sms import delivery


def enqueue_code(message_id: int) -> None:
    """Have the message with a code sent soon. Returns at once and never raises."""
    publish_soon(delivery.send_code_message, message_id, fallback=partial(delivery.deliver, message_id))


def enqueue_notice(message_id: int) -> None:
    """Have the notice sent soon, by a queue in which no code waits. Returns at once and never raises."""
    publish_soon(delivery.send_notice_message, message_id)
