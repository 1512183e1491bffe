"""What does one more response change, and what do all of them leave known after weeks?"""

from dataclasses import replace

import numpy as np
import pytest

from scoring.domains import Verdict
from scoring.growth import ASSUMED, Dynamics
from scoring.irt.posterior import mean_and_sd
from scoring.irt.quadrature import DEFAULT_GRID, normal_weights
from scoring.irt.types import FloatArray, ItemParameters
from scoring.practice.abilities import abilities
from scoring.practice.learner import Learner, Met, StandardEvidence
from scoring.practice.learning import faded, learner_from, updated
from scoring.response_series import ResponseSeries, response_series
from tests.scoring.practice.small import bank_of

BANK = bank_of(
    [("n1", "numbers", "N1", 0.0), ("a1", "algebra", "A1", 0.5), ("a2", "algebra", "A1", -0.5)],
    families={"a1": "equations", "a2": "equations"},
)
PRIOR = normal_weights(DEFAULT_GRID)
KNOWN = Learner(PRIOR, verdicts={"numbers": Verdict.SHAKY})
STILL = Dynamics("still", drift_per_week=0.0, gain_per_item=0.0, sd_per_week=0.0, sd_per_item=0.0)
POINTS = DEFAULT_GRID.points


def chance(difficulty: float, right: bool = True, a: float = 1.0) -> FloatArray:
    solved = 1 / (1 + np.exp(-a * (POINTS - difficulty)))
    return np.asarray(solved if right else 1 - solved)


def scaled(likelihood: FloatArray) -> FloatArray:
    return np.asarray(likelihood / likelihood.max())


def later(likelihood: FloatArray, cells: int) -> FloatArray:
    """The likelihood of an ability that is so many points of the grid above its beginning."""
    return likelihood[np.minimum(np.arange(POINTS.size) + cells, POINTS.size - 1)]


# ---- One more response ---------------------------------------------------------------------------------


def test_a_response_speaks_of_the_subject_and_of_its_standard():
    after = updated(KNOWN, BANK, 0, 1, 0.25)
    expected = PRIOR * chance(0.0)
    np.testing.assert_allclose(after.posterior, expected / expected.sum(), rtol=1e-12)
    assert list(after.evidence) == ["N1"] and after.evidence["N1"].domain == "numbers"
    np.testing.assert_allclose(after.evidence["N1"].likelihood, scaled(chance(0.0)), rtol=1e-12)
    assert after.grown == {"numbers": 0.25}
    assert after.met == {"n1": Met(missed=False)}
    assert after.verdicts == {"numbers": Verdict.SHAKY}
    assert (KNOWN.evidence, KNOWN.grown, KNOWN.met) == ({}, {}, {})


def test_the_next_response_is_of_what_the_first_has_taught():
    first = updated(KNOWN, BANK, 1, 0, 0.25)
    both = updated(first, BANK, 2, 1, 0.25)
    product = chance(0.5, right=False) * later(chance(-0.5), 1)
    np.testing.assert_allclose(both.evidence["A1"].likelihood, scaled(product), rtol=1e-12)
    assert both.grown == {"algebra": 0.5}
    elsewhere = updated(both, BANK, 0, 1, 0.25)
    np.testing.assert_allclose(elsewhere.evidence["N1"].likelihood, scaled(chance(0.0)), rtol=1e-12)
    assert elsewhere.grown == {"algebra": 0.5, "numbers": 0.25}


def test_an_item_met_before_in_just_this_form_changes_only_how_things_stand_with_it():
    once = updated(KNOWN, BANK, 0, 0, 0.25)
    assert once.met == {"n1": Met(missed=True)}
    again = updated(once, BANK, 0, 1, 0.25)
    assert again.met == {"n1": Met(missed=False)}
    assert again.posterior is once.posterior and again.evidence is once.evidence
    assert again.grown == {"numbers": 0.25}
    due = replace(KNOWN, met={"n1": Met(missed=True, due=True, confirm=True)})
    assert updated(due, BANK, 0, 0, 0.25).met == {"n1": Met(missed=True)}
    assert updated(due, BANK, 0, 0, 0.25).evidence == {}


def test_another_variant_of_a_family_speaks():
    once = updated(KNOWN, BANK, 1, 1, 0.0)
    twice = updated(once, BANK, 2, 0, 0.0)
    assert once.met == {"equations": Met(missed=False)} and twice.met == {"equations": Met(missed=True)}
    product = chance(0.5) * chance(-0.5, right=False)
    np.testing.assert_allclose(twice.evidence["A1"].likelihood, scaled(product), rtol=1e-12)
    expected = PRIOR * product
    np.testing.assert_allclose(twice.posterior, expected / expected.sum(), rtol=1e-12)


