"""Does the result of a sitting say exactly what its responses earned?"""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from pytest_django import DjangoAssertNumQueries

from accounts.models import ClassGroup
from exams.enums import ResultsRelease
from exams.models import Sitting
from scoring.actions.score import score_sittings
from scoring.models import ItemCalibration, ScoringRun
from scoring.queries.results import Admission, SittingReport, results_of, sitting_report
from scoring.queries.runs import run_in_force
from tests.factories.accounts import NOW, make_class, make_pupil, make_teacher
from tests.factories.exams import make_administration
from tests.factories.journal import sit
from tests.factories.marking import give, make_written_form, write
from tests.factories.scoring import make_reference_form, make_scored_trial

pytestmark = pytest.mark.django_db


@pytest.fixture
def group() -> ClassGroup:
    return make_class()


@pytest.fixture
def sitting(group: ClassGroup) -> Sitting:
    """Of ten items one is right, one half right, one wrong, one cleared again, one only seen."""
    make_pupil(group)
    sitting = make_administration([group], form=make_reference_form()).sittings.get()
    values = {"ma-102.1": "b", "ma-112.1": {"x": "15", "y": "7"}, "ma-106.1": {"1": True}, "ma-119.1": None}
    sat = sit(sitting, values, seen=["ma-210.1"])
    score_sittings(now=NOW)
    return sat


def report_on(sitting: Sitting, language: str = "en") -> SittingReport:
    report = sitting_report(sitting, run=run_in_force(), language=language)  # type: ignore[arg-type]
    assert report is not None
    return report


def test_points_and_verdicts_item_by_item(sitting: Sitting) -> None:
    report = report_on(sitting)
    assert (report.half_points, report.max_half_points, report.final) == (3, 20, False)
    verdicts = {item.standard.code: (item.verdict, item.half_points) for item in report.items}
    assert verdicts == {
        "MA.1.1.1": ("not_reached", 0),
        "MA.1.1.2": ("right", 2),
        "MA.1.2.4": ("not_reached", 0),
        "MA.2.2.1": ("partly", 1),
        "MA.1.3.1": ("wrong", 0),
        "MA.1.3.2": ("not_reached", 0),
        "MA.1.1.5": ("not_reached", 0),
        "MA.3.3.2": ("omitted", 0),
        "MA.1.5.2": ("not_reached", 0),
        "MA.2.4.1": ("omitted", 0),
    }
    assert report.counts == {"right": 1, "partly": 1, "wrong": 1, "omitted": 2, "not_reached": 5}


def test_domains_and_where_most_was_left(sitting: Sitting) -> None:
    report = report_on(sitting)
    assert [(row.domain.code, row.half_points, row.max_half_points) for row in report.domains] == [
        ("MA.1", 2, 6),
        ("MA.2", 1, 4),
        ("MA.3", 0, 6),
        ("MA.4", 0, 2),
        ("MA.5", 0, 2),
    ]
    assert report.weakest is not None and report.weakest.domain.code == "MA.3"
    assert report.mastered == ()


def test_admission_points_name_the_regime_of_the_day(sitting: Sitting) -> None:
    assert report_on(sitting).admission == Admission(
        thousandths=1050, maximum=14000, regime="2023", valid_from=date(2022, 9, 1)
    )


def test_assumed_is_said_of_the_subject_alone(sitting: Sitting) -> None:
    """Another subject's items that are still assumed are no concern of this one's page."""
    run = run_in_force()
    assert run is not None
    run.calibrations.update(source="calibrated")
    assert run.assumed
    assert report_on(sitting).difficulties == "measured"
    first = run.calibrations.get(version__form_items__form=sitting.form, version__form_items__position=1)
    ItemCalibration.objects.filter(pk=first.pk).update(source="assumed")
    assert report_on(sitting).difficulties == "partly"


def test_prediction_and_level_rest_on_this_sitting_alone(sitting: Sitting) -> None:
    report = report_on(sitting)
    assert report.prediction is not None
    assert report.level == "below_basic"
    assert (report.levels_provisional, report.difficulties, report.movement) == (True, "assumed", None)


def test_texts_follow_the_language(sitting: Sitting) -> None:
    assert "Mila has walked" in report_on(sitting, "en").items[1].stem
    assert "Мила је прешла" in report_on(sitting, "sr").items[1].stem


