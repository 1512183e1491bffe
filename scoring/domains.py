"""In which domains is the candidate sure, unsure or not there yet, as far as a few items can tell?

Two to six items say little on their own, so a domain borrows from the rest of the sitting: its prior is the
posterior from the items of the other domains, widened by N(0, 0.5^2) because the domains of a subject are
close to each other but not one thing. Its own responses then count once, in its own likelihood.

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

from scoring.irt.ability import apply_missing_rules, log_likelihood
from scoring.irt.posterior import posterior_weights, probability_below, quantile
from scoring.irt.probabilities import expected_points
from scoring.irt.quadrature import DEFAULT_GRID, Grid, diffusion_kernel, normal_weights
from scoring.irt.score_distribution import check_category_points
from scoring.irt.types import NOT_PRESENTED, FloatArray, IntArray, ItemParameters, MissingRule, ResponseArray


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


@dataclass(frozen=True, slots=True, eq=False)
class DomainResult:
    """What a sitting says about one domain.

    expected_share, low_share, high_share  share of points on the reference items, with its interval of 70 %
    n_items         responses that spoke, after the missing rules
    half_points, max_half_points  earned and possible on the items presented; missing ones earn 0
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


def domain_profile(
    responses: ArrayLike,
    parameters: ItemParameters,
    category_half_points: ArrayLike,
    domains: Sequence[str],
    references: Mapping[str, FloatArray],
    *,
    rule: VerdictRule = VerdictRule(),
    grid: Grid = DEFAULT_GRID,
    omitted: MissingRule = MissingRule.CATEGORY_ZERO,
    not_reached: MissingRule = MissingRule.NOT_PRESENTED,
) -> tuple[DomainResult, ...]:
    """One result for each domain of `references`, in its order, for one candidate.

    responses (J,) categories and missing codes; domains: the domain of each of the J items; references: for
    each domain the share of points by theta (Q,) from `expected_share`, the same for every candidate and
    form, so that domains can be compared. A domain without items on the form gets a posterior from the
    others and no verdict.
    """
    codes = np.asarray(responses)
    points = check_category_points(parameters, category_half_points)
    counted = apply_missing_rules(codes[None, :], parameters, omitted=omitted, not_reached=not_reached)[0]
    likelihood = {
        domain: _domain_likelihood(counted, parameters, domains, domain, grid) for domain in set(domains)
    }
    total = sum(likelihood.values(), np.zeros(grid.size))
    kernel = diffusion_kernel(grid, rule.domain_sd)
    results = []
    for domain, share in references.items():
        own = likelihood.get(domain, np.zeros(grid.size))
        prior = posterior_weights(total - own, normal_weights(grid)) @ kernel
        mine = np.array([name == domain for name in domains], dtype=np.bool_)
        evidence = _evidence(codes[mine], counted[mine], points[mine])
        results.append(_result(domain, posterior_weights(own, prior), share, evidence, rule, grid))
    return tuple(results)


def _domain_likelihood(
    counted: ArrayLike, parameters: ItemParameters, domains: Sequence[str], domain: str, grid: Grid
) -> FloatArray:
    index = np.flatnonzero([name == domain for name in domains])
    own = np.asarray(counted)[None, index]
    return np.asarray(log_likelihood(own, parameters.select(index), grid=grid)[0], dtype=np.float64)


@dataclass(frozen=True, slots=True)
class _Evidence:
    n_items: int
    half_points: int
    max_half_points: int
    own_share: float


def _evidence(codes: IntArray, counted: ResponseArray, points: IntArray) -> _Evidence:
    """Points on the items presented, and the share of points on the responses that speak."""
    earned, best = points[np.arange(codes.size), np.maximum(codes, 0)], points.max(axis=1, initial=0)
    presented, speaks = codes != NOT_PRESENTED, counted >= 0
    possible = int(best[speaks].sum())
    return _Evidence(
        n_items=int(speaks.sum()),
        half_points=int(earned[presented].sum()),
        max_half_points=int(best[presented].sum()),
        own_share=int(earned[speaks].sum()) / possible if possible else 0.0,
    )


def _result(
    domain: str, posterior: FloatArray, share: FloatArray, evidence: _Evidence, rule: VerdictRule, grid: Grid
) -> DomainResult:
    tail = (1 - rule.interval) / 2
    low, high = (np.interp(quantile(posterior, grid, p), grid.points, share) for p in (tail, 1 - tail))
    return DomainResult(
        domain=domain,
        verdict=_verdict(posterior, share, evidence, rule, grid),
        expected_share=float(posterior @ share),
        low_share=float(low),
        high_share=float(high),
        n_items=evidence.n_items,
        half_points=evidence.half_points,
        max_half_points=evidence.max_half_points,
        posterior=posterior,
    )


def _verdict(
    posterior: FloatArray, share: FloatArray, evidence: _Evidence, rule: VerdictRule, grid: Grid
) -> Verdict:
    if evidence.n_items < rule.min_items:
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
