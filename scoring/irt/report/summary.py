"""What was calibrated, did the search come to its end, and how good is the form as a whole?"""

from __future__ import annotations

from collections import Counter

import numpy as np

from scoring.irt.report.facts import ReportFacts
from scoring.irt.report.markup import Markup, decimal, whole
from scoring.irt.report.page import fact_list, state
from scoring.irt.types import MissingRule

_COUNTED_AS = {
    MissingRule.CATEGORY_ZERO: "count as category 0",
    MissingRule.NOT_PRESENTED: "are passed over, as if not presented",
}


def convergence(facts: ReportFacts) -> Markup:
    """Whether the estimates can be used, said loudly if not."""
    result = facts.result
    norm = f"gradient norm {result.gradient_norm:.1g}"
    if not result.converged:
        return state(
            False,
            "NOT CONVERGED: do not use these estimates",
            f"The search stopped after {result.iterations} passes through the responses ({norm}). Look at "
            "the flagged items, give weak priors (--priors weak), or take a simpler model.",
        )
    if not np.isfinite(result.se_a[result.calibrated]).all():
        return state(
            False,
            "Converged, but without standard errors",
            f"The information is not positive definite at the end ({norm}): some parameters cannot be told "
            "from these responses. Look at the flagged items or give weak priors.",
        )
    return state(True, "Converged", f"After {result.iterations} passes through the responses; {norm}.")


def summary(facts: ReportFacts) -> Markup:
    result = facts.result
    figures = [
        ("Candidates", whole(facts.codes.shape[0])),
        ("Items calibrated", f"{result.calibrated.sum()} of {result.calibrated.size}"),
        ("Reliability (EAP)", decimal(facts.reliability, 3)),
        ("Cronbach’s α", decimal(facts.alpha, 3)),
        ("Log-likelihood", decimal(result.log_likelihood, 2)),
        ("Parameters", whole(result.n_parameters)),
        ("AIC", decimal(result.aic, 1)),
        ("BIC", decimal(result.bic, 1)),
    ]
    models = Counter(result.models)
    rules = (
        f"Omitted responses {_COUNTED_AS[facts.sample.omitted]}; "
        f"those not reached {_COUNTED_AS[facts.sample.not_reached]}."
    )
    points = result.grid.points
    words = [
        ("Models", ", ".join(f"{model} ({n})" for model, n in models.items())),
        ("Missing responses", f"{rules} {_presence(facts)}"),
        ("Quadrature", f"{points.size} points from {decimal(points[0], 1)} to {decimal(points[-1], 1)}"),
    ]
    if facts.sample.anchors:
        words.append(
            ("Anchor items", ", ".join(name for name in facts.names if name in facts.sample.anchors))
        )
    return fact_list(figures, whole_width=words)


def _presence(facts: ReportFacts) -> str:
    if facts.complete:
        return "Every candidate met every item."
    few, many = int(facts.n_items.min()), int(facts.n_items.max())
    nobody = int((facts.n_items == 0).sum())
    without = f" {whole(nobody)} candidates have none and do not count." if nobody else ""
    return f"Candidates have from {few} to {many} responses that count.{without}"
