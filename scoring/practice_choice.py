"""Which items should a candidate practise next, and why those?

A domain comes first by what progress in it would bring on the exam: its half-points on the blueprint times
the rise of the expected share when its ability grows by one step. A step and not the slope, because the
slope is the same at a share of 0.3 and of 0.7 while there is far more to gain from the first. The larger
the gain, the more places; each place taken divides the claim to the next, so a weak domain leads without
filling the set.

Within its domain an item should be of productive difficulty, a little informative, new, and on a standard
not yet in the set. A domain that has no suitable item left gives way to others.

Choice is by the best value with a small, recorded chance for any other good item, so that later the rule
can be judged against others from its own log.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import ArrayLike

from scoring.domains import DomainResult, Verdict
from scoring.irt.probabilities import category_probabilities, item_information
from scoring.irt.quadrature import DEFAULT_GRID, Grid
from scoring.irt.score_distribution import check_category_points
from scoring.irt.types import FloatArray, IntArray, ItemParameters
from scoring.practice_order import arrange

SMALLEST_SET, LARGEST_SET = 5, 10


class Reason(StrEnum):
    """Why an item is in the set."""

    REVIEW_MISSED = "review_missed"
    WEAK_DOMAIN = "weak_domain"
    CLOSES_GAP = "closes_gap"
    CONFIRM_STRENGTH = "confirm_strength"


@dataclass(frozen=True, slots=True)
class Candidate:
    """An item that may be practised; `missed` = seen, and not all of its points earned the last time.

    Of items that share a `family` (other numbers in one template) a set holds one; "" is no family.
    """

    identifier: str
    domain: str
    standard: str
    standard_level: int
    seen: bool = False
    missed: bool = False
    family: str = ""


@dataclass(frozen=True, slots=True)
class PracticePolicy:
    """Figures of the rule; raise the version with any change, it is logged with every set.

    A domain's claim is its gain to the power `focus`: 2 gives it places in proportion to the squared gain,
    six of eight to two weak domains, where proportion to the gain itself would spread them almost evenly.
    An item's suitability is exp(-((p - target) / width)^2 / 2) (1 + information_weight x information) times
    its familiarity factor, p being the expected share of its points. A domain whose best item is less
    suitable than `least_suitable` loses claim in that proportion. With probability `exploration` any item
    is drawn whose value is at least `exploration_floor` of the best.
    """

    version: str = "gap-1"
    step: float = 1.0
    focus: float = 2.0
    target: float = 0.7
    width: float = 0.15
    information_weight: float = 0.5
    missed_factor: float = 0.3
    solved_factor: float = 0.03
    least_suitable: float = 0.2
    exploration: float = 0.1
    exploration_floor: float = 0.05
    longest_run: int = 3


@dataclass(frozen=True, slots=True)
class PracticeItem:
    """One chosen item.

    probability     posterior predictive probability of earning all its points
    expected_share  posterior predictive share of its points
    value           claim of its domain, divided by the places it has, times its suitability within the domain
    propensity      probability with which this item was drawn, given those drawn before it
    draw            place in the order of drawing, from 0 (the order of the set is another)
    """

    identifier: str
    reason: Reason
    probability: float
    expected_share: float
    value: float
    propensity: float
    draw: int


@dataclass(frozen=True, slots=True, eq=False)
class _Appraisal:
    """What holds of each of J items before the first draw; arrays of shape (J,)."""

    claim: FloatArray
    suitability: FloatArray
    probability: FloatArray
    share: FloatArray


def choose(
    candidates: Sequence[Candidate],
    parameters: ItemParameters,
    category_half_points: ArrayLike,
    *,
    posterior: FloatArray,
    profile: Sequence[DomainResult],
    references: Mapping[str, FloatArray],
    blueprint_half_points: Mapping[str, int],
    seed: int,
    size: int = 8,
    policy: PracticePolicy = PracticePolicy(),
    grid: Grid = DEFAULT_GRID,
) -> tuple[PracticeItem, ...]:
    """A set of `size` items (5 to 10; all of them where fewer are offered), in the order to be given.

    Pure and deterministic given the seed. The J candidates stand in the order of `parameters` and
    `category_half_points` (J, K_max); posterior (Q,) serves domains missing from `profile`; references as
    in `domain_profile`; blueprint_half_points: what each domain brings on the exam, a missing domain
    bringing nothing. The set begins and ends with the items most likely to succeed, and no domain comes
    more than three times in a row where the others suffice to part it.
    """
    if not SMALLEST_SET <= size <= LARGEST_SET:
        raise ValueError(f"a set has {SMALLEST_SET} to {LARGEST_SET} items, not {size}")
    if len(candidates) != parameters.n_items:
        raise ValueError(f"{len(candidates)} candidates for {parameters.n_items} items")
    points = check_category_points(parameters, category_half_points)
    abilities = {result.domain: result.posterior for result in profile}
    weights = np.array([abilities.get(one.domain, posterior) for one in candidates]).reshape(-1, grid.size)
    gains = domain_gains(abilities, posterior, references, blueprint_half_points, step=policy.step, grid=grid)
    appraisal = _appraise(candidates, parameters, points, weights, gains, policy, grid)
    drawn = _draw(candidates, appraisal, size, policy, np.random.default_rng(seed))
    verdicts = {result.domain: result.verdict for result in profile}
    items = [
        PracticeItem(
            identifier=candidates[j].identifier,
            reason=_reason(candidates[j], verdicts),
            probability=float(appraisal.probability[j]),
            expected_share=float(appraisal.share[j]),
            value=value,
            propensity=propensity,
            draw=place,
        )
        for place, (j, value, propensity) in enumerate(drawn)
    ]
    shares = [item.expected_share for item in items]
    order = arrange(shares, [candidates[j].domain for j, _, _ in drawn], longest_run=policy.longest_run)
    return tuple(items[place] for place in order)


def domain_gains(
    abilities: Mapping[str, FloatArray],
    posterior: FloatArray,
    references: Mapping[str, FloatArray],
    blueprint_half_points: Mapping[str, int],
    *,
    step: float = 1.0,
    grid: Grid = DEFAULT_GRID,
) -> dict[str, float]:
    """Half-points more on the exam if the ability in a domain grew by `step`, by domain of `references`.

    abilities: posterior (Q,) of each domain; `posterior` serves the others.
    """
    return {
        domain: blueprint_half_points.get(domain, 0)
        * float(abilities.get(domain, posterior) @ _rise(share, step, grid))
        for domain, share in references.items()
    }


def _rise(share: FloatArray, step: float, grid: Grid) -> FloatArray:
    return np.asarray(np.interp(grid.points + step, grid.points, share) - share, dtype=np.float64)


def _appraise(
    candidates: Sequence[Candidate],
    parameters: ItemParameters,
    points: IntArray,
    weights: FloatArray,
    gains: Mapping[str, float],
    policy: PracticePolicy,
    grid: Grid,
) -> _Appraisal:
    p = category_probabilities(grid.points, parameters)
    predicted = np.einsum("jq,qjk->jk", weights, p)
    share = (predicted * points).sum(axis=1) / points.max(axis=1)
    information = np.einsum("jq,qj->j", weights, item_information(grid.points, parameters))
    productive = np.exp(-0.5 * ((share - policy.target) / policy.width) ** 2)
    factor = np.array([_familiarity(one, policy) for one in candidates])
    return _Appraisal(
        claim=np.array([gains.get(one.domain, 0.0) for one in candidates]) ** policy.focus,
        suitability=productive * (1 + policy.information_weight * information) * factor,
        probability=(predicted * (points == points.max(axis=1)[:, None])).sum(axis=1),
        share=share,
    )


def _familiarity(candidate: Candidate, policy: PracticePolicy) -> float:
    if candidate.missed:
        return policy.missed_factor
    return policy.solved_factor if candidate.seen else 1.0


def _draw(
    candidates: Sequence[Candidate],
    appraisal: _Appraisal,
    size: int,
    policy: PracticePolicy,
    rng: np.random.Generator,
) -> list[tuple[int, float, float]]:
    """(position, value, propensity) of each draw: the best, or now and then another good one."""
    left = list(range(len(candidates)))
    taken: list[Candidate] = []
    drawn: list[tuple[int, float, float]] = []
    while left and len(drawn) < size:
        values = _values([candidates[j] for j in left], appraisal, left, taken, policy)
        chances = _chances(values, policy)
        place = int(rng.choice(len(left), p=chances))
        drawn.append((left[place], float(values[place]), float(chances[place])))
        taken.append(candidates[left.pop(place)])
        family = taken[-1].family
        left = [j for j in left if not family or candidates[j].family != family]
    return drawn


def _values(
    candidates: Sequence[Candidate],
    appraisal: _Appraisal,
    left: Sequence[int],
    taken: Sequence[Candidate],
    policy: PracticePolicy,
) -> FloatArray:
    """Value of each item left, given those taken; the best of a domain stands for its whole claim."""
    domains = Counter(one.domain for one in taken)
    standards = Counter(one.standard for one in taken)
    claim = appraisal.claim[left] / [1 + domains[one.domain] for one in candidates]
    suitability = appraisal.suitability[left] / [1 + standards[one.standard] for one in candidates]
    best: dict[str, float] = {}
    for one, suits in zip(candidates, suitability, strict=True):
        best[one.domain] = max(best.get(one.domain, policy.least_suitable), float(suits))
    return np.asarray(claim * suitability / [best[one.domain] for one in candidates], dtype=np.float64)


def _chances(values: FloatArray, policy: PracticePolicy) -> FloatArray:
    # Items of one level share their assumed parameters, so ties are the rule: the equally best share the
    # chance.
    best = values >= values.max() * (1 - 1e-9)
    fair = values >= values.max() * policy.exploration_floor
    return np.asarray((1 - policy.exploration) * best / best.sum() + policy.exploration * fair / fair.sum())


def _reason(candidate: Candidate, verdicts: Mapping[str, Verdict]) -> Reason:
    if candidate.missed:
        return Reason.REVIEW_MISSED
    verdict = verdicts.get(candidate.domain, Verdict.NOT_ENOUGH)
    if verdict is Verdict.NOT_YET:
        return Reason.WEAK_DOMAIN
    return Reason.CONFIRM_STRENGTH if verdict is Verdict.KNOWN else Reason.CLOSES_GAP
