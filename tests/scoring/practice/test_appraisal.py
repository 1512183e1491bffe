"""Is every factor of an item's value what the formula says?"""

import numpy as np
import pytest

from scoring.irt.quadrature import DEFAULT_GRID, normal_weights
from scoring.practice.appraisal import Appraisal, appraise
from scoring.practice.learner import Learner, Met
from tests.scoring.practice.small import at, bank_of, exam_of, logistic, plain, sure_of

ROWS = [
    ("n1", "numbers", "N1", 0.0),
    ("n2", "numbers", "N2", 1.0),
    ("a1", "algebra", "A1", 0.0),
    ("a2", "algebra", "A2", -1.0),
]
EXAM = exam_of(["numbers", "algebra", "algebra", "algebra"])


def appraised(learner: Learner, **changes) -> Appraisal:
    bank = bank_of(ROWS, prerequisites={"N2": ("N1",), "A2": ("A1", "N2")})
    return appraise(bank, learner, EXAM, plain(**changes))


def test_gain_is_half_points_times_the_rise_in_the_domains_own_ability():
    found = appraised(sure_of(0.0, domains={"algebra": at(-2.0)}), focus=2.0)
    gains = [6 * (logistic(-1) - logistic(-2)), 2 * (logistic(1) - 0.5)]
    np.testing.assert_allclose(found.gains, gains, rtol=1e-12)  # algebra, numbers
    np.testing.assert_allclose(found.claim, np.square([gains[1]] * 2 + [gains[0]] * 2), rtol=1e-12)


def test_share_and_doubt_come_from_the_posterior():
    posterior = (at(-1.0) + at(1.0)) / 2
    found = appraised(Learner(posterior=posterior))
    assert found.share[0] == pytest.approx(0.5, rel=1e-12)
    assert found.unsure[0] == pytest.approx(logistic(1) - 0.5, rel=1e-12)
    assert appraised(sure_of(0.0)).unsure.tolist() == [0, 0, 0, 0]


def test_productive_difficulty_peaks_at_its_target():
    policy = plain(target=0.5, ends_target=0.7, width=0.1)
    found = appraised(sure_of(0.0), target=0.5)
    within = found.productive(policy, at_an_end=False)
    assert within[0] == 1
    assert within[1] == pytest.approx(np.exp(-0.5 * ((logistic(-1) - 0.5) / 0.1) ** 2), rel=1e-12)
    assert found.productive(policy, at_an_end=True)[0] == pytest.approx(np.exp(-2), rel=1e-12)


def test_mastery_weighs_what_was_earned_with_what_is_expected():
    found = appraised(sure_of(0.0, standards={"N1": (1, 6), "elsewhere": (0, 9)}), standard_weight=4.0)
    expected = [0.5, logistic(1), (4 * 0.5 + 1) / (4 + 6), logistic(-1)]  # A1, A2, N1, N2
    np.testing.assert_allclose(found.mastery, expected, rtol=1e-12)


def test_what_builds_on_something_weak_is_put_off():
    known = {"N1": (0, 36), "A1": (12, 12)}
    found = appraised(sure_of(0.0, standards=known), prerequisite_floor=0.25, prerequisite_share=0.5)
    # N1 is at 2 of 40 half-points, below the floor of a quarter of the wanted share.
    assert found.ready.tolist() == pytest.approx([1, 0.25, 1, logistic(-1) / 0.5], rel=1e-12)
    # N1 and N2 are not mastered and something builds on them; A1 is mastered.
    assert found.first_step.tolist() == [True, True, False, False]


def test_met_items_wait_unless_they_are_due():
    met = {
        "n1": Met(missed=False),
        "n2": Met(missed=True, due=True),
        "a1": Met(missed=True, due=False),
        "gone": Met(missed=True, due=True),
    }
    found = appraised(sure_of(0.0, met=met), due_factor=2.0)
    assert found.review.tolist() == [0, 2, 0, 1]
    assert found.due.tolist() == [False, True, False, False]


def test_a_variant_waits_with_its_family():
    bank = bank_of(ROWS, families={"n1": "sums", "n2": "sums"})
    found = appraise(bank, sure_of(0.0, met={"sums": Met(missed=False)}), EXAM, plain())
    assert found.review.tolist() == [0, 0, 1, 1]


def test_with_many_items_every_share_is_its_own():
    rng = np.random.default_rng(1)
    rows = [(f"i{j}", f"d{j % 3}", f"s{j % 12}", float(rng.normal())) for j in range(60)]
    bank = bank_of(rows)
    learner = Learner(normal_weights(DEFAULT_GRID), domains={"d1": normal_weights(DEFAULT_GRID, 1.0, 0.5)})
    found = appraise(bank, learner, EXAM, plain())
    by_hand = [learner.ability_in(item.domain) @ bank.share[j] for j, item in enumerate(bank.items)]
    np.testing.assert_allclose(found.share, by_hand, rtol=1e-12)
