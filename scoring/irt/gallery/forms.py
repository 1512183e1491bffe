"""Totals and classes of published forms: do they come out as printed?"""

from __future__ import annotations

from pathlib import Path

import numpy as np

from scoring.irt.ability.summed_scores import category_numbers
from scoring.irt.gallery.exhibit import Compared, Exhibit, compared, load, numbers
from scoring.irt.logistic import probability
from scoring.irt.quadrature import Grid, normal_weights
from scoring.irt.quality.classification import Classification, lee, rudner
from scoring.irt.report.markup import Markup, joined
from scoring.irt.report.page import legend
from scoring.irt.report.plot import Margins, Plot, both_widths
from scoring.irt.score_distribution import score_distribution
from scoring.irt.types import FloatArray, ItemParameters

_MARGINS = Margins(top=26, right=12, bottom=38, left=42)


def exhibits(fixtures: Path) -> list[Exhibit]:
    return [_lord_wingersky(fixtures), _classification(fixtures)]


def _lord_wingersky(fixtures: Path) -> Exhibit:
    data = load(fixtures, "lord_wingersky_kolen_brennan_2004")
    p = numbers(data["probability_correct"])
    # At theta 0 an item with a = 1 and b = -logit(p) is right with probability p.
    items = ItemParameters.dichotomous(1.0, -np.log(p / (1 - p)))
    found = score_distribution(items, category_numbers(items), grid=Grid.uniform(3, -1.0, 1.0))[1]
    published = numbers(data["distribution"])
    return Exhibit(
        slug="lord-wingersky",
        title="Lord–Wingersky totals",
        lead="Three items, right with probability .26, .27 and .18: how likely is each total?",
        source=data["source"],
        compared=tuple(
            compared(f"total {total}", found[total], published[total], digits=6) for total in range(4)
        ),
        pictures=_distribution_picture(found, published),
    )


def _distribution_picture(found: FloatArray, published: FloatArray) -> Markup:
    def drawn(size: tuple[float, float], suffix: str) -> Markup:
        plot = Plot(
            f"totals{suffix}", title="Probability of each total", description="Columns: here.",
            x=(-0.5, 3.5), y=(0.0, 0.5), size=size, margins=_MARGINS,
        )  # fmt: skip
        plot.x_axis("total", most=5)
        plot.y_axis("probability", most=6)
        plot.columns(np.arange(5) - 0.5, found)
        plot.points(np.arange(4), published, 4.0, "rings")
        return plot.svg()

    return both_widths(drawn((340.0, 200.0), ""), drawn((960.0, 240.0), "-wide"))


def _classification(fixtures: Path) -> Exhibit:
    data = load(fixtures, "classification_cacirt")
    form = load(fixtures, "score_distribution_cacirt")
    items = ItemParameters.dichotomous(form["D"] * numbers(form["a"]), form["b"], form["c"])
    grid = Grid.uniform(data["grid"]["n_points"], data["grid"]["low"], data["grid"]["high"])
    weights = normal_weights(grid)
    spread = _spread_as_published(grid.points, items)
    by_total = data["lee"]["cuts"]
    by_theta = data["rudner"]["cuts"]
    whole_lee = lee(grid.points, items, category_numbers(items), by_total, weights=weights)
    whole_rudner = rudner(grid.points, spread, by_theta, weights=weights)
    figures = [
        *_marginals("Lee, both cuts", whole_lee, data["lee"]["marginal"][-1]),
        *_marginals("Rudner, both cuts", whole_rudner, data["rudner"]["marginal"][-1]),
    ]
    for place, cut in enumerate(by_total):
        found = lee(grid.points, items, category_numbers(items), [cut], weights=weights)
        figures += _marginals(f"Lee, cut {cut}", found, data["lee"]["marginal"][place])
    for place, cut in enumerate(by_theta):
        found = rudner(grid.points, spread, [cut], weights=weights)
        figures += _marginals(f"Rudner, cut {cut}", found, data["rudner"]["marginal"][place])
    return Exhibit(
        slug="classification",
        title="Classification",
        lead=(
            "How often are candidates put into their class, and twice into the same? Twenty items with "
            "guessing, two cuts. For Rudner’s method the standard errors are the published program’s, which "
            "has 1 − c² where Birnbaum’s information has (1 − c)²."
        ),
        source=data["source"],
        compared=tuple(figures),
        pictures=_classification_picture(grid, whole_lee, whole_rudner),
    )


def _spread_as_published(theta: FloatArray, items: ItemParameters) -> FloatArray:
    p = probability(theta, items.a, items.b, items.c)
    information = items.a**2 * (1 - p) / p * (p - items.c) ** 2 / (1 - items.c**2)
    return np.asarray(1 / np.sqrt(information.sum(axis=1)))


def _marginals(name: str, found: Classification, published: dict[str, float]) -> list[Compared]:
    return [
        compared(f"{name}: accuracy", found.marginal_accuracy, published["accuracy"], digits=6, limit=2e-6),
        compared(
            f"{name}: consistency", found.marginal_consistency, published["consistency"], digits=6, limit=2e-6
        ),
    ]


def _classification_picture(grid: Grid, by_total: Classification, by_theta: Classification) -> Markup:
    def drawn(size: tuple[float, float], suffix: str) -> Markup:
        plot = Plot(
            f"classes{suffix}", title="Accuracy by ability",
            description="Probability of being put into the right class, by totals (Lee) and theta (Rudner).",
            x=(-4.0, 4.0), y=(0.0, 1.0), size=size, margins=_MARGINS,
        )  # fmt: skip
        plot.x_axis("ability", most=9)
        plot.y_axis("probability of the right class", most=6)
        plot.line(grid.points, by_total.accuracy, "curve tone-1")
        plot.line(grid.points, by_theta.accuracy, "curve tone-2")
        return plot.svg()

    picture = both_widths(drawn((340.0, 220.0), ""), drawn((960.0, 280.0), "-wide"))
    return joined(picture, legend([("tone-1", "by totals (Lee)"), ("tone-2", "by theta (Rudner)")]))
