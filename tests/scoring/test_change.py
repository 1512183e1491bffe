"""Is a change told from responses alone, not from what practice is assumed to bring, and noise called so?"""

from __future__ import annotations

import numpy as np
import pytest

from scoring.change import Change, change_since, mean_change, unassuming
from scoring.growth import ASSUMED, Dynamics, Observation, carry
from scoring.irt.quadrature import DEFAULT_GRID, normal_weights

X = DEFAULT_GRID.points
STILL = Dynamics("still", 0.0, 0.0, 0.0, 0.0)
LINEAR = X * 2 + 20
"""Expected half-points that rise evenly, so that changes can be worked out by hand."""


def measured(at: float, se: float, *, weeks: float = 0.0, practised: int = 0) -> Observation:
    return Observation(weeks=weeks, practised=practised, log_likelihood=-0.5 * ((X - at) / se) ** 2)


def test_by_hand_for_normal_beliefs() -> None:
    before = normal_weights(DEFAULT_GRID, mean=0.0, sd=0.4)
    change = change_since(before, [measured(1.0, 0.4)], STILL, LINEAR)
    # What is now: N(0, 0.4² + 1) met by 1 ± 0.4. Of the distance of 1, the open change takes 1 / 1.32.
    assert change.value == pytest.approx(2 * 1 / 1.32, abs=1e-2)
    # The variance of the change given both: 1 - 1 / 1.32.
    assert change.sd == pytest.approx(2 * np.sqrt(1 - 1 / 1.32), abs=1e-2)


def test_practice_that_is_only_assumed_to_help_changes_nothing() -> None:
    before = normal_weights(DEFAULT_GRID, mean=0.5, sd=0.4)
    sure_of_gain = Dynamics("sure", 0.2, 0.05, 0.0, 0.0)
    many = change_since(before, [measured(0.5, 0.4, practised=40)], sure_of_gain, LINEAR)
    none = change_since(before, [measured(0.5, 0.4)], STILL, LINEAR)
    assert many.value == pytest.approx(none.value)
    assert many.value == pytest.approx(0, abs=1e-6)
    assert unassuming(sure_of_gain).gain_per_item == unassuming(sure_of_gain).drift_per_week == 0


def test_later_sittings_say_more_of_now_than_earlier_ones() -> None:
    before = normal_weights(DEFAULT_GRID, mean=0.0, sd=0.4)
    rising = [measured(0.0, 0.4), measured(1.0, 0.4, weeks=20)]
    falling = [measured(1.0, 0.4), measured(0.0, 0.4, weeks=20)]
    up, down = (change_since(before, sittings, ASSUMED, LINEAR) for sittings in (rising, falling))
    assert up.value > 1 > down.value > 0


def test_what_is_unsure_about_the_start_counts_once() -> None:
    # Nothing sharp was known before, and nothing is now: the change is open by just as much as it may be.
    flat = Observation(weeks=0.0, practised=0, log_likelihood=np.zeros(X.size))
    change = change_since(normal_weights(DEFAULT_GRID, mean=0.0, sd=0.4), [flat], STILL, LINEAR)
    assert (change.value, change.sd) == pytest.approx((0, 2), abs=1e-2)


def test_only_a_change_beyond_chance_is_clear() -> None:
    assert Change(2.6, 1.0).is_clear
    assert Change(-2.6, 1.0).is_clear
    assert not Change(2.5, 1.0).is_clear


def test_the_mean_of_a_class_is_surer_than_each_of_its_pupils() -> None:
    mean = mean_change([Change(1.0, 2.0), Change(3.0, 2.0), Change(2.0, 1.0)])
    assert (mean.n, mean.value) == (3, 2.0)
    assert mean.high - mean.value == pytest.approx(1.959964 * 3 / 3)
    assert mean.value - mean.low == pytest.approx(1.959964)


def test_nothing_is_said_without_responses() -> None:
    with pytest.raises(ValueError, match="nothing is known of a change"):
        change_since(normal_weights(DEFAULT_GRID), [], STILL, LINEAR)
    with pytest.raises(ValueError, match="no changes"):
        mean_change([])


@pytest.mark.parametrize(("true_change", "least", "most"), [(0.0, -0.1, 0.1), (0.5, 0.36, 0.56)])
def test_simulated_classes(true_change: float, least: float, most: float) -> None:
    """Known at the start to ±0.35, measured since by three sittings of 0.6 each."""
    rng = np.random.default_rng(4)
    able = rng.standard_normal(300)
    found = []
    for theta in able:
        prior = normal_weights(DEFAULT_GRID)
        first = -0.5 * ((X - theta - 0.35 * rng.standard_normal()) / 0.35) ** 2
        before = prior * np.exp(first)
        since = [
            measured(theta + true_change + 0.6 * rng.standard_normal(), 0.6, weeks=week, practised=10)
            for week in range(3)
        ]
        found.append(change_since(before / before.sum(), since, ASSUMED, LINEAR))
    mean = mean_change(found)
    assert least < mean.value / 2 < most
    if not true_change:
        assert mean.low < 0 < mean.high
        # Chance alone: 3 of 300 expected, sd 1.7.
        assert sum(one.is_clear for one in found) <= 8


def test_carrying_rows_of_the_table_adds_no_mass_between_them() -> None:
    """What the joint table rests on: without a mean, carrying is linear and keeps each row's mass."""
    rows = np.diag(normal_weights(DEFAULT_GRID))
    spread = carry(rows, Dynamics("open", 0.0, 0.0, 1.0, 0.0), weeks=np.ones(X.size))
    assert spread.sum(axis=1) == pytest.approx(np.diag(rows))
