"""LSAT section 6: do calibration, abilities and information come out as published?"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

from scoring.irt.ability.scores import score
from scoring.irt.ability.summed_scores import summed_scores
from scoring.irt.calibration import CalibrationResult, fit
from scoring.irt.gallery.exhibit import Compared, Exhibit, compared, figure, furthest, load, numbers
from scoring.irt.probabilities import item_information
from scoring.irt.quadrature import Grid
from scoring.irt.quality.dependence import q3
from scoring.irt.quality.item_fit import s_x2
from scoring.irt.quality.mean_squares import item_mean_squares
from scoring.irt.report.item_curves import item_picture, observed_curves
from scoring.irt.report.markup import Markup, element, text
from scoring.irt.report.plot import Margins, Plot, both_widths
from scoring.irt.types import FloatArray, ItemParameters, ResponseArray

_GRID = Grid.uniform(61, -6.0, 6.0)
_NAMES = [f"Item {number}" for number in range(1, 6)]


def exhibits(fixtures: Path) -> list[Exhibit]:
    data = load(fixtures, "lsat6_2pl")
    published = load(fixtures, "lsat6_calibration")
    rows = np.array([row["responses"] for row in data["patterns"]], dtype=np.int8)
    frequency = numbers([row["frequency"] for row in data["patterns"]])
    met = frequency > 0
    two = fit(rows[met], "2pl", weights=frequency[met], grid=_GRID)
    one = fit(rows[met], "1pl", weights=frequency[met], grid=_GRID)
    whole = np.repeat(rows, frequency.astype(np.int64), axis=0)
    return [
        _two_parameter(two, published, whole),
        _one_parameter(one, published),
        _abilities(data, rows, frequency),
        _information(data),
        _fit(data, load(fixtures, "lsat6_fit"), whole),
    ]


def _two_parameter(result: CalibrationResult, published: dict[str, Any], whole: ResponseArray) -> Exhibit:
    expected = published["two_parameter"]
    figures = [compared("log-likelihood", result.log_likelihood, expected["log_likelihood"], digits=4)]
    for letter, values in (("a", result.a), ("b", result.b)):
        figures += [
            compared(
                f"{letter} of item {item + 1}", values[item], expected[letter][item], digits=4, limit=5e-4
            )
            for item in range(5)
        ]
    figures.append(furthest("standard errors of a", result.se_a, expected["se_a"], limit=5e-3))
    observed = observed_curves(whole, result.items, grid=_GRID)
    curves = [
        figure(name, item_picture(f"lsat-{place}", name, result.items, place, observed))
        for place, name in enumerate(_NAMES)
    ]
    return Exhibit(
        slug="lsat6-2pl",
        title="LSAT 6, two parameters",
        lead="Five items, 1,000 candidates: the data on which marginal maximum likelihood was first shown.",
        source=published["source"],
        compared=tuple(figures),
        pictures=element("div", *curves, class_="gallery"),
    )


def _one_parameter(result: CalibrationResult, published: dict[str, Any]) -> Exhibit:
    expected = published["printed_common_slope"]
    figures = [
        compared("log-likelihood", result.log_likelihood, expected["log_likelihood"], digits=4),
        compared("AIC", result.aic, expected["aic"], digits=3),
        compared("common a", result.a[0], expected["a"], digits=4),
        compared("standard error of a", result.se_a[0], expected["se_a"], digits=4, limit=2e-4),
        *(
            compared(f"b of item {item + 1}", result.b[item], expected["b"][item], digits=4, limit=2e-4)
            for item in range(5)
        ),
    ]
    return Exhibit(
        slug="lsat6-1pl",
        title="LSAT 6, one discrimination",
        lead="The same data with one discrimination for all items, as printed by the R package ltm.",
        source=published["source"],
        compared=tuple(figures),
        pictures=text(""),
    )


def _abilities(data: dict[str, Any], rows: ResponseArray, frequency: FloatArray) -> Exhibit:
    items = _published_items(data)
    found = score(rows, items, "eap", grid=_GRID)
    theta = numbers([row["theta"] for row in data["patterns"]])
    se = numbers([row["se"] for row in data["patterns"]])
    totals = summed_scores(items, grid=_GRID)
    by_total = data["summed_scores"]
    figures = [
        furthest("theta of all 32 patterns", found.theta, theta, limit=1e-5),
        furthest("their standard errors", found.se, se, limit=1e-5),
        *(
            compared(f"theta of total {row['score']}", totals.theta[row["score"]], row["theta"], digits=5)
            for row in by_total
        ),
        furthest(
            "expected candidates of each total",
            totals.probability * frequency.sum(),
            [row["expected_candidates"] for row in by_total],
            limit=1e-3,
        ),
    ]
    return Exhibit(
        slug="lsat6-eap",
        title="LSAT 6, abilities",
        lead="Posterior means (EAP) of every pattern and of every total, from the published parameters.",
        source=data["source"],
        compared=tuple(figures),
        pictures=_ability_picture(rows, found.theta, theta),
    )


def _ability_picture(rows: ResponseArray, here: FloatArray, published: FloatArray) -> Markup:
    """Patterns by their total: who has the same total need not have the same ability."""
    total = rows.sum(axis=1).astype(np.float64)

    def drawn(size: tuple[float, float], suffix: str) -> Markup:
        plot = Plot(
            f"lsat-abilities{suffix}", title="Ability of each pattern by its total",
            description="32 patterns: circles published, dots computed here; they lie on each other.",
            x=(-0.4, 5.4), y=(-2.2, 1.0), size=size, margins=Margins(top=26, right=12, bottom=38, left=38),
        )  # fmt: skip
        plot.x_axis("total", most=7)
        plot.y_axis("ability", most=8)
        plot.points(total, published, 5.0, "rings")
        plot.points(total, here, 2.0, "dots tone-1")
        return plot.svg()

    return both_widths(drawn((340.0, 240.0), ""), drawn((960.0, 300.0), "-wide"))


def _information(data: dict[str, Any]) -> Exhibit:
    items = _published_items(data)
    rows = data["test_information"]
    theta = numbers([row["theta"] for row in rows])
    published = numbers([row["information"] for row in rows])
    found = item_information(theta, items).sum(axis=1)
    shown = [row for row in rows if float(row["theta"]).is_integer()]
    figures: list[Compared] = [
        compared(
            f"at theta {row['theta']:g}".replace("-", "−"),
            float(item_information([row["theta"]], items).sum()),
            row["information"],
            digits=6,
        )
        for row in shown
    ]
    return Exhibit(
        slug="lsat6-information",
        title="LSAT 6, information",
        lead="An easy form: it tells most about candidates well below the mean.",
        source=data["source"],
        compared=(*figures, furthest("all points", found, published, limit=1e-6)),
        pictures=_information_picture(items, theta, published),
    )


def _information_picture(items: ItemParameters, theta: FloatArray, published: FloatArray) -> Markup:
    across = np.linspace(theta[0], theta[-1], 121)
    curve = item_information(across, items).sum(axis=1)

    def drawn(size: tuple[float, float], suffix: str) -> Markup:
        plot = Plot(
            f"lsat-information{suffix}", title="Information of LSAT 6",
            description="Line: computed here. Rings: published.",
            x=(float(theta[0]), float(theta[-1])), y=(0.0, float(curve.max()) * 1.15), size=size,
            margins=Margins(top=26, right=12, bottom=38, left=38),
        )  # fmt: skip
        plot.x_axis("ability", most=9)
        plot.y_axis("information", most=6)
        plot.line(across, curve)
        plot.points(theta, published, 4.0, "rings")
        return plot.svg()

    return both_widths(drawn((340.0, 220.0), ""), drawn((960.0, 280.0), "-wide"))


def _fit(data: dict[str, Any], published: dict[str, Any], whole: ResponseArray) -> Exhibit:
    items = _published_items(data)
    theta = score(whole, items, "eap", grid=_GRID).theta
    by_total, squares = s_x2(whole, items, grid=_GRID), item_mean_squares(whole, items, theta)
    rows = published["items"]
    figures = [
        compared(f"S-X² of item {item + 1}", by_total.statistic[item], rows[item]["s_x2"], digits=6)
        for item in range(5)
    ]
    figures += [
        furthest("infit", squares.infit, [row["infit"] for row in rows], limit=1e-6),
        furthest("outfit", squares.outfit, [row["outfit"] for row in rows], limit=1e-6),
        furthest("Q3 of all pairs", q3(whole, items, theta).q3, published["q3"], limit=1e-6),
    ]
    return Exhibit(
        slug="lsat6-fit",
        title="LSAT 6, fit",
        lead="Do the items behave as the model says, by totals, by residuals, and pair by pair?",
        source=published["source"],
        compared=tuple(figures),
        pictures=text(""),
    )


def _published_items(data: dict[str, Any]) -> ItemParameters:
    a, d = numbers(data["a"]), numbers(data["d"])
    return ItemParameters.dichotomous(a, -d / a)
