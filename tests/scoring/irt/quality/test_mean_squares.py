"""Are infit and outfit the published ones, 1 where responses follow the model and not 1 elsewhere?"""

import numpy as np
import pytest

from scoring.irt import NOT_PRESENTED, ItemParameters, eap, simulate_responses
from scoring.irt.quality.mean_squares import item_mean_squares, person_mean_squares
from tests.scoring.irt import lsat

NAMES = ("outfit", "outfit_z", "infit", "infit_z")


def test_items_of_lsat_6_as_published():
    data, items = lsat.responses(6), lsat.items(6)
    found = item_mean_squares(data, items, eap(data, items, grid=lsat.grid(6)).theta)
    for name in NAMES:
        published = lsat.column(lsat.fixture("lsat6_fit")["items"], name)
        np.testing.assert_allclose(getattr(found, name), published, rtol=0, atol=1e-6)
    assert found.n.tolist() == [1000] * 5


def test_candidates_of_lsat_6_as_published():
    published = lsat.fixture("lsat6_fit")["persons"]
    patterns, items = [row["responses"] for row in published], lsat.items(6)
    found = person_mean_squares(patterns, items, eap(patterns, items, grid=lsat.grid(6)).theta)
    for name in NAMES:
        np.testing.assert_allclose(getattr(found, name), lsat.column(published, name), rtol=0, atol=1e-6)


def test_items_of_two_to_five_categories_as_another_program_has_them():
    known = lsat.fixture("partial_credit_fit")
    responses = np.array([[int(code) for code in row] for row in known["responses"]])
    items = ItemParameters.partial_credit(known["a"], known["steps"])
    found = item_mean_squares(responses, items, eap(responses, items).theta)
    np.testing.assert_allclose(found.outfit, known["outfit"], rtol=0, atol=1e-6)
    np.testing.assert_allclose(found.infit, known["infit"], rtol=0, atol=1e-6)


def test_two_responses_by_hand():
    # P(right) 1/2 and 4/5: residuals 1/2 and -4/5, variances 1/4 and 4/25, standardised squares 1 and 4.
    items = ItemParameters.dichotomous(1.0, [0.0, -np.log(4.0)])
    found = person_mean_squares([[1, 0]], items, [0.0])
    assert found.outfit[0] == pytest.approx((1 + 4) / 2)
    assert found.infit[0] == pytest.approx((1 / 4 + 16 / 25) / (1 / 4 + 4 / 25))
    # Fourth moments 1/16 and 1/5 (4/5)^4 + 4/5 (1/5)^4 = 52/625, so the squares vary by 1 - 1 and 52/16 - 1.
    q = np.sqrt((0 + 52 / 16 - 1) / 2**2)
    assert found.outfit_z[0] == pytest.approx((2.5 ** (1 / 3) - 1) * 3 / q + q / 3)


def test_at_the_true_ability_mean_squares_are_one_and_z_is_standard():
    rng = np.random.default_rng(4)
    items = ItemParameters.partial_credit(
        rng.uniform(0.7, 1.6, 40).tolist(), [rng.normal(0, 1, 1 + item % 3).tolist() for item in range(40)]
    )
    theta = rng.standard_normal(3000)
    data = simulate_responses(theta, items, seed=5)
    by_item, by_person = item_mean_squares(data, items, theta), person_mean_squares(data, items, theta)
    assert np.abs(by_item.infit - 1).max() < 0.1
    for z in (by_item.infit_z, by_item.outfit_z):
        assert abs(z.mean()) < 4 / np.sqrt(40) and 0.7 < z.std() < 1.3
    assert abs(by_person.infit.mean() - 1) < 0.01
    assert abs(by_person.infit_z.mean()) < 0.05 and 0.95 < by_person.infit_z.std() < 1.05
    # Few wild responses make the squares of outfit too skewed for a cube root to mend all of it.
    assert abs(by_person.outfit_z.mean()) < 0.08 and 0.85 < by_person.outfit_z.std() < 1.05


def test_wild_and_tame_candidates_and_items():
    items = ItemParameters.dichotomous(1.5, np.linspace(-2, 2, 10))
    wild, tame = [0] * 5 + [1] * 5, [1] * 5 + [0] * 5
    found = person_mean_squares([wild, tame], items, [0.0, 0.0])
    assert found.outfit[0] > 3 and found.outfit_z[0] > 3
    assert found.outfit[1] < 0.5 and found.outfit_z[1] < 0
    theta = np.random.default_rng(6).standard_normal(2000)
    data = simulate_responses(theta, items, seed=7)
    data[:, 4] = np.random.default_rng(8).integers(0, 2, 2000)  # an item that tells nothing
    assert item_mean_squares(data, items, theta).infit.argmax() == 4


def test_missing_responses_say_nothing():
    items = lsat.items(6)
    data = lsat.responses(6)[:50]
    theta = np.linspace(-2, 1, 50)
    data[:, 4] = NOT_PRESENTED
    kept = items.select(np.arange(4))
    found = person_mean_squares(data, items, theta)
    np.testing.assert_allclose(found.infit, person_mean_squares(data[:, :4], kept, theta).infit, rtol=1e-14)
    by_item = item_mean_squares(data, items, theta)
    np.testing.assert_allclose(
        by_item.outfit[:4], item_mean_squares(data[:, :4], kept, theta).outfit, rtol=1e-14
    )
    assert by_item.n.tolist() == [50] * 4 + [0]
    for name in NAMES:
        assert np.isnan(getattr(by_item, name)[4])


def test_what_does_not_exist_is_nan():
    items = lsat.items(6)
    found = person_mean_squares([[NOT_PRESENTED] * 5, [1] * 5, [1] * 5], items, [0.0, np.nan, 0.0])
    assert np.isnan(found.outfit).tolist() == np.isnan(found.infit_z).tolist() == [True, True, False]
    assert found.n.tolist() == [0, 0, 5]
    # At even odds every response is equally surprising, so there is no spread to measure by.
    even = person_mean_squares([[1, 0]], ItemParameters.dichotomous(1.0, [0.0, 0.0]), [0.0])
    assert even.outfit[0] == even.infit[0] == 1.0
    assert np.isnan(even.outfit_z[0]) and np.isnan(even.infit_z[0])


def test_a_response_thought_impossible_stays_finite():
    found = person_mean_squares([[0]], ItemParameters.dichotomous(5.0, [-200.0]), [4.0])
    assert np.isfinite(found.outfit[0]) and found.outfit[0] > 1e6


def test_chunks_change_nothing():
    items = lsat.items(6)
    data = np.tile(lsat.responses(6), (14, 1))  # more candidates than one stretch takes
    theta = np.tile(np.linspace(-3, 2, 1000), 14)
    whole, once = item_mean_squares(data, items, theta), item_mean_squares(data[:1000], items, theta[:1000])
    np.testing.assert_allclose(whole.infit, once.infit, rtol=1e-12)
    np.testing.assert_array_equal(
        person_mean_squares(data, items, theta).outfit[13000:],
        person_mean_squares(data[13000:], items, theta[13000:]).outfit,
    )
