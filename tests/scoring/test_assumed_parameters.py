"""Do assumed parameters give the expected shares they were solved from?"""

from pathlib import Path

import numpy as np
import pytest

from scoring.assumed_parameters import assumed_items, load_assumptions
from scoring.data_file import DataFileError
from scoring.irt import (
    DEFAULT_GRID,
    Grid,
    expected_points,
    normal_weights,
    score_distribution,
    simulate_responses,
)
from tests.scoring.mathematics import SCORING_DATA, mathematics

PATH = SCORING_DATA / "assumed_parameters.toml"
FINE = Grid.uniform(2001, -8, 8)


@pytest.mark.parametrize("table", [[0, 2], [0, 0, 0, 0, 2], [0, 1, 2], [0, 0, 1, 2]])
@pytest.mark.parametrize(("level", "share"), [(1, 0.76), (2, 0.52), (3, 0.28)])
def test_a_standard_normal_population_earns_the_assumed_share(level, share, table):
    one = assumed_items([level], [table], load_assumptions(PATH))
    earned = expected_points(FINE.points, one.parameters, one.category_half_points)[:, 0]
    assert normal_weights(FINE) @ earned / 2 == pytest.approx(share, abs=1e-5)


@pytest.mark.parametrize(("level", "share"), [(1, 0.76), (2, 0.52), (3, 0.28)])
def test_a_choice_can_be_guessed_and_still_brings_the_assumed_share(level, share):
    one = assumed_items([level], [[0, 2]], load_assumptions(PATH), n_choices=[4])
    assert one.parameters.c.tolist() == [0.15]
    earned = expected_points(FINE.points, one.parameters, one.category_half_points)[:, 0]
    assert normal_weights(FINE) @ earned / 2 == pytest.approx(share, abs=1e-4)


def test_a_choice_guessed_more_often_than_expected_is_refused():
    with pytest.raises(DataFileError, match=r"guessing: guessing alone brings 0\.30 of an item of .* 3"):
        assumed_items([3], [[0, 2]], load_assumptions(PATH), n_choices=[2])


def test_an_even_share_lies_at_the_middle_of_the_scale():
    assumptions = load_assumptions(PATH)
    items = assumed_items([1, 2, 3], [[0, 2]] * 3, assumptions).parameters
    # Normal approximation: share = Phi(-b / sqrt(1.7^2 + 1)) for a = 1.
    assert items.b.tolist() == pytest.approx([-1.39, -0.10, 1.15], abs=0.03)


def test_categories_follow_the_distinct_half_points():
    items = assumed_items([1, 1, 1], [[0, 0, 1, 2], [0, 0, 0, 0, 2], [0, 2]], load_assumptions(PATH))
    assert items.parameters.n_categories.tolist() == [3, 2, 2]
    assert items.category_half_points.tolist() == [[0, 1, 2], [0, 2, 0], [0, 2, 0]]
    assert items.parameters.a.tolist() == [1.0, 1.0, 1.0]
    assert items.parameters.steps[0].tolist() == pytest.approx([-0.5, 0.5])
    assert items.parameters.b[1] == items.parameters.b[2]


def test_assumed_items_say_that_they_are_assumed():
    assert (mathematics().source, mathematics().version) == ("assumed", "assumed-1")


def test_the_mathematics_blueprint_expects_11_6_of_20_points():
    items = mathematics()
    table = score_distribution(items.parameters, items.category_half_points)
    pmf = normal_weights(DEFAULT_GRID) @ table
    half_points = np.arange(41)
    assert pmf @ half_points / 2 == pytest.approx(11.60, abs=1e-6)
    assert np.sqrt(pmf @ half_points**2 - (pmf @ half_points) ** 2) / 2 == pytest.approx(4.0, abs=0.1)


def test_simulated_pupils_earn_11_6_points():
    items = mathematics()
    codes = simulate_responses(np.random.default_rng(1).standard_normal(20_000), items.parameters, seed=2)
    points = items.category_half_points[np.arange(20), codes].sum(axis=1) / 2
    assert points.mean() == pytest.approx(11.60, abs=4 * 4.0 / np.sqrt(20_000))


def test_a_level_without_an_assumption_is_named():
    with pytest.raises(
        DataFileError, match=r"assumed_parameters\.toml: \[\[level\]\]: none for standard_level 4"
    ):
        assumed_items([4], [[0, 2]], load_assumptions(PATH))


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("expected_share = 0.52", "expected_share = 1.0", "number 2, expected_share: is 1.0"),
        ("expected_share = 0.52", 'expected_share = "0.52"', "number 2, expected_share: is '0.52'"),
        ("standard_level = 2", "standard_level = 1", "number 2, standard_level: 1 stands twice"),
        ("discrimination = 1.0", "discrimination = 0.0", "discrimination: is 0.0"),
        ('version = "assumed-1"', "", "version: is missing"),
    ],
)
def test_a_bad_file_is_named_by_place(tmp_path: Path, old, new, message):
    path = tmp_path / "assumed.toml"
    path.write_text(PATH.read_text(encoding="utf-8").replace(old, new), encoding="utf-8")
    with pytest.raises(DataFileError) as caught:
        load_assumptions(path)
    assert str(caught.value).startswith(str(path))
    assert message in str(caught.value)
