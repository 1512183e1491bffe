"""Is the best item taken, by chance now and then another, and can every choice be judged later?"""

from collections import Counter

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scoring.domains import Verdict
from scoring.practice.appraisal import appraise
from scoring.practice.choice import Choice, chances, choose_set, next_item, values
from scoring.practice.learner import Learner, Met
from scoring.practice.policy import DEFAULT_POLICY
from scoring.practice.reasons import Reason
from tests.scoring.practice.small import at, bank_of, exam_of, logistic, plain, sure_of

ROWS = [
    ("n1", "numbers", "N1", 0.0),
    ("n2", "numbers", "N1", 0.5),
    ("a1", "algebra", "A1", 0.0),
    ("a2", "algebra", "A2", 1.0),
    ("a3", "algebra", "A2", 0.0),
]
BANK = bank_of(ROWS)
EXAM = exam_of(["numbers", "algebra", "algebra", "algebra"])
LEARNER = sure_of(0.0)
RISE = 2 * (logistic(1) - 0.5)


def worth(learner: Learner = LEARNER, taken=(), place=1, allowed=None, bank=BANK, **changes) -> list[float]:
    policy = plain(**changes)
    appraisal = appraise(bank, learner, EXAM, policy)
    return values(bank, appraisal, policy, list(taken), place, 8, allowed).tolist()


def suits(difficulty: float, target: float = 0.5) -> float:
    return float(np.exp(-0.5 * ((logistic(-difficulty) - target) / 0.2) ** 2))


def test_value_is_claim_times_difficulty():
    expected = [RISE, RISE * suits(0.5), 3 * RISE, 3 * RISE * suits(1.0), 3 * RISE]
    assert worth() == pytest.approx(expected, rel=1e-12)
    assert worth(focus=2.0)[2] == pytest.approx(9 * RISE**2, rel=1e-12)


def test_places_taken_divide_the_claim_of_their_standard_and_domain():
    expected = [RISE, RISE * suits(0.5), 3 * RISE / 2, 0, 3 * RISE / 4]
    assert worth(taken=[3], spread=1.0) == pytest.approx(expected, rel=1e-12)
    assert worth(taken=[3], spread=0.0)[2] == pytest.approx(3 * RISE, rel=1e-12)
    assert worth(taken=[0, 3, 4], spread=2.0)[2] == pytest.approx(3 * RISE / 9, rel=1e-12)


def test_the_ends_of_a_set_have_their_own_target():
    for place, target in ((0, 0.9), (1, 0.5), (6, 0.5), (7, 0.9)):
        assert worth(place=place, ends_target=0.9)[0] == pytest.approx(RISE * suits(0, target), rel=1e-12)


def test_what_is_unsure_is_worth_more():
    learner = Learner(posterior=(at(-1.0) + at(1.0)) / 2)
    plainly, unsurely = worth(learner), worth(learner, uncertainty_weight=2.0)
    assert unsurely[0] / plainly[0] == pytest.approx(1 + 2 * (logistic(1) - 0.5), rel=1e-12)


def test_only_allowed_items_count_and_variants_exclude_each_other():
    assert worth(allowed=np.array([True, False, False, True, False]))[1:3] == [0, 0]
    twins = bank_of(ROWS, families={"n1": "twins", "a1": "twins"})
    assert worth(bank=twins, taken=[0])[0] == worth(bank=twins, taken=[0])[2] == 0
    assert worth(bank=twins, taken=[0])[4] > 0


def test_met_items_come_back_only_when_nothing_else_is_left():
    solved = {name: Met(missed=False) for name, *_ in ROWS}
    some = sure_of(0.0, met={name: met for name, met in solved.items() if name != "n2"})
    assert [place for place, value in enumerate(worth(some)) if value > 0] == [1]
    assert worth(sure_of(0.0, met=solved)) == pytest.approx(worth(), rel=1e-12)


def test_what_the_exam_does_not_pay_comes_before_what_was_met():
    bank = bank_of([*ROWS, ("g1", "geometry", "G1", 0.0), ("g2", "geometry", "G2", 1.0)])
    assert worth(bank=bank)[5:] == [0, 0]
    solved = sure_of(0.0, met={name: Met(missed=False) for name, *_ in ROWS})
    assert worth(solved, bank=bank) == pytest.approx([0] * 5 + [1, suits(1.0)], rel=1e-12)
    geometry = np.array([False] * 5 + [True, True])
    everything = sure_of(0.0, met={item.identifier: Met(missed=False) for item in bank.items})
    assert worth(everything, bank=bank, allowed=geometry)[5:] == pytest.approx([1, suits(1.0)], rel=1e-12)


def test_equals_share_the_chance_and_exploration_stays_near_the_best():
    policy = plain(exploration=0.3, exploration_floor=0.5)
    found = chances(np.array([4.0, 1.9, 0.0, 4.0 * (1 - 1e-12), 2.0]), policy)
    np.testing.assert_allclose(found, [0.45, 0, 0, 0.45, 0.1], atol=0)
    assert chances(np.zeros(3), policy).tolist() == [0, 0, 0]
    assert chances(np.zeros(0), policy).tolist() == []
    without_floor = chances(np.array([1.0, 0.0, 0.5]), plain(exploration=0.2, exploration_floor=0.0))
    np.testing.assert_allclose(without_floor, [0.9, 0, 0.1], rtol=1e-12)


def drawn(u: float, **changes) -> Choice:
    choice = next_item(BANK, LEARNER, EXAM, plain(**changes), [], 1, 8, u)
    assert choice is not None
    return choice


