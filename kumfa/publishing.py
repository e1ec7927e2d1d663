"""Celery with publishing that the broker confirms within a time limit.

Without a confirmation, a task that is written to a dead but open connection appears to be published. With RabbitMQ,
each publication waits for its confirmation. A broker that is silent raises an error in time, and the caller sends the
message itself.
"""

from contextlib import suppress
from typing import Any

from celery import Celery, Task
from django.conf import settings


class ConfirmedTask(Task[Any, Any]):
    """A task whose publication is confirmed. The confirmation has a time limit."""

    abstract = True

    def apply_async(  # type: ignore[override]
        self, args: Any = None, kwargs: Any = None, task_id: Any = None, producer: Any = None, **options: Any
    ) -> Any:
        """Publish the task. Raises an exception if the broker does not confirm it in time."""
        if self.app.conf.task_always_eager or producer is not None:
            return super().apply_async(args, kwargs, task_id, producer, **options)
        options.setdefault("confirm_timeout", settings.PUBLISH_TIMEOUT)
        with self.app.producer_or_acquire() as own:
            try:
                return super().apply_async(args, kwargs, task_id, own, **options)
            except Exception:
                # A late confirmation would be taken for that of the next task. Close without asking the broker.
                with suppress(Exception):
                    own.connection.collect(socket_timeout=0.1)
                raise


class ConfirmingCelery(Celery):
    """Connections for publishing have a time limit for each step, also for those before the publication itself."""

    task_cls = "kumfa.publishing:ConfirmedTask"

    def connection_for_write(self, url: Any = None, **kwargs: Any) -> Any:
        """Return a connection for publishing."""
        broker = str(url or self.conf.broker_write_url)
        if broker.startswith(("amqp", "pyamqp")):
            limit = settings.PUBLISH_TIMEOUT
            options = {"confirm_publish": True, "read_timeout": limit, "write_timeout": limit}
            kwargs["transport_options"] = {**options, **(kwargs.get("transport_options") or {})}
        return super().connection_for_write(url, **kwargs)
