"""A committed message's id goes to the worker; the request does not wait for it.

A few threads of the web process publish. Where the broker takes nothing, the same threads send the code themselves:
slower, and lost with the process, but the row stays, and the sweep finds it. The claim on the row sees to it that
nothing is sent twice when the broker is back. A notice can wait for the broker.
"""

from functools import partial
from typing import Any

from accounts.publishing import Publisher

_publisher = Publisher("SMS_HAND_OVER_THREADS")


def hand_over(message_id: int) -> None:
    """Have the code's message sent soon. Returns at once and never raises."""
    _publisher.submit(f"message {message_id}", partial(_publish_or_send, message_id))


def hand_over_notice(message_id: int) -> None:
    """Have the notice sent soon, by a queue in which no code waits. Returns at once and never raises."""
    from mfa_sms.tasks import send_notice_message

    publish_soon(send_notice_message, message_id)


def publish_soon(task: Any, *args: Any) -> None:
    """Give a task to the broker that the sweep makes up for if it is lost. Returns at once and never raises."""
    _publisher.publish_soon(task, *args)


def _publish_or_send(message_id: int) -> None:
    from mfa_sms import delivery
    from mfa_sms.tasks import send_text_message

    if not _publisher.publish(f"message {message_id}", partial(send_text_message.delay, message_id)):
        delivery.deliver(message_id)
