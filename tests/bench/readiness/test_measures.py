"""Does every measure give what can be worked out by hand?"""

import numpy as np
import pytest

from scoring.readiness import predict
from tests.bench.readiness.judged import Judged, Truth, missed
from tests.bench.readiness.measures import (
    brier_score,
    chance_calibration_error,
    expected_calibration_error,
    ks_distance,
    ks_limit,
    log_score,
    murphy,
    randomised_pit,
    share_inside,
    shortest_intervals,
    tail,
)

PMF = np.array([[0.1, 0.2, 0.3, 0.4], [0.5, 0.5, 0.0, 0.0]])


def test_the_pit_lies_between_less_and_at_most_as_the_number_says():
    outcome = np.array([2, 0])
    assert randomised_pit(PMF, outcome, np.array([0.0, 0.0])).tolist() == pytest.approx([0.3, 0.0])
    assert randomised_pit(PMF, outcome, np.array([1.0, 0.5])).tolist() == pytest.approx([0.6, 0.25])


def test_the_pit_is_uniform_exactly_where_outcomes_come_as_predicted():
    rng = np.random.default_rng(4)
    pmf = rng.dirichlet(np.ones(21), size=40_000)
    outcome = (rng.random((pmf.shape[0], 1)) > pmf.cumsum(axis=1)).sum(axis=1)
    uniform = rng.random(pmf.shape[0])
    assert ks_distance(randomised_pit(pmf, outcome, uniform)) < ks_limit(pmf.shape[0])
    flattened = (pmf + 1 / 21) / 2
    assert ks_distance(randomised_pit(flattened, outcome, uniform)) > ks_limit(pmf.shape[0])


def test_the_ks_distance_is_the_largest_gap_on_either_side():
    assert ks_distance([0.5]) == 0.5
    assert ks_distance([0.1, 0.2]) == pytest.approx(0.8)
    assert ks_distance([0.9, 0.7]) == pytest.approx(0.7)
    assert ks_distance((np.arange(100) + 0.5) / 100) == pytest.approx(0.005)
    assert ks_limit(10_000) == pytest.approx(0.0163, abs=5e-5)
    assert ks_limit(10_000, rows=2) == pytest.approx(0.0173, abs=5e-5)


@pytest.mark.parametrize("mass", [0.5, 0.7, 0.9, 1.0])
@pytest.mark.parametrize("maximum", [40, 39])
def test_intervals_of_many_are_those_that_readiness_gives_each(mass, maximum):
    rng = np.random.default_rng(maximum)
    pmf = rng.dirichlet(np.full(maximum + 1, 0.3), size=60)
    low, high = shortest_intervals(pmf, mass)
    for row in range(pmf.shape[0]):
        one = predict(np.array([1.0]), pmf[row : row + 1], mass=mass)
        assert (low[row], high[row]) == (one.low, one.high)


def test_the_ends_of_an_interval_belong_to_it():
    assert share_inside([2, 2, 2, 2], [4, 4, 4, 4], [1, 2, 4, 5]) == 0.5


def test_the_log_score_is_the_mean_surprise():
    assert log_score(PMF, np.array([3, 1])) == pytest.approx(-(np.log(0.4) + np.log(0.5)) / 2)
    assert log_score(PMF, np.array([3, 2])) == np.inf


def test_the_tail_counts_the_cut_itself():
    assert tail(PMF, 2).tolist() == pytest.approx([0.7, 0.0])
    assert tail(PMF, np.array([3, 1])).tolist() == pytest.approx([0.4, 0.5])


def test_the_calibration_error_is_the_mean_gap_of_the_bins():
    said = np.repeat([0.2, 0.6], [10, 30])
    happened = np.repeat([True, False, True, False], [2, 8, 9, 21])
    assert expected_calibration_error(said, happened, bins=4) == pytest.approx((30 * 0.3) / 40, abs=1e-12)
    # Right on the whole, wrong in each half: without bins nothing would be seen.
    assert expected_calibration_error(np.repeat([0.2, 0.8], 10), np.repeat([True, False], 10)) == (
        pytest.approx(0.8)
    )


def test_chance_alone_makes_as_much_calibration_error_as_is_said():
    rng = np.random.default_rng(1)
    said = rng.random(5_000)
    errors = [expected_calibration_error(said, rng.random(5_000) < said) for _ in range(200)]
    assert np.mean(errors) == pytest.approx(chance_calibration_error(said), rel=0.05)


def test_murphys_parts_make_up_the_brier_score():
    said = np.repeat([0.25, 0.75], 20)
    happened = np.repeat([True, False, True, False], [5, 15, 10, 10])
    parts = murphy(said, happened, bins=2)
    assert (
        parts.brier == brier_score(said, happened) == pytest.approx((15 * 0.0625 + 5 * 0.5625) / 40 + 0.15625)
    )
    assert parts.reliability == pytest.approx(0.5 * 0.25**2)
    assert parts.resolution == pytest.approx((0.25 - 0.375) ** 2)
    assert parts.uncertainty == pytest.approx(0.375 * 0.625)
    assert parts.within == pytest.approx(0)


def _judged(pmf, half_points):
    n = len(half_points)
    whole = np.zeros(n, dtype=np.int64)
    truth = Truth(np.array(half_points), whole, whole + 20, np.full(n, 0.5))
    return Judged(np.asarray(pmf, dtype=np.float64), truth)


def test_what_is_judged_is_in_points_and_its_goals_are_told_when_missed():
    pmf = np.zeros((4, 41))
    pmf[:, [19, 20, 21]] = 0.25, 0.5, 0.25
    found = _judged(pmf, [20, 20, 24, 16])
    assert found.coverage == (0.5, 0.5)
    assert found.said == pytest.approx((0.75, 1.0))
    assert found.width == (1.0, 2.0)
    assert found.bias == 0
    assert found.rms_error == pytest.approx(np.sqrt(8) / 2)
    wide = _judged(np.full((4, 41), 1 / 41), [20, 20, 24, 16])
    told = missed(found, _judged(pmf, [20, 20, 20, 20]))
    assert [line.partition(" is ")[0] for line in told[:2]] == ["coverage of 70%", "coverage of 90%"]
    assert any(line.startswith("width of 70%") for line in missed(wide, found))
    assert not any("width" in line for line in missed(wide, None))


def test_one_group_is_judged_by_its_own_predictions():
    pmf = np.zeros((2, 41))
    pmf[0, 10], pmf[1, 30] = 1, 1
    found = _judged(pmf, [10, 12])
    assert found.only(np.array([True, False])).coverage == (1.0, 1.0)
    assert found.only(np.array([False, True])).bias == pytest.approx(9.0)
