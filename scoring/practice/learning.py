"""What do we know after one more response, at once and on any device?

The increment between two sittings' scores. What the server knows after it scored a sitting replaces it:
`learner_from` reads all responses from the first on, and lets what is weeks old fade.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np

from scoring.domains import Verdict
from scoring.growth import Dynamics, carry
from scoring.irt.quadrature import DEFAULT_GRID
from scoring.irt.types import FloatArray
from scoring.practice.abilities import told_by
from scoring.practice.bank import PracticeBank
from scoring.practice.learner import Learner, Met, StandardEvidence
from scoring.response_series import ResponseSeries


def updated(learner: Learner, bank: PracticeBank, index: int, category: int, growth: float) -> Learner:
    """The learner after a response of category `category` to the item at `index`, explained since.

    growth: of theta, by which that raises the domain. A response for which a hint was asked comes as category
    0: it was not solved alone. One to an item that was met before in just this form changes only how things
    stand with it: memory is not ability. The verdicts stay: they are given on whole sittings.
    """
    item, own = bank.items[index], bank.half_points[index]
    met = {**learner.met, item.key: Met(missed=int(own[category]) < int(own.max()))}
    if not item.family and item.key in learner.met:
        return replace(learner, met=met)
    likelihood, grown = bank.probabilities[index, category], learner.grown.get(item.domain, 0.0)
    told = told_by(learner.evidence.get(item.standard), item.domain, likelihood, grown, bank.grid)
    product = learner.posterior * likelihood
    return replace(
        learner,
        posterior=np.asarray(product / product.sum(), dtype=np.float64),
        evidence={**learner.evidence, item.standard: told},
        grown={**learner.grown, item.domain: grown + growth},
        met=met,
    )


def learner_from(
    series: ResponseSeries,
    posterior: FloatArray,
    dynamics: Dynamics,
    growth: float,
    *,
    weeks: float = 0.0,
    met: Mapping[str, Met],
    verdicts: Mapping[str, Verdict],
) -> Learner:
    """From everything responded, `weeks` after the last sitting. Responses that do not speak, as those to an
    item met before, are passed over; `growth` comes with each that speaks in a sitting with practice.
    """
    evidence: dict[str, StandardEvidence] = {}
    grown: dict[str, float] = {}
    practised: dict[str, int] = {}
    for sitting in range(series.weeks.size):
        since = float(series.weeks[sitting] - series.weeks[sitting - 1]) if sitting else 0.0
        evidence, practised = faded(evidence, dynamics, since, practised), {}
        for place in np.flatnonzero((series.sitting == sitting) & (series.counted >= 0)).tolist():
            standard, domain = series.standards[place], series.domains[place]
            likelihood = np.exp(series.log_likelihood[place] - series.log_likelihood[place].max())
            evidence[standard] = told_by(evidence.get(standard), domain, likelihood, grown.get(domain, 0.0))
            if series.practised[sitting]:
                grown[domain] = grown.get(domain, 0.0) + growth
                practised[domain] = practised.get(domain, 0) + 1
    return Learner(
        posterior=posterior,
        evidence=faded(evidence, dynamics, weeks, practised),
        grown=grown,
        met=met,
        verdicts=verdicts,
    )


def faded(
    evidence: Mapping[str, StandardEvidence],
    dynamics: Dynamics,
    weeks: float,
    practised: Mapping[str, int],
) -> dict[str, StandardEvidence]:
    """The evidence after `weeks` and these items practised by domain: each likelihood is spread, as an
    ability that may have moved either way is. Where it moved on average is not for here but in `grown`.
    """
    if not evidence or not (weeks or practised):
        return dict(evidence)
    still = replace(dynamics, drift_per_week=0.0, gain_per_item=0.0)
    rows = np.array([one.likelihood for one in evidence.values()])
    spread = carry(
        rows / rows.sum(axis=1, keepdims=True),
        still,
        weeks=np.full(len(rows), weeks),
        practised=[practised.get(one.domain, 0) for one in evidence.values()],
        grid=DEFAULT_GRID,
    )
    return {
        code: StandardEvidence(one.domain, own / own.max())
        for (code, one), own in zip(evidence.items(), spread, strict=True)
    }
