"""Who has sat, what is known, and what is named to be taught again: for a class whose responses are known."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from pytest_django import DjangoAssertNumQueries

from accounts.models import ClassGroup, Person
from exams.actions.sealing import seal_due
from exams.actions.sittings import void
from exams.markup import Language
from exams.models import Administration, Form, Sitting
from scoring.actions.score import score_sittings
from scoring.queries.class_items import form_content
from scoring.queries.class_results import (
    ClassCoverage,
    DomainCell,
    DomainSummary,
    PupilRow,
    chosen_coverage,
    coverage_of_class,
    domain_rows,
    what_to_reteach,
)
from scoring.queries.runs import run_in_force
from tests.factories.accounts import NOW, make_class, make_pupil, make_teacher
from tests.factories.exams import make_administration, make_form
from tests.factories.journal import sit
from tests.factories.scoring import REFERENCE_ITEMS, make_scored_trial


@pytest.fixture
def group(db: None) -> ClassGroup:
    return make_class()


def test_coverage_tells_final_provisional_writing_and_not_started(group: ClassGroup) -> None:
    names = ("Шобић", "Ђурић", "Антић", "Јовић")
    shobic, djuric, antic, jovic = (make_pupil(group, family_name=name) for name in names)
    administration = make_administration([group])
    of = {sitting.candidate: sitting for sitting in Sitting.objects.select_related("candidate")}
    sit(of[shobic], {"ma-102.1": "b"})
    seal_due(now=NOW + timedelta(minutes=31))
    sit(of[djuric], {"ma-102.1": "b"})
    sit(of[antic], {"ma-102.1": "b"}, hand_in=False)
    pupils, coverage = coverage_of_class(group, latin=False)
    assert pupils == [antic, djuric, jovic, shobic]
    assert coverage == [
        ClassCoverage(
            administration=administration,
            pupils=(antic, djuric, jovic, shobic),
            n_final=1,
            n_provisional=1,
            writing=(antic,),
            not_started=(jovic,),
            simulated=False,
        )
    ]
    assert (coverage[0].n_sat, coverage[0].n_absent) == (2, 2)


def test_latin_readers_get_the_order_of_their_alphabet(group: ClassGroup) -> None:
    djuric, vasic = (make_pupil(group, family_name=name) for name in ("Ђурић", "Васић"))
    assert coverage_of_class(group, latin=True)[0] == [djuric, vasic]
    assert coverage_of_class(group, latin=False)[0] == [vasic, djuric]


def test_somebody_who_joined_later_has_not_started_and_a_voided_sitting_is_nobodys(group: ClassGroup) -> None:
    early = make_pupil(group, family_name="Антић")
    teacher = make_teacher(group)
    make_administration([group])
    late = make_pupil(group, family_name="Бајић")
    (row,) = coverage_of_class(group, latin=False)[1]
    assert row.not_started == (early, late)
    void(sitting=Sitting.objects.get(), reason="ill", actor=teacher, now=NOW)
    assert coverage_of_class(group, latin=False)[1] == []


def test_the_latest_that_enough_have_sat_is_shown_unless_another_is_asked_for() -> None:
    def row(n_sat: int, *, only_who_chose: bool = False) -> ClassCoverage:
        administration = Administration(public_id=f"id-{n_sat}", only_who_chose=only_who_chose)
        return ClassCoverage(administration, (), n_sat, 0, (), (), simulated=False)

    none, few, enough, earlier = row(0), row(4), row(5), row(9)
    assert chosen_coverage([none, few, enough, earlier], "") == enough
    third = row(6, only_who_chose=True)
    assert chosen_coverage([third, none, few, enough], "") == enough
    assert chosen_coverage([third, none], "") == third
    assert chosen_coverage([none, few], "") == few
    assert chosen_coverage([none], "") == none
    assert chosen_coverage([], "") is None
    assert chosen_coverage([none, few, enough, earlier], "id-9") == earlier


@pytest.mark.parametrize("n_pupils", [1, 3])
def test_coverage_takes_two_queries(
    group: ClassGroup, n_pupils: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for _ in range(n_pupils):
        make_pupil(group)
    form = make_form()
    for _ in range(n_pupils):
        make_administration([group], form=form)
    with django_assert_num_queries(2):
        assert len(coverage_of_class(group, latin=False)[1]) == n_pupils


def picture(pupils: list[Person], language: Language = "en") -> tuple[Any, Any]:
    run = run_in_force()
    assert run is not None
    content = form_content(Form.objects.get(identifier="ma-a"))
    return domain_rows(
        pupils, subject="mathematics", run=run, language=language, points=content.half_points_by_domain
    )


def test_the_picture_of_three_pupils(group: ClassGroup) -> None:
    best, worst, absent = (make_pupil(group) for _ in range(3))
    make_scored_trial(group, {best: REFERENCE_ITEMS, worst: ()})
    rows, domains = picture([best, worst, absent])
    shown = {
        row.pupil: [(cell.level, cell.half_points, cell.max_half_points) for cell in row.cells]
        for row in rows
    }
    # Numbers, algebra and geometry have three, two and three items; measurement and data only one each.
    assert shown == {
        best: [(3, 6, 6), (3, 4, 4), (3, 6, 6), (None, 2, 2), (None, 2, 2)],
        worst: [(1, 0, 6), (1, 0, 4), (1, 0, 6), (None, 0, 2), (None, 0, 2)],
        absent: [],
    }
    assert [(one.title, one.n, one.n_known, one.n_not_yet, one.half_points) for one in domains] == [
        ("Numbers and operations", 2, 1, 1, 6),
        ("Algebra and functions", 2, 1, 1, 4),
        ("Geometry", 2, 1, 1, 6),
        ("Measurement", 0, 0, 0, 2),
        ("Data handling", 0, 0, 0, 2),
    ]


def test_titles_come_in_the_language_of_the_reader(group: ClassGroup) -> None:
    pupil = make_pupil(group)
    make_scored_trial(group, {pupil: ()})
    assert [one.title for one in picture([pupil], "sr")[1]][2] == "Геометрија"


@pytest.mark.parametrize("n_pupils", [1, 3])
def test_the_picture_takes_one_query(
    group: ClassGroup, n_pupils: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    pupils = [make_pupil(group) for _ in range(n_pupils)]
    make_scored_trial(group, dict.fromkeys(pupils, ()))
    run = run_in_force()
    assert run is not None
    with django_assert_num_queries(1):
        domain_rows(pupils, subject="mathematics", run=run, language="en", points={})


def summary(title: str, n_not_yet: int, n_shaky: int, half_points: int, n: int = 24) -> DomainSummary:
    return DomainSummary(1, title, n, n - n_not_yet - n_shaky, n_shaky, n_not_yet, half_points)


def rows_of(n_pupils: int) -> list[PupilRow]:
    cell = DomainCell(1, 3, "known", 2, 2)
    return [PupilRow(Person(pk=number), (cell,)) for number in range(n_pupils)] + [PupilRow(Person(), ())]


def test_begin_where_most_points_can_be_won() -> None:
    geometry, numbers = summary("geometry", 14, 3, 20), summary("numbers", 16, 5, 10)
    found = what_to_reteach(rows_of(24), [numbers, geometry], form_half_points=40)
    assert (found.kind, found.domain, found.n_pupils, found.form_half_points) == ("start", geometry, 24, 40)


def test_shaky_pupils_settle_a_tie() -> None:
    steady, shaky = summary("steady", 10, 1, 8), summary("shaky", 10, 9, 8)
    assert what_to_reteach(rows_of(24), [steady, shaky], form_half_points=40).domain == shaky


def test_where_nobody_is_without_it_what_is_shaky_is_made_firm() -> None:
    firm, shaky = summary("firm", 0, 2, 8), summary("shaky", 0, 6, 8)
    found = what_to_reteach(rows_of(24), [firm, shaky], form_half_points=40)
    assert (found.kind, found.domain) == ("firm_up", shaky)


def test_a_class_that_knows_everything() -> None:
    found = what_to_reteach(rows_of(24), [summary("known", 0, 0, 8)], form_half_points=40)
    assert (found.kind, found.domain) == ("settled", None)


def test_few_pupils_are_no_class() -> None:
    found = what_to_reteach(rows_of(4), [summary("few", 4, 0, 8, n=4)], form_half_points=40)
    assert (found.kind, found.domain, found.n_pupils) == ("too_few", None, 4)
    assert what_to_reteach([], [], form_half_points=40).kind == "too_few"


def test_a_domain_that_is_not_on_the_form_is_not_named() -> None:
    absent, present = summary("absent", 20, 0, 0), summary("present", 1, 0, 2)
    assert what_to_reteach(rows_of(24), [absent, present], form_half_points=2).domain == present


def test_practice_counts_as_well(group: ClassGroup) -> None:
    pupil = make_pupil(group)
    make_scored_trial(group, {pupil: ()})
    second = make_administration([group], form=make_form(("ma-108", "ma-310")))
    sitting = Sitting.objects.get(administration=second)
    sit(sitting, {}, seen=["ma-310.1"], started_at=NOW + timedelta(days=1))
    score_sittings(now=NOW + timedelta(days=2))
    (row,), _ = picture([pupil])
    measurement = row.cells[3]
    assert (measurement.max_half_points, measurement.level) == (4, 1)  # one of the second was not reached


def test_a_third_test_is_counted_among_those_who_chose_it(group: ClassGroup) -> None:
    chose, _other = make_pupil(group), make_pupil(group)
    chose.enrollments.update(chosen_subject="mathematics")
    make_administration([group], only_who_chose=True)
    pupils, (coverage,) = coverage_of_class(group, latin=False)
    assert len(pupils) == 2
    assert (coverage.pupils, coverage.n_pupils, coverage.not_started) == ((chose,), 1, (chose,))
