"""`python -m tests.bench.irt`: measures, prints the table, and keeps the figures as JSON if asked."""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import time
from dataclasses import replace
from pathlib import Path

from tests.bench.irt.data_sets import QUICK, DataSets, Sizes
from tests.bench.irt.measure import Bench, Outcome
from tests.bench.irt.process import ROOT, ProgramFailed
from tests.bench.irt.rows import NAMES, PARTS, ROWS, Row
from tests.bench.irt.table import Limit, limits, notes, table

MEMORY_MB, NEXT_ITEM_US = 160, 50
IMPORTED_AS = {"mirt": "mirt", "girth": "girth", "pyirt": "py_irt", "catsim": "catsim"}


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.bench.irt", description=__doc__)
    parser.add_argument(
        "--quick", action="store_true", help="an eighth of the candidates, in two minutes, without goals"
    )
    parser.add_argument("--only", choices=PARTS, help="one part of it")
    parser.add_argument("--json", type=Path, help="write all figures to this file")
    parser.add_argument(
        "--environment", type=Path, default=ROOT / ".venv-bench", help="where the peers are installed"
    )
    options = parser.parse_args()
    python = options.environment / "bin" / "python"
    rows = [row for row in ROWS if options.only in (None, row.part)]
    if options.quick:  # the goals are for a whole country's administration
        rows = [replace(row, goal=None) for row in rows]
    present, absent = _present(python, rows)
    begun = time.monotonic()

    def say(line: str) -> None:
        sys.stderr.write(f"{time.monotonic() - begun:6.0f} s  {line}\n")

    with tempfile.TemporaryDirectory(prefix="proba-bench-") as name:
        folder = Path(name)
        bench = Bench(folder, python, DataSets(folder, QUICK if options.quick else Sizes()), say)
        outcomes, failures = _races(bench, present)
        figures = _limits(bench, outcomes, options.only)
    sys.stdout.write("\n".join(filter(None, (table(outcomes), limits(figures)))) + "\n")
    if absent:
        sys.stdout.write(f"Not installed, so left out: {', '.join(absent)}.\n")
    sys.stdout.writelines(f"{line}\n" for line in notes(outcomes))
    if options.json:
        _write(options.json, outcomes, figures)
    if failures:
        raise SystemExit("\n".join(failures))


def _races(bench: Bench, rows: list[Row]) -> tuple[list[Outcome], list[str]]:
    """The outcomes, and what went wrong: a program that fails costs its rows and not the others."""
    outcomes, failures = [], []
    for row in rows:
        try:
            outcomes.append(bench.race(row))
        except ProgramFailed as error:
            failures.append(f"{row.title}, against {NAMES[row.peer]}: {error}")
    return outcomes, failures


def _present(python: Path, rows: list[Row]) -> tuple[list[Row], list[str]]:
    """The rows whose peer is installed, and the names of the other peers."""
    wanted = {row.peer for row in rows} & set(IMPORTED_AS)
    ask = "import sys, importlib.util as u; print(*(n for n in sys.argv[1:] if u.find_spec(n)))"
    if not python.exists():
        raise SystemExit(f"{python} is not there: make bench-irt installs the peers")
    modules = [IMPORTED_AS[peer] for peer in sorted(wanted)]
    told = subprocess.run([python, "-c", ask, *modules], check=True, capture_output=True, text=True)
    absent = {peer for peer in wanted if IMPORTED_AS[peer] not in told.stdout.split()}
    return [row for row in rows if row.peer not in absent], sorted(NAMES[peer] for peer in absent)


def _limits(bench: Bench, outcomes: list[Outcome], only: str | None) -> list[Limit]:
    """Next item, and memory."""
    found: list[Limit] = []
    if only in (None, "adaptive"):
        seconds = float(bench.alone("next_item", "bank", {}).found["seconds"])
        title = f"next item for one candidate, {bench.data.size('bank')}"
        found.append(Limit(title, seconds * 1e6, "µs", NEXT_ITEM_US))
    if only in (None, "2pl"):
        peak = bench.alone("fit", "2pl", {"model": "2pl"}).peak_mb
        found.append(Limit(f"memory of a 2PL, {bench.data.size('2pl')}", peak, "MB", MEMORY_MB))
        found += [
            Limit(f"  {NAMES[outcome.row.peer]}", outcome.theirs.peak_mb, "MB")
            for outcome in outcomes
            if outcome.row.title == "2PL" and outcome.row.data == "2pl"
        ]
    return found


def _write(path: Path, outcomes: list[Outcome], figures: list[Limit]) -> None:
    kept = {
        "rows": [outcome.figures() for outcome in outcomes],
        "limits": [figure._asdict() for figure in figures],
    }
    path.write_text(json.dumps(kept, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
