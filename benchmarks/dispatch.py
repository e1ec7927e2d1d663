"""Measure how fast messages leave, from commit to gateway: with our worker of threads, and with alternatives.

    python benchmarks/dispatch.py [--messages N] [--seconds N] [--concurrency N [N ...]]

A gateway that speaks GatewayAPI's protocol and answers after 200 ms runs in its own process. Messages are made as a
request makes them. They are dispatched through Redis to one worker process with threads, as in production. The same is
done with Celery's default worker of processes, and with threads that send in the request. Needs PostgreSQL and Redis on
this machine (BENCHMARK_DATABASE_URL, BENCHMARK_REDIS_URL). Needs Linux, whose /proc gives the CPU time of a process.
Fails if an aim is missed.
"""

import argparse
import asyncio
import contextlib
import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from statistics import quantiles
from typing import Any

import psycopg
import redis

# Modules of Django and of the portal are imported inside functions: they can be imported only once settings are loaded.
HERE = Path(__file__).resolve().parent
ROOT = HERE.parent
SERVER = os.environ.get("BENCHMARK_DATABASE_URL", "postgres://postgres@127.0.0.1:5432").rstrip("/")
REDIS = os.environ.get("BENCHMARK_REDIS_URL", "redis://127.0.0.1:6379/14")
QUEUE = "codes"
NODE = f"dispatch-{os.getpid()}"
QUEUE_KEYS = (QUEUE, "unacked", "unacked_index", "unacked_mutex")
LATENCY = 0.2  # seconds until the gateway answers
MORNING = 25.0  # messages per second: 1,500 sign-ins per minute
REQUEST_THREADS = 8  # gunicorn's gthread with two processes of four threads
PREFORK = 2
WARM_UP = 48
PATIENCE = 240.0  # seconds for one phase
THREADS = 32  # as in docs/operators/install.md
RATE_MIN, RATIO_MIN, P95_MAX, CPU_MAX = 120.0, 12.0, 0.150, 6.0


# --- the gateway's process ------------------------------------------------------------------------------------------


class Connection(asyncio.Protocol):
    """One persistent connection. Requests come one after another."""

    def __init__(self, received: list[tuple[str, float]]) -> None:
        self.received = received
        self.buffer = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Keep the transport for the answers."""
        self.transport = transport

    def data_received(self, data: bytes) -> None:
        """Record when a request is complete, and answer it after `LATENCY`."""
        self.buffer += data
        head, separator, body = self.buffer.partition(b"\r\n\r\n")
        if not separator:
            return
        request, *lines = head.decode().split("\r\n")
        headers = {name.lower(): value for name, _, value in (line.partition(": ") for line in lines)}
        if len(body) < int(headers["content-length"]):
            return
        now, self.buffer = time.time(), b""
        message = json.loads(body)
        right = (request, headers["authorization"]) == ("POST /mobile/single HTTP/1.1", "Token token")
        if not right or not str(message["message"])[:6].isdigit():
            sys.exit(f"the gateway does not understand {request}")
        self.received.append((message["reference"].partition("-")[0], now))
        asyncio.get_running_loop().call_later(LATENCY, self._answer, message)

    def _answer(self, message: dict[str, Any]) -> None:
        fields = {"msg_id": f"id-{message['reference']}", "recipient": message["recipient"]}
        body = json.dumps({**fields, "reference": message["reference"]}).encode()
        head = f"HTTP/1.1 202 Accepted\r\nContent-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
        assert isinstance(self.transport, asyncio.WriteTransport)
        self.transport.write(head.encode() + body)


async def serve() -> None:
    """Print the port. For each line on standard input, print the messages received since the last one.

    End with the input.
    """
    received: list[tuple[str, float]] = []
    server = await asyncio.get_running_loop().create_server(lambda: Connection(received), "127.0.0.1", 0, backlog=256)
    print(server.sockets[0].getsockname()[1], flush=True)
    while await asyncio.to_thread(sys.stdin.readline):
        print(json.dumps(received), flush=True)
        received.clear()


class Gateway:
    """The gateway, as the measuring process sees it."""

    def __init__(self, process: "subprocess.Popen[str]") -> None:
        assert process.stdin is not None
        assert process.stdout is not None
        self.stdin, self.stdout = process.stdin, process.stdout
        self.port = int(self.stdout.readline())

    def take(self) -> list[tuple[int, float]]:
        """Return the ids of the messages received since the last call, each with its time."""
        print(file=self.stdin, flush=True)
        return [(int(reference), at) for reference, at in json.loads(self.stdout.readline())]


@contextlib.contextmanager
def gateway() -> Iterator[Gateway]:
    """Run the gateway in its own process."""
    command = [sys.executable, __file__, "--part", "gateway"]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, stdin=pipe, stdout=pipe, text=True) as process:
        try:
            yield Gateway(process)
        finally:
            process.terminate()


# --- ways to send ---------------------------------------------------------------------------------------------------


def send_in_requests() -> None:
    """Act as the web process that sends in its requests. Read ids from standard input."""
    django_setup()
    from django.db import connections

    from mfa_sms import delivery

    def request(message_id: int) -> None:
        delivery.deliver(message_id)
        connections.close_all()  # as Django does when a request ends

    with ThreadPoolExecutor(REQUEST_THREADS) as threads:
        for line in sys.stdin:
            threads.submit(request, int(line))


@dataclass(frozen=True)
class Way:
    """A way to send: its name in the table, its command, and whether ids go to Celery or to standard input."""

    name: str
    command: tuple[str, ...]
    celery: bool = True
    messages: int = 100


def ways(arguments: argparse.Namespace) -> list[Way]:
    """Return all ways to compare. The slow ones get fewer messages when they send flat out."""
    celery = (sys.executable, "-m", "celery", "--quiet", "--app", "kumfa", "worker")
    ours = (*celery, "--queues", QUEUE, "--hostname", f"{NODE}@%h", "--pool", "threads", "--concurrency")
    prefork = (*celery, "--queues", QUEUE, "--hostname", f"{NODE}@%h", "--concurrency", str(PREFORK))
    inside = (sys.executable, __file__, "--part", "inside")
    found = [Way(_ours(n), (*ours, str(n)), messages=min(arguments.messages, n * 40)) for n in arguments.concurrency]
    found.append(Way(f"in the request, {REQUEST_THREADS} threads", inside, celery=False, messages=320))
    found.append(Way(f"Celery's default, {PREFORK} processes", prefork))
    return found


class Sender:
    """The running process of a way to send."""

    def __init__(self, way: Way, process: "subprocess.Popen[str]") -> None:
        self.way, self.process = way, process

    def hand_over(self, message_id: int) -> None:
        """Dispatch a committed message by its id."""
        from mfa_sms.tasks import send_code_message

        if self.way.celery:
            send_code_message.delay(message_id)
        else:
            assert self.process.stdin is not None
            print(message_id, file=self.process.stdin, flush=True)

    @property
    def cpu(self) -> float:
        """CPU time in seconds of the process and its children, in all threads."""
        return sum(map(cpu_seconds, family(self.process.pid)))


def family(pid: int) -> list[int]:
    """Return a process and its descendants."""
    children = [path.read_text() for path in Path(f"/proc/{pid}/task").glob("*/children")]
    return [pid, *(member for child in " ".join(children).split() for member in family(int(child)))]


def cpu_seconds(pid: int) -> float:
    """Return the user and system time of a process in seconds."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


