"""What do we know about each item, in one row?"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

import numpy as np

from scoring.irt.report.facts import ReportFacts
from scoring.irt.report.flags import Flag
from scoring.irt.report.markup import NOTHING, Markup, decimal, element, joined, probability, text, whole
from scoring.irt.report.table import Column, table, with_error

_BASE = (
    Column("Item"),
    Column("Model", "response model"),
    Column("N", "candidates who met it"),
    Column("Facility", "mean share of its points"),
    Column("Item–rest", "correlation with the other items"),
    Column("a", "discrimination ± standard error"),
    Column("b", "location ± standard error"),
)
_STEPS = Column("Steps", "how far each step lies from b")
_GUESSING = Column("c", "guessing ± standard error")
_FIT = (
    Column("S-X² p", "probability of such a misfit if the model holds"),
    Column("Infit", "mean square of residuals, weighted"),
    Column("Outfit", "mean square of residuals"),
    Column("Look at", words=True),
)


def item_table(facts: ReportFacts, flags: Sequence[Flag]) -> Markup:
    """The table of all J items."""
    result = facts.result
    with_steps = bool((result.n_categories > 2).any())
    with_guessing = bool((result.c[result.calibrated] > 0).any())
    columns = [*_BASE, *([_STEPS] if with_steps else []), *([_GUESSING] if with_guessing else []), *_FIT]
    flags_of: defaultdict[int, list[Flag]] = defaultdict(list)
    for flag in flags:
        flags_of[flag.item].append(flag)
    place_of = np.cumsum(result.calibrated) - 1
    rows = []
    for item in range(len(facts.sample.items)):
        place = int(place_of[item]) if result.calibrated[item] else None
        row = [*_named(facts, item), *_estimates(facts, item)]
        row += [_steps(facts, item)] if with_steps else []
        row += [_guessing(facts, item)] if with_guessing else []
        rows.append([*row, *_fit(facts, place), _chips(flags_of[item])])
    caption = "± is one standard error. A dash: does not exist or cannot be told from these responses."
    return table("items", caption, columns, rows, sticky=True)


def _named(facts: ReportFacts, item: int) -> list[Markup]:
    statistics = facts.classical
    facility = float(statistics.facility[item])
    return [
        text(facts.sample.items[item]),
        text(facts.result.models[item]),
        text(whole(statistics.n[item])),
        _share(facility),
        text(decimal(statistics.item_rest[item])),
    ]


def _share(value: float) -> Markup:
    """The number above a small bar."""
    if not np.isfinite(value):
        return text(NOTHING)
    bar = element("i", style=f"width:{value * 100:.0f}%")
    return joined(text(decimal(value)), element("span", bar, class_="share", aria_hidden="true"))


def _estimates(facts: ReportFacts, item: int) -> list[Markup]:
    result = facts.result
    pairs = ((result.a[item], result.se_a[item]), (result.b[item], result.se_b[item]))
    return [_with_error(value, error) for value, error in pairs]


def _with_error(value: float, error: float) -> Markup:
    """A standard error of 0 says that the value was held fixed."""
    if not np.isfinite(value):
        return text(NOTHING)
    if error == 0:
        return joined(text(decimal(value)), Markup(" "), element("span", text("fixed"), class_="se"))
    return with_error(decimal(value), decimal(error))


def _steps(facts: ReportFacts, item: int) -> Markup:
    n_categories = int(facts.result.n_categories[item])
    steps = facts.result.steps[item, : n_categories - 1]
    if n_categories == 2 or not np.isfinite(steps).all():
        return text("")
    return text(" · ".join(decimal(step) for step in steps))


def _guessing(facts: ReportFacts, item: int) -> Markup:
    c = float(facts.result.c[item])
    return _with_error(c, float(facts.result.se_c[item])) if c > 0 else text("")


def _fit(facts: ReportFacts, place: int | None) -> list[Markup]:
    if place is None:
        return [text(NOTHING)] * 3
    squares = facts.mean_squares
    return [
        text(probability(facts.item_fit.p[place])),
        text(decimal(squares.infit[place])),
        text(decimal(squares.outfit[place])),
    ]


def _chips(flags: Sequence[Flag]) -> Markup:
    seen: dict[str, Flag] = {}
    for flag in flags:
        seen.setdefault(flag.word, flag)
    return joined(
        *(
            element(
                "span",
                text(flag.word),
                class_="flag flag--grave" if flag.grave else "flag",
                title=flag.message,
            )
            for flag in seen.values()
        )
    )
