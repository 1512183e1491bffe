"""Are totals as frequent as the model says?"""

from __future__ import annotations

import numpy as np

from scoring.irt.ability.summed_scores import category_numbers
from scoring.irt.report.facts import ReportFacts
from scoring.irt.report.markup import Markup, decimal
from scoring.irt.report.plot import Margins, Plot, both_widths
from scoring.irt.score_distribution import score_distribution

_LARGE = 400  # totals, beyond which columns are too narrow to be seen


def total_score_picture(slug: str, facts: ReportFacts) -> Markup | None:
    """Columns: candidates of each total; line: expected ones. None unless everybody met every item.

    Expected are the Lord-Wingersky totals at each ability, weighted by the candidates' own posteriors.
    """
    n_totals = int((facts.parameters.n_categories - 1).sum()) + 1
    if not facts.complete or n_totals > _LARGE:
        return None
    observed = np.bincount(facts.codes.sum(axis=1, dtype=np.int64), minlength=n_totals).astype(np.float64)
    distribution = score_distribution(
        facts.parameters, category_numbers(facts.parameters), grid=facts.observed.grid
    )
    expected = facts.codes.shape[0] * (facts.observed.density @ distribution)
    totals = np.arange(n_totals)
    mean, sd = _moments(observed), _moments(expected)
    words = (
        f"Observed mean {decimal(mean[0], 1)}, sd {decimal(mean[1], 1)}; "
        f"expected mean {decimal(sd[0], 1)}, sd {decimal(sd[1], 1)}."
    )
    top = float(max(observed.max(), expected.max())) * 1.08

    def drawn(size: tuple[float, float], suffix: str) -> Markup:
        plot = Plot(
            slug + suffix, title="Totals, observed and expected", description=words,
            x=(-0.5, n_totals - 0.5), y=(0.0, top), size=size,
            margins=Margins(top=26, right=12, bottom=38, left=46),
        )  # fmt: skip
        plot.x_axis("total of categories", most=9)
        plot.y_axis("candidates", most=5)
        plot.columns(np.arange(n_totals + 1) - 0.5, observed)
        plot.line(totals, expected)
        return plot.svg()

    return both_widths(drawn((340.0, 220.0), ""), drawn((960.0, 300.0), "-wide"))


def _moments(counts: np.ndarray) -> tuple[float, float]:
    share = counts / counts.sum()
    totals = np.arange(counts.size)
    mean = float(share @ totals)
    return mean, float(np.sqrt(share @ (totals - mean) ** 2))