@contextlib.contextmanager
def running(way: Way, folder: Path) -> Iterator[Sender]:
    """Start the process. End it and all its children afterwards."""
    path = folder / "sender.log"
    with open(path, "w") as log:
        process = subprocess.Popen(
            way.command, cwd=ROOT, stdin=subprocess.PIPE, stdout=log, stderr=log, text=True, start_new_session=True
        )
    try:
        yield Sender(way, process)
    except BaseException:
        print(path.read_text()[-2000:], file=sys.stderr)
        raise
    finally:
        process.terminate()
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(10)
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()


# --- messages -------------------------------------------------------------------------------------------------------


class Outbox:
    """Makes messages as `mfa_sms.sending._ask` does, each with its own account and number."""

    def __init__(self) -> None:
        self.accounts = 0

    def unsaved(self, count: int) -> list[Any]:
        """Save accounts, devices and challenges. Return their messages, unsaved."""
        from accounts.models import Account
        from mfa_sms import codes
        from mfa_sms.models import Challenge, Purpose, SmsDevice, TextMessage

        numbers = range(self.accounts, self.accounts + count)
        self.accounts += count
        people = Account.objects.bulk_create(Account(username=f"p{number}", password="!") for number in numbers)
        devices = [
            SmsDevice(user=account, number=f"+4526{number:06}", confirmed=True)
            for number, account in zip(numbers, people, strict=True)
        ]
        for device in devices:
            device.count_message()
        SmsDevice.objects.bulk_create(devices)
        purpose, key_id = Purpose.SIGN_IN, codes.current_key_id()
        challenges = Challenge.objects.bulk_create(
            Challenge(device=device, purpose=purpose, browser=f"{device.pk:064}", key_id=key_id) for device in devices
        )
        return [
            TextMessage(
                account_id=challenge.device.user_id,
                device=challenge.device,
                challenge=challenge,
                purpose=purpose,
                number=challenge.device.number,
                language=("da", "en")[challenge.pk % 2],
                expires_at=challenge.expires_at,
            )
            for challenge in challenges
        ]


