"""Which items should a person look at, and why?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from scoring.irt.calibration.result import ItemFlag
from scoring.irt.report.facts import ReportFacts
from scoring.irt.report.markup import MINUS, decimal, probability
from scoring.irt.report.names import named

EASY, HARD, WEAK = 0.95, 0.10, 0.15
STEEP = 4.0
MISFIT_P, MISFIT_RMSEA = 0.01, 0.05
WILD, WILD_Z = 1.3, 2.0
DEPENDENT = 0.2

_WORDS = {
    "never_presented": "not presented",
    "one_category": "no variation",
    "empty_category": "empty category",
    "identical": "copy",
    "negative_slope": "negative slope",
    "slope_at_bound": "slope ran away",
}


@dataclass(frozen=True, slots=True)
class Flag:
    """`word` for the table, `message` for the list; grave: the item cannot be used as it is."""

    item: int
    word: str
    message: str
    grave: bool = False


def item_flags(facts: ReportFacts) -> list[Flag]:
    """In the order of the items (numbers from 0 among all J)."""
    names = facts.sample.items
    found = [_of_calibration(flag, names) for flag in facts.result.flags]
    found += _of_classical(facts)
    of_calibrated = [item for item, kept in enumerate(facts.result.calibrated) if kept]
    found += _of_fit(facts, of_calibrated)
    for pair in facts.dependence.pairs_above(DEPENDENT):
        first, second = of_calibrated[pair.first], of_calibrated[pair.second]
        for item, other in ((first, second), (second, first)):
            message = f"goes with {names[other]} beyond ability: Q3 is {decimal(pair.excess)} above the mean"
            found.append(Flag(item, "pair", message))
    return sorted(found, key=lambda flag: flag.item)


def _of_calibration(flag: ItemFlag, names: Sequence[str]) -> Flag:
    told = named(flag.message.removeprefix(f"item {flag.item}: "), names)
    told = told.replace(" -", f" {MINUS}")
    grave = flag.kind not in ("empty_category", "identical")
    return Flag(flag.item, _WORDS[flag.kind], told, grave)


def _of_classical(facts: ReportFacts) -> list[Flag]:
    statistics = facts.classical
    found = []
    for item, (facility, rest) in enumerate(zip(statistics.facility, statistics.item_rest, strict=True)):
        if facility > EASY:
            found.append(Flag(item, "easy", f"facility {decimal(facility)}: it tells little about anybody"))
        elif facility < HARD:
            found.append(Flag(item, "hard", f"facility {decimal(facility)}: nearly nobody gains from it"))
        if rest < WEAK:
            told = f"item-rest correlation {decimal(rest)}: look at its key and wording"
            found.append(Flag(item, "weak", told, grave=bool(rest < 0)))
    return found


def _of_fit(facts: ReportFacts, of_calibrated: Sequence[int]) -> list[Flag]:
    fit, squares = facts.item_fit, facts.mean_squares
    found = []
    for place, item in enumerate(of_calibrated):
        if facts.parameters.a[place] > STEEP:
            told = f"a {decimal(facts.parameters.a[place])}: does it repeat or presuppose another item?"
            found.append(Flag(item, "steep", told))
        if fit.p[place] < MISFIT_P and fit.rmsea[place] > MISFIT_RMSEA:
            told = f"S-X² p {probability(fit.p[place])}, RMSEA {decimal(fit.rmsea[place], 3)}: see its curve"
            found.append(Flag(item, "misfit", told))
        for name, square, z in (
            ("infit", squares.infit[place], squares.infit_z[place]),
            ("outfit", squares.outfit[place], squares.outfit_z[place]),
        ):
            if square > WILD and z > WILD_Z:
                told = f"{name} {decimal(square)}: more surprising responses than the model allows"
                found.append(Flag(item, f"high {name}", told))
    return found
