"""Is no item met by many more candidates than it should be, and at what cost?"""

from functools import cache

import numpy as np
import pytest

from scoring.irt import ItemParameters
from scoring.irt.selection.adaptive import simulate_adaptive
from scoring.irt.selection.exposure import (
    EligibilityState,
    ExposureControl,
    open_items,
    probabilities,
    record,
    start,
)
from scoring.irt.selection.stopping import Length


def state(ended, feasible, eligible, given) -> EligibilityState:
    return EligibilityState(*(np.array(part, dtype=float) for part in (ended, feasible, eligible, given)))


def test_probability_of_being_eligible_by_hand():
    # Without infeasible sessions: target x eligible / given, at most 1; 1 for an item nobody has met.
    counts = state([100], [100], [[80, 100, 30, 0]], [[40, 20, 0, 0]])
    np.testing.assert_allclose(probabilities(counts, 0.25), [[0.5, 1.0, 1.0, 1.0]], rtol=1e-12)


def test_probability_where_eligible_items_ran_out_by_hand():
    # P(F) = 0.8: 1 - 1.25 + 0.25 x 1.25 x 80/40 = 0.375, and 1 - 1.25 + 0.25 x 1.25 x 1/2 < 0.
    counts = state([100], [80], [[80, 10]], [[40, 20]])
    np.testing.assert_allclose(probabilities(counts, 0.25), [[0.375, 0.0]], rtol=1e-12)


def test_nobody_has_met_anything_at_the_start():
    fresh = start(3, n_classes=2)
    assert probabilities(fresh, 0.1).tolist() == [[1.0] * 3] * 2


def test_items_are_open_by_the_probability_of_the_class():
    draws = np.array([[0.0, 0.5, 0.99], [0.0, 0.5, 0.99]], dtype=np.float32)
    probability = np.array([[0.0, 0.6, 1.0], [1.0, 0.4, 0.5]])
    assert open_items(probability, draws, np.array([0, 1])).tolist() == [
        [False, True, True],
        [True, False, False],
    ]


def test_counts_by_hand():
    before = state([10, 10], [9, 10], [[8, 8], [7, 7]], [[4, 1], [2, 3]])
    after = record(
        before,
        probability=np.array([[0.5, 1.0], [0.2, 1.0]]),
        draws=np.array([[0.1, 0.1], [0.7, 0.1], [0.9, 0.9]], dtype=np.float32),
        given=np.array([[1, 0], [1, -1], [0, 1]]),
        classes=np.array([0, 0, 1]),
        feasible=np.array([True, False, True]),
        fading=0.5,
    )
    # Two candidates ended in the first class, so old counts weigh 1/4 there; the second of them ran out of
    # eligible items, so all counted as open to him. One ended in the second class.
    assert after.ended.tolist() == [2.5 + 2, 5 + 1]
    assert after.feasible.tolist() == [2.25 + 1, 5 + 1]
    assert after.eligible.tolist() == [[2 + 2, 2 + 2], [3.5 + 0, 3.5 + 1]]
    assert after.given.tolist() == [[1 + 1, 0.25 + 2], [1 + 1, 1.5 + 1]]
    assert before.ended.tolist() == [10, 10]


def test_classes_lie_between_the_cuts():
    control = ExposureControl(cuts=(-1.0, 1.0))
    assert control.classes(np.array([-2.0, -1.0, 0.9, 1.0])).tolist() == [0, 1, 1, 2]
    assert ExposureControl().classes(np.array([-2.0, 3.0])).tolist() == [0, 0]


def bank(n_items: int = 500) -> ItemParameters:
    rng = np.random.default_rng(777)
    a = np.clip(rng.lognormal(0.1, 0.35, n_items), 0.4, 2.5)
    return ItemParameters.dichotomous(a, rng.normal(0, 1.2, n_items))


def sessions(exposure, *, n=1500, items=None, length=20, seed=5):
    theta = np.random.default_rng(779).standard_normal(n)
    return simulate_adaptive(
        theta,
        bank() if items is None else items,
        seed=seed,
        stopping=Length(length),
        max_items=length,
        exposure=exposure,
    )


@cache
def uncontrolled():
    return sessions(None)


def test_exposure_stays_at_the_target_for_little_precision():
    free, held = uncontrolled(), sessions(ExposureControl(0.25))
    assert free.exposure.max() == 1.0
    # The first fifty all find every item eligible, which alone is worth 0.025.
    assert highest(held) < 0.25 + 0.04
    assert held.rmse < 1.1 * free.rmse
    assert held.overlap < 0.65 * free.overlap
    assert held.never_used < free.never_used
    assert (held.n_items == 20).all()


def test_exposure_is_held_within_classes_too():
    cuts = (-0.7, 0.7)
    free, held = uncontrolled(), sessions(ExposureControl(0.25, cuts=cuts, fading=0.99))
    assert highest(held) < 0.25 + 0.04
    for number in range(3):
        assert highest_late(free, cuts, number) == 1.0
        assert highest_late(held, cuts, number) < 0.4


def highest(some) -> float:
    return float(some.exposure.max())


def highest_late(some, cuts, number) -> float:
    """Highest exposure among the second half of the candidates, of those who ended in a class."""
    half = some.n_candidates // 2
    here = np.searchsorted(cuts, some.final_theta[half:]) == number
    return float(np.bincount(some.items[half:][here].ravel()).max() / here.sum())


def test_counts_go_on_from_where_they_were():
    first = sessions(ExposureControl(0.25, fading=1.0), n=300)
    second = sessions(ExposureControl(0.25, fading=1.0, state=first.exposure_state), n=300, seed=6)
    assert first.exposure_state.ended.tolist() == [300]
    assert second.exposure_state.ended.tolist() == [600]
    # This time it does not begin with every item eligible.
    assert highest(second) < highest(first)


def test_a_bank_too_small_for_its_target_is_opened():
    few = sessions(ExposureControl(0.25, together=20, fading=1.0), n=200, items=bank(25))
    assert (few.n_items == 20).all()
    counts = few.exposure_state
    assert 0 < counts.feasible[0] < counts.ended[0] == 200


def test_the_same_seed_draws_the_same_eligibility():
    once, again = sessions(ExposureControl(0.3), n=120), sessions(ExposureControl(0.3), n=120)
    np.testing.assert_array_equal(once.items, again.items)
    assert (once.items != sessions(ExposureControl(0.3), n=120, seed=8).items).any()


def test_settings_that_cannot_be_are_refused():
    for target in (0.0, 1.2):
        with pytest.raises(ValueError, match=f"above 0 and not above 1, not {target}"):
            ExposureControl(target)
    with pytest.raises(ValueError, match=r"cuts must ascend, not \(1.0, 0.0\)"):
        ExposureControl(cuts=(1.0, 0.0))
    with pytest.raises(ValueError, match="together is 0; at least one candidate"):
        ExposureControl(together=0)
    with pytest.raises(ValueError, match="fading must lie above 0 and not above 1, not 0"):
        ExposureControl(fading=0)
    with pytest.raises(ValueError, match=r"shape \(1, 4\), classes and items \(1, 25\): start anew"):
        sessions(ExposureControl(state=start(4)), n=5, items=bank(25))
