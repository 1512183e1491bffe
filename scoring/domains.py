"""In which domains is the candidate sure, unsure or not there yet, as far as a few items can tell?

Two to six items say little on their own, so a domain borrows from the rest: its prior is the posterior from
the items of the other domains, widened by N(0, 0.5^2) because the domains of a subject are close to each
other but not one thing. Its own responses then count once, in its own likelihood. The same once more for a
standard within its domain, with N(0, 0.35^2). What lies weeks back is carried to the last sitting first, on
both sides.

The judgement is about the share of points the candidate would earn on many items like the domain's
reference items: a statement about what is known, so it carries the uncertainty of the ability and not the
luck of a next draw of items.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import ArrayLike

from scoring.growth import Dynamics, filtered
from scoring.irt.posterior import probability_below, quantile
from scoring.irt.probabilities import expected_points
from scoring.irt.quadrature import DEFAULT_GRID, Grid, diffusion_kernel, normal_weights
from scoring.irt.score_distribution import check_category_points
from scoring.irt.types import BoolArray, FloatArray, ItemParameters, MissingRule
from scoring.response_series import PartEvidence, ResponseSeries, response_series


class Verdict(StrEnum):
    KNOWN = "known"
    SHAKY = "shaky"
    NOT_YET = "not_yet"
    NOT_ENOUGH = "not_enough"


@dataclass(frozen=True, slots=True)
class VerdictRule:
    """When a verdict is given.

    With fewer than `min_items` responses that speak: not enough evidence. Otherwise known when the share of
    points is at least `known_share` with probability `confidence`, not yet when it is below `not_yet_share`
    with that probability, else shaky. And never against the domain's own responses: known needs at least
    `own_share` of the points earned on them, not yet at most as much. Without this a strong candidate with
    0 of 4 points in measurement would read "known".

    Why two: most of what is believed of a domain comes from the others, so verdicts that rest on two of its
    own are right about as often as those that rest on five, if there are ten responses in all. With fewer
    in all nothing is said of the subject (`scoring.evidence_rule`), and pages say nothing of a domain either.

    Why 0.6: with 2 to 5 items a domain and theta of the domains 0.5 apart, half of all verdicts are then
    known or not yet and about four in five of these are right, while not one in 300 calls known what is not
    yet or the reverse. At 0.8 seven in ten would be "shaky", which helps nobody.
    """

    min_items: int = 2
    known_share: float = 0.7
    not_yet_share: float = 0.45
    confidence: float = 0.6
    own_share: float = 0.5
    domain_sd: float = 0.5
    interval: float = 0.7
    min_standard_items: int = 4
    standard_sd: float = 0.35


USUAL_RULE = VerdictRule()


@dataclass(frozen=True, slots=True, eq=False)
class DomainResult:
    """What responses say about one domain.

    expected_share, low_share, high_share  share of points on the reference items, with its interval of 70 %
    n_items         responses that spoke, after the missing rules
    half_points, max_half_points  earned and possible on these; what was left empty earns 0
    posterior       (Q,) of the ability in this domain
    """

    domain: str
    verdict: Verdict
    expected_share: float
    low_share: float
    high_share: float
    n_items: int
    half_points: int
    max_half_points: int
    posterior: FloatArray


def expected_share(
    parameters: ItemParameters, category_half_points: ArrayLike, *, grid: Grid = DEFAULT_GRID
) -> FloatArray:
    """Expected share of points (Q,) on a set of items at each theta, rising: the reference of a domain."""
    points = check_category_points(parameters, category_half_points)
    earned = expected_points(grid.points, parameters, points).sum(axis=1)
    return np.asarray(earned / points.max(axis=1).sum(), dtype=np.float64)


STILL = Dynamics(version="still", drift_per_week=0.0, gain_per_item=0.0, sd_per_week=0.0, sd_per_item=0.0)
"""Nothing changes: within one sitting."""


def domain_profile(
    responses: ArrayLike,
    parameters: ItemParameters,
    category_half_points: ArrayLike,
    domains: Sequence[str],
    references: Mapping[str, FloatArray],
    *,
    rule: VerdictRule = USUAL_RULE,
    grid: Grid = DEFAULT_GRID,
    omitted: MissingRule = MissingRule.CATEGORY_ZERO,
    not_reached: MissingRule = MissingRule.NOT_PRESENTED,
) -> tuple[DomainResult, ...]:
    """`profile_over_time` of one sitting: responses (J,) are categories and missing codes, domains (J,)."""
    n_items = np.asarray(responses).size
    series = response_series(
        responses,
        parameters,
        category_half_points,
        items=range(n_items),
        domains=domains,
        standards=[""] * n_items,
        sitting=np.zeros(n_items),
        weeks=[0.0],
        practised=[0],
        grid=grid,
        omitted=omitted,
        not_reached=not_reached,
    )
    return profile_over_time(series, references, STILL, rule=rule, grid=grid)


def profile_over_time(
    series: ResponseSeries,
    references: Mapping[str, FloatArray],
    dynamics: Dynamics,
    *,
    rule: VerdictRule = USUAL_RULE,
    grid: Grid = DEFAULT_GRID,
) -> tuple[DomainResult, ...]:
    """One result for each domain of `references`, in its order, as of the last sitting of the series.

    references: for each domain the share of points by theta (Q,) from `expected_share`, the same for every
    candidate and form, so that domains can be compared. A domain without items gets a posterior from the
    others and no verdict.
    """
    kernel = diffusion_kernel(grid, rule.domain_sd)
    results = []
    for domain, share in references.items():
        own = series.in_domain(domain)
        prior = _belief(series, ~own, dynamics, normal_weights(grid), grid) @ kernel
        posterior = _times(prior, _message(series, own, dynamics, grid))
        results.append(domain_result(domain, posterior, share, series.evidence(own), rule=rule, grid=grid))
    return tuple(results)


def standard_posterior(
    series: ResponseSeries,
    standard: str,
    dynamics: Dynamics,
    *,
    rule: VerdictRule = USUAL_RULE,
    grid: Grid = DEFAULT_GRID,
) -> FloatArray:
    """(Q,) of the ability on one standard that occurs in the series, as of its last sitting."""
    own = series.on_standard(standard)
    domain = series.in_domain(series.domains[int(np.flatnonzero(own)[0])])
    elsewhere = _belief(series, ~domain, dynamics, normal_weights(grid), grid)
    around = _times(
        elsewhere @ diffusion_kernel(grid, rule.domain_sd), _message(series, domain & ~own, dynamics, grid)
    )
    prior = around @ diffusion_kernel(grid, rule.standard_sd)
    return _times(prior, _message(series, own, dynamics, grid))


def domain_result(
    domain: str,
    posterior: FloatArray,
    share: FloatArray,
    evidence: PartEvidence,
    *,
    rule: VerdictRule = USUAL_RULE,
    grid: Grid = DEFAULT_GRID,
) -> DomainResult:
    """What a posterior (Q,) of the ability in a domain means for the `share` (Q,) of its points."""
    tail = (1 - rule.interval) / 2
    low, high = (np.interp(quantile(posterior, grid, p), grid.points, share) for p in (tail, 1 - tail))
    return DomainResult(
        domain=domain,
        verdict=verdict_on(posterior, share, evidence, rule=rule, min_items=rule.min_items, grid=grid),
        expected_share=float(posterior @ share),
        low_share=float(low),
        high_share=float(high),
        n_items=evidence.n_items,
        half_points=evidence.half_points,
        max_half_points=evidence.max_half_points,
        posterior=posterior,
    )


def verdict_on(
    posterior: FloatArray,
    share: FloatArray,
    evidence: PartEvidence,
    *,
    rule: VerdictRule,
    min_items: int,
    grid: Grid = DEFAULT_GRID,
) -> Verdict:
    """The verdict by `rule` when `min_items` responses have to speak; share (Q,) rises with theta."""
    if evidence.n_items < min_items:
        return Verdict.NOT_ENOUGH
    # The share rises with theta, so "share at least s" is "theta at least where the share reaches s".
    known_from, not_yet_to = np.interp((rule.known_share, rule.not_yet_share), share, grid.points)
    known = 1 - probability_below(posterior, grid, float(known_from))
    if known >= rule.confidence and evidence.own_share >= rule.own_share:
        return Verdict.KNOWN
    not_yet = probability_below(posterior, grid, float(not_yet_to))
    if not_yet >= rule.confidence and evidence.own_share <= rule.own_share:
        return Verdict.NOT_YET
    return Verdict.SHAKY


def _belief(
    series: ResponseSeries, of: BoolArray, dynamics: Dynamics, prior: FloatArray, grid: Grid
) -> FloatArray:
    """Posterior (Q,) after the last sitting from the responses `of` alone."""
    after: FloatArray = filtered(series.observations(of), dynamics, prior=prior, grid=grid).after[-1]
    return after


def _message(series: ResponseSeries, of: BoolArray, dynamics: Dynamics, grid: Grid) -> FloatArray:
    """What the responses `of` alone say, (Q,), up to a factor: a belief that began without a prior."""
    return _belief(series, of, dynamics, np.full(grid.size, 1 / grid.size), grid)


def _times(prior: FloatArray, message: FloatArray) -> FloatArray:
    product = prior * message
    return np.asarray(product / product.sum())
