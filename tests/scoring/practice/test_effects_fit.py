"""Does the estimate find what candidates really learnt, and put nothing else down to it?"""

from dataclasses import replace

import numpy as np
import pytest

from scoring.irt.quadrature import DEFAULT_GRID, normal_weights
from scoring.irt.types import ItemParameters
from scoring.practice.bank import BankItem, PracticeBank
from scoring.practice.effects import ASSUMED_EFFECTS, KNOTS
from scoring.practice.effects_fit import DOUBT, PractisedLearner, estimate_effects
from scoring.practice.learner import Learner, StandardEvidence

DOMAINS, STANDARDS, ITEMS = 2, 4, 8
N_ITEMS = DOMAINS * STANDARDS * ITEMS
PRACTISED, SET = 40, 8
POINTS = DEFAULT_GRID.points


def _bank() -> PracticeBank:
    rng = np.random.default_rng(8)
    items = [BankItem(f"i{j:02}", f"d{j // (STANDARDS * ITEMS)}", f"s{j // ITEMS}") for j in range(N_ITEMS)]
    parameters = ItemParameters.dichotomous(1.2, rng.uniform(-2.2, 2.2, N_ITEMS))
    return PracticeBank.of(items, parameters, np.tile([0, 2], (N_ITEMS, 1)))


BANK = _bank()


def _start(theta: float) -> Learner:
    """Known nearly exactly, on every standard."""
    likelihood = normal_weights(DEFAULT_GRID, theta, 0.1)
    likelihood = likelihood / likelihood.max()
    evidence = {code: StandardEvidence(domain, likelihood) for code, domain in BANK.standard_homes}
    return Learner(normal_weights(DEFAULT_GRID), evidence=evidence)


def _practised(n: int, domain_gain, standard_gain, *, luck: bool, tired: float = 0.0, sd: float = 0.0):
    """n candidates: a response is the chance itself, or with `luck` drawn from it; `tired` is lost at each
    place of a set, and abilities on standards differ by `sd`.
    """
    rng = np.random.default_rng(77)
    found = []
    for theta in rng.uniform(-1.5, 1.5, n):
        item = rng.permutation(N_ITEMS)[:PRACTISED]
        place = np.arange(PRACTISED) % SET
        own = np.full(DOMAINS * STANDARDS, theta) + rng.normal(0, sd, DOMAINS * STANDARDS)
        share = np.empty(PRACTISED)
        for step, one in enumerate(item):
            standard, domain = BANK.standard_of[one], BANK.domain_of[one]
            p = float(np.interp(own[standard], POINTS, BANK.share[one]))
            seen = p - tired * place[step]
            share[step] = rng.random() < seen if luck else seen
            own[BANK.standard_domain == domain] += domain_gain(p)
            own[standard] += standard_gain(p)
        start = _start(theta) if sd == 0 else Learner(normal_weights(DEFAULT_GRID))
        always = np.ones(PRACTISED, dtype=bool)
        found.append(
            PractisedLearner(start=start, item=item, share=share, first=always, taught=always, place=place)
        )
    return found


def test_without_anybody_what_is_assumed_comes_back():
    found = estimate_effects(BANK, [], version="none")
    assert found.effects == replace(ASSUMED_EFFECTS, version="none")
    assert (found.n_learners, found.n_responses) == (0, 0)
    # Nothing was learnt, so the errors are those of the assumption, less where curves are to be smooth.
    assert found.domain_se == found.standard_se
    assert 0.02 < min(found.domain_se) < max(found.domain_se) <= DOUBT


def test_gains_in_the_domain_are_found_where_they_are():
    gains = estimate_effects(
        BANK, _practised(1500, lambda p: 0.04 * p, lambda p: 0.0, luck=False), version="v"
    ).effects
    np.testing.assert_allclose(gains.domain, 0.04 * np.array(KNOTS), atol=0.004)
    np.testing.assert_allclose(gains.standard, 0.0, atol=0.008)


def test_gains_that_stay_with_the_standard_are_told_from_the_others():
    gains = estimate_effects(
        BANK, _practised(1500, lambda p: 0.01, lambda p: 0.06, luck=False), version="v"
    ).effects
    np.testing.assert_allclose(gains.domain, 0.01, atol=0.005)
    np.testing.assert_allclose(gains.standard[1:5], 0.06, atol=0.012)


def test_tiring_within_a_set_is_no_loss_of_learning():
    def curves(tired):
        learners = _practised(150, lambda p: 0.02, lambda p: 0.0, luck=False, tired=tired)
        return estimate_effects(BANK, learners, version="v").effects

    fresh, tired = curves(0.0), curves(0.03)
    np.testing.assert_allclose(tired.domain, fresh.domain, atol=0.003)
    np.testing.assert_allclose(tired.standard, fresh.standard, atol=0.004)


def test_with_real_responses_the_truth_lies_within_the_errors():
    found = estimate_effects(BANK, _practised(400, lambda p: 0.03, lambda p: 0.0, luck=True), version="v")
    assert (found.n_learners, found.n_responses) == (400, 400 * PRACTISED)
    assert 0.003 < found.domain_se[2] < 0.03 < DOUBT
    for gain, error in zip(found.effects.domain, found.domain_se, strict=True):
        assert abs(gain - 0.03) < 3.5 * error + 0.002


def test_what_was_solved_before_or_not_explained_teaches_nothing():
    learners = _practised(60, lambda p: 0.02, lambda p: 0.0, luck=False)
    untaught = [replace(one, taught=np.zeros(PRACTISED, dtype=bool)) for one in learners]
    centre = np.array(ASSUMED_EFFECTS.domain)
    gains = estimate_effects(BANK, untaught, version="v").effects
    np.testing.assert_allclose(gains.domain, centre, atol=1e-5)
    # Each item a second time, solved the first time: the second is not what later responses are put down to.
    twice = [
        replace(
            one,
            item=np.repeat(one.item, 2),
            share=np.repeat(np.ones(PRACTISED), 2),
            first=np.tile([True, False], PRACTISED),
            taught=np.repeat(one.taught, 2),
            place=np.repeat(one.place, 2),
        )
        for one in learners
    ]
    once = [replace(one, share=np.ones(PRACTISED)) for one in learners]
    first, second = (estimate_effects(BANK, ones, version="v") for ones in (once, twice))
    assert second.effects == first.effects
    assert (second.domain_se, second.n_responses) == (first.domain_se, first.n_responses)


def test_standards_that_differ_are_seen_to_differ():
    def spread(sd):
        learners = _practised(300, lambda p: 0.0, lambda p: 0.0, luck=True, sd=sd)
        return estimate_effects(BANK, learners, version="v").effects.standard_sd

    assert spread(1.0) == pytest.approx(1.0, abs=0.15)
    assert spread(1e-9) == pytest.approx(0.1, abs=0.15)