def test_one_number_decides_the_draw_in_the_order_of_the_items():
    # Items 2 and 4 are equally the best and the others below the floor: chances 0.5 and 0.5.
    assert [drawn(u).index for u in (0.0, 0.4999, 0.5, 0.9999)] == [2, 2, 4, 4]
    assert drawn(0.2).propensity == 0.5
    assert drawn(0.2).value == pytest.approx(3 * RISE, rel=1e-12)
    wide = {"exploration": 0.5, "exploration_floor": 0.0}
    assert [drawn(u, **wide).index for u in (0.0, 0.0999, 0.1001, 0.5499, 0.5501, 0.6501)] == [
        0,
        0,
        1,
        2,
        3,
        4,
    ]
    assert drawn(0.0, **wide).propensity == pytest.approx(0.1, rel=1e-12)


def test_the_prediction_is_posterior_predictive_in_the_items_domain():
    learner = sure_of(0.0, domains={"algebra": (at(-1.0) + at(2.0)) / 2})
    choice = next_item(BANK, learner, EXAM, plain(), [], 1, 8, 0.0)
    assert choice is not None and choice.index == 2
    assert choice.probability == pytest.approx((logistic(-1) + logistic(2)) / 2, rel=1e-12)
    assert choice.share == choice.probability


def test_reasons_follow_from_what_is_known():
    learner = sure_of(
        0.0,
        met={"a1": Met(missed=True, due=True)},
        verdicts={"numbers": Verdict.KNOWN, "algebra": Verdict.NOT_YET},
        standards={"A2": (0, 40)},
    )
    bank = bank_of(ROWS, prerequisites={"A1": ("A2",)})
    reasons = {}
    for index in range(len(ROWS)):
        only = np.arange(len(ROWS)) == index
        choice = next_item(bank, learner, EXAM, plain(), [], 1, 8, 0.0, only)
        reasons[ROWS[index][0]] = choice and choice.reason
    assert reasons == {
        "n1": Reason.CONFIRM_STRENGTH,
        "n2": Reason.CONFIRM_STRENGTH,
        "a1": Reason.REVIEW_DUE,
        "a2": Reason.FIRST_STEP,
        "a3": Reason.FIRST_STEP,
    }


def test_nothing_left_is_nothing():
    assert next_item(BANK, LEARNER, EXAM, plain(), [0, 1, 2, 3, 4], 5, 8, 0.5) is None
    assert next_item(bank_of([]), LEARNER, EXAM, plain(), [], 0, 8, 0.5) is None
    assert len(choose_set(BANK, LEARNER, EXAM, plain(), 8, seed=1)) == 5


POOL = bank_of(
    [
        (f"{domain}-{j}", domain, f"{domain}.{j % 4}", (j % 9 - 4) / 3)
        for domain in ("numbers", "algebra", "data")
        for j in range(12)
    ],
    families={f"algebra-{j}": f"family {j % 5}" for j in range(12)},
    prerequisites={"algebra.1": ("algebra.0",), "numbers.3": ("numbers.2", "algebra.0")},
)


@settings(max_examples=40, deadline=None)
@given(
    seed=st.integers(0, 1000),
    size=st.integers(1, 12),
    theta=st.sampled_from([-2.0, -0.5, 0.75, 2.0]),
    missed=st.sets(st.integers(0, 35), max_size=36),
)
def test_a_set_is_what_one_item_after_another_gives(seed, size, theta, missed):
    met = {POOL.items[j].key: Met(missed=True, due=j % 2 == 0) for j in missed}
    learner = sure_of(theta, met=met)
    exam = exam_of(["numbers", "numbers", "algebra", "data"])
    chosen = choose_set(POOL, learner, exam, DEFAULT_POLICY, size, seed)
    uniform = np.random.default_rng(seed).random(size)
    taken: list[int] = []
    for place, choice in enumerate(chosen):
        assert choice == next_item(POOL, learner, exam, DEFAULT_POLICY, taken, place, size, uniform[place])
        assert 0 < choice.propensity <= 1 and choice.value > 0
        taken.append(choice.index)
    families = [POOL.items[index].key for index in taken]
    assert len(chosen) == size and len(set(families)) == size


def test_propensity_is_the_chance_with_which_an_item_comes():
    exam = exam_of(["numbers", "algebra", "data"])
    said, n = {}, 4000
    seen: Counter[int] = Counter()
    for u in (np.arange(n) + 0.5) / n:
        choice = next_item(POOL, LEARNER, exam, DEFAULT_POLICY, [], 0, 8, float(u))
        assert choice is not None
        said[choice.index] = choice.propensity
        seen[choice.index] += 1
    assert len(said) > 3 and sum(said.values()) == pytest.approx(1, rel=1e-9)
    for index, propensity in said.items():
        assert seen[index] / n == pytest.approx(propensity, abs=1.001 / n)


def test_more_is_practised_where_the_exam_pays_more():
    exam = exam_of(["numbers", "algebra", "algebra", "algebra", "data", "data"])
    pool = bank_of([(item.identifier, item.domain, item.standard, 0.0) for item in POOL.items])
    chosen = choose_set(pool, LEARNER, exam, plain(spread=1.0), 6, 3)
    assert Counter(pool.items[one.index].domain for one in chosen) == {"algebra": 3, "data": 2, "numbers": 1}
    focused = choose_set(pool, LEARNER, exam, plain(spread=1.0, focus=3.0), 6, 3)
    assert Counter(pool.items[one.index].domain for one in focused) == {"algebra": 4, "data": 2}
