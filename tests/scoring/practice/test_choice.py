"""Is the best item taken, by chance now and then another, and can every choice be judged later?"""

from collections import Counter

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scoring.domains import Verdict
from scoring.irt.quadrature import DEFAULT_GRID, normal_weights
from scoring.practice.appraisal import appraise
from scoring.practice.choice import Choice, chances, choose_set, next_item, values
from scoring.practice.learner import Learner, Met
from scoring.practice.policy import DEFAULT_POLICY, EVEN_POLICY
from scoring.practice.reasons import Reason
from tests.scoring.practice.small import at, bank_of, effects_of, exam_of, logistic, plain, sure_of, told

ROWS = [
    ("n1", "numbers", "N1", 0.0),
    ("n2", "numbers", "N1", 0.5),
    ("a1", "algebra", "A1", 0.0),
    ("a2", "algebra", "A2", 1.0),
    ("a3", "algebra", "A2", 0.0),
]
BANK = bank_of(ROWS)
EXAM = exam_of(["numbers", "algebra", "algebra", "algebra"])
LEARNER = sure_of(BANK)
BY_CHANCE = effects_of([0.15, 0.3, 0.45, 0.6, 0.6, 0.6])
"""What is learnt is the chance itself, up to three in five."""
RISE = 2 * (logistic(1) - 0.5)
EACH = 0.1 * RISE
"""Worth of an item of a domain with one item of 2 half-points on the exam, by the effects of `plain`."""


def worth(learner: Learner = LEARNER, taken=(), place=1, allowed=None, bank=BANK, **changes) -> list[float]:
    policy = plain(**changes)
    appraisal = appraise(bank, learner, EXAM, policy)
    return values(bank, appraisal, policy, list(taken), place, 8, allowed).tolist()


def near(expected: list[float]):
    """To five figures: to be sure of an ability leaves one part in a billion to each other."""
    return pytest.approx(expected, rel=1e-5)


def test_value_is_what_is_learnt_times_what_the_exam_pays_for_it():
    assert worth() == near([EACH, EACH, 3 * EACH, 3 * EACH, 3 * EACH])
    learnt = [0.5, logistic(-0.5), 0.5, logistic(-1), 0.5]
    expected = [RISE * learnt[0], RISE * learnt[1]] + [3 * RISE * own for own in learnt[2:]]
    assert worth(effects=BY_CHANCE) == near(expected)


def test_an_item_counts_for_its_standard_as_well():
    """Where the form does not tell its standards: half of the rise of the domain, taken for one thing."""
    found = worth(effects=effects_of(0.0, 0.4), repeats=0.5)
    assert found == near([0.2 * RISE] * 2 + [0.6 * RISE] * 3)


def test_what_is_weak_comes_first_where_most_can_be_gained():
    learner = sure_of(BANK, {"N1": 0.0, "A1": 3.0, "A2": 3.0})
    steep, flat = RISE, 2 * (logistic(4) - logistic(3))
    assert worth(learner) == near([0.1 * steep] * 2 + [0.3 * flat] * 3)
    assert steep > 3 * flat


def test_places_taken_divide_the_value_of_their_standard():
    assert worth(taken=[3], standard_spread=1.0) == near([EACH, EACH, 3 * EACH, 0, 1.5 * EACH])
    assert worth(taken=[0, 3], standard_spread=0.5)[1:] == near(
        [EACH / 2**0.5, 3 * EACH, 0, 3 * EACH / 2**0.5]
    )
    bank = bank_of([*ROWS, ("a4", "algebra", "A2", 0.0)])
    assert worth(sure_of(bank), bank=bank, taken=[3, 4], standard_spread=2.0)[5] == near(3 * EACH / 9)


def test_places_taken_divide_the_value_of_their_domain():
    assert worth(taken=[3], spread=1.0) == near([EACH, EACH, 1.5 * EACH, 0, 1.5 * EACH])
    assert worth(taken=[3], spread=0.0)[2] == near(3 * EACH)
    assert worth(taken=[0, 3, 4], spread=2.0)[2] == near(3 * EACH / 9)
    assert worth(taken=[3], spread=1.0, standard_spread=1.0)[4] == near(0.75 * EACH)


def test_a_set_begins_and_ends_with_what_is_likely_to_be_solved():
    for place, eased in ((0, True), (1, False), (6, False), (7, True)):
        found = worth(place=place, ends_ease=2.0)
        share = [0.5, logistic(-0.5), 0.5, logistic(-1), 0.5] if eased else [1] * 5
        plainly = [EACH, EACH, 3 * EACH, 3 * EACH, 3 * EACH]
        assert found == near([own * p**2 for own, p in zip(plainly, share, strict=True)])


