"""How do the predictions look side by side, and which goals are missed?"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping

from tests.bench.readiness.bank import cuts
from tests.bench.readiness.cohorts import LENGTHS, SHARES
from tests.bench.readiness.demo_world import Predicted
from tests.bench.readiness.judged import (
    CALIBRATION_ERROR,
    COVERAGE_SHORT_OF_NOMINAL,
    MASSES,
    WIDTH_OF_ORACLE,
    Judged,
    missed,
)
from tests.bench.readiness.measures import ks_limit
from tests.bench.readiness.predictions import (
    EXACT,
    GATED,
    NARROW,
    ORACLE,
    PARAMETERS,
    READINESS,
    UNBLURRED,
    Cell,
)
from tests.bench.readiness.seasons import ESTIMATED, PREDICTORS, SEASONS

Cells = Mapping[Cell, Judged]
Seasons = Mapping[tuple[str, str], Judged]
_COLUMNS = (
    f"{'KS':>8}{'limit':>7}{'of 70 %':>9}{'said':>6}{'of 90 %':>9}{'said':>6}{'width':>7}{'width':>7}"
    f"{'/oracle':>9}{'/oracle':>9}{'Brier':>8}{'ECE':>7}{'target':>8}{'log':>7}{'bias':>7}{'RMSE':>6}"
)
ROWS = len(LENGTHS) * len(GATED)
"""Rows with goals, judged in one go."""
BESIDE = ("prior only", "percent correct", "last trial ± SEM", "plug-in theta", "curve ± SE")


def readiness_table(cells: Cells, *, with_goals: bool) -> str:
    """Every length of the evidence and kind of parameters, against the oracle."""
    lines = [f"{'responses  item parameters':<36}{_COLUMNS}"]
    for length in map(str, LENGTHS):
        oracle = cells[Cell(length, "true", ORACLE)]
        lines.append(_line(f"{length:<11}oracle", oracle, oracle))
        for kind in PARAMETERS:
            found = cells[Cell(length, kind, READINESS)]
            goal = _verdict(missed(found, oracle, rows=ROWS)) if with_goals and kind in GATED else ""
            lines.append(_line(f"{'':<11}{kind}", found, oracle) + goal)
    return "\n".join(lines)


def beside_table(cells: Cells) -> str:
    """What else could be said, with items calibrated from 1,000 responses each."""
    lines = [f"{'responses  said by':<36}{_COLUMNS}"]
    for length in map(str, LENGTHS):
        oracle = cells[Cell(length, "true", ORACLE)]
        for place, name in enumerate((READINESS, *BESIDE)):
            found = cells.get(Cell(length, "N=1000", name))
            if found is not None:
                lines.append(_line(f"{length if place == 0 else '':<11}{name}", found, oracle))
    return "\n".join(lines)


def group_table(cells: Cells) -> str:
    """Readiness by group, beside the oracle, which knows that there are groups but not who is in which."""
    lines = [f"{'responses  group':<36}{_COLUMNS}"]
    for length in map(str, LENGTHS):
        oracle, found = (
            cells[Cell(length, "true", ORACLE)],
            cells[Cell(length, "N=1000", READINESS)],
        )
        for group in range(len(SHARES)):
            rows = found.truth.group == group
            own, best = found.only(rows), oracle.only(rows)
            lines.append(_line(f"{length if not group else '':<11}{'AB'[group]}", own, best))
            lines.append(_line(f"{'':<11}{'AB'[group]}, oracle", best, best))
    return "\n".join(lines)


def narrow_table(cells: Cells) -> str:
    """Evidence from one domain only: with what readiness does about it, without, and done exactly."""
    oracle = cells[Cell(NARROW, "true", ORACLE)]
    lines = [f"{NARROW:<36}{_COLUMNS}", _line("oracle", oracle, oracle)]
    lines += [
        _line(name, cells[Cell(NARROW, "N=1000", name)], oracle) for name in (READINESS, UNBLURRED, EXACT)
    ]
    return "\n".join(lines)


def parts_table(cells: Cells) -> str:
    """Murphy's parts of the Brier score of "at least this level", items calibrated from 1,000 responses."""
    lines = [
        f"{'responses  at least':<26}{'Brier':>9}{'reliab.':>10}{'resol.':>9}{'uncert.':>9}{'within':>9}"
    ]
    for length in map(str, LENGTHS):
        for place, cut in enumerate(cuts()):
            own = cells[Cell(length, "N=1000", READINESS)].parts(cut)
            lines.append(
                f"{length if not place else '':<11}{f'{cut / 2:g} points':<15}{own.brier:>9.4f}"
                f"{own.reliability:>10.5f}{own.resolution:>9.4f}{own.uncertainty:>9.4f}{own.within:>9.4f}"
            )
    return "\n".join(lines)


def seasons_table(seasons: Seasons, *, with_goals: bool) -> str:
    lines = [f"{'season, what is said of the change':<44}{_COLUMNS}"]
    for season in SEASONS:
        lines.append(season.name)
        oracle = seasons[season.name, ORACLE]
        for name in PREDICTORS:
            found = seasons[season.name, name]
            goal = ""
            if with_goals and name == ESTIMATED:
                goal = _verdict(season_misses(season.as_fast == (1.0,), found, oracle))
            lines.append(_line(f"  {name}", found, oracle, 44) + goal)
    return "\n".join(lines)


