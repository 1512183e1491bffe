"""`python -m tests.bench.delivery`: measures, prints the table, and keeps the figures as JSON if asked."""

from __future__ import annotations

import argparse
import json
import os
import shutil
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "examsite.settings")
_FOLDER = tempfile.mkdtemp(prefix="proba-bench-")
# This process has no world of its own; what the settings make there goes with the rest.
os.environ["PROBA_DATA_DIR"] = _FOLDER

from tests.bench.delivery.measure import QUICK, Sizes, measure  # noqa: E402  its settings are said first
from tests.bench.delivery.phone import measure_phone  # noqa: E402
from tests.bench.delivery.rows import DATABASE_ROWS, PHONE_ROWS, table  # noqa: E402
from tests.services import postgres_server  # noqa: E402

DATABASES = ("PostgreSQL", "SQLite")


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.bench.delivery", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="a fifth of everything, in two minutes")
    parser.add_argument("--only", choices=[*map(str.lower, DATABASES), "phone"], help="one part of it")
    parser.add_argument("--json", type=Path, help="write all figures to this file")
    options = parser.parse_args()
    try:
        measured = _measured(Path(_FOLDER), options.only, quick=options.quick)
    finally:
        shutil.rmtree(_FOLDER, ignore_errors=True)
    if measured:
        sys.stdout.write(table(measured, DATABASE_ROWS) + "\n")
    if options.only in (None, "phone"):
        # Last, and with the servers gone: a slow phone is measured on a quiet machine.
        measured["phone"] = measure_phone(lambda line: sys.stderr.write(f"phone: {line}\n"))
        sys.stdout.write(table({"slow phone": measured["phone"]}, PHONE_ROWS) + "\n")
    if options.json:
        options.json.write_text(json.dumps(measured, indent=1) + "\n", encoding="utf-8")


def _measured(folder: Path, only: str | None, *, quick: bool) -> dict[str, Any]:
    begun = time.monotonic()
    found = {}
    for name in DATABASES:
        if only not in (None, name.lower()):
            continue

        def say(line: str, name: str = name) -> None:
            sys.stderr.write(f"{time.monotonic() - begun:6.0f} s  {name}: {line}\n")

        own = folder / name
        own.mkdir()
        with _database(name) as url:
            found[name] = measure(own, url, QUICK if quick else Sizes(), say)
    return found


@contextmanager
def _database(name: str) -> Iterator[str]:
    """A URL, or "" for a file in the world's own folder."""
    if name == "SQLite":
        yield ""
    else:
        with postgres_server() as url:
            yield url


if __name__ == "__main__":
    main()
