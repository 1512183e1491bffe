"""Does the stored estimate hold for the last hand-in, with what lies back carried there?"""

from __future__ import annotations

from datetime import timedelta

import numpy as np
import pytest

from accounts.models import ClassGroup
from scoring.actions.estimate import update_estimate
from scoring.actions.score import score_sittings
from scoring.growth import ASSUMED, Dynamics, carry
from scoring.irt.posterior import posterior_weights
from scoring.models import ScoringRun, SubjectEstimate
from scoring.queries.evidence import evidence_in
from scoring.queries.exam_reference import exam_reference
from scoring.queries.item_bank import load_bank
from scoring.queries.runs import run_in_force
from tests.factories.accounts import NOW, make_class, make_pupil
from tests.factories.practised import practise
from tests.factories.scoring import PRACTICE_ITEMS, REFERENCE_ITEMS, make_reference_form, make_scored_trial

pytestmark = pytest.mark.django_db
STEADY = Dynamics("steady", drift_per_week=0.0, gain_per_item=0.0, sd_per_week=0.0, sd_per_item=0.0)
LEAPING = Dynamics("leaping", drift_per_week=0.05, gain_per_item=0.03, sd_per_week=0.3, sd_per_item=0.05)


@pytest.fixture
def group() -> ClassGroup:
    return make_class()


def scored() -> ScoringRun:
    score_sittings(now=NOW + timedelta(weeks=20))
    run = run_in_force()
    assert run is not None
    return run


def test_the_second_sitting_meets_what_the_first_has_become_by_then(group: ClassGroup) -> None:
    pupil = make_pupil(group)
    make_scored_trial(group, {pupil: REFERENCE_ITEMS[:4]})
    alone = SubjectEstimate.objects.get()
    practised = practise(pupil, PRACTICE_ITEMS[:6], at=NOW + timedelta(weeks=7), correct=PRACTICE_ITEMS[:3])
    run = scored()
    both = SubjectEstimate.objects.get()
    # The trial was handed in half an hour after it began, and so was the set: seven weeks between.
    carried = carry(alone.posterior, ASSUMED, weeks=7, practised=6)
    evidence, reference = evidence_in(pupil.pk, "mathematics", run=run), exam_reference("mathematics", run)
    assert evidence is not None
    assert reference is not None
    own = evidence.series.observations_for(reference.half_points, domain_sd=0.5)[-1].log_likelihood
    expected = posterior_weights(own[None, :], carried)[0]
    np.testing.assert_allclose(both.posterior, expected, atol=1e-9)
    assert (both.as_of, both.n_items, both.n_sittings) == (practised.handed_in_at, 16, 2)


def test_the_runs_own_dynamics_are_used(group: ClassGroup) -> None:
    pupil = make_pupil(group)
    make_scored_trial(group, {pupil: REFERENCE_ITEMS[:2]})
    practise(pupil, PRACTICE_ITEMS[:8], at=NOW + timedelta(weeks=7), correct=PRACTICE_ITEMS)
    run = scored()
    found = {}
    for dynamics in (STEADY, ASSUMED, LEAPING):
        run.dynamics = dynamics.as_table()
        row = update_estimate(person_id=pupil.pk, subject="mathematics", run=run, bank=load_bank(run))
        assert row is not None
        found[dynamics.version] = (row.theta, row.se)
    assert found["steady"] < found["assumed-1"] < found["leaping"]
    assert found["steady"][1] < found["assumed-1"][1] < found["leaping"][1]


def test_getting_the_same_items_right_again_says_nothing_new(group: ClassGroup) -> None:
    make_reference_form()
    once, twice = make_pupil(group), make_pupil(group)
    for pupil in (once, twice):
        practise(pupil, PRACTICE_ITEMS[:6], at=NOW)
    practise(twice, PRACTICE_ITEMS[:6], at=NOW + timedelta(minutes=40), correct=PRACTICE_ITEMS)
    run = scored()
    first, second = (SubjectEstimate.objects.get(person=pupil, run=run) for pupil in (once, twice))
    assert (first.n_items, second.n_items) == (6, 6)
    # What is left is what six items practised are assumed to bring.
    np.testing.assert_allclose(
        second.posterior, carry(first.posterior, ASSUMED, weeks=0, practised=6), atol=1e-9
    )
    verdicts = [list(row.domains.values_list("verdict", "n_items", "half_points")) for row in (first, second)]
    assert verdicts[0] == verdicts[1]


def test_other_numbers_in_the_same_template_are_evidence_of_their_own(group: ClassGroup) -> None:
    make_reference_form()
    pupil = make_pupil(group)
    one = practise(pupil, PRACTICE_ITEMS[:1], at=NOW)
    other = practise(pupil, PRACTICE_ITEMS[1:2], at=NOW + timedelta(days=1))
    for sitting in (one, other):
        sitting.form.versions.get().item.__class__.objects.filter(versions__forms=sitting.form).update(
            family="ma-f01"
        )
    run = scored()
    assert SubjectEstimate.objects.get(run=run).n_items == 2


def test_without_a_reference_form_there_is_no_estimate(group: ClassGroup) -> None:
    pupil = make_pupil(group)
    practise(pupil, PRACTICE_ITEMS[:3], at=NOW)
    scored()
    assert not SubjectEstimate.objects.exists()
