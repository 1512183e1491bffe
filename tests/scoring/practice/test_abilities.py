"""Does every response speak once, of its standard, its domain and the others as far as they hang together?"""

from dataclasses import replace

import numpy as np
import pytest

from scoring.irt.posterior import mean_and_sd
from scoring.irt.quadrature import DEFAULT_GRID, Grid, diffusion_kernel, normal_weights
from scoring.irt.types import FloatArray, ItemParameters
from scoring.practice.abilities import abilities, around_of, moved, told_by
from scoring.practice.bank import BankItem, PracticeBank
from scoring.practice.learner import Learner, StandardEvidence
from tests.scoring.practice.small import bank_of, told

COARSE = Grid.uniform(7, -3, 3)
ROWS = [("a", "algebra", "A1"), ("b", "algebra", "A2"), ("c", "numbers", "N1"), ("d", "geometry", "G1")]
DOMAIN_SD = 0.5


def bank_on(grid: Grid) -> PracticeBank:
    parameters = ItemParameters.dichotomous(1.0, [0.0] * len(ROWS))
    return PracticeBank.of(
        [BankItem(*row) for row in ROWS], parameters, np.tile([0, 2], (len(ROWS), 1)), grid=grid
    )


BANK = bank_on(DEFAULT_GRID)


def curve(place: float, width: float, grid: Grid = DEFAULT_GRID) -> FloatArray:
    """A likelihood as of many responses: a normal density, largest value 1."""
    return np.asarray(np.exp(-0.5 * ((grid.points - place) / width) ** 2))


def rising(difficulty: float, grid: Grid = DEFAULT_GRID) -> FloatArray:
    """The likelihood of one right response."""
    return np.asarray(1 / (1 + np.exp(difficulty - grid.points)))


def learner(evidence: dict[str, StandardEvidence], **known) -> Learner:
    return Learner(normal_weights(DEFAULT_GRID), evidence, **known)


def means(weights: FloatArray) -> list[float]:
    return np.asarray(mean_and_sd(weights, DEFAULT_GRID)[0]).tolist()


# ---- The tree ----------------------------------------------------------------------------------------


def test_it_is_what_summing_over_everything_at_once_gives():
    """Subject s, domains a and n, standards A1 (x), A2 (y) and N1 (z), each on seven points: 7^6 worlds."""
    sd = 0.8
    a1, a2, n1 = rising(0.4, COARSE), 1 - rising(-0.5, COARSE), rising(-1.0, COARSE) ** 2
    around = 1 - rising(1.0, COARSE)
    elsewhere = rising(0.2, COARSE)
    to_domain, to_standard = diffusion_kernel(COARSE, DOMAIN_SD), diffusion_kernel(COARSE, sd)
    world = np.einsum(
        "s,sa,ax,ay,sn,nz,x,y,z,n,s->sanxyz",
        normal_weights(COARSE),
        to_domain,
        to_standard,
        to_standard,
        to_domain,
        to_standard,
        a1,
        a2,
        n1,
        around,
        to_domain @ elsewhere,  # a domain of which the bank has no item
        optimize=True,
    )
    world /= world.sum()
    subject = np.einsum("sanxyz->s", world)
    evidence = told(bank_on(COARSE), {"A1": a1, "A2": a2, "N1": n1})
    known = Learner(
        normal_weights(COARSE), evidence, around={"numbers": around / around.max(), "history": elsewhere}
    )
    found = abilities(bank_on(COARSE), known, sd)
    domains = [np.einsum("sanxyz->a", world), subject @ to_domain, np.einsum("sanxyz->n", world)]
    np.testing.assert_allclose(found.domains, domains, rtol=1e-10)  # algebra, geometry, numbers
    standards = [
        np.einsum("sanxyz->x", world),
        np.einsum("sanxyz->y", world),
        subject @ to_domain @ to_standard,
        np.einsum("sanxyz->z", world),
    ]
    np.testing.assert_allclose(found.standards, standards, rtol=1e-10)  # A1, A2, G1, N1


