"""Does every free parameter have one number, and does it find its way there and back?"""

import numpy as np

from scoring.irt.calibration.layout import Estimates, number_free
from scoring.irt.calibration.result import Anchors
from tests.scoring.irt.calibration.examples import DESIGNS, case, draw, items_of

MIXED = items_of(DESIGNS["mixed"])


def test_numbers_by_hand():
    # Three items of slope, intercept and guessing; the first and the last share a slope; one group of two.
    free = np.array([[True, True, False], [True, True, True], [True, True, False]])
    index, n_free = number_free(
        free,
        np.array([0, 1, 0]),
        mean=np.array([False, True]),
        sd=np.array([False, True]),
        n_coefficients=1,
    )
    assert index.tolist() == [0, 1, -1, 2, 3, 4, 0, 5, -1, -1, 6, -1, 7, 8]
    assert n_free == 9


def test_a_fixed_slope_has_no_number_even_if_shared():
    free = np.array([[False, True], [False, True]])
    index, n_free = number_free(
        free, np.array([0, 0]), mean=np.zeros(1, dtype=bool), sd=np.ones(1, dtype=bool), n_coefficients=0
    )
    assert index.tolist() == [-1, 0, -1, 1, -1, 2]
    assert n_free == 3


def test_flat_and_back():
    estimates = Estimates(
        np.arange(6.0).reshape(2, 3), np.array([6.0, 7.0]), np.array([8.0, 9.0]), np.array([10.0])
    )
    assert estimates.flat.tolist() == list(range(11))
    again = estimates.from_flat(estimates.flat)
    for name in ("items", "mean", "log_sd", "coefficients"):
        np.testing.assert_array_equal(getattr(again, name), getattr(estimates, name))


def test_packing_and_unpacking_are_inverse_and_leave_what_is_fixed():
    responses = draw(MIXED, 200, seed=1)
    anchors = Anchors(np.array([1, 2]), MIXED.select([1, 2]))
    found = case(responses, DESIGNS["mixed"], anchors=anchors, groups=np.arange(200) % 2)
    layout, start = found.problem.layout, found.problem.start
    packed = np.random.default_rng(1).normal(0, 1, layout.n_free)
    estimates = layout.unpack(packed, start)
    np.testing.assert_array_equal(layout.pack(estimates), packed)
    fixed = layout.index < 0
    np.testing.assert_array_equal(estimates.flat[fixed], start.flat[fixed])
    anchored = np.isin(found.problem.order, anchors.index)
    assert not layout.free_items(start.items)[anchored].any()


def test_items_of_one_slope_get_the_same_one():
    models = ["1pl", "2pl", "1pl", "1pl", "2pl"]
    found = case(draw(items_of(models), 200, seed=2), models)
    packed = np.arange(1.0, found.problem.layout.n_free + 1)
    slopes = found.at(packed).items[np.argsort(found.problem.order), 0]
    assert slopes[0] == slopes[2] == slopes[3]
    assert len(set(slopes.tolist())) == 3
    # Three slopes and five intercepts.
    assert found.problem.layout.n_free == 8
