"""Are a pupil's rows read in the order in which they were lived, each response once?"""

from __future__ import annotations

from datetime import timedelta

import numpy as np
import pytest
from pytest_django import DjangoAssertNumQueries

from accounts.models import ClassGroup, Person
from exams.models import Sitting
from scoring.actions.score import score_sittings
from scoring.models import ItemOutcomeRow, ScoringRun, SittingScore
from scoring.queries.evidence import evidence_by_subject, evidence_in, weeks_between
from scoring.queries.runs import run_in_force
from tests.factories.accounts import NOW, make_class, make_pupil
from tests.factories.practised import practise
from tests.factories.scoring import REFERENCE_ITEMS, make_scored_trial

pytestmark = pytest.mark.django_db
SET = ["ma-501", "ma-502", "ma-503"]


@pytest.fixture
def group() -> ClassGroup:
    return make_class()


@pytest.fixture
def pupil(group: ClassGroup) -> Person:
    return make_pupil(group)


def scored() -> ScoringRun:
    score_sittings(now=NOW + timedelta(weeks=20))
    run = run_in_force()
    assert run is not None
    return run


def test_sittings_come_by_the_day_of_their_hand_in_with_whole_days_between(
    group: ClassGroup, pupil: Person
) -> None:
    make_scored_trial(group, {pupil: REFERENCE_ITEMS[:4]})
    later = practise(pupil, SET[:1], at=NOW + timedelta(days=10, hours=20), correct=SET)
    sooner = practise(pupil, SET[1:], at=NOW + timedelta(days=3, hours=1))
    evidence = evidence_in(pupil.pk, "mathematics", run=scored())
    assert evidence is not None
    trial = Sitting.objects.get(administration__isnull=False)
    assert [sitting.pk for sitting in evidence.sittings] == [trial.pk, sooner.pk, later.pk]
    assert evidence.as_of == later.handed_in_at
    assert (evidence.series.weeks * 7).tolist() == [0, 3, 11]  # 20 hours later is the day after
    assert evidence.series.practised.tolist() == [0, 2, 1]
    assert np.bincount(evidence.series.sitting).tolist() == [10, 2, 1]
    assert evidence.series.n_items == 13


def test_series_and_score_of_a_sitting_agree(group: ClassGroup, pupil: Person) -> None:
    make_scored_trial(group, {pupil: REFERENCE_ITEMS[:4]})
    evidence = evidence_in(pupil.pk, "mathematics", run=scored())
    assert evidence is not None
    (observation,) = evidence.series.observations()
    stored = SittingScore.objects.get().log_likelihood
    np.testing.assert_allclose(observation.log_likelihood, stored, atol=1e-9)


def test_a_reopened_sitting_does_not_count_until_it_is_handed_in_again(
    group: ClassGroup, pupil: Person
) -> None:
    make_scored_trial(group, {pupil: REFERENCE_ITEMS[:4]})
    practise(pupil, SET, at=NOW + timedelta(days=2))
    run = scored()
    # Its score is still there: whoever scores has not been round yet.
    Sitting.objects.filter(administration__isnull=False).update(state="started", handed_in_at=None)
    evidence = evidence_in(pupil.pk, "mathematics", run=run)
    assert evidence is not None
    assert evidence.series.n_items == 3
    assert SittingScore.objects.count() == 2


def test_the_same_item_again_is_practice_but_no_evidence(group: ClassGroup, pupil: Person) -> None:
    practise(pupil, SET, at=NOW)
    practise(pupil, SET[:2], at=NOW + timedelta(days=2), correct=SET)
    evidence = evidence_in(pupil.pk, "mathematics", run=scored())
    assert evidence is not None
    assert evidence.series.counted.tolist() == [0, 0, 0, -1, -1]
    assert evidence.series.practised.tolist() == [3, 2]


def test_what_was_solved_with_a_hint_was_not_solved_alone(group: ClassGroup, pupil: Person) -> None:
    practise(pupil, SET, at=NOW, correct=SET)
    run = scored()
    ItemOutcomeRow.objects.filter(version__item__identifier=SET[1]).update(hinted=True)
    evidence = evidence_in(pupil.pk, "mathematics", run=run)
    assert evidence is not None
    full = [row.max_half_points for row in evidence.rows]
    assert evidence.series.earned.tolist() == [full[0], 0, full[2]]
    assert evidence.series.counted[1] == 0


def test_nothing_scored_is_no_evidence(group: ClassGroup, pupil: Person) -> None:
    run = scored()
    assert evidence_in(pupil.pk, "mathematics", run=run) is None
    assert evidence_by_subject(pupil.pk, run=run) == {}


def test_queries_do_not_grow_with_what_was_sat(
    group: ClassGroup, pupil: Person, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for day in range(3):
        practise(pupil, SET, at=NOW + timedelta(days=day))
    run = scored()
    with django_assert_num_queries(2):
        found = evidence_by_subject(pupil.pk, run=run)
        assert list(found) == ["mathematics"]
        assert [len(found["mathematics"].standards), len(found["mathematics"].sittings)] == [3, 3]


def test_days_are_whole_and_never_negative() -> None:
    # NOW is ten in the morning in Belgrade.
    assert weeks_between(NOW, NOW + timedelta(hours=13)) == 0
    assert weeks_between(NOW, NOW + timedelta(hours=14)) == 1 / 7
    assert weeks_between(NOW, NOW + timedelta(days=14, hours=3)) == 2
    assert weeks_between(NOW, NOW - timedelta(days=3)) == 0
