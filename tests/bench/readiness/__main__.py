"""`python -m tests.bench.readiness`: are predictions right, and does practice help? Tables and goals."""

from __future__ import annotations

import argparse
import os
import shutil
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "examsite.settings")
_FOLDER = tempfile.mkdtemp(prefix="proba-bench-")
# The demo world is built here and goes with it; the settings read this when they are imported.
os.environ["PROBA_DATA_DIR"] = _FOLDER

import django  # noqa: E402  the folder is said first

django.setup()

from tests.bench.readiness import (  # noqa: E402
    benefit,
    demo_world,
    items_needed,
    phone_speed,
    predictions,
    seasons,
    speed,
    tables,
)
from tests.services import ServiceMissing  # noqa: E402

Say = Callable[[str], None]
NEXT_ITEM_MS = 16


@dataclass(frozen=True, slots=True)
class Sizes:
    """How much of everything. `others`: pupils from whom a season's dynamics are estimated; schools of the
    demo world, None for all.
    """

    pupils: int = 20_000
    worlds: int = 100
    season_pupils: int = 6_000
    season_worlds: int = 30
    others: int = 2_000
    schools: int | None = None


QUICK = Sizes(pupils=3_000, worlds=15, season_pupils=1_500, season_worlds=15, others=300, schools=2)


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.bench.readiness", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="fewer pupils, in a minute, without goals")
    parser.add_argument("--only", choices=PARTS, help="one part of it")
    options = parser.parse_args()
    begun = time.monotonic()

    def say(line: str) -> None:
        sys.stderr.write(f"{time.monotonic() - begun:6.0f} s  {line}\n")

    missed: list[str] = []
    try:
        for name, part in PARTS.items():
            if options.only in (None, name):
                missed += part(QUICK if options.quick else Sizes(), say)
    finally:
        shutil.rmtree(_FOLDER, ignore_errors=True)
    say("done")
    if missed and not options.quick:  # the goals are for as many pupils as it takes to judge them
        raise SystemExit("Goals missed:\n" + "\n".join(f"  {miss}" for miss in missed))


def _predictions(sizes: Sizes, say: Say) -> list[str]:
    cells = predictions.measure(sizes.pupils, sizes.worlds, say)
    _print(f"{sizes.pupils:,} simulated pupils in {sizes.worlds} worlds. {tables.goals()}")
    _print("Readiness at one moment", tables.readiness_table(cells, with_goals=sizes is not QUICK))
    for title, table in tables.TABLES:
        _print(title, table(cells))
    return tables.misses(cells)


def _seasons(sizes: Sizes, say: Say) -> list[str]:
    found = seasons.measure(sizes.season_pupils, sizes.season_worlds, sizes.others, say)
    title = f"Weeks of trials and practice, {sizes.season_pupils:,} pupils in each season"
    _print(title, tables.seasons_table(found, with_goals=sizes is not QUICK))
    return tables.all_season_misses(found)


def _demo(sizes: Sizes, say: Say) -> list[str]:
    found = demo_world.measure(sizes.schools, say)
    _print(tables.demo_table(found))
    return tables.demo_misses(found)


def _benefit(sizes: Sizes, say: Say) -> list[str]:
    say("benefit of practice")
    found = benefit.run(quick=sizes is QUICK)
    _print(benefit.report(found))
    return _missed(benefit.verdicts(found))


def _items_needed(sizes: Sizes, say: Say) -> list[str]:
    say("items to a standard error")
    return _told(items_needed.report(quick=sizes is QUICK))


def _speed(sizes: Sizes, say: Say) -> list[str]:
    say("next item on the server")
    return _told(speed.report(quick=sizes is QUICK))


def _phone(sizes: Sizes, say: Say) -> list[str]:
    say("next item on a slow phone")
    try:
        found = phone_speed.measure()
    except ServiceMissing as missing:
        _print(f"No figures of the phone: {missing}")
        return []
    slow, fast = found["next_item_slow"], found["next_item"]
    _print(
        f"Next item of {found['items']:,} on a phone, ms (goal: p95 at most {NEXT_ITEM_MS} when "
        f"{found['slower']} times slower)",
        f"  {found['slower']} times slower: {slow}; tables once: {found['tables_slow']:.0f}",
        f"  full speed: {fast}; tables once: {found['tables']:.0f}",
    )
    late = slow["p95"] > NEXT_ITEM_MS
    return [f"next item on a slow phone: {slow['p95']} ms > {NEXT_ITEM_MS}"] if late else []


def _told(lines: list[str]) -> list[str]:
    """Prints the lines; those that say a goal is missed."""
    _print(*lines)
    return _missed(lines)


def _missed(lines: list[str]) -> list[str]:
    return [line.strip() for line in lines if "MISSED" in line]


def _print(*texts: str) -> None:
    sys.stdout.write("\n".join(texts) + "\n\n")
    sys.stdout.flush()


PARTS: dict[str, Callable[[Sizes, Say], list[str]]] = {
    "predictions": _predictions,
    "seasons": _seasons,
    "demo": _demo,
    "benefit": _benefit,
    "items": _items_needed,
    "speed": _speed,
    "phone": _phone,
}


if __name__ == "__main__":
    main()