def test_with_normal_likelihoods_it_is_the_regression_on_paper():
    """Two standards of algebra said to be at 1.2 and -0.4, each give or take 0.6."""
    sd, width = 0.4, 0.6
    found = abilities(BANK, learner(told(BANK, {"A1": curve(1.2, width), "A2": curve(-0.4, width)})), sd)
    # Variances 1 for the subject, 0.25 for a domain around it, 0.16 for a standard around that.
    seen = np.array([[1.41, 1.25], [1.25, 1.41]]) + width**2 * np.eye(2)
    weights = np.linalg.solve(seen, [1.2, -0.4])
    shared = {"algebra": [1.25, 1.25], "geometry": [1.0, 1.0], "numbers": [1.0, 1.0]}
    np.testing.assert_allclose(means(found.domains), [shared[code] @ weights for code in shared], atol=2e-4)
    own = np.array([[1.41, 1.25], [1.25, 1.41], [1.0, 1.0], [1.0, 1.0]])
    np.testing.assert_allclose(means(found.standards), own @ weights, atol=2e-4)
    variance = 1.25 - np.array([1.25, 1.25]) @ np.linalg.solve(seen, [1.25, 1.25])
    assert mean_and_sd(found.domains[0], DEFAULT_GRID)[1] ** 2 == pytest.approx(variance, abs=2e-4)


def test_without_any_response_only_the_levels_are_left():
    found = abilities(BANK, learner({}), 0.35)
    assert found.domains.shape == (3, 41) and found.standards.shape == (4, 41)
    for rows, variance in ((found.domains, 1.25), (found.standards, 1.25 + 0.35**2)):
        np.testing.assert_allclose(means(rows), 0, atol=1e-12)
        np.testing.assert_allclose(mean_and_sd(rows, DEFAULT_GRID)[1] ** 2, variance, rtol=1e-3)


def test_standards_close_to_each_other_are_their_domain():
    a1, a2 = rising(0.5), 1 - rising(-0.25)
    found = abilities(BANK, learner(told(BANK, {"A1": a1, "A2": a2})), 0.001)
    expected = (normal_weights(DEFAULT_GRID) @ diffusion_kernel(DEFAULT_GRID, DOMAIN_SD)) * a1 * a2
    for own in (found.domains[0], found.standards[0], found.standards[1]):
        np.testing.assert_allclose(own, expected / expected.sum(), rtol=1e-9)


def test_standards_far_from_each_other_say_nothing_of_anything_else():
    found = abilities(BANK, learner(told(BANK, {"A1": curve(1.5, 0.5)})), 1e6)
    nothing = abilities(BANK, learner({}), 1e6)
    np.testing.assert_allclose(found.domains, nothing.domains, rtol=1e-9)
    np.testing.assert_allclose(found.standards[1:], nothing.standards[1:], rtol=1e-9)
    np.testing.assert_allclose(found.standards[0], curve(1.5, 0.5) / curve(1.5, 0.5).sum(), rtol=1e-9)


def test_nearer_to_the_response_is_told_more():
    found = abilities(BANK, learner(told(BANK, {"A1": rising(0.0) ** 3})), 0.35)
    own, beside, other, _ = means(found.standards)
    domain = means(found.domains)[0]
    assert own > domain > other > 0.2
    assert beside == pytest.approx(domain, abs=1e-4)


def test_a_hopeless_and_a_perfect_standard_leave_nothing_impossible():
    extremes = {"A1": curve(-5.0, 0.1), "A2": curve(5.0, 0.1), "N1": curve(5.0, 0.05)}
    found = abilities(BANK, learner(told(BANK, extremes)), 0.001)
    for rows in (found.domains, found.standards):
        np.testing.assert_allclose(rows.sum(axis=1), 1, rtol=1e-12)
        assert np.isfinite(rows).all()
    assert found.domains.min() > 0


def test_a_bank_without_items_asks_for_nothing():
    found = abilities(bank_of([]), learner(told(BANK, {"A1": rising(0.0)})), 0.35)
    assert found.domains.shape == found.standards.shape == (0, 41)


# ---- What is told from elsewhere -----------------------------------------------------------------------


def test_evidence_and_what_is_around_say_together_what_all_evidence_says():
    evidence = told(BANK, {"A1": rising(0.5), "A2": 1 - rising(1.0), "N1": rising(-0.5), "G1": rising(2.0)})
    everything = learner(evidence, around={"numbers": rising(0.0) ** 2})
    part = replace(
        everything,
        evidence={code: evidence[code] for code in ("A1", "G1")},
        around=around_of(everything, {"A1", "G1"}, 0.35),
    )
    assert set(part.around) == {"algebra", "numbers"}
    assert all(own.max() == 1 for own in part.around.values())
    whole, split = abilities(BANK, everything, 0.35), abilities(BANK, part, 0.35)
    np.testing.assert_allclose(split.domains, whole.domains, rtol=1e-9)
    here = [BANK.standard_index[code] for code in ("A1", "G1")]
    np.testing.assert_allclose(split.standards[here], whole.standards[here], rtol=1e-9)


