"""How many admission points do the half-points of one test bring, under the rules of that day?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from pathlib import Path
from types import MappingProxyType

from scoring.data_file import DataFileError, Table, read_table


@dataclass(frozen=True, slots=True)
class Regime:
    """One set of rules. `valid_to` is the last day, None while the regime is open.

    thousandths_per_half_point: for each kind of test, thousandths of an admission point.
    round_to_thousandths: results are rounded to a multiple of this, halves upwards.
    """

    identifier: str
    valid_from: date
    valid_to: date | None
    thousandths_per_half_point: Mapping[str, int]
    half_points_max: int
    round_to_thousandths: int
    school_points_max: int
    source: str

    def holds_on(self, day: date) -> bool:
        return self.valid_from <= day and (self.valid_to is None or day <= self.valid_to)


@dataclass(frozen=True, slots=True)
class Regimes:
    """All regimes of a file, in order of time, never overlapping."""

    path: Path
    regimes: tuple[Regime, ...]

    def on(self, day: date) -> Regime:
        """The regime of that day; DataFileError when the file has none."""
        for regime in self.regimes:
            if regime.holds_on(day):
                return regime
        spans = ", ".join(f"{r.identifier} ({r.valid_from} to {r.valid_to or 'now'})" for r in self.regimes)
        raise DataFileError(self.path, "[[regime]]", f"none holds on {day}", f"Add one; there are {spans}.")


def load_regimes(path: Path) -> Regimes:
    """Regimes from a TOML file; DataFileError when a value is missing, wrong, or two regimes overlap."""
    file = read_table(path)
    regimes = tuple(sorted((_regime(row) for row in file.tables("regime")), key=lambda r: r.valid_from))
    for earlier, later in pairwise(regimes):
        if earlier.valid_to is None or earlier.valid_to >= later.valid_from:
            place = f"[[regime]] {earlier.identifier}, valid_to"
            problem = f"overlaps {later.identifier}, which starts on {later.valid_from}"
            raise DataFileError(path, place, problem, "End it on the day before.")
    return Regimes(path=path, regimes=regimes)


def admission_points(half_points: int, test_kind: str, on: date, regimes: Regimes) -> int:
    """Admission points in thousandths for `half_points` on a test of this kind taken on that day.

    DataFileError when no regime holds or it does not know the kind; ValueError for impossible half-points.
    """
    regime = regimes.on(on)
    if test_kind not in regime.thousandths_per_half_point:
        known = ", ".join(regime.thousandths_per_half_point)
        place = f"[[regime]] {regime.identifier}, thousandths_per_half_point"
        raise DataFileError(regimes.path, place, f"no test kind {test_kind!r}", f"Add it or use {known}.")
    if not 0 <= half_points <= regime.half_points_max:
        raise ValueError(f"{half_points} half-points: a test brings 0 to {regime.half_points_max}")
    exact = half_points * regime.thousandths_per_half_point[test_kind]
    unit = regime.round_to_thousandths
    return (exact + unit // 2) // unit * unit


def admission_interval(
    low: int, high: int, maximum: int, test_kind: str, on: date, regimes: Regimes
) -> tuple[int, int] | None:
    """Admission points in thousandths for predicted half-points from `low` to `high`, both ends included.

    They rise with the half-points, so the interval holds with the same probability. None where the day has
    no regime, the regime no such test, or the form, which brings `maximum`, is not as long as the test.
    """
    regime = next((regime for regime in regimes.regimes if regime.holds_on(on)), None)
    if regime is None or test_kind not in regime.thousandths_per_half_point:
        return None
    if maximum != regime.half_points_max:
        return None
    return admission_points(low, test_kind, on, regimes), admission_points(high, test_kind, on, regimes)


def _regime(row: Table) -> Regime:
    identifier = row.get("identifier", str, 'Write a short name such as "2019-2022".')
    row.place = f"[[regime]] {identifier}"
    valid_to = None
    if "valid_to" in row.values:
        valid_to = row.get("valid_to", date, "Write the last day as 2022-08-31, or leave the line out.")
    rates = Table(
        row.path,
        f"{row.place}, thousandths_per_half_point",
        row.get("thousandths_per_half_point", dict, "Add the table [regime.thousandths_per_half_point]."),
    )
    return Regime(
        identifier=identifier,
        valid_from=row.get("valid_from", date, "Write the first day as 2018-09-01."),
        valid_to=valid_to,
        thousandths_per_half_point=MappingProxyType({kind: _rate(rates, kind) for kind in rates.values}),
        half_points_max=_positive(row, "half_points_max"),
        round_to_thousandths=_positive(row, "round_to_thousandths"),
        school_points_max=_positive(row, "school_points_max"),
        source=row.get("source", str, "Say where the figures come from."),
    )


def _rate(rates: Table, kind: str) -> int:
    remedy = "Write whole thousandths for one half-point: 325 for 0.325."
    rate: int = rates.get(kind, int, remedy)
    if rate <= 0:
        raise rates.error(kind, f"is {rate}", remedy)
    return rate


def _positive(row: Table, key: str) -> int:
    value: int = row.get(key, int, "Write a whole number above 0.")
    if value <= 0:
        raise row.error(key, f"is {value}", "Write a whole number above 0.")
    return value
