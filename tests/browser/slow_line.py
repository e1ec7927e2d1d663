"""A line to the portal that delays everything, as a phone on a train has it. It runs in a process of its own."""

import asyncio
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from tests.checks import ROOT

DELAY = 0.4  # seconds in each direction


@contextmanager
def slow_line(port: int) -> Iterator[int]:
    """Yield a port of this machine that leads to the given one, with a delay."""
    command = [sys.executable, "-m", "tests.browser.slow_line", str(port)]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        yield int(process.stdout.readline())
        process.terminate()


async def _serve(port: int) -> None:
    async def accept(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        from_portal, to_portal = await asyncio.open_connection("127.0.0.1", port)
        await asyncio.gather(_carry(reader, to_portal), _carry(from_portal, writer))

    server = await asyncio.start_server(accept, "127.0.0.1", 0)
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()


async def _carry(source: asyncio.StreamReader, target: asyncio.StreamWriter) -> None:
    """Pass everything on after the delay, until one end closes."""
    try:
        while data := await source.read(65536):
            await asyncio.sleep(DELAY)
            target.write(data)
            await target.drain()
    except OSError:
        pass
    target.close()


if __name__ == "__main__":
    asyncio.run(_serve(int(sys.argv[1])))