def test_growth_does_not_make_another_domain_look_better():
    """Twenty wrong responses in algebra, explained: nothing good is said of numbers."""
    bank = bank_of([(f"a{j}", "algebra", "A1", 0.0) for j in range(20)] + [("n", "numbers", "N1", 0.0)])
    learner = KNOWN
    for index in range(20):
        learner = updated(learner, bank, index, 0, 0.1)
    assert learner.grown["algebra"] == pytest.approx(2.0)
    numbers = abilities(bank, learner, 0.35).domains[1]
    assert mean_and_sd(numbers, DEFAULT_GRID)[0] < -0.5


# ---- Everything from the first response on -------------------------------------------------------------

ITEMS = [
    ("n1", "numbers", "N1", 0.0),
    ("n2", "numbers", "N2", 0.5),
    ("n3", "numbers", "N1", 1.0),
    ("n4", "numbers", "N2", 0.5),
    ("a1", "algebra", "A1", -0.5),
    ("a2", "algebra", "A1", -0.5),
]


def series(
    responses: list[tuple[str, int, int]], weeks: list[float], practised: list[int], a: float = 1.0
) -> ResponseSeries:
    """Responses (item, sitting, code) to the right-or-wrong items above."""
    rows = {name: (domain, standard, difficulty) for name, domain, standard, difficulty in ITEMS}
    own = [rows[name] for name, *_ in responses]
    return response_series(
        [code for *_, code in responses],
        ItemParameters.dichotomous(a, [difficulty for *_, difficulty in own]),
        np.tile([0, 2], (len(own), 1)),
        items=[name for name, *_ in responses],
        domains=[domain for domain, *_ in own],
        standards=[standard for _, standard, _ in own],
        sitting=[sitting for _, sitting, _ in responses],
        weeks=weeks,
        practised=practised,
    )


def learnt(
    own: ResponseSeries, dynamics: Dynamics = STILL, growth: float = 0.25, weeks: float = 0
) -> Learner:
    return learner_from(own, PRIOR, dynamics, growth, weeks=weeks, met={}, verdicts={})


def test_everything_that_is_known_comes_together():
    met, verdicts = {"n1": Met(missed=True)}, {"numbers": Verdict.NOT_YET}
    own = series([("n1", 0, 0)], [0.0], [0])
    found = learner_from(own, PRIOR, STILL, 0.25, met=met, verdicts=verdicts)
    assert found.posterior is PRIOR and found.met is met and found.verdicts is verdicts
    assert found.around == {} and found.grown == {}
    np.testing.assert_allclose(found.evidence["N1"].likelihood, scaled(chance(0.0, right=False)), rtol=1e-12)


def test_only_practice_makes_grow_and_later_responses_are_read_by_it():
    own = series(
        [("n1", 0, 1), ("n2", 1, 0), ("a1", 1, 1), ("n3", 2, 1), ("n4", 3, 1), ("a2", 3, 0)],
        weeks=[0.0, 1.0, 2.0, 3.0],
        practised=[0, 2, 0, 2],
    )
    found = learnt(own)
    assert found.grown == {"numbers": 0.5, "algebra": 0.5}
    assert [(code, one.domain) for code, one in found.evidence.items()] == [
        ("N1", "numbers"),
        ("N2", "numbers"),
        ("A1", "algebra"),
    ]
    # n1 before all practice, n3 and n4 after one item in numbers; a1 before and a2 after one in algebra.
    expected = {
        "N1": chance(0.0) * later(chance(1.0), 1),
        "N2": chance(0.5, right=False) * later(chance(0.5), 1),
        "A1": chance(-0.5) * later(chance(-0.5, right=False), 1),
    }
    for code, likelihood in expected.items():
        np.testing.assert_allclose(found.evidence[code].likelihood, scaled(likelihood), rtol=1e-12)


def test_what_does_not_speak_is_passed_over():
    own = series([("n1", 0, 0), ("n1", 1, 1), ("n1", 1, 1)], weeks=[0.0, 1.0], practised=[0, 2])
    assert own.counted.tolist() == [0, -1, -1]
    found = learnt(own)
    assert found.grown == {}
    np.testing.assert_allclose(found.evidence["N1"].likelihood, scaled(chance(0.0, right=False)), rtol=1e-12)


