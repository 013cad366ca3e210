"""Command `python -m tools.bench`: fill a database, serve it, measure, print a table.

The figures are also written as JSON. The environment sets DOSSIERS (2000), ROUNDS (7), DATABASES
(sqlite,postgresql), PORTAAL_DATA_DIR (work folder and place of the JSON) and BENCH: empty, `full`
(adds 8 and 32 connections), `short` (few requests, figures mean nothing) or `memory` (sends a
large file of MEGABYTES: 2048 in and out instead).
"""

from __future__ import annotations

import json
import os
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from tools.postgres import DURABLE, cluster, find_program

from . import report
from .measure import WAYS, Bench
from .paper import parts
from .server import Server, environment, nginx, nginx_program, portal, run

BUSY = (8, 32)  # concurrent connections
BUSY_SECONDS = 5.0
LARGE_MB = 10  # size of the downloaded and uploaded file


@dataclass(frozen=True)
class Order:
    """Options of one run."""

    dossiers: int
    rounds: int
    megabytes: int
    mode: str


def main() -> int:
    order = Order(
        _number("DOSSIERS", 2000),
        _number("ROUNDS", 7),
        _number("MEGABYTES", 2048),
        os.environ.get("BENCH", ""),
    )
    if order.mode not in ("", "full", "short", "memory"):
        print("BENCH is empty, full, short or memory.", file=sys.stderr)
        return 2
    data = Path(os.environ.get("PORTAAL_DATA_DIR") or "var").absolute()
    home = data / "bench"
    shutil.rmtree(home, ignore_errors=True)
    home.mkdir(parents=True)
    result: dict[str, Any] = {
        "at": datetime.now(UTC).isoformat(timespec="seconds"),
        **asdict(order),
        "databases": {},
    }
    try:
        for name in (os.environ.get("DATABASES") or "sqlite,postgresql").split(","):
            with database(name) as where:
                if where:
                    result["databases"][name] = measure(home / name, where, data / "static", order)
    finally:
        shutil.rmtree(home, ignore_errors=True)
    written = data / f"bench-{order.dossiers}{'-memory' if order.mode == 'memory' else ''}.json"
    written.write_text(json.dumps(result, indent=2) + "\n")
    print("\n" + report.table(result) + f"\n\nWritten to {written}")
    return 0


def _number(name: str, otherwise: int) -> int:
    return int(os.environ.get(name) or otherwise)


@contextmanager
def database(name: str) -> Iterator[tuple[str | None, int | None] | None]:
    """Yield (URL, process id) of an empty database.

    Yield (None, None) for SQLite in the data folder, and None when PostgreSQL is not installed.
    """
    if name == "sqlite":
        yield None, None
    elif not find_program("initdb"):
        say("PostgreSQL is not installed here: it is not measured.")
        yield None
    else:
        with cluster(DURABLE) as (url, process):
            yield url, process


def measure(
    folder: Path, where: tuple[str | None, int | None], static: Path, order: Order
) -> dict[str, Any]:
    """Fill one database, serve it and return all its figures."""
    folder.mkdir()
    megabytes = order.megabytes if order.mode == "memory" else LARGE_MB
    env = environment(
        folder,
        where[0],
        static=static,
        BENCH_DOSSIERS=str(order.dossiers),
        BENCH_LARGE_MB=str(megabytes),
    )
    if order.mode == "memory":
        env["PORTAAL_FILE_MAX_MB"] = str(megabytes)
        env["PORTAAL_UPLOAD_DAY_MB"] = str(len(WAYS) * megabytes)
    say(f"{folder.name}: {order.dossiers:,} dossiers")
    run(["portaal", "keys", "make"], env)
    run(["portaal", "migrate", "--verbosity", "0"], env)
    facts = json.loads(run(["tools.bench.load"], env))
    if order.mode == "memory":
        return {"memory": {way: memory(env, where[1], facts, way) for way in WAYS}}
    with portal(env, where[1]) as server, plain(folder, facts["large_bytes"]) as other:
        bench = Bench(server, facts, other, short=order.mode == "short")
        found: dict[str, Any] = {"one": bench.rounds(order.rounds, say)}
        if order.mode == "full":
            found["busy"] = {str(many): busy(bench, many) for many in BUSY}
        return found


def memory(
    env: dict[str, str], postmaster: int | None, facts: dict[str, Any], way: str
) -> dict[str, float]:
    """Measure one way of sending a large file, with a server of its own.

    Memory left by another way would hide the memory that this one takes.
    """
    say(way)
    with portal(env, postmaster) as server:
        return Bench(server, facts).memory(way)


@contextmanager
def plain(folder: Path, octets: int) -> Iterator[Server | None]:
    """Serve the same bytes as a plain file with nginx; yield None when it is not installed."""
    if not nginx_program():
        say(
            "nginx is not installed, so downloads are not compared with it "
            "(Debian: apt-get install nginx-light)."
        )
        yield None
        return
    (folder / "plain").mkdir()
    (folder / "plain" / "plain.pdf").write_bytes(b"".join(parts(octets)))
    with nginx(folder / "plain") as server:
        yield server


def busy(bench: Bench, many: int) -> dict[str, dict[str, float]]:
    found = {}
    for subject in [bench.floor, *(subject for subject in bench.subjects if subject.is_read)]:
        say(f"{many} connections: {subject.name}")
        found[subject.name] = bench.busy(subject, many, BUSY_SECONDS)
    return found


def say(what: str) -> None:
    print(f"  {what}", file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
