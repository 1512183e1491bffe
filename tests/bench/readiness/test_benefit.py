"""Are gains, ratios and their errors what they are said to be?"""

import numpy as np
import pytest

from tests.bench.readiness.benefit import (
    Benefit,
    asking_other_standards,
    figures,
    jackknife_error,
    report,
    verdicts,
)
from tests.bench.readiness.learners import DEVELOPMENT_SEEDS, HELD_OUT_SEEDS, MODELS, begin
from tests.bench.readiness.pilot import effects_of
from tests.bench.readiness.policies import AtRandom
from tests.bench.readiness.practised_world import known_world
from tests.bench.readiness.season import ALL_KNOWING, ITEMS, NO_PRACTICE, practise

FOUND = Benefit(
    models=("one", "two"),
    violates=(False, True),
    gains={
        "random": np.array([[1.0, 1.0, 1.0], [2.0, 2.0, 2.0]]),
        "weakest first": np.array([[1.0, 2.0, 3.0], [1.0, 1.0, 1.0]]),
        "most informative": np.array([[1.0, 1.0, 1.0], [1.0, 1.0, 1.0]]),
        "fixed difficulty": np.array([[1.0, 1.0, 1.0], [5.0, 5.0, 5.0]]),
        "ours, assumed-1": np.array([[1.5, 1.5, 1.5], [3.0, 3.0, 3.0]]),
        "ours, experienced": np.array([[2.0, 3.0, 4.0], [3.0, 4.0, 5.0]]),
        ALL_KNOWING: np.array([[4.0, 4.0, 4.0], [6.0, 6.0, 6.0]]),
    },
    elsewhere={
        "random": np.array([[1.0, 1.0, 1.0], [1.0, 1.0, 1.0]]),
        "ours, assumed-1": np.array([[1.0, 1.0, 1.0], [1.5, 1.5, 1.5]]),
        "ours, experienced": np.array([[1.0, 1.0, 1.0], [1.8, 1.8, 1.8]]),
    },
)


def test_ratios_are_of_means_and_their_mean_is_over_models():
    assert FOUND.ratio("ours, experienced").tolist() == [3, 2]
    assert FOUND.ratio("ours, experienced", "fixed difficulty").tolist() == pytest.approx([3, 0.8])
    mean, error = FOUND.mean_ratio("ours, experienced")
    # By seed the mean ratio is 1.75, 2.5 and 3.25: sd 0.75, over the root of three seeds.
    assert (mean, error) == (2.5, pytest.approx(0.75 / 3**0.5))
    assert FOUND.ratio_error("random").tolist() == [0, 0]


def test_jackknife_of_a_mean_is_its_standard_error():
    values = np.array([3.0, 5.0, 4.0, 9.0])
    error = jackknife_error(lambda kept: values[kept].mean(), 4)
    assert error == pytest.approx(values.std(ddof=1) / 2)


def test_verdicts_say_what_was_reached_and_what_was_not():
    said = verdicts(FOUND)
    assert said[0] == "ours, assumed-1: 1.50 ± 0.00 times random on average"
    assert said[2].endswith("least against other rules 0.60 (fixed difficulty); wanted 1: MISSED")
    assert said[4] == "ours, experienced: 2.50 ± 0.43 times random on average; wanted 2: reached"
    assert said[5].endswith("least in any model 2.00 times random; wanted 1: reached")
    assert said[6].endswith("least against other rules 0.80 (fixed difficulty); wanted 1: MISSED")
    assert said[7].startswith("  70% of what an all-knowing rule gains, which itself reaches 3.50")


def test_the_report_has_a_line_for_every_rule():
    lines = report(FOUND).splitlines()
    assert sum(line.startswith("ours, experienced") for line in lines) == 4
    assert "two†" in lines[1]
    assert figures(FOUND)["ratios"]["ours, experienced"] == [3, 2]
    # On another exam it is 1 and 1.8 times random.
    assert any(
        line.startswith("ours, experienced") and line.split()[-3:] == ["1.00", "1.80", "1.40"]
        for line in lines
    )
    assert figures(FOUND)["items"] == ITEMS == 96


def test_the_seeds_reported_were_not_tuned_on():
    assert not set(DEVELOPMENT_SEEDS) & set(HELD_OUT_SEEDS)


def test_without_practice_nothing_is_learnt():
    known = known_world(12)
    who = begin(known.world, 30, np.random.default_rng([12, 2]))
    for model in MODELS:
        before = model.exam_points(known.world, who)
        after = model.exam_points(known.world, practise(model, known, 12, 30, NO_PRACTICE))
        np.testing.assert_allclose(after, before, rtol=1e-12)


def test_practice_helps_and_who_knows_everything_gains_more():
    known = known_world(12)
    for model in MODELS:
        none, some, most = (
            model.exam_points(known.world, practise(model, known, 12, 30, rule)).mean()
            for rule in (NO_PRACTICE, AtRandom(), ALL_KNOWING)
        )
        assert none < some < most


def test_the_same_luck_for_every_rule():
    known = known_world(12)
    first, again = (practise(MODELS[5], known, 12, 10, AtRandom()) for _ in range(2))
    np.testing.assert_array_equal(first.known, again.known)


def test_another_exam_asks_other_standards_of_the_same_domains_and_levels():
    world = known_world(12).world
    other = asking_other_standards(world, 12)
    np.testing.assert_array_equal(other.domain_of_standard[other.exam_standard], world.exam_domain)
    levels = world.level_of_standard
    np.testing.assert_array_equal(levels[other.exam_standard], levels[world.exam_standard])
    assert (other.exam_standard != world.exam_standard).sum() >= 8
    np.testing.assert_array_equal(other.exam_b, world.exam_b)


def test_a_pilot_finds_what_its_learners_learn_from():
    found = {model.name: effects_of(model, 400) for model in MODELS[:4]}
    # Most is learnt at a chance of 0.7 in the second model, from hard items in the third, easy in the fourth.
    assert int(np.argmax(found["zone"].domain)) in (3, 4)
    hard, easy = np.array(found["from mistakes"].domain), np.array(found["from success"].domain)
    assert hard[1] > hard[4] and easy[4] > easy[1]
    assert max(max(one.standard) for one in found.values()) < 0.03
    by_standard = effects_of(MODELS[4], 400)
    assert min(by_standard.standard[1:5]) > 0.03 and 0.4 < by_standard.standard_sd < 0.8
