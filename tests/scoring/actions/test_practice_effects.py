"""Do the pupils themselves tell what practice brings, where chance chose it and there are enough of them?"""

from __future__ import annotations

from collections import Counter
from datetime import timedelta

import numpy as np
import pytest

from accounts.models import Person
from exams.models import Form
from scoring.actions.parameters import current_run
from scoring.actions.practice_effects import estimate_run_effects
from scoring.irt import simulate_responses
from scoring.irt.types import FloatArray
from scoring.models import ScoringRun
from scoring.practice.effects import ASSUMED_EFFECTS, PracticeEffects
from scoring.practice.effects_fit import estimate_effects
from scoring.queries.item_bank import load_bank
from scoring.queries.practised_learners import learners_by_chance, practised_learners
from tests.factories.accounts import NOW
from tests.factories.calibration import make_pupils, scored_sittings, simulate_trial
from tests.factories.practice import make_set
from tests.factories.scoring import PRACTICE_ITEMS, make_reference_form

pytestmark = pytest.mark.django_db
N_PUPILS, N_SETS, SET_SIZE = 60, 4, 8
OWN = PracticeEffects(
    version="estimated-777",
    domain=(0.01,) * 6,
    standard=(0.02,) * 6,
    growth=0.02,
    standard_sd=0.4,
)


def make_sets() -> list[Form]:
    """Of different items, as the rule that favours nothing might have drawn them."""
    order = np.random.default_rng(3).permutation(PRACTICE_ITEMS).tolist()
    return [
        make_set(order[first : first + SET_SIZE], selection={"policy": "even-1", "kind": "full"})
        for first in range(0, N_SETS * SET_SIZE, SET_SIZE)
    ]


def practised_by(
    pupils: list[Person], theta: FloatArray, sets: list[Form], run: ScoringRun, *, gain: float
) -> None:
    """Each does all sets, a week apart, a quarter of them beginning with each; every item raises them by
    `gain` in its domain from then on.
    """
    for turn in range(N_SETS):
        own = slice(turn, None, N_SETS)
        _practised_in_turn(pupils[own], theta[own], [*sets[turn:], *sets[:turn]], run, gain=gain)


def _practised_in_turn(
    pupils: list[Person], theta: FloatArray, sets: list[Form], run: ScoringRun, *, gain: float
) -> None:
    met: Counter[str] = Counter()
    for number, form in enumerate(sets):
        bank = load_bank(run).select(
            list(form.form_items.order_by("position").values_list("version_id", flat=True))
        )
        columns = []
        for place, domain in enumerate(bank.domains):
            item = bank.parameters.select(np.array([place]))
            columns.append(simulate_responses(theta + gain * met[domain], item, seed=100 * form.pk + place))
            met[domain] += 1
        at = NOW + timedelta(weeks=number + 1)
        scored_sittings(form, pupils, np.hstack(columns).tolist(), bank, run=run, at=at)


def world(*, gain: float) -> ScoringRun:
    """Sixty who sat the reference form and then practised what chance chose."""
    form, sets = make_reference_form(), make_sets()
    run = current_run(now=NOW)
    pupils = make_pupils(N_PUPILS)
    theta = np.random.default_rng(5).standard_normal(N_PUPILS)
    bank = load_bank(run).select(
        list(form.form_items.order_by("position").values_list("version_id", flat=True))
    )
    simulate_trial(form, pupils, theta, truth=bank.parameters, run=run)
    practised_by(pupils, theta, sets, run, gain=gain)
    return run


def test_before_enough_have_practised_so_assumptions_stay() -> None:
    found = estimate_run_effects(run=world(gain=0.0))
    assert (found.effects, found.estimated, found.n_learners) == (ASSUMED_EFFECTS, None, N_PUPILS)


def test_what_a_run_had_stays_too() -> None:
    run = world(gain=0.0)
    run.practice_effects = OWN.as_table()
    found = estimate_run_effects(run=run, fewest=N_PUPILS + 1)
    assert (found.effects, found.estimated) == (OWN, None)


def test_where_nobody_has_practised_so_nothing_is_estimated() -> None:
    make_reference_form()
    found = estimate_run_effects(run=current_run(now=NOW), fewest=0)
    assert (found.effects, found.estimated, found.n_learners) == (ASSUMED_EFFECTS, None, 0)


def test_effects_are_estimated_from_everybody_for_whom_chance_chose() -> None:
    run = world(gain=0.0)
    found = estimate_run_effects(run=run, fewest=N_PUPILS)
    bank, learners = practised_learners(learners_by_chance(run), run=run)
    expected = estimate_effects(bank, learners, version=found.effects.version)
    assert found.estimated is not None
    assert found.effects == found.estimated.effects == expected.effects
    assert (found.n_learners, found.estimated.n_learners) == (60, 60)
    assert found.estimated.n_responses == N_PUPILS * N_SETS * SET_SIZE


def test_who_gains_more_in_the_domains_they_practised_tells_of_larger_gains() -> None:
    """Sixty say enough to tell much from nothing; how much it was they draw towards what was assumed."""
    much = estimate_run_effects(run=world(gain=0.1), fewest=1).effects
    assert all(found > assumed for found, assumed in zip(much.domain, ASSUMED_EFFECTS.domain, strict=True))
    assert much.growth > ASSUMED_EFFECTS.growth


def test_who_gained_nothing_tells_of_smaller_gains() -> None:
    nothing = estimate_run_effects(run=world(gain=0.0), fewest=1).effects
    assert sum(nothing.domain) < sum(ASSUMED_EFFECTS.domain)


def test_of_very_many_a_sample_speaks_the_same_one_each_time() -> None:
    run = world(gain=0.0)
    one, again = (estimate_run_effects(run=run, fewest=20, at_most=20) for _ in range(2))
    assert one.estimated is not None and again.estimated is not None
    assert (one.n_learners, one.estimated.n_learners) == (60, 20)
    assert one.effects == again.effects
    assert one.effects.version.startswith("estimated-") and len(one.effects.version) == 18


def test_estimating_writes_nothing() -> None:
    run = world(gain=0.0)
    estimate_run_effects(run=run, fewest=1)
    run.refresh_from_db()
    assert run.practice_effects == {}
