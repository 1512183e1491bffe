"""Do pages get points, shares and verdicts, and is every one of them derived from responses alone?"""

from __future__ import annotations

from datetime import timedelta

import numpy as np
import pytest
from pytest_django import DjangoAssertNumQueries

from accounts.models import ClassGroup
from exams.models import ItemVersion, Sitting, Target
from scoring.actions.score import score_sittings
from scoring.domains import Verdict
from scoring.growth import ASSUMED, carry
from scoring.models import ScoringRun, SubjectEstimate
from scoring.queries.estimates import (
    Evidence,
    evidence_of,
    points_by_ability,
    posterior_now,
    prediction_from,
    readings_of,
)
from scoring.queries.evidence import evidence_in
from scoring.queries.runs import run_in_force
from scoring.readiness import predict
from tests.factories.accounts import NOW, make_class, make_pupil
from tests.factories.exams import make_versions
from tests.factories.practised import practise
from tests.factories.scoring import (
    PRACTICE_ITEMS,
    REFERENCE_ITEMS,
    make_reference_form,
    make_scored_trial,
    reading_of,
)

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(hours=2)


@pytest.fixture
def group() -> ClassGroup:
    return make_class()


def run() -> ScoringRun:
    found = run_in_force()
    assert found is not None
    return found


def rescore() -> ScoringRun:
    score_sittings(now=NOW + timedelta(weeks=60))
    return run()


def test_reading_is_on_the_reference_form(group: ClassGroup) -> None:
    pupil = make_pupil(group)
    make_scored_trial(group, {pupil: REFERENCE_ITEMS})
    reading = reading_of(pupil, "mathematics", run=run(), now=LATER)
    assert reading is not None
    assert (reading.n_items, reading.n_sittings, reading.maximum, reading.assumed) == (10, 1, 20, True)
    assert (reading.enough, reading.needed) == (True, 0)
    assert reading.as_of == Sitting.objects.get().handed_in_at
    assert reading.low <= reading.mark <= reading.high <= 20
    assert 0.7 <= reading.probability <= 1
    assert sum(reading.points[reading.low : reading.high + 1]) == pytest.approx(reading.probability)
    assert np.dot(reading.points, range(21)) == pytest.approx(reading.expected)
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
    assert readings_of(pupil, run=None, now=NOW) == []
    assert posterior_now(pupil, "mathematics", run=None, now=NOW) is None
    score_sittings(now=NOW)
    assert readings_of(pupil, run=run(), now=NOW) == []
    assert posterior_now(pupil, "mathematics", run=run(), now=NOW) is None


def test_five_practice_responses_stay_silent(group: ClassGroup) -> None:
    make_reference_form()
    for correct in ((), PRACTICE_ITEMS):
        pupil = make_pupil(group)
        practise(pupil, PRACTICE_ITEMS[:5], at=NOW, correct=correct)
        reading = reading_of(pupil, "mathematics", run=rescore(), now=LATER)
        assert reading is not None
        assert (reading.enough, reading.n_items) == (False, 5)
        assert reading.needed >= 5
        assert {row.verdict for row in reading.domains} == {Verdict.NOT_ENOUGH}


def test_a_silent_subject_says_nothing_of_a_skill_either(group: ClassGroup) -> None:
    pupil = make_pupil(group)
    make_reference_form()
    first, *_ = make_versions(PRACTICE_ITEMS[:5])
    ItemVersion.objects.filter(item__identifier__in=PRACTICE_ITEMS[:5]).update(standard=first.standard)
    practise(pupil, PRACTICE_ITEMS[:5], at=NOW, correct=PRACTICE_ITEMS)
    reading = reading_of(pupil, "mathematics", run=rescore(), now=LATER)
    assert reading is not None and not reading.enough
    assert (reading.standards, reading.standards_thin) == ((), 1)


