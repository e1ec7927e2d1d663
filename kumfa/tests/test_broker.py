"""The embedded broker: messages as files, written by several threads while another thread reads."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from queue import Empty
from typing import Any

import kombu
import pytest

from kumfa.broker import Channel, Transport

WRITERS, EACH = 4, 100


@pytest.fixture
def connection(tmp_path: Path) -> kombu.Connection:
    folders = {"data_folder_in": str(tmp_path), "data_folder_out": str(tmp_path), "control_folder": str(tmp_path / "c")}
    return kombu.Connection("filesystem://localhost", transport_options=folders)


def channel_of(connection: kombu.Connection) -> Any:
    return connection.clone().channel()


def test_the_portal_uses_it(connection: kombu.Connection) -> None:
    assert isinstance(connection.transport, Transport)
    assert isinstance(channel_of(connection), Channel)


def test_a_message_is_read_whole_or_not_at_all(connection: kombu.Connection) -> None:
    def write(writer: int) -> None:
        channel = channel_of(connection)
        for number in range(EACH):
            channel._put("codes", {"body": [writer, number], "padding": "x" * 5000})

    reader = channel_of(connection)
    seen: set[tuple[int, ...]] = set()
    with ThreadPoolExecutor(WRITERS) as pool:
        writers = [pool.submit(write, writer) for writer in range(WRITERS)]
        while len(seen) < WRITERS * EACH:
            try:
                seen.add(tuple(reader._get("codes")["body"]))
            except Empty:
                assert not all(writer.done() for writer in writers) or reader._size("codes")
    assert len(seen) == WRITERS * EACH


def test_what_is_half_written_is_no_message(connection: kombu.Connection, tmp_path: Path) -> None:
    (tmp_path / "1_a.codes.msg.part").write_text("{")
    with pytest.raises(Empty):
        channel_of(connection)._get("codes")
