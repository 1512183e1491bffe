"""Links and equated scores of two published forms: do they come out as printed?"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

from scoring.irt.ability.summed_scores import category_numbers
from scoring.irt.gallery.exhibit import Compared, Exhibit, compared, figure, furthest, load, numbers, pair
from scoring.irt.linking.equating import equipercentile, true_score_equating
from scoring.irt.linking.scales import LinkingMethod, ScaleLink, link
from scoring.irt.probabilities import expected_points
from scoring.irt.report.markup import Markup, joined
from scoring.irt.report.page import legend
from scoring.irt.report.plot import Margins, Plot, both_widths
from scoring.irt.score_distribution import score_distribution_at
from scoring.irt.types import FloatArray, ItemParameters

_NAMES = {
    LinkingMethod.MEAN_MEAN: "Mean/mean",
    LinkingMethod.MEAN_SIGMA: "Mean/sigma",
    LinkingMethod.HAEBARA: "Haebara",
    LinkingMethod.STOCKING_LORD: "Stocking–Lord",
}


def exhibits(fixtures: Path) -> list[Exhibit]:
    return [_linking(fixtures), _equating(fixtures)]


def _linking(fixtures: Path) -> Exhibit:
    data = load(fixtures, "linking_kolen_brennan_2004")
    new, old = _form(data["form_x"]), _form(data["form_y"])
    common = data["common"]
    points = np.linspace(-4.0, 4.0, 40)
    links = {
        method: link(new.select(common), old.select(common), method=method, theta=points)
        for method in LinkingMethod
    }
    figures = []
    for method, found in links.items():
        slope, intercept = data["plink"][str(method)]
        name = _NAMES[method]
        figures += [
            compared(f"{name}: A", found.slope, slope, digits=6, limit=2e-6),
            compared(f"{name}: B", found.intercept, intercept, digits=6, limit=2e-6),
        ]
    figures.append(_other_constant(data, new.select(common), old.select(common)))
    return Exhibit(
        slug="linking",
        title="Linking",
        lead=(
            "Forms X and Y share twelve items. Before linking their curves lie apart, because the scales "
            "differ; what is left afterwards is how far the parameters themselves changed."
        ),
        source=data["source"],
        compared=tuple(figures),
        pictures=_linking_pictures(
            new.select(common), old.select(common), links[LinkingMethod.STOCKING_LORD]
        ),
    )


def _other_constant(data: dict[str, Any], new: ItemParameters, old: ItemParameters) -> Compared:
    """The same with the constant 1.7, as another program printed it."""
    theta = np.linspace(-4.0, 4.0, 161)
    found = [link(_scaled(new), _scaled(old), method=method, theta=theta) for method in LinkingMethod]
    published = [data["SNSequate"][str(method)] for method in LinkingMethod]
    here = [[one.slope, one.intercept] for one in found]
    return furthest("all eight constants with D = 1.7 (SNSequate)", here, published, limit=2e-4)


def _scaled(items: ItemParameters) -> ItemParameters:
    return ItemParameters.dichotomous(1.7 * items.a, items.b, items.c)


def _form(data: dict[str, list[float]]) -> ItemParameters:
    return ItemParameters.dichotomous(data["a"], data["b"], data["c"])


def _linking_pictures(new: ItemParameters, old: ItemParameters, chosen: ScaleLink) -> Markup:
    words = [("tone-1", "form Y"), ("tone-2", "form X")]
    before = _curves_picture("before", new, old)
    after = _curves_picture("after", chosen.items(new), old)
    return joined(pair(figure("Before linking", before), figure("After Stocking–Lord", after)), legend(words))


def _curves_picture(slug: str, new: ItemParameters, old: ItemParameters) -> Markup:
    theta = np.linspace(-4.0, 4.0, 81)
    curves = [expected_points(theta, items, category_numbers(items)).sum(axis=1) for items in (old, new)]

    def drawn(size: tuple[float, float], suffix: str) -> Markup:
        plot = Plot(
            f"link-{slug}{suffix}", title=f"Expected points on the common items {slug} linking",
            description="Form Y and form X.", x=(-4.0, 4.0), y=(0.0, 12.0), size=size,
            margins=Margins(top=10, right=12, bottom=38, left=34),
        )  # fmt: skip
        plot.x_axis("ability", most=9)
        plot.y_axis(most=7)
        plot.line(theta, curves[0], "curve tone-1")
        plot.line(theta, curves[1], "curve tone-2")
        return plot.svg()

    return both_widths(drawn((340.0, 220.0), ""), drawn((540.0, 280.0), "-wide"))


def _equating(fixtures: Path) -> Exhibit:
    data = load(fixtures, "equating_kolen_brennan_2004")
    by_truth, by_observation = data["true_score"], data["observed_score"]
    (new, old), (seen_new, seen_old) = (
        [_scaled(_form(part[name])) for name in ("x", "y")] for part in (by_truth, by_observation)
    )
    true_scores = true_score_equating(new, category_numbers(new), old, category_numbers(old)).old_score
    weights = numbers(by_observation["weights"])
    distributions = (
        weights @ score_distribution_at(by_observation["theta"], items, category_numbers(items))
        for items in (seen_new, seen_old)
    )
    observed_scores = equipercentile(*distributions)
    figures = [
        *(
            compared(f"true score of {score}", true_scores[score], by_truth["old_score"][score], digits=5)
            for score in (10, 20, 30)
        ),
        furthest("true scores of 0 to 36", true_scores, by_truth["old_score"], limit=2e-6),
        *(
            compared(
                f"observed score of {score}",
                observed_scores[score],
                by_observation["old_score"][score],
                digits=5,
            )
            for score in (10, 20, 30)
        ),
        furthest("observed scores of 0 to 36", observed_scores, by_observation["old_score"], limit=5e-6),
    ]
    return Exhibit(
        slug="equating",
        title="Equating",
        lead="What is a score on form X worth on form Y? Drawn is how much more.",
        source=data["source"],
        compared=tuple(figures),
        pictures=_equating_picture(true_scores, observed_scores),
    )


def _equating_picture(true_scores: FloatArray, observed_scores: FloatArray) -> Markup:
    scores = np.arange(true_scores.size, dtype=np.float64)

    def drawn(size: tuple[float, float], suffix: str) -> Markup:
        plot = Plot(
            f"equated{suffix}", title="Worth on form Y minus score on form X", x=(0.0, 36.0), y=(-2.0, 2.0),
            description="True-score and observed-score equating lie close together.", size=size,
            margins=Margins(top=26, right=12, bottom=38, left=38),
        )  # fmt: skip
        plot.x_axis("score on form X", most=8)
        plot.y_axis("points", most=5)
        plot.rule(y=0.0)
        plot.line(scores, true_scores - scores, "curve tone-1")
        plot.line(scores, observed_scores - scores, "curve tone-2")
        return plot.svg()

    picture = both_widths(drawn((340.0, 220.0), ""), drawn((960.0, 280.0), "-wide"))
    return joined(picture, legend([("tone-1", "true scores"), ("tone-2", "observed scores")]))
