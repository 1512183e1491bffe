"""Do the effects say what stands at their knots, straight between them, and travel whole?"""

import json
from dataclasses import replace

import numpy as np
import pytest

from scoring.practice.effects import ASSUMED_EFFECTS, KNOTS, PracticeEffects

EFFECTS = PracticeEffects(
    version="estimated",
    domain=(0.01, 0.02, 0.04, 0.05, 0.03, 0.0),
    standard=(0.12, 0.1, 0.06, 0.02, 0.0, 0.0),
    growth=0.03,
    standard_sd=0.6,
)


def test_at_the_knots_the_gains_are_those_given():
    assert EFFECTS.domain_gain(np.array(KNOTS)).tolist() == list(EFFECTS.domain)
    assert EFFECTS.standard_gain(np.array(KNOTS)).tolist() == list(EFFECTS.standard)


def test_between_the_knots_they_run_straight_and_beyond_them_they_stay():
    chances = np.array([[0.0, 0.2], [0.675, 1.0]])
    np.testing.assert_allclose(
        EFFECTS.domain_gain(chances), [[0.01, 0.01 + 0.01 / 3], [0.04, 0.0]], rtol=1e-12, atol=1e-15
    )
    np.testing.assert_allclose(
        EFFECTS.standard_gain(chances), [[0.12, 0.12 - 0.02 / 3], [0.01, 0.0]], rtol=1e-12, atol=1e-15
    )


def test_a_table_travels_whole_and_an_empty_one_stands_for_what_is_assumed():
    table = json.loads(json.dumps(EFFECTS.as_table()))
    assert set(table) == {"version", "domain", "standard", "growth", "standard_sd"}
    assert PracticeEffects.from_table(table) == EFFECTS
    assert PracticeEffects.from_table(ASSUMED_EFFECTS.as_table()) == ASSUMED_EFFECTS
    assert PracticeEffects.from_table({}) is ASSUMED_EFFECTS


def test_a_table_from_which_a_figure_is_missing_is_not_filled_up():
    table = EFFECTS.as_table()
    del table["growth"]
    with pytest.raises(KeyError, match="growth"):
        PracticeEffects.from_table(table)


def test_most_is_assumed_of_what_is_solved_three_times_in_five():
    everywhere = np.linspace(0, 1, 1001)
    gains = ASSUMED_EFFECTS.domain_gain(everywhere)
    assert everywhere[gains.argmax()] == pytest.approx(0.6)
    assert gains.min() > 0
    np.testing.assert_array_equal(ASSUMED_EFFECTS.standard_gain(everywhere), gains)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"domain": (0.1,) * 5}, "domain is .*, expected 6 gains of 0 or more"),
        ({"standard": (0.1,) * 7}, "standard is .*, expected 6 gains of 0 or more"),
        ({"standard": (0.1, 0.1, -0.001, 0.1, 0.1, 0.1)}, "standard is .*-0.001.*, expected 6 gains"),
        ({"growth": -0.01}, "growth is -0.01, expected 0 or more"),
        ({"standard_sd": 0.0}, "standard_sd is 0.0, expected above 0"),
    ],
)
def test_impossible_effects_are_refused(change, message):
    with pytest.raises(ValueError, match=message):
        replace(EFFECTS, **change)
