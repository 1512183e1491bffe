"""Do the arrays of the bench say what the product's own functions say, learner by learner?"""

import numpy as np
import pytest

from scoring.domains import domain_profile
from scoring.growth import ASSUMED, carry
from scoring.irt.ability import eap
from scoring.irt.types import ItemParameters
from scoring.practice.learner import Met
from scoring.practice.learning import updated
from tests.bench.readiness.beliefs import Beliefs
from tests.bench.readiness.practised_world import KnownWorld, domain_code, known_world

KNOWN = known_world(11)
SOLVED = np.random.default_rng(3).random((3, KNOWN.trial.size)) < 0.6


@pytest.fixture
def beliefs() -> Beliefs:
    return Beliefs(KNOWN, SOLVED)


def test_the_trial_is_one_item_of_the_bank_for_each_of_the_exam():
    assert KNOWN.trial.size == len(set(KNOWN.trial.tolist())) == 20
    np.testing.assert_array_equal(KNOWN.world.standard[KNOWN.trial], KNOWN.world.exam_standard)


def test_the_exam_is_worth_two_half_points_an_item():
    assert KNOWN.exam.domain_half_points == {"d0": 10, "d1": 10, "d2": 10, "d3": 4, "d4": 6}
    assert KNOWN.bank.domain_codes == ("d0", "d1", "d2", "d3", "d4")
    assert KNOWN.bank.builds.shape[0] == (KNOWN.world.before >= 0).sum() == 25


def test_after_the_trial_as_the_profile_of_a_sitting(beliefs):
    items = _parameters(KNOWN).select(KNOWN.trial)
    domains = [KNOWN.bank.items[item].domain for item in KNOWN.trial]
    points = np.tile([0, 2], (KNOWN.trial.size, 1))
    for row in range(3):
        profile = domain_profile(SOLVED[row].astype(int), items, points, domains, KNOWN.exam.shares)
        for place, result in enumerate(profile):
            np.testing.assert_allclose(beliefs.domains[row, place], result.posterior, rtol=1e-9, atol=1e-15)
    np.testing.assert_allclose(beliefs.posterior, eap(SOLVED.astype(int), items).posterior, rtol=1e-9)


def test_after_an_item_as_on_a_phone(beliefs):
    item, solved = np.array([7, 100, 231]), np.array([True, False, True])
    before = [beliefs.learner(row) for row in range(3)]
    expected = [
        updated(learner, KNOWN.bank, int(item[row]), int(solved[row])) for row, learner in enumerate(before)
    ]
    beliefs.learn(item, solved)
    for row, learner in enumerate(expected):
        mine = beliefs.learner(row)
        np.testing.assert_allclose(mine.posterior, learner.posterior, rtol=1e-9)
        for code, posterior in learner.domains.items():
            np.testing.assert_allclose(mine.domains[code], posterior, rtol=1e-9)
        assert mine.standards == learner.standards
        assert mine.met == learner.met


def test_between_sets_abilities_move_and_what_was_missed_becomes_due(beliefs):
    missed = KNOWN.bank.items[int(KNOWN.trial[np.flatnonzero(~SOLVED[0])[0]])].key
    right = KNOWN.bank.items[int(KNOWN.trial[np.flatnonzero(SOLVED[0])[0]])].key
    before = beliefs.posterior.copy()
    assert beliefs.learner(0).met[missed] == Met(missed=True)
    beliefs.rest()
    np.testing.assert_allclose(beliefs.posterior, carry(before, ASSUMED, weeks=np.full(3, 3 / 7)), atol=1e-12)
    after = beliefs.learner(0).met
    assert after[missed].missed and after[missed].due
    assert after[right] == Met(missed=False)
    once_more = carry(beliefs.posterior, ASSUMED, weeks=np.full(3, 3 / 7), practised=np.full(3, 8))
    beliefs.rest()
    np.testing.assert_allclose(beliefs.posterior, once_more, atol=1e-12)


def test_shares_are_those_of_each_items_own_domain(beliefs):
    shares = beliefs.shares(KNOWN.right)
    for item in (0, 60, 239):
        own = int(domain_code(KNOWN.world.domain[item])[1])
        assert shares[1, item] == pytest.approx(beliefs.domains[1, own] @ KNOWN.right[item], rel=1e-12)


def _parameters(known: KnownWorld) -> ItemParameters:
    return ItemParameters.dichotomous(known.world.a, known.world.b, known.world.c)
