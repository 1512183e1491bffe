"""From how many expected points on the reference form does each performance level begin?"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from scoring.data_file import Table, read_table


@dataclass(frozen=True, slots=True)
class PerformanceLevel:
    """One level; `cut` is its least number of expected half-points, 0 for the lowest."""

    identifier: str
    cut: int


@dataclass(frozen=True, slots=True)
class PerformanceLevels:
    """Levels of one scale, lowest first; `provisional` until a standard setting has confirmed them."""

    version: str
    provisional: bool
    half_points_max: int
    levels: tuple[PerformanceLevel, ...]

    @property
    def cuts(self) -> tuple[int, ...]:
        """Cuts of the second and higher levels: what `level_probabilities` and `group_results` take."""
        return tuple(level.cut for level in self.levels[1:])

    def at(self, half_points: float) -> PerformanceLevel:
        """The level of a number of expected half-points."""
        return [level for level in self.levels if level.cut <= half_points][-1]


def load_levels(path: Path) -> PerformanceLevels:
    """Levels from a TOML file; DataFileError when they do not start at 0, rise and stay on the form."""
    file = read_table(path)
    half_points_max = file.get("half_points_max", int, "Write the maximum of the reference form, such as 40.")
    rows = file.tables("level")
    levels = tuple(_level(row) for row in rows)
    lower = -1
    for row, level in zip(rows, levels, strict=True):
        first_wrong = level is levels[0] and level.cut != 0
        if first_wrong or not lower < level.cut <= half_points_max:
            remedy = f"Start at 0 and rise from level to level, to {half_points_max} at most."
            raise row.error("cut_half_points", f"is {level.cut}", remedy)
        lower = level.cut
    return PerformanceLevels(
        version=file.get("version", str, 'Write a name such as "provisional-1".'),
        provisional=file.get("provisional", bool, "Write true or false."),
        half_points_max=half_points_max,
        levels=levels,
    )


def _level(row: Table) -> PerformanceLevel:
    identifier = row.get("identifier", str, 'Write a short name such as "basic".')
    return PerformanceLevel(identifier, row.get("cut_half_points", int, "Write whole half-points."))
