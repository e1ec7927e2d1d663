"""Cause faults while messages are sent, and print how the messages ended."""

import argparse
import os
import sys
import tempfile
from pathlib import Path

from tests.faults.plan import Plan
from tests.faults.report import table
from tests.faults.run import run


def main() -> int:
    """Run the plan. Return the exit code: 1 if a promise was broken."""
    parser = argparse.ArgumentParser(prog="python -m tests.faults", description=__doc__)
    parser.add_argument("--messages", type=int, default=5000)
    parser.add_argument("--rate", type=float, default=20, help="messages a second")
    parser.add_argument("--kill-every", type=float, default=8, help="seconds between kills of workers that send")
    parser.add_argument("--folder", type=Path, help="where logs are kept; default: a temporary folder")
    options = parser.parse_args()
    server = os.environ.get("TEST_DATABASE_URL", "postgres://postgres@127.0.0.1:5432/postgres")
    broker = os.environ.get("TEST_AMQP_URL", "amqp://guest:guest@127.0.0.1:5672//")
    folder = options.folder or Path(tempfile.mkdtemp(prefix="kumfa-faults-"))
    folder.mkdir(parents=True, exist_ok=True)
    outcome = run(Plan(options.messages, options.rate, options.kill_every), server, broker, folder)
    sys.stdout.write(f"{table(outcome)}\n")
    for words in outcome.broken:
        sys.stdout.write(f"BROKEN: {words}\n")
    sys.stdout.write(f"Logs: {folder}\n")
    return 1 if outcome.broken else 0


if __name__ == "__main__":
    sys.exit(main())