def test_no_report_before_the_counting(group: ClassGroup) -> None:
    make_pupil(group)
    sitting = make_administration([group], form=make_reference_form()).sittings.get()
    sat = sit(sitting, {"ma-102.1": "b"})
    assert sitting_report(sat, run=None, language="en") is None
    score_sittings(now=NOW)
    ScoringRun.objects.all().delete()
    assert sitting_report(sat, run=run_in_force(), language="en") is None


def test_report_costs_the_same_for_three_items_and_for_ten(
    sitting: Sitting, group: ClassGroup, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    run = run_in_force()
    with django_assert_num_queries(7):
        sitting_report(sitting, run=run, language="en")


def test_lines_of_a_pupil_hide_what_is_not_out(
    group: ClassGroup, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    pupil = make_pupil(group)
    form = make_reference_form()
    with django_assert_num_queries(1):
        assert results_of(pupil, run=None, now=NOW) == []
    make_scored_trial(group, {pupil: ["ma-102"]}, form=form)
    closed = {"results_release": ResultsRelease.AT_CLOSE, "closes_at": NOW + timedelta(days=1)}
    hidden = make_administration([group], form=form, **closed)
    sit(hidden.sittings.get(), {"ma-102.1": "b"}, minutes=40)
    uncounted = make_administration([group], form=form)
    score_sittings(now=NOW)
    sit(uncounted.sittings.get(), {"ma-102.1": "b"}, minutes=50)
    run = run_in_force()
    with django_assert_num_queries(1):
        lines = results_of(pupil, run=run, now=NOW)
    assert [(line.released, line.half_points, line.max_half_points, line.final) for line in lines] == [
        (True, None, None, False),
        (False, None, None, False),
        (True, 2, 20, False),
    ]
    later = results_of(pupil, run=run, now=NOW + timedelta(days=2))
    assert [line.half_points for line in later] == [None, 2, 2]


def test_what_waits_for_a_mark_is_neither_earned_nor_lost(group: ClassGroup) -> None:
    pupil = make_pupil(group)
    administration = make_administration([group], form=make_written_form())
    sat = write(administration, pupil, "x = 4", values={"ma-102.1": "b", "ma-112.1": {"x": "0"}})
    score_sittings(now=NOW)
    report = report_on(sat)
    assert (report.half_points, report.pending_half_points, report.max_half_points) == (2, 2, 6)
    assert report.counts == {"right": 1, "wrong": 1, "pending": 1}
    assert [
        (row.domain.code, row.half_points, row.pending_half_points, row.lost) for row in report.domains
    ] == [
        ("MA.1", 2, 0, 0),
        ("MA.2", 0, 2, 2),
    ]
    assert report.weakest is not None and report.weakest.lost == 2
    (line,) = results_of(pupil, run=run_in_force(), now=NOW)
    assert (line.half_points, line.pending_half_points) == (2, 2)
    give(sat, "x = 4", 1, make_teacher(group), note="Где је поступак?")
    score_sittings(now=NOW)
    marked = report_on(sat)
    assert (marked.half_points, marked.pending_half_points) == (3, 0)
    assert [(item.verdict, item.note) for item in marked.items] == [
        ("right", ""), ("wrong", ""), ("partly", "Где је поступак?"),
    ]  # fmt: skip
    assert results_of(pupil, run=run_in_force(), now=NOW)[0].pending_half_points == 0


def test_a_domain_with_a_text_that_waits_is_not_mastered(group: ClassGroup) -> None:
    pupil = make_pupil(group)
    administration = make_administration([group], form=make_written_form(items=("ma-102",)))
    sat = write(administration, pupil, "x = 4", values={"ma-102.1": "b"})
    score_sittings(now=NOW)
    report = report_on(sat)
    assert report.weakest is None
    assert [row.domain.code for row in report.mastered] == ["MA.1"]


def test_lines_tell_nothing_of_marks_before_the_release(group: ClassGroup) -> None:
    pupil = make_pupil(group)
    closed = {"results_release": ResultsRelease.AT_CLOSE, "closes_at": NOW + timedelta(days=1)}
    administration = make_administration([group], form=make_written_form(), **closed)
    write(administration, pupil, "x = 4")
    score_sittings(now=NOW)
    (line,) = results_of(pupil, run=run_in_force(), now=NOW)
    assert (line.half_points, line.pending_half_points) == (None, 0)
