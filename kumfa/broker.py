"""The embedded broker: kombu's messages as files, written so that a reader never gets a partial message.

kombu creates a message's file, then locks and fills it. A worker that looks in between reads nothing, and fails. Here
the file is filled under another name and then renamed, which is one step.
"""

import os
import uuid
from time import monotonic
from typing import Any

from kombu.exceptions import ChannelError
from kombu.transport import filesystem
from kombu.utils.json import dumps


class Channel(filesystem.Channel):
    """Writes each message in one step."""

    def _put(self, queue: str, message: Any, **kwargs: Any) -> None:  # type: ignore[override]
        name = f"{round(monotonic() * 1000)}_{uuid.uuid4()}.{queue}.msg"
        hidden = os.path.join(self.data_folder_out, f"{name}.part")
        try:
            with open(hidden, "w", encoding="utf-8") as file:
                file.write(dumps(message))
            os.replace(hidden, os.path.join(self.data_folder_out, name))
        except OSError as error:
            raise ChannelError(f"Cannot add file {name!r} to directory") from error


class Transport(filesystem.Transport):
    """kombu's file-system transport with the channel above."""

    Channel = Channel
