"""Do simulated pupils behave as described, and always the same?"""

import numpy as np
import pytest

from exams.response_processing import score_response
from examsite.demo.simulation import (
    Step,
    abilities,
    generator,
    half_points,
    practice_script,
    school_means,
    script,
    true_parameters,
    who_sits,
)
from scoring.assumed_parameters import assumed_items, load_assumptions
from scoring.categories import category_half_points
from tests.examsite.demo.items import FIXTURES, FORMS, compiled, simulated

HOUR = 3_600_000
ASSUMPTIONS = load_assumptions(FIXTURES / "scoring" / "assumed_parameters.toml")


def test_names_decide_what_is_drawn() -> None:
    first, again, other = generator("a", 1), generator("a", 1), generator("a", 2)
    drawn = first.random(3).tolist()
    assert again.random(3).tolist() == drawn
    assert other.random(3).tolist() != drawn


def test_schools_lie_around_the_mean_of_their_region_weighted_by_pupils() -> None:
    schools = {"one": ("north", 10), "two": ("north", 30), "three": ("south", 5)}
    means = school_means({"north": 0.4, "south": -0.3}, schools)
    assert (10 * means["one"] + 30 * means["two"]) / 40 == pytest.approx(0.4)
    assert means["three"] == pytest.approx(-0.3)
    assert means["one"] != means["two"]


def test_classes_differ_and_stay_the_same() -> None:
    one = abilities("school", "8-1", 25, school_mean=0.2)
    assert one.tolist() == abilities("school", "8-1", 25, school_mean=0.2).tolist()
    assert one.tolist() != abilities("school", "8-2", 25, school_mean=0.2).tolist()


def test_share_that_sits_is_exact_and_the_weak_stay_away_sooner() -> None:
    theta = np.linspace(-3, 3, 400)
    sits = who_sits(theta, 0.8, np.random.default_rng(3))
    assert sits.sum() == 320
    assert theta[sits].mean() > theta.mean()


def test_truth_is_scattered_around_what_is_assumed() -> None:
    items = [simulated(name) for name in FORMS["ma-a"]]
    true = true_parameters(items, ASSUMPTIONS)
    assumed = assumed_items(
        [item.standard_level for item in items],
        [item.half_point_table for item in items],
        ASSUMPTIONS,
        n_choices=[item.n_choices for item in items],
    ).parameters
    difference = true.b - assumed.b
    assert difference.mean() == pytest.approx(0, abs=1e-12)
    assert 0.15 < difference.std() < 0.45
    assert np.log(true.a / assumed.a).mean() == pytest.approx(0, abs=1e-12)


@pytest.mark.parametrize("form", FORMS)
def test_country_earns_what_is_published(form: str) -> None:
    items = [simulated(name) for name in FORMS[form]]
    tables = [item.half_point_table for item in items]
    theta = np.random.default_rng(5).standard_normal(20_000)
    earned = half_points(theta, true_parameters(items, ASSUMPTIONS), category_half_points(tables), seed=5)
    assert earned.sum(axis=1).mean() / 2 == pytest.approx(11.6, abs=0.25)


def sittings(n: int, limit_ms: int = HOUR) -> list[tuple[list[int], list[Step]]]:
    """(half-points per item of form A, steps) of pupils from weak to strong."""
    items = [simulated(name) for name in FORMS["ma-a"]]
    theta = np.linspace(-2.5, 2.5, n)
    tables = category_half_points([item.half_point_table for item in items])
    earned = half_points(theta, true_parameters(items, ASSUMPTIONS), tables, seed=11)
    return [
        (row.tolist(), script(items, row.tolist(), float(one), limit_ms, generator("pupil", number)))
        for number, (row, one) in enumerate(zip(earned, theta, strict=True))
    ]


def test_final_response_earns_exactly_what_was_drawn() -> None:
    keys = {compiled(name).ref: compiled(name).key for name in FORMS["ma-a"]}
    for earned, steps in sittings(60):
        final = {step.item: step.value for step in steps if step.kind == "response"}
        drawn = dict(zip(keys, earned, strict=True))
        assert {ref: score_response(keys[ref], value).half_points for ref, value in final.items()} == {
            ref: drawn[ref] for ref in final
        }


def test_only_what_would_have_been_wrong_is_omitted_while_there_is_time() -> None:
    omitted = 0
    for earned, steps in sittings(120):
        if not steps or steps[-1].value != "candidate":
            continue
        responded = {step.item for step in steps if step.kind == "response"}
        refs = [compiled(name).ref for name in FORMS["ma-a"]]
        left = [points for ref, points in zip(refs, earned, strict=True) if ref not in responded]
        assert not any(left)
        omitted += len(left)
    assert omitted


def test_steps_are_in_order_and_within_the_limit() -> None:
    ends = set()
    for _, steps in sittings(150):
        times = [step.after_ms for step in steps]
        assert times == sorted(times)
        assert times[-1] <= HOUR
        seen = [step.item for step in steps if step.kind == "seen"]
        assert len(seen) == len(set(seen))
        for place, step in enumerate(steps):
            if step.kind in ("response", "flag"):
                assert step.item in {one.item for one in steps[:place] if one.kind == "seen"}
        ends.add(steps[-1].value if steps[-1].kind == "hand_in" else "none")
    assert {"candidate", "time"} <= ends


def test_longer_limit_is_only_partly_used() -> None:
    def mean_minutes(limit_ms: int) -> float:
        return float(np.mean([steps[-1].after_ms for _, steps in sittings(80, limit_ms)])) / 60_000

    one_hour, two_hours = mean_minutes(HOUR), mean_minutes(2 * HOUR)
    assert 40 < one_hour < 56
    assert 1.3 * one_hour < two_hours < 1.9 * one_hour


def test_a_practice_set_is_checked_item_by_item_and_spares_come_only_after_a_miss() -> None:
    items = [simulated(name) for name in ("ma-501", "ma-502", "ma-503")]
    best = [max(item.half_point_table) for item in items]
    spares = {"ma-501.1": "ma-503.1"}
    for seed in range(30):
        rng = np.random.default_rng(seed)
        missed = practice_script(items, [0, best[1], best[2]], spares, rng, hint=0.0, spare=1.0)
        kinds = [(step.kind, step.item) for step in missed]
        shown = ("ma-501.1", "ma-503.1", "ma-502.1")
        one_by_one = [(kind, ref) for ref in shown for kind in ("seen", "response", "check")]
        assert kinds == [*one_by_one, ("hand_in", "")]
        times = [step.after_ms for step in missed]
        assert times == sorted(times)
        solved = practice_script(items, best, spares, rng, hint=1.0, spare=1.0)
        assert {step.item for step in solved if step.kind == "seen"} == {"ma-501.1", "ma-502.1"}
        assert "hint" not in {step.kind for step in solved}


def test_every_second_hint_helps() -> None:
    items = [simulated("ma-501")]
    key, right = compiled("ma-501").key, 0
    for seed in range(200):
        steps = practice_script(items, [0], {}, np.random.default_rng(seed), hint=1.0, spare=0.0)
        assert [step.kind for step in steps] == ["seen", "hint", "response", "check", "hand_in"]
        right += score_response(key, steps[2].value).half_points == max(key["half_points"])
    assert 75 < right < 125
