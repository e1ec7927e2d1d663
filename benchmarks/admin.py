"""Time the admin's pages over a database of the size to plan for, and the same pages over a small one.

    python -m benchmarks.admin [--plans] [--database NAME] [--only TEXT] [--keep]

Fills two databases (`benchmarks.large.fill`) and signs an agent in. Opens each list, each filter, order, search and day
that it offers, its last page, and the pages of accounts. Ends with 1 if a page makes more than 12 queries or takes more
than 200 ms. With `--plans`, also ends with 1 if a page reads a whole table of more than 10,000 rows.
"""

import argparse
import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from os import getpid
from typing import Any

from benchmarks.large import fill

QUERIES_MAX = 12
MILLISECONDS_MAX = 200
SMALL = 0.002


def measure(
    database: str, var: str, runs: int, plans: bool, named: Sequence[str] = (), only: str = ""
) -> Iterator[dict[str, Any]]:
    """Yield the cost of each page over that database: of the `named` pages, or of all pages found."""
    command = [sys.executable, "-m", "benchmarks.large.pages", str(runs), "plans" if plans else "", only]
    process = subprocess.Popen(
        command,
        cwd=fill.ROOT,
        env=fill.environment(database, var),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdin is not None
    assert process.stdout is not None
    process.stdin.write("\n".join(named))
    process.stdin.close()
    for line in process.stdout:
        yield json.loads(line)
    if process.wait():
        sys.exit("A page could not be opened.")


@contextmanager
def filled(name: str, scale: float, var: str, keep: bool) -> Iterator[str]:
    """Yield the name of a new database that is filled. Drop it afterwards unless `keep` is set."""
    fill.create(name)
    try:
        fill.fill(name, scale, var)
        yield name
    finally:
        if not keep:
            fill.drop(name)


def compare(large: str, small: str, var: str, said: argparse.Namespace) -> bool:
    """Print a line for each page. Return whether all pages are within their limits."""
    pages = list(measure(large, var, said.runs, said.plans, only=said.only))
    beside = {page["path"]: page for page in measure(small, var, said.runs, False, [page["path"] for page in pages])}
    print("| Page | queries | ms | max | ratio | over |\n| --- | ---: | ---: | ---: | ---: | --- |")
    within = True
    for page in pages:
        over = [f"reads all of {table}" for table in page["scans"]]
        over += ["queries"] if page["queries"] > QUERIES_MAX else []
        over += ["ms"] if page["ms"] > MILLISECONDS_MAX else []
        within = within and not over
        ratio = page["ms"] / beside[page["path"]]["ms"]
        cells = (page["queries"], f"{page['ms']:.0f}", f"{page['ms_max']:.0f}", f"{ratio:.2f}", ", ".join(over))
        print(f"| {page['path'].removeprefix('/admin/')} | {' | '.join(map(str, cells))} |")
    slowest = max(pages, key=lambda page: float(page["ms"]))
    most = max(page["queries"] for page in pages)
    print(f"\n{len(pages)} pages, slowest {slowest['ms']:.0f} ms ({slowest['path']}), at most {most} queries")
    return within


def main() -> int:
    """Fill the missing databases and measure. Return 0 if every page is within its limits."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--plans", action="store_true", help="look for sequential scans of large tables too")
    parser.add_argument("--database", default="", help="one that benchmarks.large.fill has made")
    parser.add_argument("--keep", action="store_true", help="leave the large database there")
    parser.add_argument("--runs", type=int, default=5, help="how often each page is timed")
    parser.add_argument("--only", default="", help="pages with this in their address")
    said = parser.parse_args()
    with (
        tempfile.TemporaryDirectory(prefix="admin-benchmark-") as var,
        filled(f"admin_benchmark_small_{getpid()}", SMALL, var, False) as small,
    ):
        if said.database:
            return 0 if compare(said.database, small, var, said) else 1
        with filled(f"admin_benchmark_{getpid()}", 1.0, var, said.keep) as large:
            return 0 if compare(large, small, var, said) else 1


if __name__ == "__main__":
    sys.exit(main())