def demo_table(found: Predicted) -> str:
    first = (
        f"demo world: {found.n_pupils} second trials, {found.n_practised} after practice too, "
        f"silent for {found.n_silent}"
    )
    lines = [first, f"{'said by':<36}{_COLUMNS}"]
    lines += [_line(name, judged, None) for name, judged in found.judged.items()]
    return "\n".join(lines)


def misses(cells: Cells) -> list[str]:
    """The goals missed by readiness, over all pupils and, for coverage, in each group."""
    told = []
    for length in map(str, LENGTHS):
        oracle = cells[Cell(length, "true", ORACLE)]
        for kind in GATED:
            found = cells[Cell(length, kind, READINESS)]
            told += [f"{length} responses, {kind}: {miss}" for miss in missed(found, oracle, rows=ROWS)]
            told += [f"{length} responses, {kind}, {miss}" for miss in _short_in_groups(found)]
    return told


def season_misses(follows: bool, found: Judged, oracle: Judged) -> list[str]:
    """As `missed`, but for the KS distance: the error of one estimate of the dynamics is shared by all, and
    so is the width where pupils do not follow the model (`follows`): nobody is an oracle there.
    """
    told = missed(found, oracle if follows else None)
    return [miss for miss in told if not miss.startswith("KS")]


def all_season_misses(seasons: Seasons) -> list[str]:
    return [
        f"season {season.name}: {miss}"
        for season in SEASONS
        for miss in season_misses(
            season.as_fast == (1.0,),
            seasons[season.name, ESTIMATED],
            seasons[season.name, ORACLE],
        )
    ]


def demo_misses(found: Predicted) -> list[str]:
    """Too few pupils for the other goals: coverage, less two standard errors, and the KS distance once the
    dynamics are estimated.
    """
    judged, estimated = found.judged["readiness"], found.judged["readiness, dynamics estimated"]
    told = []
    if estimated.ks > ks_limit(estimated.n):
        told.append(f"demo world: KS {estimated.ks:.4f} > {ks_limit(estimated.n):.4f}")
    for mass, coverage in zip(MASSES, judged.coverage, strict=True):
        least = mass - COVERAGE_SHORT_OF_NOMINAL - 2 * math.sqrt(mass * (1 - mass) / judged.n)
        if coverage < least:
            told.append(f"demo world: coverage of {mass:.0%} is {coverage:.3f}")
    return told


def goals() -> str:
    return (
        f"Goals: KS distance of the randomised PIT at most what luck exceeds once in 100 ({ROWS} rows are "
        f"judged, so the goal is the limit of\nany of them, {100 * ks_limit(10_000, ROWS):.2f} / sqrt(n); "
        f"the column has that of one row alone, 1.63 / sqrt(n)); coverage at least nominal "
        f"- {COVERAGE_SHORT_OF_NOMINAL:.0%}, in each group too; width at most {WIDTH_OF_ORACLE} times the "
        f"oracle's;\ncalibration error (ECE, 10 bins) of the worst level and of the pupil's own target at "
        f"most {CALIBRATION_ERROR}. Widths, bias and RMSE are in points of 20; Brier is the mean over cuts."
    )


def _short_in_groups(found: Judged) -> list[str]:
    told = []
    for group in range(len(SHARES)):
        own = found.only(found.truth.group == group)
        for mass, coverage in zip(MASSES, own.coverage, strict=True):
            if coverage < mass - COVERAGE_SHORT_OF_NOMINAL:
                told.append(f"group {'AB'[group]}: coverage of {mass:.0%} is {coverage:.3f}")
    return told


def _verdict(told: list[str]) -> str:
    return "  MISSED: " + "; ".join(told) if told else "  reached"


def _line(title: str, found: Judged, oracle: Judged | None, width: int = 36) -> str:
    shares = (
        [f"{own / best:>9.3f}" for own, best in zip(found.width, oracle.width, strict=True)]
        if oracle
        else [f"{'':>9}"] * 2
    )
    pairs = "".join(
        f"{covered:>9.3f}{said:>6.2f}" for covered, said in zip(found.coverage, found.said, strict=True)
    )
    log = f"{found.log_score:>7.3f}" if math.isfinite(found.log_score) else f"{'∞':>7}"
    return (
        f"{title:<{width}}{found.ks:>8.4f}{ks_limit(found.n):>7.4f}{pairs}"
        f"{found.width[0]:>7.2f}{found.width[1]:>7.2f}{''.join(shares)}{found.brier:>8.4f}"
        f"{found.level_error:>7.4f}{found.target_error:>8.4f}{log}{found.bias:>7.2f}{found.rms_error:>6.2f}"
    )


TABLES: tuple[tuple[str, Callable[[Cells], str]], ...] = (
    ("Beside it, what else could be said (items calibrated from 1,000 responses each)", beside_table),
    ("By group (A: 70 in 100, B: the others, 0.4 lower and less spread)", group_table),
    (
        "All evidence from one domain, which says less about the exam than as many items of a trial",
        narrow_table,
    ),
    ("Parts of the Brier score", parts_table),
)
