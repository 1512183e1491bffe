"""Which of a pupil's responses speak for their ability, sitting by sitting?

Of the very same item version only the first presentation speaks: to get it right again is memory. A response
after a hint is one that the pupil did not find alone, and counts as the lowest category.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import ArrayLike

from scoring.growth import Observation
from scoring.irt.ability import apply_missing_rules
from scoring.irt.probabilities import category_log_probabilities
from scoring.irt.quadrature import DEFAULT_GRID, Grid, diffusion_kernel
from scoring.irt.score_distribution import check_category_points
from scoring.irt.types import (
    NOT_PRESENTED,
    NOT_REACHED,
    BoolArray,
    FloatArray,
    IntArray,
    ItemParameters,
    MissingRule,
)

_LEAST_BLUR = 0.01
"""Far below the spacing of the grid a blur reaches no neighbouring point."""


@dataclass(frozen=True, slots=True)
class PartEvidence:
    """Responses to some items, as those of a domain.

    n_items         that speak, after the missing rules
    half_points, max_half_points  earned and possible on these; what was left empty earns 0
    own_share       half_points of max_half_points, 0 where nothing speaks
    """

    n_items: int
    half_points: int
    max_half_points: int
    own_share: float


@dataclass(frozen=True, slots=True, eq=False)
class ResponseSeries:
    """J responses of one pupil in one subject, over T sittings in order of time.

    sitting (J,)         place of the sitting of each response
    counted (J,)         category, or -1 where it does not speak
    earned, best (J,)    half-points
    log_likelihood       (J, Q), 0 where a response does not speak
    domains, standards   of each response
    weeks (T,)           since the first sitting
    practised (T,)       items practised in each sitting
    """

    sitting: IntArray
    counted: IntArray
    earned: IntArray
    best: IntArray
    log_likelihood: FloatArray
    domains: tuple[str, ...]
    standards: tuple[str, ...]
    weeks: FloatArray
    practised: IntArray

    @property
    def n_items(self) -> int:
        """Responses that speak."""
        return int((self.counted >= 0).sum())

    def in_domain(self, code: str) -> BoolArray:
        return np.array([domain == code for domain in self.domains], dtype=np.bool_)

    def on_standard(self, code: str) -> BoolArray:
        return np.array([standard == code for standard in self.standards], dtype=np.bool_)

    def observations(self, of: BoolArray | None = None) -> list[Observation]:
        """All T sittings, each with the likelihood of its responses `of` (J,) alone."""
        total = np.zeros((self.weeks.size, self.log_likelihood.shape[1]))
        chosen = np.ones(self.sitting.size, dtype=np.bool_) if of is None else of
        np.add.at(total, self.sitting[chosen], self.log_likelihood[chosen])
        return [
            Observation(weeks=float(weeks), practised=int(practised), log_likelihood=likelihood)
            for weeks, practised, likelihood in zip(self.weeks, self.practised, total, strict=True)
        ]

    def observations_for(
        self, exam: Mapping[str, int], *, domain_sd: float, grid: Grid = DEFAULT_GRID
    ) -> list[Observation]:
        """All T sittings, as far as each speaks of the ability that the exam asks for.

        exam: half-points by domain. With abilities in the domains N(0, domain_sd^2) around the ability in the
        subject a sitting measures their mean by its own shares of points, the exam by those of the exam.
        The two differ by a normal deviation of variance domain_sd^2 times the sum of the squared differences
        of shares: nothing for a trial by the blueprint, nearly domain_sd^2 for a set of one domain. The
        likelihood is blurred by as much; else a set of one domain would make readiness too sure of itself.
        """
        wanted = {code: points / sum(exam.values()) for code, points in exam.items()}
        found = []
        for place, observation in enumerate(self.observations()):
            here = (self.sitting == place) & (self.counted >= 0)
            sd = domain_sd * self._apart(here, wanted)
            likelihood = observation.log_likelihood
            if sd >= _LEAST_BLUR:
                top = likelihood.max()
                likelihood = np.log(diffusion_kernel(grid, sd) @ np.exp(likelihood - top)) + top
            found.append(replace(observation, log_likelihood=likelihood))
        return found

    def _apart(self, of: BoolArray, wanted: Mapping[str, float]) -> float:
        """Root of the sum of squared differences between the shares of points `of` these and those wanted."""
        points = {code: int(self.best[of & self.in_domain(code)].sum()) for code in {*self.domains, *wanted}}
        total = sum(points.values())
        if not total:
            return 0.0
        return math.sqrt(sum((own / total - wanted.get(code, 0.0)) ** 2 for code, own in points.items()))

    def spoken_points(self, of: BoolArray) -> tuple[int, int, int]:
        """(half-points earned, possible, number) of the responses `of` that speak."""
        speaks = of & (self.counted >= 0)
        return int(self.earned[speaks].sum()), int(self.best[speaks].sum()), int(speaks.sum())

    def evidence(self, of: BoolArray) -> PartEvidence:
        earned, possible, number = self.spoken_points(of)
        return PartEvidence(
            n_items=number,
            half_points=earned,
            max_half_points=possible,
            own_share=earned / possible if possible else 0.0,
        )


def response_series(
    codes: ArrayLike,
    parameters: ItemParameters,
    category_half_points: ArrayLike,
    *,
    items: Sequence[object],
    domains: Sequence[str],
    standards: Sequence[str],
    sitting: ArrayLike,
    weeks: ArrayLike,
    practised: ArrayLike,
    hinted: ArrayLike | None = None,
    grid: Grid = DEFAULT_GRID,
    omitted: MissingRule = MissingRule.CATEGORY_ZERO,
    not_reached: MissingRule = MissingRule.NOT_PRESENTED,
) -> ResponseSeries:
    """The series of J responses that stand in the order in which they were given.

    codes (J,) categories and missing codes; items (J,): what names the item version; hinted (J,): was a hint
    asked for; the rest as in `ResponseSeries`. An item that was not reached has not been presented.
    """
    points = check_category_points(parameters, category_half_points)
    given = np.asarray(codes, dtype=np.int64).copy()
    given[_repeated(given, items)] = NOT_PRESENTED
    if hinted is not None:
        given[np.asarray(hinted, dtype=np.bool_) & (given > 0)] = 0
    counted = apply_missing_rules(given[None, :], parameters, omitted=omitted, not_reached=not_reached)[
        0
    ].astype(np.int64)
    table = category_log_probabilities(grid.points, parameters)
    rows = np.arange(given.size)
    likelihood = table[:, rows, np.maximum(counted, 0)].T
    return ResponseSeries(
        sitting=np.asarray(sitting, dtype=np.int64),
        counted=counted,
        earned=points[rows, np.maximum(given, 0)],
        best=points.max(axis=1, initial=0),
        log_likelihood=np.where((counted >= 0)[:, None], likelihood, 0.0),
        domains=tuple(domains),
        standards=tuple(standards),
        weeks=np.asarray(weeks, dtype=np.float64),
        practised=np.asarray(practised, dtype=np.int64),
    )


def _repeated(codes: IntArray, items: Sequence[object]) -> BoolArray:
    """Which responses are to an item that was met before?"""
    met: set[object] = set()
    repeated = np.zeros(codes.size, dtype=np.bool_)
    for place, item in enumerate(items):
        repeated[place] = item in met
        if codes[place] not in (NOT_PRESENTED, NOT_REACHED):
            met.add(item)
    return repeated
