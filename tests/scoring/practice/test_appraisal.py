"""Is every factor of an item's value what the formula says?"""

from typing import Any

import numpy as np
import pytest

from scoring.irt.quadrature import DEFAULT_GRID, normal_weights
from scoring.irt.types import ItemParameters
from scoring.practice.abilities import abilities
from scoring.practice.appraisal import Appraisal, appraise
from scoring.practice.bank import BankItem, PracticeBank
from scoring.practice.learner import Learner, Met
from scoring.practice.policy import DEFAULT_POLICY
from tests.scoring.practice.small import at, bank_of, effects_of, exam_of, logistic, plain, sure_of, told

ROWS = [
    ("n1", "numbers", "N1", 0.0),
    ("n2", "numbers", "N2", 1.0),
    ("a1", "algebra", "A1", 0.0),
    ("a2", "algebra", "A2", -1.0),
]
BANK = bank_of(ROWS, prerequisites={"N2": ("N1",), "A2": ("A1", "N2")})
EXAM = exam_of(
    ["numbers", "algebra", "algebra", "algebra"],
    standards=["N1", "A1", "A1", "A2"],
    breadth={"numbers": 2, "algebra": 4},
)
NEW = Learner(normal_weights(DEFAULT_GRID))


def appraised(learner: Learner, **changes: Any) -> Appraisal:
    return appraise(BANK, learner, EXAM, plain(**changes))


def sure(theta: float | dict[str, float] = 0.0, **known: Any) -> Learner:
    return sure_of(BANK, theta, **known)


def rise(theta: float) -> float:
    """Half-points that an item of 2 brings more to whoever grows by 1."""
    return 2 * (logistic(theta + 1) - logistic(theta))


ALGEBRA_LOW = {"N1": 0.0, "N2": 0.0, "A1": -2.0, "A2": -2.0}


def test_gains_of_domains_are_half_points_times_the_rise_in_their_own_ability():
    found = appraised(sure(ALGEBRA_LOW))
    np.testing.assert_allclose(found.gains, [3 * rise(-2), rise(0)], rtol=1e-6)  # algebra, numbers


def test_a_short_step_is_counted_as_a_whole_unit():
    found = appraised(sure(), step=0.5)
    np.testing.assert_allclose(found.gains[1], 2 * (logistic(0.5) - 0.5) / 0.5, rtol=1e-6)


def test_an_item_gains_in_its_domain_and_on_its_standard():
    found = appraised(sure(), effects=effects_of(0.02, 0.05), repeats=0.5)
    wide = np.array([1, 1, 3, 3])  # items of the domain on the exam
    # Half of the standard's own items on the form, half of its part of the whole domain.
    narrow = [0.5 * 1 + 0.5 * 1 / 2, 0.5 * 1 / 2, 0.5 * 2 + 0.5 * 3 / 4, 0.5 * 1 + 0.5 * 3 / 4]
    expected = rise(0) * (0.02 * wide + 0.05 * np.array(narrow))
    np.testing.assert_allclose(found.gain, expected, rtol=1e-6)
    np.testing.assert_allclose(found.learnt, 0.07, rtol=1e-12)


def test_what_is_learnt_goes_by_the_chance_of_solving_it():
    effects = effects_of([0.0, 0.1, 0.2, 0.3, 0.2, 0.1], [0.6, 0.5, 0.4, 0.3, 0.2, 0.1])
    found = appraised(sure(), effects=effects)
    share = np.array([0.5, logistic(-1), 0.5, logistic(1)])
    np.testing.assert_allclose(found.share, share, rtol=1e-9)
    # Between the knots: 0.5 is a third of the way from 0.45 to 0.6, and so on.
    hard, easy = (logistic(-1) - 0.15) / 0.15, (logistic(1) - 0.6) / 0.15
    wide = np.array([0.2 + 0.1 / 3, 0.1 * hard, 0.2 + 0.1 / 3, 0.3 - 0.1 * easy])
    narrow = np.array([0.4 - 0.1 / 3, 0.6 - 0.1 * hard, 0.4 - 0.1 / 3, 0.3 - 0.1 * easy])
    learnt = wide + narrow
    np.testing.assert_allclose(found.learnt, learnt, rtol=1e-9)


def test_shares_and_chances_come_from_the_items_own_standard():
    known = told(BANK, {"N1": at(-1.0) + at(1.0), "N2": at(2.0)})
    found = appraised(Learner(normal_weights(DEFAULT_GRID), known), effects=effects_of(standard_sd=0.5))
    weights = abilities(BANK, Learner(NEW.posterior, known), 0.5).standards[2]
    low, high = weights[DEFAULT_GRID.points == -1.0][0], weights[DEFAULT_GRID.points == 1.0][0]
    assert low + high == pytest.approx(1) and high > low
    assert found.share[0] == pytest.approx(low * logistic(-1) + high * logistic(1), rel=1e-12)
    assert found.share[1] == pytest.approx(logistic(1), rel=1e-12)
    assert found.probability(BANK, 0) == pytest.approx(found.share[0], rel=1e-12)


