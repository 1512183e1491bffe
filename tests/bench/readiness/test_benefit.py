"""Are gains, ratios and their errors what they are said to be?"""

import numpy as np
import pytest

from tests.bench.readiness.benefit import (
    ALL_KNOWING,
    ITEMS,
    NO_PRACTICE,
    Benefit,
    figures,
    jackknife_error,
    points_after,
    report,
    verdicts,
)
from tests.bench.readiness.learners import DEVELOPMENT_SEEDS, HELD_OUT_SEEDS, MODELS, begin
from tests.bench.readiness.policies import AtRandom
from tests.bench.readiness.practised_world import known_world

FOUND = Benefit(
    models=("one", "two"),
    violates=(False, True),
    gains={
        "random": np.array([[1.0, 1.0, 1.0], [2.0, 2.0, 2.0]]),
        "weakest first": np.array([[1.0, 2.0, 3.0], [1.0, 1.0, 1.0]]),
        "most informative": np.array([[1.0, 1.0, 1.0], [1.0, 1.0, 1.0]]),
        "fixed difficulty": np.array([[1.0, 1.0, 1.0], [5.0, 5.0, 5.0]]),
        "ours, gain-1": np.array([[2.0, 3.0, 4.0], [3.0, 4.0, 5.0]]),
        ALL_KNOWING: np.array([[4.0, 4.0, 4.0], [6.0, 6.0, 6.0]]),
    },
)


def test_ratios_are_of_means_and_their_mean_is_over_models():
    assert FOUND.ratio("ours, gain-1").tolist() == [3, 2]
    assert FOUND.ratio("ours, gain-1", "fixed difficulty").tolist() == pytest.approx([3, 0.8])
    mean, error = FOUND.mean_ratio("ours, gain-1")
    # By seed the mean ratio is 1.75, 2.5 and 3.25: sd 0.75, over the root of three seeds.
    assert (mean, error) == (2.5, pytest.approx(0.75 / 3**0.5))
    assert FOUND.ratio_error("random").tolist() == [0, 0]


def test_jackknife_of_a_mean_is_its_standard_error():
    values = np.array([3.0, 5.0, 4.0, 9.0])
    error = jackknife_error(lambda kept: values[kept].mean(), 4)
    assert error == pytest.approx(values.std(ddof=1) / 2)


def test_verdicts_say_what_was_reached_and_what_was_not():
    said = verdicts(FOUND)
    assert said[0] == "ours, gain-1: 2.50 ± 0.43 times random on average; wanted 2: reached"
    assert said[1].endswith("least in any model 2.00 times random; wanted 1: reached")
    assert said[2].endswith("least against other rules 0.80 (fixed difficulty); wanted 1: MISSED")
    assert said[3].startswith("  70% of what an all-knowing rule gains, which itself reaches 3.50")


def test_the_report_has_a_line_for_every_rule():
    lines = report(FOUND).splitlines()
    assert sum(line.startswith("ours, gain-1") for line in lines) == 3
    assert "two†" in lines[1]
    assert figures(FOUND)["ratios"]["ours, gain-1"] == [3, 2]
    assert figures(FOUND)["items"] == ITEMS == 96


def test_the_seeds_reported_were_not_tuned_on():
    assert not set(DEVELOPMENT_SEEDS) & set(HELD_OUT_SEEDS)


def test_without_practice_nothing_is_learnt():
    known = known_world(12)
    who = begin(known.world, 30, np.random.default_rng([12, 2]))
    for model in MODELS:
        before = model.exam_points(known.world, who)
        np.testing.assert_allclose(points_after(model, known, 12, 30, NO_PRACTICE), before, rtol=1e-12)


def test_practice_helps_and_who_knows_everything_gains_more():
    known = known_world(12)
    for model in MODELS:
        none, some, most = (
            points_after(model, known, 12, 30, rule).mean() for rule in (NO_PRACTICE, AtRandom(), ALL_KNOWING)
        )
        assert none < some < most


def test_the_same_luck_for_every_rule():
    known = known_world(12)
    first, again = (points_after(MODELS[5], known, 12, 10, AtRandom()) for _ in range(2))
    np.testing.assert_array_equal(first, again)
