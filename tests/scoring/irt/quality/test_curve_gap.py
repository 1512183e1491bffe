"""Is the gap between two curves what integration by hand and simulation say?"""

import numpy as np
import pytest

from scoring.irt import Grid, ItemParameters, normal_weights
from scoring.irt.quality.curve_gap import curve_gap
from tests.scoring.mathematics import mathematics


def test_three_points_by_hand():
    first, second = ItemParameters.dichotomous(1.0, [0.0]), ItemParameters.dichotomous(1.0, [1.0])
    grid = Grid(np.array([-1.0, 0.0, 1.0]))
    gap = curve_gap(first, second, grid=grid, population=[1, 2, 1])
    p = 1 / (1 + np.exp(-np.arange(-2, 2)))
    d = p[:3] - p[1:]
    assert gap.mean[0] == pytest.approx((d[0] + 2 * d[1] + d[2]) / 4)
    assert gap.squared[0] == pytest.approx((d[0] ** 2 + 2 * d[1] ** 2 + d[2] ** 2) / 4)


def test_equal_items_have_none_and_a_shift_has_a_sign():
    items = mathematics()
    harder = ItemParameters(
        a=items.parameters.a,
        b=items.parameters.b + 0.4,
        steps=items.parameters.steps,
        c=items.parameters.c,
        n_categories=items.parameters.n_categories,
    )
    same = curve_gap(items.parameters, items.parameters)
    assert np.abs(same.mean).max() == same.squared.max() == 0
    gap = curve_gap(items.parameters, harder, category_points=items.category_half_points)
    assert (gap.mean < 0).all()
    assert (gap.squared >= gap.mean**2).all()
    assert (gap.squared < 1).all()
    back = curve_gap(harder, items.parameters, category_points=items.category_half_points)
    np.testing.assert_allclose(back.mean, -gap.mean)


def test_curves_of_half_points_are_shares():
    # Both half-points at once, or none: category 1 is worth as much as category 2.
    first = ItemParameters.partial_credit([1.0], [[0.0, 20.0]])
    second = ItemParameters.partial_credit([1.0], [[1.0, 20.0]])
    alike = ItemParameters.dichotomous(1.0, [0.0]), ItemParameters.dichotomous(1.0, [1.0])
    gap = curve_gap(first, second, category_points=[[0, 2, 2]])
    assert gap.mean[0] == pytest.approx(curve_gap(*alike).mean[0], abs=1e-6)


def test_crossing_curves_cancel_in_the_mean_only():
    flat, steep = ItemParameters.dichotomous(0.5, [0.0]), ItemParameters.dichotomous(2.0, [0.0])
    gap = curve_gap(flat, steep)
    assert gap.mean[0] == pytest.approx(0, abs=1e-12)
    assert gap.squared[0] > 0.01


def test_the_population_counts():
    easy = ItemParameters.dichotomous(1.5, [-3.0]), ItemParameters.dichotomous(1.5, [-2.5])
    low = curve_gap(*easy, population=normal_weights(Grid.uniform(), mean=-3))
    assert low.squared[0] > 5 * curve_gap(*easy).squared[0]


def test_an_item_without_points_has_no_share():
    items = ItemParameters.dichotomous(1.0, [0.0, 1.0])
    gap = curve_gap(items, items, category_points=[[0, 0], [0, 1]])
    assert np.isnan([gap.mean[0], gap.squared[0]]).all()
    assert gap.mean[1] == 0


@pytest.mark.parametrize(
    ("second", "options", "message"),
    [
        (ItemParameters.dichotomous(1.0, [0.0]), {}, "equal numbers of categories"),
        (ItemParameters.partial_credit([1, 1], [[0], [0, 1]]), {}, "equal numbers of categories"),
        (None, {"population": [1.0]}, "population must be 41 weights"),
        (None, {"category_points": [[0, 1]]}, "category points have shape"),
    ],
)
def test_what_cannot_be_compared_is_named(second, options, message):
    first = ItemParameters.dichotomous(1.0, [0.0, 1.0])
    with pytest.raises(ValueError, match=message):
        curve_gap(first, second or first, **options)


def test_room_for_more_steps_changes_nothing():
    narrow = ItemParameters.dichotomous([1.0, 1.3], [0.0, 0.5])
    roomy = ItemParameters.partial_credit([1.0, 1.3, 1.0], [[0.2], [0.5], [0.0, 1.0]]).select([0, 1])
    expected = curve_gap(narrow, roomy.trimmed())
    np.testing.assert_array_equal(curve_gap(narrow, roomy).mean, expected.mean)
    np.testing.assert_array_equal(curve_gap(roomy, narrow).squared, expected.squared)
    assert expected.mean[0] < 0 and expected.mean[1] == 0
