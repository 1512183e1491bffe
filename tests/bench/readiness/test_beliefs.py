"""Do the arrays of the bench say what the product's own functions say, learner by learner?"""

from collections import Counter

import numpy as np
import pytest

from scoring.growth import ASSUMED
from scoring.irt.quadrature import DEFAULT_GRID, normal_weights
from scoring.irt.types import ItemParameters
from scoring.practice.abilities import abilities
from scoring.practice.effects import ASSUMED_EFFECTS
from scoring.practice.learner import Learner, Met
from scoring.practice.learning import learner_from, updated
from scoring.response_series import response_series
from tests.bench.readiness.beliefs import Beliefs
from tests.bench.readiness.learners import ITEMS_A_SET
from tests.bench.readiness.practised_world import KnownWorld, known_world

KNOWN = known_world(11)
SOLVED = np.random.default_rng(3).random((3, KNOWN.trial.size)) < 0.6
FLAT = normal_weights(DEFAULT_GRID)


@pytest.fixture
def beliefs() -> Beliefs:
    return Beliefs(KNOWN, SOLVED)


def test_the_trial_is_one_item_of_the_bank_for_each_of_the_exam():
    assert KNOWN.trial.size == len(set(KNOWN.trial.tolist())) == 20
    np.testing.assert_array_equal(KNOWN.world.standard[KNOWN.trial], KNOWN.world.exam_standard)


def test_the_exam_is_worth_two_half_points_an_item():
    assert Counter(KNOWN.exam.domains) == {"d0": 5, "d1": 5, "d2": 5, "d3": 2, "d4": 3}
    assert KNOWN.exam.half_points.tolist() == [[0, 2]] * 20
    assert KNOWN.exam.breadth == {f"d{d}": 8 for d in range(5)}
    assert KNOWN.bank.domain_codes == ("d0", "d1", "d2", "d3", "d4")
    assert KNOWN.bank.builds.shape[0] == (KNOWN.world.before >= 0).sum() == 25


def test_after_the_trial_as_from_a_series(beliefs):
    for row in range(3):
        _same(beliefs, row, _from_series(KNOWN.trial, SOLVED[row], [0] * 20, [0.0], [0]))


def test_after_an_item_as_on_a_phone(beliefs):
    again = int(KNOWN.trial[0])
    item, solved = np.array([7, again, 231]), np.array([True, False, True])
    growth = ASSUMED_EFFECTS.growth
    after = [
        updated(beliefs.learner(row), KNOWN.bank, int(item[row]), int(solved[row]), growth)
        for row in range(3)
    ]
    beliefs.learn(item, solved)
    for row, learner in enumerate(after):
        _same(beliefs, row, learner)


def test_after_a_set_and_some_days_as_from_a_series(beliefs):
    beliefs.rest()
    new = np.setdiff1d(np.arange(KNOWN.bank.size), KNOWN.trial)[: 3 * ITEMS_A_SET].reshape(3, ITEMS_A_SET)
    solved = np.random.default_rng(5).random((3, ITEMS_A_SET)) < 0.5
    for place in range(ITEMS_A_SET):
        beliefs.learn(new[:, place], solved[:, place])
    beliefs.rest()
    for row in range(3):
        learner = _from_series(
            [*KNOWN.trial, *new[row]],
            [*SOLVED[row], *solved[row]],
            [0] * 20 + [1] * ITEMS_A_SET,
            [0.0, 3 / 7],
            [0, ITEMS_A_SET],
            weeks=3 / 7,
        )
        _same(beliefs, row, learner)


def test_between_sets_what_was_missed_becomes_due(beliefs):
    missed = KNOWN.bank.items[int(KNOWN.trial[np.flatnonzero(~SOLVED[0])[0]])].key
    right = KNOWN.bank.items[int(KNOWN.trial[np.flatnonzero(SOLVED[0])[0]])].key
    assert beliefs.learner(0).met[missed] == Met(missed=True)
    beliefs.rest()
    after = beliefs.learner(0).met
    assert after[missed].missed and after[missed].due
    assert after[right] == Met(missed=False)


def test_shares_are_those_of_each_items_own_standard(beliefs):
    shares = beliefs.shares(KNOWN.right)
    known = abilities(KNOWN.bank, beliefs.learner(1), ASSUMED_EFFECTS.standard_sd)
    for item in (0, 60, 239):
        own = known.standards[KNOWN.bank.standard_of[item]]
        assert shares[1, item] == pytest.approx(own @ KNOWN.right[item], rel=1e-9)


def _same(beliefs: Beliefs, row: int, learner: Learner) -> None:
    """The same evidence, the same abilities."""
    mine = beliefs.learner(row)
    assert mine.evidence.keys() == learner.evidence.keys()
    for code, one in learner.evidence.items():
        assert mine.evidence[code].domain == one.domain
        np.testing.assert_allclose(mine.evidence[code].likelihood, one.likelihood, rtol=1e-9, atol=1e-15)
    assert _above_zero(mine.grown) == pytest.approx(_above_zero(learner.grown))
    if learner.met:
        assert mine.met == learner.met
    domains, standards = beliefs.abilities()
    known = abilities(KNOWN.bank, learner, ASSUMED_EFFECTS.standard_sd)
    np.testing.assert_allclose(domains[row], known.domains, rtol=1e-9, atol=1e-15)
    np.testing.assert_allclose(standards[row], known.standards, rtol=1e-9, atol=1e-15)


def _above_zero(grown):
    return {code: by for code, by in grown.items() if by}


def _from_series(items, solved, sitting, weeks_of, practised, *, weeks=0.0) -> Learner:
    index = np.array(items)
    series = response_series(
        np.array(solved, dtype=np.int64),
        _parameters(KNOWN).select(index),
        np.tile([0, 2], (index.size, 1)),
        items=index.tolist(),
        domains=[KNOWN.bank.items[item].domain for item in index],
        standards=[KNOWN.bank.items[item].standard for item in index],
        sitting=sitting,
        weeks=weeks_of,
        practised=practised,
    )
    return learner_from(series, FLAT, ASSUMED, ASSUMED_EFFECTS.growth, weeks=weeks, met={}, verdicts={})


def _parameters(known: KnownWorld) -> ItemParameters:
    return ItemParameters.dichotomous(known.world.a, known.world.b, known.world.c)