Committed = dict[int, float]


def flat_out(messages: list[Any], hand_over: Callable[[int], None]) -> Committed:
    """Commit all messages at once, then dispatch them as fast as possible."""
    from mfa_sms.models import TextMessage

    TextMessage.objects.bulk_create(messages)
    now = time.time()
    for message in messages:
        hand_over(message.pk)
    return {message.pk: now for message in messages}


def paced(messages: list[Any], hand_over: Callable[[int], None]) -> Committed:
    """Commit and dispatch one message after another, at the rate of a semester's first morning."""
    begin, committed = time.monotonic(), {}
    for position, message in enumerate(messages):
        time.sleep(max(0.0, begin + position / MORNING - time.monotonic()))
        message.save(force_insert=True)
        committed[message.pk] = time.time()
        hand_over(message.pk)
    return committed


# --- measuring ------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Phase:
    """The result of some messages: messages per second, CPU milliseconds each, and seconds from commit to gateway."""

    rate: float
    cpu: float
    waits: list[float]

    def percentile(self, number: int) -> float:
        """Return a percentile of the seconds from commit to gateway."""
        return quantiles(self.waits, n=100, method="inclusive")[number - 1]


@dataclass(frozen=True)
class Measured:
    """The results of a way to send: flat out, and at the rate of a morning."""

    flat: Phase
    morning: Phase


def wait_until_sent(ids: Committed) -> float:
    """Wait until all messages are sent. Return when the last was recorded as sent, in seconds since the epoch."""
    from django.db.models import Max

    from mfa_sms.models import TextMessage

    rows = TextMessage.objects.filter(pk__range=(min(ids), max(ids)))
    deadline = time.monotonic() + PATIENCE
    while rows.filter(status__in=["queued", "sending"]).exists():
        if time.monotonic() > deadline:
            sys.exit("messages have not been sent")
        time.sleep(0.2)
    if rows.exclude(status="sent").exists():
        sys.exit("messages have ended otherwise than sent")
    return float(rows.aggregate(last=Max("sent_at"))["last"].timestamp())


def run(
    sender: Sender, server: Gateway, messages: list[Any], how: Callable[[list[Any], Callable[[int], None]], Committed]
) -> Phase:
    """Send messages and return the results."""
    cpu = sender.cpu
    committed = how(messages, sender.hand_over)
    end = wait_until_sent(committed)
    time.sleep(0.2)  # for the work that a worker does after a message
    cpu = sender.cpu - cpu
    came = server.take()
    if sorted(reference for reference, _at in came) != sorted(committed):
        sys.exit("not each message has come to the gateway once")
    waits = [at - committed[reference] for reference, at in came]
    return Phase(len(committed) / (end - min(committed.values())), 1000 * cpu / len(committed), waits)


def measure(way: Way, server: Gateway, outbox: Outbox, folder: Path, seconds: int) -> Measured:
    """Start a way to send, warm it up, and measure both phases."""
    with running(way, folder) as sender:
        # The first phase includes the start, so its results are discarded.
        run(sender, server, outbox.unsaved(WARM_UP), flat_out)
        flat = run(sender, server, outbox.unsaved(way.messages), flat_out)
        morning = run(sender, server, outbox.unsaved(int(MORNING * seconds)), paced)
        return Measured(flat, morning)


@contextlib.contextmanager
def database() -> Iterator[str]:
    """Yield the URL of a new database. Drop it afterwards."""
    name = f"dispatch_benchmark_{os.getpid()}"
    with psycopg.connect(f"{SERVER}/postgres", autocommit=True, connect_timeout=3) as server:
        server.execute(f"CREATE DATABASE {name}")
        try:
            yield f"{SERVER}/{name}"
        finally:
            server.execute(f"DROP DATABASE {name} WITH (FORCE)")


@contextlib.contextmanager
def broker() -> Iterator[None]:
    """Remove our keys from Redis afterwards, and no others. Exit if the queue is in use."""
    with redis.Redis.from_url(REDIS) as client:
        if client.exists(QUEUE, "unacked"):
            sys.exit(f"{REDIS} is in use: it has a queue of codes")
        before = set(client.scan_iter("_kombu.*"))
        try:
            yield
        finally:
            client.delete(*QUEUE_KEYS, *(set(client.scan_iter("_kombu.*")) - before))


