"""Do pages get points, shares and verdicts, and is every one of them derived from responses alone?"""

from __future__ import annotations

from typing import Any

import pytest
from pytest_django import DjangoAssertNumQueries

from accounts.models import ClassGroup, Person
from exams.models import Sitting
from scoring.actions.practice import open_practice_set
from scoring.actions.score import score_sittings
from scoring.domains import Verdict
from scoring.models import ScoringRun, SubjectEstimate
from scoring.queries.estimates import (
    Evidence,
    evidence_of,
    movement_by,
    points_by_ability,
    predicted_points,
    reading_of,
    readings_of,
)
from scoring.queries.runs import run_in_force
from tests.factories.accounts import NOW, make_class, make_pupil
from tests.factories.exams import make_versions
from tests.factories.journal import sit
from tests.factories.scoring import (
    PRACTICE_ITEMS,
    REFERENCE_ITEMS,
    make_scored_trial,
    responses,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def group() -> ClassGroup:
    return make_class()


def run() -> ScoringRun:
    found = run_in_force()
    assert found is not None
    return found


def test_reading_is_on_the_reference_form(group: ClassGroup) -> None:
    pupil = make_pupil(group)
    make_scored_trial(group, {pupil: REFERENCE_ITEMS})
    reading = reading_of(pupil, "mathematics", run=run())
    assert reading is not None
    assert (reading.n_items, reading.n_sittings, reading.maximum, reading.assumed) == (10, 1, 20, True)
    assert reading.low <= reading.mark <= reading.high <= 20
    assert 0.7 <= reading.probability <= 1
    assert [name for name, _ in reading.levels] == ["below_basic", "basic", "intermediate", "advanced"]
    assert sum(share for _, share in reading.levels) == pytest.approx(1)
    assert [(row.domain.code, row.half_points, row.max_half_points) for row in reading.domains] == [
        ("MA.1", 6, 6),
        ("MA.2", 4, 4),
        ("MA.3", 6, 6),
        ("MA.4", 2, 2),
        ("MA.5", 2, 2),
    ]
    assert [row.verdict for row in reading.domains][3:] == [Verdict.NOT_ENOUGH, Verdict.NOT_ENOUGH]


def test_nobody_is_read_before_a_first_sitting_or_a_first_run(group: ClassGroup) -> None:
    pupil = make_pupil(group)
    assert run_in_force() is None
    assert readings_of(pupil, run=None) == []
    score_sittings(now=NOW)
    assert readings_of(pupil, run=run()) == []
    assert predicted_points(pupil, "mathematics", run=run()) is None


def test_same_raw_points_from_other_items_give_another_theta(group: ClassGroup) -> None:
    # Picking the right one of a few choices may be luck; writing the right number is hardly ever.
    picked, wrote = make_pupil(group), make_pupil(group)
    make_scored_trial(group, {picked: ["ma-102", "ma-207"], wrote: ["ma-209", "ma-112"]})
    scores = {row.sitting.candidate_id: row for row in run().scores.select_related("sitting")}
    assert scores[picked.pk].half_points == scores[wrote.pk].half_points == 4
    estimates = {row.person_id: row for row in SubjectEstimate.objects.all()}
    assert estimates[wrote.pk].theta - estimates[picked.pk].theta > 0.1
    assert estimates[wrote.pk].theta == pytest.approx(scores[wrote.pk].theta)


def test_queries_do_not_grow_with_what_was_sat(
    group: ClassGroup, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    first, second = make_pupil(group), make_pupil(group)
    make_scored_trial(group, {first: ["ma-102"], second: ["ma-102", "ma-112"]})
    make_versions(PRACTICE_ITEMS[:12])
    practised(first)
    practised(first)
    this_run = run()
    for pupil, sittings in ((first, 3), (second, 1)):
        with django_assert_num_queries(2):
            reading = reading_of(pupil, "mathematics", run=this_run)
        assert reading is not None and reading.n_sittings == sittings
        with django_assert_num_queries(1):
            evidence_of(pupil, "mathematics", run=this_run)


def practised(pupil: Person, **how: Any) -> Sitting:
    score_sittings(now=NOW)
    opened = open_practice_set(person=pupil, subject="mathematics", now=NOW, size=5)
    correct = [ref.split(".")[0] for ref in responses(opened.form, [])]
    sat = sit(opened, responses(opened.form, correct), **how)
    score_sittings(now=NOW)
    return sat


def test_evidence_is_counted(group: ClassGroup) -> None:
    pupil = make_pupil(group)
    administration = make_scored_trial(group, {pupil: ["ma-102"]})
    administration.sittings.update(simulated=True)
    make_versions(PRACTICE_ITEMS[:8])
    practised(pupil)
    assert evidence_of(pupil, "mathematics", run=run()) == Evidence(
        trials=1, practice_sets=1, responses=15, simulated=1
    )


def test_movement_is_from_everything_before_to_everything_so_far(group: ClassGroup) -> None:
    pupil = make_pupil(group)
    make_scored_trial(group, {pupil: ["ma-102"]})
    make_versions(PRACTICE_ITEMS[:8])
    before = reading_of(pupil, "mathematics", run=run())
    sat = practised(pupil, minutes=40)
    after = reading_of(pupil, "mathematics", run=run())
    table = points_by_ability("mathematics", run=run())
    assert before is not None and after is not None and table is not None
    moved = movement_by(sat, run=run(), table=table)
    assert moved is not None and moved.before is not None
    assert moved.before.expected == pytest.approx(before.expected)
    assert moved.after.expected == pytest.approx(after.expected)
    assert moved.after.expected > moved.before.expected
    trial = Sitting.objects.select_related("form").get(administration__isnull=False)
    first = movement_by(trial, run=run(), table=table)
    assert first is not None and first.before is None


def test_predicted_points_are_the_picture_behind_the_statement(group: ClassGroup) -> None:
    pupil = make_pupil(group)
    make_scored_trial(group, {pupil: ["ma-102", "ma-112", "ma-207"]})
    reading = reading_of(pupil, "mathematics", run=run())
    pmf = predicted_points(pupil, "mathematics", run=run())
    assert reading is not None and pmf is not None
    assert pmf.size == reading.maximum + 1
    assert pmf[reading.low : reading.high + 1].sum() == pytest.approx(reading.probability)
    assert pmf @ range(pmf.size) == pytest.approx(reading.expected)