def test_the_chance_of_all_points_is_not_the_share_of_them():
    items = [BankItem("p", "algebra", "A1")]
    bank = PracticeBank.of(items, ItemParameters.partial_credit([1.0], [[-1.0, 1.0]]), [[0, 1, 3]])
    found = appraise(bank, sure_of(bank, 0.0), EXAM, plain())
    assert found.share[0] == pytest.approx((np.e + 3) / (2 + np.e) / 3, rel=1e-12)
    assert found.probability(bank, 0) == pytest.approx(1 / (2 + np.e), rel=1e-12)


def test_what_practice_has_raised_is_expected_of_its_domain():
    found = appraised(sure(grown={"algebra": 1.0}))
    np.testing.assert_allclose(found.share, [0.5, logistic(-1), logistic(1), logistic(2)], rtol=1e-9)
    np.testing.assert_allclose(found.gains, [3 * rise(1), rise(0)], rtol=1e-6)


def test_how_far_standards_lie_apart_is_taken_from_the_effects():
    known = Learner(NEW.posterior, told(BANK, {"N1": at(2.0)}))
    near, far = (appraised(known, effects=effects_of(standard_sd=sd)).share for sd in (0.001, 1.0))
    assert near[1] == pytest.approx(logistic(1), rel=1e-6)
    assert far[1] < near[1] - 0.05
    assert near[0] == pytest.approx(far[0], rel=1e-9)


def test_mastery_is_the_share_expected_on_the_items_of_a_standard():
    rows = [*ROWS, ("n3", "numbers", "N1", 2.0)]
    bank = bank_of(rows)
    found = appraise(bank, sure_of(bank, {"A1": 1.0, "A2": 0.0, "N1": -1.0, "N2": 1.0}), EXAM, plain())
    expected = [logistic(1), logistic(1), (logistic(-1) + logistic(-3)) / 2, 0.5]  # A1, A2, N1, N2
    np.testing.assert_allclose(found.mastery, expected, rtol=1e-9)


def test_what_builds_on_something_weak_is_put_off():
    # Mastery: N1 5 %, N2 12 %, A1 73 %.
    known = {"N1": -3.0, "N2": -1.0, "A1": 1.0, "A2": 0.0}
    found = appraised(sure(known), prerequisite_floor=0.125, prerequisite_share=0.5)
    # N1 is below the floor; of the two on which A2 builds A1 is mastered.
    assert found.ready.tolist() == pytest.approx([1, 0.125, 1, logistic(-2) / 0.5], rel=1e-9)
    # N1 and N2 are not mastered and something builds on them; A1 is mastered, on A2 nothing builds.
    assert found.first_step.tolist() == [True, True, False, False]


def test_two_weak_prerequisites_count_both():
    known = {"N1": 0.0, "N2": 0.0, "A1": -1.0, "A2": 0.0}
    found = appraised(sure(known), prerequisite_floor=0.0, prerequisite_share=0.8)
    assert found.ready[3] == pytest.approx(logistic(-1) ** 2 / 0.64, rel=1e-9)


def test_met_items_wait_unless_they_are_due():
    met = {
        "n1": Met(missed=False),
        "n2": Met(missed=True, due=True),
        "a1": Met(missed=True, due=False),
        "a2": Met(missed=True, due=True, confirm=True),
        "gone": Met(missed=True, due=True),
    }
    found = appraised(sure(met=met), due_factor=2.0, confirm_factor=0.25)
    assert found.review.tolist() == [0, 2, 0, 0.25]
    assert found.due.tolist() == [False, True, False, True]
    later = appraised(sure(met={"a2": Met(missed=True, due=False, confirm=True)}))
    assert later.review.tolist() == [1, 1, 1, 0] and not later.due.any()


def test_a_variant_waits_with_its_family():
    bank = bank_of(ROWS, families={"n1": "sums", "n2": "sums"})
    found = appraise(bank, sure_of(bank, met={"sums": Met(missed=False)}), EXAM, plain())
    assert found.review.tolist() == [0, 0, 1, 1]


def test_with_many_items_every_share_is_its_own():
    rng = np.random.default_rng(1)
    rows = [(f"i{j}", f"d{j % 3}", f"s{j % 12}", float(rng.normal())) for j in range(60)]
    bank = bank_of(rows)
    hills = {code: normal_weights(DEFAULT_GRID, place / 2, 0.5) for place, code in enumerate(["s1", "s5"])}
    learner = Learner(NEW.posterior, told(bank, hills), grown={"d2": 0.4})
    found = appraise(bank, learner, EXAM, DEFAULT_POLICY)
    known = abilities(bank, learner, DEFAULT_POLICY.effects.standard_sd).standards
    by_hand = [known[bank.standard_of[j]] @ bank.share[j] for j in range(60)]
    np.testing.assert_allclose(found.share, by_hand, rtol=1e-12)
    whole = [known[bank.standard_of[j]] @ bank.whole[j] for j in range(60)]
    np.testing.assert_allclose([found.probability(bank, j) for j in range(60)], whole, rtol=1e-12)
