"""Is free what should be free, fixed what should be fixed, and does the search start somewhere sensible?"""

import numpy as np
import pytest

from scoring.irt import Anchors, ItemParameters, Population, Priors
from scoring.irt.calibration.layout import FIRST, SLOPE
from scoring.irt.calibration.setup import table_row
from tests.scoring.irt.calibration.examples import DESIGNS, Case, case, draw, items_of


def prepared(models: list[str], **options) -> Case:
    return case(draw(items_of(models), 300, 1), models, **options)


@pytest.mark.parametrize(
    ("name", "n_parameters"),
    [
        ("rasch", 6 + 1),  # difficulties and the sd of the population
        ("1pl", 6 + 1),
        ("2pl", 6 + 6),
        ("3pl", 6 + 6 + 6),
        ("pcm", 12 + 1),  # twice two, three and one step
        ("gpcm", 6 + 12),
        ("grm", 6 + 12),
        ("mixed", 7 + 10 + 1),  # two items share a slope, two have a second step, one has guessing
    ],
)
def test_numbers_of_free_parameters(name, n_parameters):
    assert prepared(DESIGNS[name]).problem.layout.n_free == n_parameters


@pytest.mark.parametrize("name", ["rasch", "2pl"])
def test_other_groups_have_a_mean_and_a_sd_each(name):
    one, three = prepared(DESIGNS[name]), prepared(DESIGNS[name], groups=np.arange(300) % 3)
    assert three.problem.layout.n_free == one.problem.layout.n_free + 4


def test_anchors_leave_the_whole_population_free():
    anchors = Anchors(np.array([0, 1]), items_of(["2pl"] * 6).select([0, 1]))
    assert prepared(["2pl"] * 6, anchors=anchors).problem.layout.n_free == 4 * 2 + 2


def test_a_population_that_is_held_has_no_free_parameter():
    held = prepared(["rasch"] * 6, population=Population.fixed(0.5, 2.0)).problem
    assert held.layout.n_free == 6
    assert (held.start.mean[0], held.start.log_sd[0]) == (0.5, np.log(2.0))


def test_linear_items_come_first():
    problem = prepared(DESIGNS["mixed"]).problem
    assert problem.layout.n_linear == 5
    assert problem.order.tolist() == [1, 3, 4, 6, 7, 0, 2, 5]
    assert problem.layout.graded.tolist() == [False] * 5 + [True, False, True]


@pytest.mark.parametrize(("name", "equal"), [("rasch", True), ("1pl", True), ("2pl", False), ("3pl", False)])
def test_sums_say_all_where_slopes_are_equal(name, equal):
    assert prepared(DESIGNS[name]).problem.equal_slopes is equal


def test_sums_say_all_if_anchors_are_as_steep_as_a_fixed_slope_and_only_then():
    for slope, equal in ((1.0, True), (1.3, False)):
        anchors = Anchors(np.array([2]), ItemParameters.dichotomous(slope, [0.0]))
        assert prepared(["rasch"] * 6, anchors=anchors).problem.equal_slopes is equal


def test_rows_of_the_table_by_hand():
    credit = ItemParameters.partial_credit([2.0], [[-1.0, 0.5]])
    assert table_row(credit, 0, 4).tolist() == [2.0, 2.0, 1.0, 0.0]
    graded = ItemParameters.graded_response([2.0], [[-1.0, 0.5]])
    assert table_row(graded, 0, 4).tolist() == [2.0, 2.0, -1.0, 0.0]
    guessing = ItemParameters.dichotomous(2.0, [0.5], 0.2)
    np.testing.assert_allclose(table_row(guessing, 0, 3), [2.0, -1.0, np.log(0.25)])


@pytest.mark.parametrize("name", DESIGNS)
def test_the_start_orders_items_as_their_facility_does(name):
    found = prepared(DESIGNS[name])
    start = found.problem.start.items
    assert (start[:, SLOPE] == 1.0).all()
    if name in ("rasch", "1pl", "2pl", "3pl"):
        facility = draw(items_of(DESIGNS[name]), 300, 1).mean(axis=0)
        assert np.argsort(start[:, FIRST]).tolist() == np.argsort(facility).tolist()
    graded = found.problem.layout.graded
    falls = np.diff(start[:, FIRST:-1], axis=1) < 0
    assert falls[graded][found.problem.layout.steps[graded, 1:]].all()
    assert np.isfinite(start).all()


def test_guessing_starts_at_its_prior():
    start = prepared(["3pl"] * 4, priors=Priors(logit_c=(-1.1, 0.5))).problem.start
    assert (start.items[:, -1] == -1.1).all()
