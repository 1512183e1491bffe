"""Is a length the number of items after which the error first was small enough?"""

import numpy as np
import pytest

from scoring.irt.ability import eap
from scoring.irt.types import ItemParameters
from tests.bench.readiness import catsim_peer
from tests.bench.readiness.items_needed import (
    FORM,
    MOST,
    TARGET,
    Way,
    best_form,
    first_within,
    in_order,
    practised,
    report,
)

ITEMS = ItemParameters.dichotomous(np.tile([2.5, 0.5], 50), np.tile([0.0, 0.0, 3.0, -1.0], 25))


def test_the_length_ends_with_the_first_item_that_is_enough():
    sd = np.array([[0.9, 0.3, 0.2], [0.9, 0.8, 0.7], [0.2, 0.4, 0.1]])
    assert first_within(sd).tolist() == [2, 3, 1]


def test_the_best_form_begins_with_what_tells_most():
    form = best_form(ITEMS)
    assert len(set(form.tolist())) == FORM
    assert (ITEMS.a[form[:25]] == 2.5).all() and (ITEMS.b[form[:25]] == 0.0).all()


def test_a_fixed_form_stops_when_the_posterior_is_narrow_enough():
    theta, form = np.array([0.0, 1.0, -2.0]), best_form(ITEMS)
    luck = np.random.default_rng(5).random((3, ITEMS.n_items))
    way = in_order("form", theta, ITEMS, form, luck)
    right = 1 / (1 + np.exp(-ITEMS.a * (theta[:, None] - ITEMS.b)))
    solved = (luck < right).astype(np.int8)
    for row, length in enumerate(way.length.tolist()):
        estimates = [
            eap(solved[row : row + 1, form[:n]], ITEMS.select(form[:n])) for n in (length - 1, length)
        ]
        assert estimates[0].se[0] > TARGET
        assert estimates[1].se[0] <= TARGET or length == FORM
        assert way.theta[row] == pytest.approx(estimates[1].theta[0], rel=1e-9)


def test_practice_stops_there_too():
    theta = np.array([0.0, 0.5])
    way = practised(theta, ITEMS, np.random.default_rng(5).random((2, ITEMS.n_items)))
    assert ((way.length > 3) & (way.length <= MOST)).all()
    assert (np.abs(way.theta) < 3).all()


def test_a_line_says_mean_tenth_longest_and_true_error():
    way = Way("a way", np.array([10, 20, 30, MOST]), np.array([0.0, 1.0, 0.0, 1.0]))
    words = way.line(np.array([0.0, 0.0, 0.0, 0.0])).split()
    assert words == ["a", "way", "30.0", "51", "75%", "0.707"]


def test_without_catsim_it_says_so(monkeypatch, tmp_path):
    monkeypatch.setattr(catsim_peer, "PYTHON", tmp_path / "none")
    lines = report(quick=True)
    assert lines[-1] == catsim_peer.MISSING
    assert sum("needs" in line for line in lines) == 2