def test_what_is_to_be_confirmed_counts_by_its_own_factor():
    met = {
        "n1": Met(missed=True, due=True),
        "a1": Met(missed=True, due=True, confirm=True),
        "a3": Met(missed=True, due=False, confirm=True),
    }
    found = worth(sure_of(BANK, met=met), due_factor=2.0, confirm_factor=0.1)
    assert found == near([2 * EACH, EACH, 0.3 * EACH, 3 * EACH, 0])


def test_what_builds_on_something_weak_is_worth_less():
    bank = bank_of(ROWS, prerequisites={"A2": ("N1",)})
    learner = sure_of(bank, {"N1": -1.0, "A1": 0.0, "A2": 0.0})
    mastery = (logistic(-1) + logistic(-1.5)) / 2
    found = worth(learner, bank=bank, prerequisite_share=0.8, prerequisite_floor=0.0)
    assert found[2:] == near([3 * EACH, 3 * EACH * mastery / 0.8, 3 * EACH * mastery / 0.8])


def test_only_allowed_items_count_and_variants_exclude_each_other():
    assert worth(allowed=np.array([True, False, False, True, False]))[1:3] == [0, 0]
    twins = bank_of(ROWS, families={"n1": "twins", "a1": "twins"})
    assert worth(bank=twins, taken=[0])[0] == worth(bank=twins, taken=[0])[2] == 0
    assert worth(bank=twins, taken=[0])[4] > 0


def test_met_items_come_back_only_when_nothing_else_is_left():
    solved = {name: Met(missed=False) for name, *_ in ROWS}
    some = sure_of(BANK, met={name: met for name, met in solved.items() if name != "n2"})
    assert [place for place, value in enumerate(worth(some)) if value > 0] == [1]
    assert worth(sure_of(BANK, met=solved)) == pytest.approx(worth(), rel=1e-12)


def test_what_the_exam_does_not_pay_comes_before_what_was_met():
    bank = bank_of([*ROWS, ("g1", "geometry", "G1", 0.0), ("g2", "geometry", "G2", 1.0)])
    assert worth(sure_of(bank), bank=bank)[5:] == [0, 0]
    solved = {name: Met(missed=False) for name, *_ in ROWS}
    found = worth(sure_of(bank, met=solved), bank=bank, effects=BY_CHANCE)
    assert found == near([0] * 5 + [0.5, logistic(-1)])
    # Twice as much where it was missed and is due.
    due = sure_of(bank, met=solved | {"g2": Met(missed=True, due=True)})
    assert worth(due, bank=bank, effects=BY_CHANCE)[5:] == near([0.5, 2 * logistic(-1)])


def test_where_all_was_met_it_counts_as_if_it_had_not_been():
    bank = bank_of([*ROWS, ("g1", "geometry", "G1", 0.0), ("g2", "geometry", "G2", 1.0)])
    everything = sure_of(bank, met={item.identifier: Met(missed=False) for item in bank.items})
    assert worth(everything, bank=bank) == near([EACH] * 2 + [3 * EACH] * 3 + [0, 0])
    geometry = np.array([False] * 5 + [True, True])
    found = worth(everything, bank=bank, allowed=geometry, effects=BY_CHANCE)
    assert found == near([0] * 5 + [0.5, logistic(-1)])


def test_equals_share_the_chance_and_exploration_stays_near_the_best():
    policy = plain(exploration=0.3, exploration_floor=0.5)
    found = chances(np.array([4.0, 1.9, 0.0, 4.0 * (1 - 1e-12), 2.0]), policy)
    np.testing.assert_allclose(found, [0.45, 0, 0, 0.45, 0.1], atol=0)
    assert chances(np.zeros(3), policy).tolist() == [0, 0, 0]
    assert chances(np.zeros(0), policy).tolist() == []
    without_floor = chances(np.array([1.0, 0.0, 0.5]), plain(exploration=0.2, exploration_floor=0.0))
    np.testing.assert_allclose(without_floor, [0.9, 0, 0.1], rtol=1e-12)


def test_by_chance_alone_every_new_item_comes_alike():
    """What was missed and is due as well would come more often to those who know less."""
    bank = bank_of([*ROWS, ("g1", "geometry", "G1", 0.0)], prerequisites={"A2": ("N1",), "A1": ("N1",)})
    met = {"n1": Met(missed=False), "a2": Met(missed=True, due=True)}
    learner = sure_of(bank, {"N1": -2.0, "A1": 0.0, "A2": 1.0}, met=met)
    appraisal = appraise(bank, learner, EXAM, EVEN_POLICY)
    assert len(set(appraisal.gain[[1, 2, 4]].tolist())) == 3 and appraisal.ready[4] < 1
    for place in (0, 1, 7):
        found = chances(values(bank, appraisal, EVEN_POLICY, [], place, 8), EVEN_POLICY)
        np.testing.assert_allclose(found, [0, 1 / 3, 1 / 3, 0, 1 / 3, 0], rtol=1e-12)
    later = chances(values(bank, appraisal, EVEN_POLICY, [1, 4], 2, 8), EVEN_POLICY)
    assert later.tolist() == [0, 0, 1, 0, 0, 0]