def test_one_set_after_another_is_what_one_response_after_another_gives():
    own = series([("n1", 0, 1), ("n2", 0, 0), ("a1", 1, 1)], weeks=[0.0, 2.0], practised=[2, 1])
    step = Learner(PRIOR)
    bank = bank_of(ITEMS)
    for name, category in (("n1", 1), ("n2", 0), ("a1", 1)):
        step = updated(step, bank, bank.index[name], category, 0.25)
    found = learnt(own, weeks=5.0)
    assert found.grown == step.grown == {"numbers": 0.5, "algebra": 0.25}
    for code, one in step.evidence.items():
        np.testing.assert_allclose(found.evidence[code].likelihood, one.likelihood, rtol=1e-12)


# ---- Fading --------------------------------------------------------------------------------------------

MOVING = Dynamics("moving", drift_per_week=-0.3, gain_per_item=0.2, sd_per_week=0.2, sd_per_item=0.1)


def spread_of(likelihood: FloatArray) -> tuple[float, float]:
    mean, sd = mean_and_sd(likelihood / likelihood.sum(), DEFAULT_GRID)
    return float(mean), float(sd) ** 2


def test_time_and_practice_widen_what_is_known_and_do_not_move_it():
    evidence = {
        "N1": StandardEvidence("numbers", scaled(normal_weights(DEFAULT_GRID, 0.3, 0.5))),
        "A1": StandardEvidence("algebra", scaled(normal_weights(DEFAULT_GRID, -0.4, 0.6))),
    }
    found = faded(evidence, MOVING, 3.0, {"numbers": 8})
    assert [one.domain for one in found.values()] == ["numbers", "algebra"]
    assert all(one.likelihood.max() == 1 for one in found.values())
    assert spread_of(found["N1"].likelihood) == pytest.approx((0.3, 0.25 + 3 * 0.04 + 8 * 0.01), abs=1e-5)
    assert spread_of(found["A1"].likelihood) == pytest.approx((-0.4, 0.36 + 3 * 0.04), abs=1e-5)


def test_without_time_and_practice_nothing_fades():
    evidence = {"N1": StandardEvidence("numbers", scaled(chance(0.5)))}
    found = faded(evidence, MOVING, 0.0, {})
    assert found == evidence and found is not evidence
    assert faded({}, MOVING, 9.0, {"numbers": 3}) == {}
    unmoved = faded(evidence, STILL, 9.0, {"numbers": 3})
    np.testing.assert_allclose(unmoved["N1"].likelihood, evidence["N1"].likelihood, rtol=1e-12)


def test_practice_elsewhere_does_not_make_it_fade():
    evidence = {"N1": StandardEvidence("numbers", scaled(chance(0.5)))}
    found = faded(evidence, MOVING, 0.0, {"algebra": 20})
    np.testing.assert_allclose(found["N1"].likelihood, evidence["N1"].likelihood, rtol=1e-12)


def test_each_response_fades_from_its_own_day_on():
    """A right and a wrong response to steep items leave a narrow hill, whose variance can be followed."""
    responses = [("n2", 0, 1), ("n4", 0, 0), ("a1", 1, 1), ("a2", 1, 0), ("n1", 2, 1)]
    own = series(responses, weeks=[0.0, 2.0, 3.0], practised=[0, 2, 1], a=4.0)
    fresh, found = learnt(own, growth=0.0), learnt(own, MOVING, growth=0.0, weeks=1.5)
    widened = {
        code: spread_of(found.evidence[code].likelihood)[1] - spread_of(fresh.evidence[code].likelihood)[1]
        for code in ("N2", "A1")
    }
    # Numbers 2, 1 and 1.5 weeks, and one item practised; algebra 1 and 1.5 weeks, and two items.
    assert widened == pytest.approx({"N2": 4.5 * 0.04 + 0.01, "A1": 2.5 * 0.04 + 2 * 0.01}, abs=1e-5)


def test_fading_takes_back_how_far_a_standard_is_trusted():
    own = series([("n1", 0, 1), ("n2", 0, 1), ("a1", 0, 1)], weeks=[0.0], practised=[0])
    bank = bank_of(ITEMS)
    means = [
        mean_and_sd(abilities(bank, learnt(own, ASSUMED, weeks=weeks), 0.35).domains[1], DEFAULT_GRID)[0]
        for weeks in (0.0, 26.0, 260.0)
    ]
    assert means[0] > means[1] > means[2] > 0
