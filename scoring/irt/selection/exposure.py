"""How do we keep any item from being met by too many candidates of adaptive sessions?

Item eligibility (van der Linden & Veldkamp 2004, 2007): before a session every item is drawn to be eligible
or not, with a probability that follows from running counts, so that no simulation is needed beforehand. The
rate may be held for all candidates together or among those who end in each class of theta. Then an item is
drawn once, and open while its draw lies below the probability of the class the estimate is in: independent
draws for each class would open it to candidates on their way through several.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from scoring.irt.types import BoolArray, FloatArray, IntArray


@dataclass(frozen=True, slots=True, eq=False)
class EligibilityState:
    """Running counts over candidates, by class of theta; T = 1 where one rate holds for everybody.

    ended     (T,)    candidates whose last estimate was in the class
    feasible  (T,)    those of them for whom there were always enough eligible items
    eligible  (T, J)  those of them to whom the item was open there; every item, where eligible ones ran out
    given     (T, J)  those of them who met the item
    """

    ended: FloatArray
    feasible: FloatArray
    eligible: FloatArray
    given: FloatArray


@dataclass(frozen=True, slots=True, eq=False)
class ExposureControl:
    """How exposure is held down.

    target    no item should be met by more than this share of candidates (of those in a class of theta)
    cuts      ascending borders of the classes of theta; none: one rate for everybody
    together  so many candidates sit at the same time; the counts learn from them when all have finished
    fading    what each further candidate leaves of the weight of those before. Below 1, because the less the
              best items are open, the more their neighbours are met by whom they are open to, and the counts
              must follow; 0.995 remembers some 200 candidates.
    state     counts to go on from; by default nobody has met anything
    """

    target: float = 0.25
    cuts: tuple[float, ...] = ()
    together: int = 50
    fading: float = 0.995
    state: EligibilityState | None = None

    def __post_init__(self) -> None:
        _check_rate(self.target)
        if any(low >= high for low, high in zip(self.cuts, self.cuts[1:], strict=False)):
            raise ValueError(f"cuts must ascend, not {self.cuts}")
        if self.together < 1:
            raise ValueError(f"together is {self.together}; at least one candidate must sit at a time")
        if not 0 < self.fading <= 1:
            raise ValueError(f"fading must lie above 0 and not above 1, not {self.fading}")

    def start(self, n_items: int) -> EligibilityState:
        """The counts to begin with; ValueError where `state` is of another bank or other cuts."""
        fresh = start(n_items, n_classes=len(self.cuts) + 1)
        if self.state is None:
            return fresh
        if self.state.given.shape != fresh.given.shape:
            raise ValueError(
                f"the counts have shape {self.state.given.shape}, classes and items {fresh.given.shape}: "
                "start anew after a change of bank or cuts"
            )
        return self.state

    def classes(self, theta: FloatArray) -> IntArray:
        """Class (N,) of each theta (N,); one at a cut belongs above it."""
        return np.searchsorted(np.asarray(self.cuts), theta, side="right").astype(np.int64)


def start(n_items: int, *, n_classes: int = 1) -> EligibilityState:
    """Counts before anybody has met anything: every item is eligible."""
    return EligibilityState(
        ended=np.zeros(n_classes),
        feasible=np.zeros(n_classes),
        eligible=np.zeros((n_classes, n_items)),
        given=np.zeros((n_classes, n_items)),
    )


def probabilities(state: EligibilityState, target: float) -> FloatArray:
    """Probability (T, J) of each item to be eligible for the next candidate.

    1 - 1/P(F) + target P(E or not F) / (P(A) P(F)), held within 0 and 1, where A: item met, E: eligible,
    F: enough eligible items (van der Linden & Veldkamp 2007); 1 for an item nobody has met. With one
    class and enough eligible items it never falls below the target, its value for an item met by all who may.
    """
    _check_rate(target)
    infeasible = np.divide(
        state.ended, state.feasible, out=np.ones_like(state.ended), where=state.feasible > 0
    )[:, None]
    open_per_meeting = np.divide(
        state.eligible, state.given, out=np.full(state.given.shape, np.inf), where=state.given > 0
    )
    probability = 1 - infeasible + target * infeasible * open_per_meeting
    return np.asarray(np.clip(probability, 0.0, 1.0), dtype=np.float64)


def open_items(probability: FloatArray, draws: NDArray[np.float32], classes: IntArray) -> BoolArray:
    """Mask (N, J) of the eligible items, from draws (N, J) in [0, 1) and the candidates' classes (N,)."""
    # One that is always eligible is so whatever float32 makes of its probability.
    return np.asarray(draws < probability.astype(np.float32)[classes], dtype=np.bool_)


def record(
    state: EligibilityState,
    *,
    probability: FloatArray,
    draws: NDArray[np.float32],
    given: IntArray,
    classes: IntArray,
    feasible: BoolArray,
    fading: float = 1.0,
) -> EligibilityState:
    """The counts after N more candidates.

    probability (T, J) and draws (N, J) their eligibility came from; given (N, L) the items each met, -1 where
    none; classes (N,) of their last estimates; feasible (N,) False where eligible items ran out.
    """
    after = EligibilityState(*(np.empty_like(counts) for counts in _counts(state)))
    for number in range(state.ended.size):
        here = np.flatnonzero(classes == number)
        eligible = open_items(probability, draws[here], classes[here]) | ~feasible[here, None]
        met = np.bincount(given[here][given[here] >= 0], minlength=state.given.shape[1])
        added = (here.size, feasible[here].sum(), eligible.sum(axis=0), met)
        for new, old, more in zip(_counts(after), _counts(state), added, strict=True):
            new[number] = fading**here.size * old[number] + more
    return after


def _counts(state: EligibilityState) -> tuple[FloatArray, FloatArray, FloatArray, FloatArray]:
    return state.ended, state.feasible, state.eligible, state.given


def _check_rate(target: float) -> None:
    if not 0 < target <= 1:
        raise ValueError(f"the target must lie above 0 and not above 1, not {target}")
