"""Does leaving out each common item tell how links spread?"""

import numpy as np
import pytest

from scoring.irt import ItemParameters
from scoring.irt.linking.scales import link
from scoring.irt.linking.uncertainty import jackknife
from tests.scoring.mathematics import mathematics


def rasch_pair(shifts: np.ndarray) -> tuple[ItemParameters, ItemParameters]:
    b = np.linspace(-1.5, 1.5, shifts.size)
    return ItemParameters.dichotomous(1.0, b), ItemParameters.dichotomous(1.0, b + shifts)


def test_a_mean_has_the_standard_error_of_a_mean():
    shifts = np.array([0.3, 0.5, 0.1, 0.9, 0.4, 0.2])
    spread = jackknife(*rasch_pair(shifts), method="mean_mean", slope=1.0)
    assert spread.se_intercept == pytest.approx(shifts.std(ddof=1) / np.sqrt(6))
    assert spread.se_slope == 0
    assert spread.without[:, 1].tolist() == pytest.approx(((shifts.sum() - shifts) / 5).tolist())
    # With a fixed slope every ability is as unsure as the intercept.
    np.testing.assert_allclose(spread.se_theta([-2.0, 0.0, 2.0]), spread.se_intercept)


def test_the_item_that_moved_is_the_one_that_matters():
    shifts = np.full(10, 0.2)
    shifts[7] = 1.4
    spread = jackknife(*rasch_pair(shifts))
    assert spread.converged.all()
    gone = np.abs(spread.without[:, 1] - np.delete(spread.without[:, 1], 7).mean())
    assert np.argmax(gone) == 7
    assert spread.without[7].tolist() == pytest.approx([1.0, 0.2], abs=1e-6)


@pytest.mark.parametrize(("method", "links", "jackknives"), [("mean_mean", 80, 12), ("stocking_lord", 40, 3)])
def test_standard_errors_are_the_spread_of_links(method, links, jackknives):
    rng = np.random.default_rng(9)
    new = ItemParameters.dichotomous(1.0, np.linspace(-2, 2, 16))
    options = {"method": method, "theta": np.linspace(-3, 3, 7)}
    found, errors = [], []
    for number in range(links):
        noise = 0.2 * rng.standard_normal((2, 16))
        old = ItemParameters.dichotomous(np.exp(noise[0] / 2), new.b + noise[1])
        one = link(new, old, **options)
        found.append((one.slope, one.intercept))
        if number < jackknives:
            spread = jackknife(new, old, **options)
            errors.append((spread.se_slope, spread.se_intercept))
    np.testing.assert_allclose(np.mean(errors, axis=0), np.std(found, axis=0), rtol=0.35)


def test_identical_calibrations_leave_no_doubt():
    items = mathematics()
    spread = jackknife(items.parameters, items.parameters, category_points=items.category_half_points)
    np.testing.assert_allclose(spread.without, [[1.0, 0.0]] * 20, atol=1e-8)
    assert spread.se_theta([1.0])[0] < 1e-8


def test_errors_of_abilities_follow_from_both_coefficients():
    rng = np.random.default_rng(2)
    new, old = rasch_pair(0.3 * rng.standard_normal(12))
    spread = jackknife(new, old, method="mean_sigma")
    theta = np.array([-1.5, 0.0, 2.0])
    linked = spread.without[:, :1] * theta + spread.without[:, 1:]
    expected = np.sqrt(11 / 12 * ((linked - linked.mean(axis=0)) ** 2).sum(axis=0))
    np.testing.assert_allclose(spread.se_theta(theta), expected)


def test_two_pairs_cannot_spread():
    new, old = rasch_pair(np.zeros(2))
    with pytest.raises(ValueError, match="2 new and 2 old items: leaving out each needs at least three"):
        jackknife(new, old)
    three = rasch_pair(np.zeros(3))[0]
    with pytest.raises(ValueError, match="3 new and 2 old items"):
        jackknife(three, old)
