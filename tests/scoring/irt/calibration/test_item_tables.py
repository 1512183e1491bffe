"""Are the tables of calibration those of the response functions, and their derivatives true?"""

import numpy as np
import pytest

from scoring.irt import Anchors, ItemParameters
from scoring.irt.calibration.item_tables import linear, tabled
from scoring.irt.calibration.layout import FIRST, SLOPE, Layout
from scoring.irt.probabilities import category_log_probabilities
from scoring.irt.types import FloatArray
from tests.scoring.irt.calibration.examples import DESIGNS, GRID, case, draw, items_of

STEP = 1e-6


def table(items: ItemParameters, name: str) -> tuple[FloatArray, Layout, ItemParameters]:
    """The items as calibration keeps them, its layout, and the items in the same order."""
    anchors = Anchors(np.arange(items.n_items), items)
    problem = case(draw(items, 500, 1), DESIGNS[name], anchors=anchors).problem
    return problem.start.items, problem.layout, items.select(problem.order)


@pytest.mark.parametrize("name", DESIGNS)
def test_categories_are_those_of_the_response_functions(name):
    rows, layout, items = table(items_of(DESIGNS[name]), name)
    expected = np.exp(category_log_probabilities(GRID.points, items)).transpose(1, 2, 0)
    n = layout.n_linear
    of_linear = linear(rows[:n], layout.steps[:n], GRID.points)
    np.testing.assert_allclose(of_linear.p, expected[:n, 1:], rtol=1e-9, atol=1e-300)
    np.testing.assert_allclose(np.exp(-of_linear.log_total), expected[:n, 0], rtol=1e-9)
    of_tabled = tabled(rows[n:], layout, GRID.points)
    np.testing.assert_allclose(np.exp(of_tabled.log_p), expected[n:], rtol=1e-9, atol=1e-300)


@pytest.mark.parametrize("name", ["3pl", "grm", "mixed"])
def test_derivatives_are_finite_differences(name):
    rows, layout, _ = table(items_of(DESIGNS[name]), name)
    rows = rows[layout.n_linear :]
    found = tabled(rows, layout, GRID.points)
    own = np.isfinite(found.log_p)
    for column in range(rows.shape[1]):
        by = np.zeros_like(rows)
        by[:, column] = STEP
        ahead, behind = (tabled(rows + sign * by, layout, GRID.points).log_p for sign in (1, -1))
        numeric = np.zeros(own.shape)
        numeric[own] = (ahead[own] - behind[own]) / (2 * STEP)
        # Guessing is a number of the table for every item, but only means something for some.
        if column == rows.shape[1] - 1:
            graded = layout.graded[layout.n_linear :]
            assert not found.slopes[graded, column].any()
            numeric[graded] = 0.0
        np.testing.assert_allclose(found.slopes[:, column], numeric, rtol=1e-5, atol=1e-7)


@pytest.mark.parametrize("name", ["3pl", "grm"])
def test_probabilities_alone_are_the_same(name):
    rows, layout, _ = table(items_of(DESIGNS[name]), name)
    rows = rows[layout.n_linear :]
    alone = tabled(rows, layout, GRID.points, slopes=False)
    assert alone.slopes.size == 0
    np.testing.assert_array_equal(alone.log_p, tabled(rows, layout, GRID.points).log_p)


@pytest.mark.parametrize("name", DESIGNS)
def test_steep_items_far_away_stay_finite(name):
    rows, layout, _ = table(items_of(DESIGNS[name]), name)
    rows = rows.copy()
    rows[:, SLOPE] = 25.0
    theta = np.linspace(-8.0, 8.0, 33)
    n = layout.n_linear
    of_linear = linear(rows[:n], layout.steps[:n], theta)
    assert np.isfinite(of_linear.log_total).all() and np.isfinite(of_linear.p).all()
    of_tabled = tabled(rows[n:], layout, theta)
    lowest = np.exp(of_tabled.log_p).sum(axis=1)
    np.testing.assert_allclose(lowest, 1.0, rtol=1e-12)
    assert np.isfinite(of_tabled.slopes).all()


def test_graded_steps_in_the_wrong_order_are_impossible():
    rows, layout, _ = table(items_of(DESIGNS["grm"]), "grm")
    rows = rows[layout.n_linear :].copy()
    item = int(np.flatnonzero(layout.steps[layout.n_linear :].sum(axis=1) == 2)[0])
    rows[item, [FIRST, FIRST + 1]] = rows[item, [FIRST + 1, FIRST]]
    log_p = tabled(rows, layout, GRID.points).log_p
    assert (log_p[item, 1] == -np.inf).all()
    assert np.isfinite(np.delete(log_p, item, axis=0)[:, 0]).all()