def test_around_says_what_standards_elsewhere_say_of_their_domain():
    found = around_of(learner(told(BANK, {"A1": curve(0.5, 0.6), "A2": rising(0.0)})), {"A2"}, 0.8)
    assert list(found) == ["algebra"]
    np.testing.assert_allclose(found["algebra"], curve(0.5, 1.0), atol=1e-3)  # 0.36 + 0.64 = 1
    assert around_of(learner(told(BANK, {"A2": rising(0.0)})), {"A2"}, 0.8) == {}


# ---- What practice has raised --------------------------------------------------------------------------


def test_growth_lifts_its_own_domain_and_no_other():
    evidence = told(BANK, {"A1": rising(0.5), "N1": 1 - rising(0.0)})
    before = abilities(BANK, learner(evidence), 0.35)
    after = abilities(BANK, learner(evidence, grown={"algebra": 0.3, "history": 2.0}), 0.35)
    np.testing.assert_array_equal(after.domains[1:], before.domains[1:])
    np.testing.assert_array_equal(after.standards[2:], before.standards[2:])
    lifted = np.subtract(means(after.domains), means(before.domains))
    assert lifted[0] == pytest.approx(0.3, abs=1e-4)
    on_standards = np.subtract(means(after.standards), means(before.standards))
    np.testing.assert_allclose(on_standards[:2], 0.3, atol=2e-4)


def test_what_is_solved_after_practice_says_less_of_the_others():
    solved = rising(0.0)
    at_once = learner({"A1": told_by(None, "algebra", solved, 0.0)})
    later = learner({"A1": told_by(None, "algebra", solved, 1.0)}, grown={"algebra": 1.0})
    numbers = [means(abilities(BANK, own, 0.35).domains)[2] for own in (at_once, later)]
    assert numbers[0] > numbers[1] + 0.05 and numbers[1] > 0
    algebra = [means(abilities(BANK, own, 0.35).domains)[0] for own in (at_once, later)]
    assert algebra[1] > algebra[0] + 0.5


def test_a_response_is_read_by_the_ability_of_its_day():
    likelihood = rising(0.5)
    own = told_by(None, "algebra", likelihood, 0.5)  # two points of the grid
    assert own.domain == "algebra"
    np.testing.assert_allclose(own.likelihood[:-2], likelihood[2:] / likelihood[-1], rtol=1e-12)
    assert own.likelihood[-2:].tolist() == [1, 1]
    between = told_by(None, "algebra", likelihood, 0.1)  # two fifths of the way to the next point
    expected = 0.6 * likelihood[:-1] + 0.4 * likelihood[1:]
    np.testing.assert_allclose(between.likelihood[:-1], expected / likelihood[-1], rtol=1e-12)


def test_responses_on_a_standard_multiply():
    first, second = rising(0.5), 1 - rising(-0.25)
    own = told_by(told_by(None, "algebra", first, 0.0), "algebra", second, 0.25)
    product = first * np.append(second[1:], second[-1])
    np.testing.assert_allclose(own.likelihood, product / product.max(), rtol=1e-12)
    assert own.likelihood.max() == 1


def test_moving_moves_the_mean_by_just_as_much_each_row_by_its_own():
    weights = normal_weights(DEFAULT_GRID, [0.0, -1.3, 0.4, -2.0], [0.4, 0.5, 0.3, 0.6])
    by = np.array([0.0, 0.11, 0.5, 1.87])
    found = moved(weights, by)
    np.testing.assert_array_equal(found[0], weights[0])
    np.testing.assert_allclose(found.sum(axis=1), 1, rtol=1e-12)
    np.testing.assert_allclose(np.subtract(means(found), means(weights)), by, atol=1e-9)
    np.testing.assert_array_equal(found[2, 2:-1], weights[2, :-3])


def test_what_would_move_off_the_grid_stays_at_its_end():
    grid = Grid.uniform(5, -2, 2)
    weights = np.array([[0.1, 0.2, 0.4, 0.2, 0.1]] * 3)
    found = moved(weights, np.array([1.25, 3.0, 40.0]), grid)
    # A quarter of each step further: 0.1 * 0.75 at the second point, and so on.
    np.testing.assert_allclose(found[0], [0, 0.075, 0.175, 0.35, 0.4], rtol=1e-12, atol=1e-15)
    np.testing.assert_allclose(found[1], [0, 0, 0, 0.1, 0.9], rtol=1e-12, atol=1e-15)
    np.testing.assert_allclose(found[2], [0, 0, 0, 0, 1], rtol=1e-12, atol=1e-15)
