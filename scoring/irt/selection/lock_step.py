"""What happens to candidates who take the steps of adaptive sessions together?

A step: where does everybody stand, which item would come next, who may stop, and what do the others respond?
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from scoring.irt.keyed_numbers import uniforms
from scoring.irt.posterior import mean_and_sd
from scoring.irt.quadrature import Grid
from scoring.irt.selection.content import ContentTargets, next_domains
from scoring.irt.selection.exposure import EligibilityState, ExposureControl, open_items, record
from scoring.irt.selection.informative import InformationTable, most_informative, most_informative_on_average
from scoring.irt.selection.stopping import Progress, ReasonArray, StoppingRule
from scoring.irt.simulate import respond
from scoring.irt.types import BoolArray, FloatArray, IntArray, ItemParameters, ResponseArray

# exp() of anything lower counts as exp(-50): no denormal numbers, which are many times slower.
_LOWEST = np.float32(-50)
_IMPOSSIBLE = np.float32(-1e9)


class SelectionRule(StrEnum):
    """Where the next item should tell most: at the estimate, or on average over the posterior."""

    AT_ESTIMATE = "at_estimate"
    OVER_POSTERIOR = "over_posterior"


@dataclass(frozen=True, slots=True, eq=False)
class Plan:
    """What is the same for all candidates: the bank with its tables, and the rules.

    log_p   (J, K, Q)  float32; what a response adds to the log-posterior lies in one piece
    member  (D + 1, J) the items of each content domain, the last row empty
    """

    items: ItemParameters
    log_p: NDArray[np.float32]
    table: InformationTable
    member: BoolArray
    rule: SelectionRule
    stopping: StoppingRule
    max_items: int
    content: ContentTargets | None
    grid: Grid
    seed: int

    def best(self, theta: FloatArray, posterior: FloatArray, allowed: BoolArray) -> IntArray:
        if self.rule is SelectionRule.AT_ESTIMATE:
            return most_informative(self.table, theta, allowed=allowed)
        return most_informative_on_average(self.table, posterior, allowed=allowed)


@dataclass(frozen=True, slots=True, eq=False)
class Eligibility:
    """Exposure control of one wave: the probabilities (T, J) and the draws (N, J) to be held against them."""

    control: ExposureControl
    probability: FloatArray
    draws: NDArray[np.float32]

    def allows(self, rows: IntArray, classes: IntArray) -> BoolArray:
        return open_items(self.probability, self.draws[rows], classes)


@dataclass(frozen=True, slots=True, eq=False)
class Records:
    """What is kept of N sessions of at most L items, filled as they go.

    items       (N, L)      positions, -1 after the last
    responses   (N, L)      categories, -1 after the last
    theta, se   (N, L + 1)  before any item and after each, NaN after the last
    feasible    (N,)        False where eligible items ran out
    stopped_by  (N,)        the reason
    """

    items: IntArray
    responses: ResponseArray
    theta: FloatArray
    se: FloatArray
    feasible: BoolArray
    stopped_by: ReasonArray

    @classmethod
    def empty(cls, n: int, length: int) -> Records:
        return cls(
            items=np.full((n, length), -1, dtype=np.int64),
            responses=np.full((n, length), -1, dtype=np.int8),
            theta=np.full((n, length + 1), np.nan),
            se=np.full((n, length + 1), np.nan),
            feasible=np.ones(n, dtype=np.bool_),
            stopped_by=np.full(n, "", dtype="<U80"),
        )

    @property
    def n_items(self) -> IntArray:
        return np.asarray((self.items >= 0).sum(axis=1), dtype=np.int64)

    @property
    def final_theta(self) -> FloatArray:
        return np.asarray(self.theta[np.arange(self.n_items.size), self.n_items], dtype=np.float64)


class Wave:
    """N candidates who sit together: their abilities, what they may still be given, where they stand."""

    def __init__(
        self,
        plan: Plan,
        *,
        ability: FloatArray,
        numbers: IntArray,
        prior: FloatArray,
        allowed: BoolArray,
        eligibility: Eligibility | None = None,
    ) -> None:
        self.plan, self.eligibility = plan, eligibility
        self.ability, self.numbers = ability, numbers
        self.records = Records.empty(ability.size, plan.max_items)
        self._unseen = allowed.copy()
        with np.errstate(divide="ignore"):
            self._log_posterior = np.maximum(np.log(prior), _IMPOSSIBLE).astype(np.float32)
        if plan.content is not None:
            self._left = plan.content.counts(self._unseen)
            self._met = np.zeros_like(self._left)

    def run(self) -> Records:
        """All steps until everybody has stopped."""
        active = np.arange(self.ability.size)
        step = 0
        while active.size:
            posterior = self.posterior(active)
            theta, se = mean_and_sd(posterior, self.plan.grid)
            self.records.theta[active, step], self.records.se[active, step] = theta, se
            item = self._choose(active, step, theta, posterior)
            progress = Progress(
                parameters=self.plan.items,
                grid=self.plan.grid,
                posterior=posterior,
                theta=theta,
                se=se,
                given=self.records.items[active, :step],
                responses=self.records.responses[active, :step],
                next_items=item,
            )
            reason = self.plan.stopping(progress)
            reason = np.where((reason == "") & (item < 0), "no item left", reason)
            self.records.stopped_by[active] = reason
            going = reason == ""
            active = active[going]
            self._administer(active, step, item[going])
            step += 1
        return self.records

    def recorded(self, state: EligibilityState) -> EligibilityState:
        """The counts of exposure control after these candidates."""
        if self.eligibility is None:
            return state
        return record(
            state,
            probability=self.eligibility.probability,
            draws=self.eligibility.draws,
            given=self.records.items,
            classes=self.eligibility.control.classes(self.records.final_theta),
            feasible=self.records.feasible,
            fading=self.eligibility.control.fading,
        )

    def posterior(self, rows: IntArray) -> FloatArray:
        """Weights (n, Q) of the candidates at `rows` as they stand, each row summing to 1."""
        log_weights = self._log_posterior[rows]
        log_weights -= log_weights.max(axis=1, keepdims=True)
        self._log_posterior[rows] = log_weights
        weights = np.exp(np.maximum(log_weights, _LOWEST)).astype(np.float64)
        return np.asarray(weights / weights.sum(axis=1, keepdims=True))

    def _choose(self, rows: IntArray, step: int, theta: FloatArray, posterior: FloatArray) -> IntArray:
        allowed = self._unseen[rows]
        if self.plan.content is not None:
            domain = next_domains(
                self.plan.content, self._met[rows], self._left[rows], length=self.plan.max_items
            )
            allowed &= self.plan.member[domain]
        if self.eligibility is None or step == self.plan.max_items:
            return self.plan.best(theta, posterior, allowed)
        classes = self.eligibility.control.classes(theta)
        item = self.plan.best(theta, posterior, allowed & self.eligibility.allows(rows, classes))
        out = np.flatnonzero(item < 0)
        item[out] = self.plan.best(theta[out], posterior[out], allowed[out])
        self.records.feasible[rows[out]] = False
        return item

    def _administer(self, rows: IntArray, step: int, item: IntArray) -> None:
        if not rows.size:
            return
        uniform = uniforms(self.plan.seed, self.numbers[rows], item)
        category = respond(self.ability[rows], self.plan.items.select(item), uniform)
        self._log_posterior[rows] += self.plan.log_p[item, category]
        self._unseen[rows, item] = False
        self.records.items[rows, step] = item
        self.records.responses[rows, step] = category
        if self.plan.content is not None:
            domain = self.plan.content.domain[item]
            self._met[rows, domain] += 1
            self._left[rows, domain] -= 1