def test_time_widens_a_reading_until_it_is_silent_again(group: ClassGroup) -> None:
    pupil = make_pupil(group)
    make_scored_trial(group, {pupil: REFERENCE_ITEMS})
    row = SubjectEstimate.objects.get()
    weeks = (0, 26, 260)
    readings = [
        reading_of(pupil, "mathematics", run=run(), now=row.as_of + timedelta(weeks=number))
        for number in weeks
    ]
    spreads, expected = [], []
    for reading in readings:
        assert reading is not None
        spreads.append(float(np.dot(reading.points, (np.arange(21) - reading.expected) ** 2)))
        expected.append(reading.expected)
    assert spreads == sorted(spreads)
    assert expected == sorted(expected, reverse=True)
    assert [reading.enough for reading in readings if reading] == [True, True, False]
    half_a_year = carry(row.posterior, ASSUMED, weeks=26)
    table = points_by_ability("mathematics", run=run())
    assert table is not None and readings[1] is not None
    assert readings[1].expected == pytest.approx(predict(half_a_year, table).expected)


def test_a_reading_is_the_same_all_day_long(group: ClassGroup) -> None:
    pupil = make_pupil(group)
    make_scored_trial(group, {pupil: REFERENCE_ITEMS[:5]})
    early, late = (
        reading_of(pupil, "mathematics", run=run(), now=NOW + timedelta(days=3, hours=hours))
        for hours in (-9, 13)  # from one in the morning to eleven at night in Belgrade
    )
    assert early == late


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
    for day in (1, 2):
        practise(first, PRACTICE_ITEMS[:4], at=NOW + timedelta(days=day))
    this_run = rescore()
    for pupil, sittings in ((first, 3), (second, 1)):
        with django_assert_num_queries(8):
            reading = reading_of(pupil, "mathematics", run=this_run, now=NOW + timedelta(days=3))
        assert reading is not None and reading.n_sittings == sittings
        with django_assert_num_queries(1):
            evidence_of(pupil, "mathematics", run=this_run)


def test_evidence_is_counted(group: ClassGroup) -> None:
    pupil = make_pupil(group)
    administration = make_scored_trial(group, {pupil: ["ma-102"]})
    administration.sittings.update(simulated=True)
    practise(pupil, PRACTICE_ITEMS[:5], at=NOW + timedelta(days=1))
    assert evidence_of(pupil, "mathematics", run=rescore()) == Evidence(
        trials=1, practice_sets=1, responses=15, simulated=1
    )


def test_target_is_the_pupils_own_with_its_probability(group: ClassGroup) -> None:
    aiming, content = make_pupil(group), make_pupil(group)
    make_scored_trial(group, {aiming: REFERENCE_ITEMS[:6], content: REFERENCE_ITEMS[:6]})
    Target.objects.create(person=aiming, subject="mathematics", half_points=15, set_at=NOW)
    reading = reading_of(aiming, "mathematics", run=run(), now=LATER)
    assert reading is not None
    assert reading.target is not None
    assert reading.target.half_points == 15
    assert reading.target.probability == pytest.approx(sum(reading.points[15:]))
    assert 0 < reading.target.probability < 1
    other = reading_of(content, "mathematics", run=run(), now=LATER)
    assert other is not None and other.target is None


def test_admission_points_are_told_only_for_a_form_as_long_as_the_test(group: ClassGroup) -> None:
    pupil = make_pupil(group)
    make_scored_trial(group, {pupil: REFERENCE_ITEMS[:6]})
    short = reading_of(pupil, "mathematics", run=run(), now=LATER)
    assert short is not None and short.admission is None


def test_admission_points_of_a_whole_test(group: ClassGroup) -> None:
    pupil = make_pupil(group)
    form = make_reference_form((*REFERENCE_ITEMS, *PRACTICE_ITEMS[:10]))
    assert sum(max(version.key["half_points"]) for version in form.versions.all()) == 40
    make_scored_trial(group, {pupil: REFERENCE_ITEMS}, form=form)
    reading = reading_of(pupil, "mathematics", run=run(), now=LATER)
    assert reading is not None and reading.admission is not None
    assert (reading.admission.low, reading.admission.high) == (350 * reading.low, 350 * reading.high)


def test_what_would_change_it_names_what_is_not_known_yet(group: ClassGroup) -> None:
    pupil = make_pupil(group)
    make_scored_trial(group, {pupil: REFERENCE_ITEMS[:3]})
    reading = reading_of(pupil, "mathematics", run=run(), now=LATER)
    assert reading is not None
    verdicts = {row.domain.code: row.verdict for row in reading.domains}
    gains = [gain.half_points for gain in reading.changes]
    assert gains == sorted(gains, reverse=True)
    assert gains[0] >= 1
    assert all(verdicts[gain.domain] is not Verdict.KNOWN for gain in reading.changes)