def test_by_chance_alone_what_the_exam_does_not_pay_waits_until_nothing_else_is_left():
    bank = bank_of([*ROWS, ("g1", "geometry", "G1", 0.0), ("g2", "geometry", "G1", 3.0)])
    solved = {name: Met(missed=False) for name, *_ in ROWS}
    appraisal = appraise(bank, sure_of(bank, met=solved), EXAM, EVEN_POLICY)
    found = chances(values(bank, appraisal, EVEN_POLICY, [], 0, 8), EVEN_POLICY)
    assert found.tolist() == [0] * 5 + [0.5, 0.5]


HARD_FOR_LITTLE = effects_of([0.01, 0.01, 0.1, 0.1, 0.1, 0.1])
"""Of an item as hard as a2 next to nothing is learnt."""


def drawn(u: float, **changes) -> Choice:
    policy = plain(effects=HARD_FOR_LITTLE, **changes)
    choice = next_item(BANK, LEARNER, EXAM, policy, [], 1, 8, u)
    assert choice is not None
    return choice


def test_one_number_decides_the_draw_in_the_order_of_the_items():
    # Items 2 and 4 are equally the best and the others below the floor: chances 0.5 and 0.5.
    assert [drawn(u).index for u in (0.0, 0.4999, 0.5, 0.9999)] == [2, 2, 4, 4]
    assert drawn(0.2).propensity == 0.5
    assert drawn(0.2).value == near(3 * EACH)
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


def test_the_prediction_is_posterior_predictive_on_the_items_standard():
    learner = Learner(normal_weights(DEFAULT_GRID), told(BANK, {"A1": at(-2.0) + at(2.0), "A2": at(-3.0)}))
    only = np.arange(len(ROWS)) == 2
    choice = next_item(BANK, learner, EXAM, plain(effects=effects_of(standard_sd=1e6)), [], 1, 8, 0.0, only)
    assert choice is not None and choice.index == 2
    # With standards that say nothing of each other both places are as likely.
    assert choice.probability == pytest.approx((logistic(-2) + logistic(2)) / 2, rel=1e-9)
    assert choice.share == choice.probability


def test_reasons_follow_from_what_is_known():
    bank = bank_of(ROWS, prerequisites={"A1": ("A2",)})
    learner = sure_of(
        bank,
        {"N1": 0.0, "A1": 0.0, "A2": -2.0},
        met={"a1": Met(missed=True, due=True)},
        verdicts={"numbers": Verdict.KNOWN, "algebra": Verdict.NOT_YET},
    )
    reasons = {}
    for index in range(len(ROWS)):
        only = np.arange(len(ROWS)) == index
        choice = next_item(bank, learner, EXAM, plain(), [], 1, 8, 0.0, only)
        reasons[ROWS[index][0]] = choice and choice.reason
    assert reasons == {
        "n1": Reason.CONFIRM_STRENGTH,
        "n2": Reason.STRETCH,
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
    learner = sure_of(POOL, theta, met=met)
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
    exam, learner = exam_of(["numbers", "algebra", "data"]), sure_of(POOL)
    said, n = {}, 4000
    seen: Counter[int] = Counter()
    for u in (np.arange(n) + 0.5) / n:
        choice = next_item(POOL, learner, exam, DEFAULT_POLICY, [], 0, 8, float(u))
        assert choice is not None
        said[choice.index] = choice.propensity
        seen[choice.index] += 1
    assert len(said) > 3 and sum(said.values()) == pytest.approx(1, rel=1e-9)
    for index, propensity in said.items():
        assert seen[index] / n == pytest.approx(propensity, abs=1.001 / n)


def test_more_is_practised_where_the_exam_pays_more():
    exam = exam_of(["numbers", "algebra", "algebra", "algebra", "data", "data"])
    pool = bank_of([(item.identifier, item.domain, item.standard, 0.0) for item in POOL.items])
    chosen = choose_set(pool, sure_of(pool), exam, plain(spread=1.0), 6, 3)
    assert Counter(pool.items[one.index].domain for one in chosen) == {"algebra": 3, "data": 2, "numbers": 1}
    only_the_best = choose_set(pool, sure_of(pool), exam, plain(spread=0.0), 6, 3)
    assert {pool.items[one.index].domain for one in only_the_best} == {"algebra"}


def test_a_set_goes_through_the_standards_before_it_comes_back_to_one():
    pool = bank_of([(item.identifier, item.domain, item.standard, 0.0) for item in POOL.items])
    chosen = choose_set(pool, sure_of(pool), exam_of(["algebra"]), plain(standard_spread=0.5), 8, 3)
    standards = [pool.items[one.index].standard for one in chosen]
    assert set(standards[:4]) == set(standards[4:]) == {f"algebra.{number}" for number in range(4)}