def environment(port: int, database_url: str, folder: str) -> dict[str, str]:
    """Return settings that pass `kumfa.checks` for production."""
    return {
        **{name: value for name, value in os.environ.items() if name in ("HOME", "LANG", "PATH", "TMPDIR")},
        "ENV_FILE": os.devnull,
        "DEBUG": "0",
        "SECRET_KEY": "k" * 50,
        "SMS_CODE_KEYS": "c" * 50,
        "EVENT_SEAL_KEYS": "e" * 50,
        "SSO_KEY_SECRETS": "s" * 50,
        "TOTP_KEY_SECRETS": "t" * 50,
        "PORTAL_URL": "https://portal.invalid",
        "DATABASE_URL": database_url,
        "DATABASE_POOL_SIZE": "16",
        "CACHE_URL": REDIS,
        "CELERY_BROKER_URL": REDIS,
        "EMAIL_URL": "smtp://127.0.0.1:9",
        "SMS_GATEWAYS": f"gatewayapi://token@127.0.0.1:{port}?secret=secret",
        "VAR_DIR": folder,
    }


def django_setup() -> None:
    """Start Django with the settings of the environment."""
    os.environ["DJANGO_SETTINGS_MODULE"] = "kumfa.settings"
    sys.path.insert(0, str(ROOT))
    import django

    django.setup()


# --- the report -----------------------------------------------------------------------------------------------------


def row(*cells: str) -> str:
    """Return a row of a Markdown table."""
    return f"| {' | '.join(cells)} |"


def table(found: dict[str, Measured]) -> None:
    """Print the results of each way to send."""
    print(row("Who sends", "Messages", "a second", "CPU, ms each", "p50, s", "p95, s", "p99, s"))
    print(row("---", "---", "---:", "---:", "---:", "---:", "---:"))
    for name, measured in found.items():
        for what, phase in (("flat out", measured.flat), (f"{MORNING:.0f} a second", measured.morning)):
            waits = [f"{phase.percentile(number):.3f}" for number in (50, 95, 99)]
            print(row(name, what, f"{phase.rate:.1f}", f"{phase.cpu:.1f}", *waits))


def _ours(threads: int) -> str:
    return f"one process, {threads} threads"


def judge(found: dict[str, Measured]) -> list[str]:
    """Print how ours compares, with the recommended number of threads. Return the aims that are missed."""
    *_others, inside, prefork = found.values()
    ours = found.get(_ours(THREADS)) or next(iter(found.values()))
    ratio = ours.flat.rate / prefork.flat.rate
    p95 = ours.morning.percentile(95)
    print(f"\nFlat out: {ratio:.1f} times Celery's default, {ours.flat.rate / inside.flat.rate:.1f} times the request.")
    aims = [
        (ours.flat.rate >= RATE_MIN, f"{ours.flat.rate:.0f} messages a second, aim {RATE_MIN:.0f}"),
        (ratio >= RATIO_MIN, f"{ratio:.1f} times Celery's default, aim {RATIO_MIN:.0f}"),
        (p95 <= P95_MAX, f"p95 {p95 * 1000:.0f} ms at {MORNING:.0f} a second, aim {P95_MAX * 1000:.0f}"),
        (ours.flat.cpu <= CPU_MAX, f"{ours.flat.cpu:.1f} ms of CPU a message flat out, aim {CPU_MAX:.0f}"),
    ]
    return [text for met, text in aims if not met]


def report(arguments: argparse.Namespace) -> int:
    """Measure all ways and print the table. Return 0 if all aims are met."""
    found: dict[str, Measured] = {}
    with (
        tempfile.TemporaryDirectory(prefix="dispatch-") as folder,
        gateway() as server,
        database() as database_url,
        broker(),
    ):
        settings = environment(server.port, database_url, folder)
        os.environ.clear()
        os.environ.update(settings)
        django_setup()
        from django.core.management import call_command
        from django.db import connections

        call_command("check", verbosity=0)
        call_command("migrate", verbosity=0)
        outbox = Outbox()
        for way in ways(arguments):
            found[way.name] = measure(way, server, outbox, Path(folder), arguments.seconds)
            print(f"{way.name}: measured; load {os.getloadavg()[0]:.1f}", file=sys.stderr)
        connections.close_all()
    table(found)
    missed = judge(found)
    print("\n" + ("\n".join(f"MISSED: {line}" for line in missed) or "Within the aims."))
    return 1 if missed else 0


def main() -> int:
    """Measure, or run the part that `--part` names."""
    parser = argparse.ArgumentParser(description="How fast messages leave, here and as others would send them.")
    parser.add_argument("--messages", type=int, default=1500, help="messages flat out, to 64 threads (1500)")
    parser.add_argument("--seconds", type=int, default=8, help=f"seconds at {MORNING:.0f} messages a second (8)")
    parser.add_argument("--concurrency", type=int, nargs="+", default=[8, 32, 64], help="threads of ours (8 32 64)")
    parser.add_argument("--part", choices=("gateway", "inside"), help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.part == "gateway":
        asyncio.run(serve())
    elif arguments.part == "inside":
        send_in_requests()
    else:
        return report(arguments)
    return 0


if __name__ == "__main__":
    sys.exit(main())