def test_standards_speak_from_four_responses_on(group: ClassGroup) -> None:
    pupil = make_pupil(group)
    make_scored_trial(group, {pupil: REFERENCE_ITEMS[:6]})
    deep, thin = PRACTICE_ITEMS[:3], PRACTICE_ITEMS[3:4]  # one more of the deep ones was in the trial
    first, *_ = make_versions([*deep, *thin])
    ItemVersion.objects.filter(item__identifier__in=deep).update(standard=first.standard)
    practise(pupil, deep[:2], at=NOW, correct=deep)
    shallow = reading_of(pupil, "mathematics", run=rescore(), now=LATER)
    assert shallow is not None
    assert (shallow.standards, shallow.standards_thin) == ((), 10)
    practise(pupil, [*deep[2:], *thin], at=NOW + timedelta(days=1), correct=deep)
    reading = reading_of(pupil, "mathematics", run=rescore(), now=NOW + timedelta(days=2))
    assert reading is not None
    assert [(row.standard, row.n_items) for row in reading.standards] == [(first.standard, 4)]
    assert reading.standards[0].verdict in (Verdict.KNOWN, Verdict.SHAKY)
    assert reading.standards_thin == 10


def test_what_practice_needs_is_carried_to_today(group: ClassGroup) -> None:
    pupil = make_pupil(group)
    make_scored_trial(group, {pupil: ["ma-102"]})
    row = SubjectEstimate.objects.get()
    now = row.as_of + timedelta(weeks=10)
    known = posterior_now(pupil, "mathematics", run=run(), now=now)
    reading = reading_of(pupil, "mathematics", run=run(), now=now)
    assert known is not None and reading is not None
    np.testing.assert_allclose(known.posterior, carry(row.posterior, ASSUMED, weeks=10))
    assert known.verdicts == {one.domain.code: one.verdict for one in reading.domains}
    assert (known.n_items, known.weeks) == (10, 10)
    evidence = evidence_in(pupil.pk, "mathematics", run=run())
    assert evidence is not None
    assert known.series.standards == evidence.series.standards
    np.testing.assert_array_equal(known.series.counted, evidence.series.counted)
    (standard,) = [version.standard.code for version in make_versions(["ma-102"])]
    assert known.series.spoken_points(known.series.on_standard(standard)) == (2, 2, 1)
    assert known.series.spoken_points(known.series.counted >= 0)[0] == 2


def test_one_sitting_alone_predicts_as_the_estimate_of_it(group: ClassGroup) -> None:
    pupil = make_pupil(group)
    make_scored_trial(group, {pupil: REFERENCE_ITEMS[:3]})
    table = points_by_ability("mathematics", run=run())
    reading = reading_of(pupil, "mathematics", run=run(), now=NOW)
    assert table is not None and reading is not None
    alone = prediction_from(run().scores.get().log_likelihood, table)
    assert alone.expected == pytest.approx(reading.expected)
    assert (alone.low, alone.high) == (reading.low, reading.high)


def test_assumed_is_said_of_the_subject_alone(group: ClassGroup) -> None:
    pupil = make_pupil(group)
    make_scored_trial(group, {pupil: REFERENCE_ITEMS[:4]})
    force = run()
    force.calibrations.update(source="calibrated")
    reading = reading_of(pupil, "mathematics", run=force, now=LATER)
    assert reading is not None
    assert (force.assumed, reading.difficulties, reading.assumed) == (True, "measured", False)


def test_practice_with_assumed_difficulties_is_said_though_the_exam_is_measured(group: ClassGroup) -> None:
    pupil = make_pupil(group)
    make_scored_trial(group, {pupil: REFERENCE_ITEMS[:4]})
    practise(pupil, PRACTICE_ITEMS[:2], at=NOW + timedelta(days=1))
    force = rescore()
    force.calibrations.filter(version__item__identifier__in=REFERENCE_ITEMS).update(source="calibrated")
    reading = reading_of(pupil, "mathematics", run=force, now=NOW + timedelta(days=2))
    assert reading is not None
    assert (reading.difficulties, reading.assumed) == ("partly", True)
