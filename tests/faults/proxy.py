"""A proxy to the broker that can be interrupted.

`cut` resets every connection and refuses new ones. `silent` transfers nothing more but keeps the connections open.
`restore` resets old connections and accepts new ones.
"""

import asyncio
import socket
import sys
import threading
from contextlib import suppress

from tests.faults.helpers import obey


class Proxy:
    """Transfers bytes between a local port and the broker."""

    def __init__(self, host: str, port: int) -> None:
        self._target = (host, port)
        self._server: asyncio.Server | None = None
        self._writers: set[asyncio.StreamWriter] = set()
        self._flows = asyncio.Event()
        self.port = _free_port()

    async def do(self, command: str) -> str:
        """Execute a command."""
        if command == "silent":
            self._flows.clear()
        else:
            await self._stop()
        if command == "restore":
            self._flows.set()
            self._server = await asyncio.start_server(self._carry, "127.0.0.1", self.port)
        return "done"

    async def _stop(self) -> None:
        if self._server is not None:
            self._server.close()
            self._server = None
        for writer in list(self._writers):
            writer.transport.abort()

    async def _carry(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._writers.add(writer)
        try:
            far_reader, far_writer = await asyncio.open_connection(*self._target)
        except OSError:
            writer.transport.abort()
            self._writers.discard(writer)
            return
        self._writers.add(far_writer)
        await asyncio.gather(self._pump(reader, far_writer), self._pump(far_reader, writer))
        self._writers -= {writer, far_writer}

    async def _pump(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(OSError):
            while data := await reader.read(65536):
                await self._flows.wait()
                writer.write(data)
                await writer.drain()
        writer.close()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def main() -> None:
    """Run the proxy until standard input ends."""
    loop = asyncio.new_event_loop()
    threading.Thread(target=loop.run_forever, daemon=True).start()
    proxy = Proxy(sys.argv[1], int(sys.argv[2]))

    def do(command: str) -> str:
        return asyncio.run_coroutine_threadsafe(proxy.do(command), loop).result(10)

    do("restore")
    obey(proxy.port, do)


if __name__ == "__main__":
    main()
