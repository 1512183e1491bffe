"""Does an item behave as its curve says: what the model expects beside what candidates did?"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from scoring.irt.ability.likelihood import eap
from scoring.irt.posterior import mean_and_sd
from scoring.irt.probabilities import category_probabilities
from scoring.irt.quadrature import DEFAULT_GRID, Grid
from scoring.irt.report.markup import Markup
from scoring.irt.report.plot import Margins, Plot
from scoring.irt.types import FloatArray, ItemParameters, ResponseArray

_CHUNK = 8192
THETA = np.linspace(-4.0, 4.0, 81)


@dataclass(frozen=True, slots=True, eq=False)
class ObservedCurves:
    """What candidates did on J items at each of Q abilities, every candidate spread over their posterior.

    grid     the abilities
    count    (J, Q)  candidates who met the item, in expectation
    share    (J, Q, K)  of them in each category; NaN where nobody is
    theta    (N,)  ability estimates (EAP)
    se       (N,)
    density  (Q,)  share of all candidates at each ability
    """

    grid: Grid
    count: FloatArray
    share: FloatArray
    theta: FloatArray
    se: FloatArray
    density: FloatArray


def observed_curves(
    responses: ResponseArray,
    parameters: ItemParameters,
    *,
    grid: Grid = DEFAULT_GRID,
    prior_mean: ArrayLike = 0.0,
    prior_sd: ArrayLike = 1.0,
) -> ObservedCurves:
    """Curves from responses (N, J) of which only categories and -1 are left, and each candidate's prior.

    Expected counts at the nodes of the posterior, as in the E step of Bock & Aitkin (1981) and in the plots
    by which PISA compares observed with expected curves. Grouping candidates by their estimates instead
    would bend the observed curve of a short form, because estimates are drawn towards the mean.
    """
    n, n_items = responses.shape
    mean, sd = (np.broadcast_to(np.asarray(part, dtype=np.float64), n) for part in (prior_mean, prior_sd))
    counts = np.zeros((parameters.max_categories, n_items, grid.size))
    theta, se = np.empty(n), np.empty(n)
    density = np.zeros(grid.size)
    for start in range(0, n, _CHUNK):
        part = slice(start, start + _CHUNK)
        found = eap(responses[part], parameters, grid=grid, prior_mean=mean[part], prior_sd=sd[part])
        theta[part], se[part] = found.theta, found.se
        density += found.posterior.sum(axis=0)
        for category, count in enumerate(counts):
            count += (responses[part] == category).T.astype(np.float64) @ found.posterior
    met = counts.sum(axis=0)
    share = np.divide(counts, met, out=np.full(counts.shape, np.nan), where=met > 1e-9)
    return ObservedCurves(grid, met, share.transpose(1, 2, 0), theta, se, density / max(n, 1))


def item_picture(
    slug: str, name: str, parameters: ItemParameters, position: int, observed: ObservedCurves | None = None
) -> Markup:
    """One item's curve (right or wrong) or curves (categories), dots for what was observed."""
    item = parameters.select([position])
    n_categories = int(item.n_categories[0])
    p = category_probabilities(THETA, item)[:, 0]
    plot = Plot(
        slug,
        title=f"Item {name}",
        description=_description(item, observed is not None),
        x=(-4.0, 4.0),
        y=(0.0, 1.0),
        size=(280.0, 176.0),
        margins=Margins(top=8, right=10, bottom=24, left=30),
    )
    plot.x_axis(most=9)
    plot.y_axis(most=3, digits=1)
    shown = range(1, 2) if n_categories == 2 else range(n_categories)
    for category in shown:
        tone = f"tone-{category % 5 if n_categories > 2 else 1}"
        if observed is not None:
            _dots(plot, observed, position, category, tone)
        plot.line(THETA, p[:, category], f"curve {tone}")
    if n_categories > 2:
        _category_labels(plot, p[:, :n_categories])
    return plot.svg()


def _description(item: ItemParameters, with_dots: bool) -> str:
    if item.n_categories[0] == 2:
        words = f"Probability of a right response by ability; one half of the way up at {item.b[0]:.2f}."
    else:
        words = f"Probability of each of {int(item.n_categories[0])} categories by ability."
    return words + (" Dots: observed shares, larger where more candidates are." if with_dots else "")


def _dots(plot: Plot, observed: ObservedCurves, position: int, category: int, tone: str) -> None:
    """At abilities half a unit apart or so where at least half a percent of the item's candidates are."""
    count = observed.count[position]
    thinned = np.arange(0, count.size, max(1, round(0.4 / observed.grid.spacing)))
    total = count.sum()
    kept = thinned[(count[thinned] > 0.005 * total) & (np.abs(observed.grid.points[thinned]) <= 4)]
    if total <= 0 or not kept.size:
        return
    radius = 1.4 + 2.6 * np.sqrt(count[kept] / count.max())
    plot.points(observed.grid.points[kept], observed.share[position, kept, category], radius, f"dots {tone}")


def _category_labels(plot: Plot, p: FloatArray) -> None:
    """Each category's number where its curve is highest above the others."""
    for category in range(p.shape[1]):
        others = np.delete(p, category, axis=1).max(axis=1)
        clearest = int(np.argmax(p[:, category] - others)) if p.shape[1] > 1 else 0
        x = float(np.clip(THETA[clearest], -3.7, 3.7))
        y = float(p[np.argmin(np.abs(THETA - x)), category])
        below = y > 0.85
        plot.label(
            plot.x.at(x), plot.y.at(y) + (14 if below else -5), str(category),
            anchor="middle", class_=f"category tone-{category % 5}",
        )  # fmt: skip


def item_summary(observed: ObservedCurves) -> tuple[float, float]:
    """Mean and standard deviation of ability in the sample, from the posteriors of all candidates."""
    mean, sd = mean_and_sd(observed.density, observed.grid)
    return float(mean), float(sd)
