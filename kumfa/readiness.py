"""Tells systemd when a worker or beat is ready, as gunicorn does (`Type=notify`)."""

import os
import socket
from contextlib import suppress
from typing import Any

from celery import signals


def connect() -> None:
    """Connect Celery's signals."""
    signals.worker_ready.connect(_ready, weak=False)
    signals.beat_init.connect(_ready, weak=False)
    signals.worker_shutting_down.connect(_stopping, weak=False)


def _ready(**kwargs: Any) -> None:
    _tell("READY=1")


def _stopping(**kwargs: Any) -> None:
    _tell("STOPPING=1")


def _tell(state: str) -> None:
    """Send the state to the socket that systemd names. Without systemd, do nothing."""
    address = os.environ.get("NOTIFY_SOCKET", "")
    if not address:
        return
    if address.startswith("@"):  # a name that is no file
        address = "\0" + address[1:]
    with suppress(OSError), socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as notify:
        notify.connect(address)
        notify.sendall(state.encode())
