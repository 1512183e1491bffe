"""Does each rule do what its name says?"""

import numpy as np
import pytest

from scoring.practice.choice import next_item
from scoring.practice.policy import DEFAULT_POLICY
from tests.bench.readiness.all_knowing import expected_gain
from tests.bench.readiness.beliefs import Beliefs
from tests.bench.readiness.learners import ITEMS_A_SET, MODELS, begin
from tests.bench.readiness.policies import (
    BASELINES,
    AtRandom,
    FixedDifficulty,
    MostInformative,
    Ours,
    WeakestFirst,
    best_of,
    one_of,
)
from tests.bench.readiness.practised_world import known_world

KNOWN = known_world(11)
N = 6
U = (np.arange(N) + 0.5) / N


@pytest.fixture
def beliefs() -> Beliefs:
    found = Beliefs(KNOWN, np.random.default_rng(4).random((N, KNOWN.trial.size)) < 0.5)
    found.rest()
    return found


def test_one_of_the_allowed_each_as_likely():
    allowed = np.array([[False, True, True, False]] * 4)
    assert one_of(allowed, np.array([0.0, 0.49, 0.5, 0.99])).tolist() == [1, 1, 2, 2]


def test_equally_good_ones_share_the_chance():
    values = np.array([[1.0, 3.0, 2.0, 3.0]] * 2)
    assert best_of(values, np.array([0.2, 0.7])).tolist() == [1, 3]


@pytest.mark.parametrize("rule", BASELINES, ids=lambda rule: rule.name)
def test_the_usual_rules_never_give_an_item_twice(rule, beliefs):
    given = []
    for step in range(60):
        item = rule(beliefs, [], np.random.default_rng(step).random(N))
        beliefs.learn(item, np.ones(N, dtype=bool))
        given.append(item)
    for column in np.array(given).T:
        assert len({*column.tolist(), *KNOWN.trial.tolist()}) == 80


def test_at_random_reaches_every_item_not_met(beliefs):
    u = (np.arange(220) + 0.5) / 220
    many = Beliefs(KNOWN, np.ones((220, KNOWN.trial.size), dtype=bool))
    assert set(AtRandom()(many, [], u).tolist()) == set(range(240)) - set(KNOWN.trial.tolist())


def test_weakest_first_stays_in_the_weakest_domain_at_productive_difficulty(beliefs):
    ability = beliefs.abilities()[0] @ np.linspace(-5, 5, 41)
    shares = beliefs.shares(KNOWN.right)
    for row, item in enumerate(WeakestFirst()(beliefs, [], U).tolist()):
        domain = KNOWN.world.domain[item]
        assert domain == ability[row].argmin()
        rest = np.flatnonzero((KNOWN.world.domain == domain) & ~beliefs.met[row])
        assert abs(shares[row, item] - 0.7) == np.abs(shares[row, rest] - 0.7).min()


def test_fixed_difficulty_and_information_look_everywhere(beliefs):
    new = ~beliefs.met
    shares, told = beliefs.shares(KNOWN.right), beliefs.shares(KNOWN.information)
    easy, telling = FixedDifficulty()(beliefs, [], U), MostInformative()(beliefs, [], U)
    for row in range(N):
        assert abs(shares[row, easy[row]] - 0.7) == np.abs(shares[row, new[row]] - 0.7).min()
        assert told[row, telling[row]] == told[row, new[row]].max()


def test_ours_is_what_the_server_chooses(beliefs):
    rule = Ours(DEFAULT_POLICY)
    first = rule(beliefs, [], U)
    second = rule(beliefs, [first], U[::-1])
    for row in range(N):
        learner = beliefs.learner(row)
        for taken, chosen, u in (([], first, U), ([int(first[row])], second, U[::-1])):
            choice = next_item(
                KNOWN.bank, learner, KNOWN.exam, DEFAULT_POLICY, taken, len(taken), ITEMS_A_SET, u[row]
            )
            assert choice is not None and choice.index == chosen[row]


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.name)
def test_the_all_knowing_rule_expects_what_happens(model):
    """Its forecast of one item against the mean of many learners who practise it, alike and with own luck."""
    n = 20_000
    for seed, item in ((1, 20), (2, 95), (3, 170)):
        one = begin(KNOWN.world, 1, np.random.default_rng(seed))
        forecast = expected_gain(model, KNOWN.world, one)[0, item]
        who = begin(KNOWN.world, n, np.random.default_rng(1))
        for name in ("theta", "skill", "start", "known", "solved"):
            setattr(who, name, np.repeat(getattr(one, name), n, axis=0))
        before = model.exam_points(KNOWN.world, who)
        rng = np.random.default_rng(9)
        right = rng.random(n) < model.right_probability(KNOWN.world, who, np.full(n, item))
        model.practised(KNOWN.world, who, np.full(n, item), right, rng)
        gained = model.exam_points(KNOWN.world, who) - before
        if model.name == "known or not":  # its forecast also counts what the item opens the way to
            assert forecast >= gained.mean() - 4 * gained.std() / n**0.5
        else:
            assert forecast == pytest.approx(gained.mean(), rel=0.05, abs=4 * gained.std() / n**0.5 + 1e-9)
