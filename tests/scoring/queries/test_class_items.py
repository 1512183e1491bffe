"""Is every item shown with what the class and everybody earned on it, and with the commonest error?"""

from __future__ import annotations

import pytest
from pytest_django import DjangoAssertNumQueries

from accounts.models import ClassGroup, Person
from exams.markup import Language
from exams.models import Administration, Sitting
from scoring.actions.score import score_sittings
from scoring.queries.class_items import ItemRow, form_content, furthest_behind, item_rows
from scoring.queries.runs import run_in_force
from tests.factories.accounts import NOW, make_class, make_pupil, make_teacher
from tests.factories.exams import compiled, make_administration, make_form
from tests.factories.journal import sit
from tests.factories.marking import REF, give, make_written_form

pytestmark = pytest.mark.django_db
ITEMS = ("ma-102", "ma-116", "ma-112")


def sat(group: ClassGroup, administration: Administration, *values: dict[str, object]) -> list[Person]:
    """Pupils of the class with their responses; None is an item seen and left, one not named never seen."""
    pupils = []
    for own in values:
        pupil = make_pupil(group)
        sitting = Sitting.objects.create(
            administration=administration, form=administration.form, candidate=pupil, created_at=NOW
        )
        given = {ref: value for ref, value in own.items() if value is not None}
        sit(sitting, given, seen=[ref for ref, value in own.items() if value is None])
        pupils.append(pupil)
    return pupils


def rows_of(administration: Administration, pupils: list[Person], language: Language = "en") -> list[ItemRow]:
    score_sittings(now=NOW)
    run = run_in_force()
    assert run is not None
    return item_rows(
        form_content(administration.form),
        administration=administration,
        pupils=pupils,
        run=run,
        language=language,
    )


def test_facility_of_the_class_beside_everybody() -> None:
    own, other = make_class(), make_class()
    administration = make_administration([own, other], form=make_form(ITEMS))
    pupils = sat(
        own,
        administration,
        {"ma-102.1": "b", "ma-116.1": {"price": "4080"}, "ma-112.1": {"x": "15", "y": "20"}},
        {"ma-102.1": "c", "ma-116.1": None, "ma-112.1": {"x": "15", "y": "0"}},
        {"ma-102.1": "c"},
    )
    sat(other, administration, {"ma-102.1": "b", "ma-116.1": {"price": "720"}})
    choice, entry, both = rows_of(administration, pupils)
    assert [row.position for row in (choice, entry, both)] == [1, 2, 3]
    assert (choice.n, choice.facility, choice.n_all, choice.facility_all) == (3, 1 / 3, 4, 2 / 4)
    assert (entry.facility, entry.facility_all) == (1 / 3, 1 / 4)
    assert (both.facility, both.facility_all) == (3 / 6, 3 / 8)
    assert [(row.n_omitted, row.n_not_reached) for row in (choice, entry, both)] == [(0, 0), (1, 1), (0, 1)]
    assert (choice.percent, choice.percent_all, choice.behind) == (33, 50, 2 / 4 - 1 / 3)


def test_the_commonest_error_is_of_this_class_alone() -> None:
    own, other = make_class(), make_class()
    administration = make_administration([own, other], form=make_form(ITEMS))
    pupils = sat(own, administration, {"ma-102.1": "c"}, {"ma-102.1": "c"}, {"ma-102.1": "a"})
    sat(other, administration, *[{"ma-102.1": "a"}] * 4)
    error = rows_of(administration, pupils)[0].common_error
    assert error is not None
    assert (error.n, error.misconceptions) == (
        2,
        (compiled("ma-102").texts["en"]["solution"]["misconceptions"]["c"],),
    )


def test_texts_are_those_of_the_language() -> None:
    group = make_class()
    administration = make_administration([group], form=make_form(ITEMS))
    pupils = sat(group, administration, {"ma-102.1": "b"})
    english, serbian = (
        rows_of(administration, pupils, "en")[0],
        rows_of(administration, pupils, "sr")[0],
    )
    assert (english.standard, english.standard_title) == (
        "MA.1.1.2",
        "Turning decimals into fractions and fractions into decimals",
    )
    assert serbian.standard_title == "Превођење децималног записа у разломак и обрнуто"
    assert english.stem == compiled("ma-102").texts["en"]["content"]["stem"]
    assert serbian.stem == compiled("ma-102").texts["sr"]["content"]["stem"]


def test_before_anybody_sat_there_is_nothing_and_not_zero() -> None:
    group = make_class()
    administration = make_administration([group], form=make_form(ITEMS))
    row = rows_of(administration, [make_pupil(group)])[0]
    assert (row.n, row.facility, row.facility_all, row.percent, row.behind) == (0, None, None, 0, 0.0)


def test_half_points_by_domain_and_in_all() -> None:
    content = form_content(make_form(ITEMS))
    assert (sorted(content.half_points_by_domain.values()), content.half_points) == ([2, 2, 2], 6)


def test_the_item_furthest_behind_needs_a_distance_and_pupils() -> None:
    group, other = make_class(), make_class()
    administration = make_administration([group, other], form=make_form(ITEMS))
    right = {"ma-102.1": "b", "ma-116.1": {"price": "4080"}}
    weak = {"ma-102.1": "c", "ma-116.1": {"price": "4080"}}
    pupils = sat(group, administration, *[weak] * 4)
    sat(other, administration, *[right] * 4)
    assert furthest_behind(rows_of(administration, pupils)) is None
    pupils += sat(group, administration, weak)
    found = furthest_behind(rows_of(administration, pupils))
    assert found is not None
    assert (found.position, found.facility, found.facility_all) == (1, 0, 4 / 9)
    assert furthest_behind(rows_of(administration, pupils), at_least=0.5) is None


@pytest.mark.parametrize("n_pupils", [1, 3])
def test_items_take_four_queries(n_pupils: int, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    group = make_class()
    administration = make_administration([group], form=make_form(ITEMS))
    pupils = sat(group, administration, *[{"ma-102.1": "b"}] * n_pupils)
    score_sittings(now=NOW)
    run = run_in_force()
    assert run is not None
    with django_assert_num_queries(4):
        content = form_content(administration.form)
        item_rows(content, administration=administration, pupils=pupils, run=run, language="en")


def test_texts_that_wait_are_in_no_share() -> None:
    own, other = make_class(), make_class()
    administration = make_administration([own, other], form=make_written_form(items=("ma-102",)))
    pupils = sat(own, administration, {REF: "x = 4"}, {REF: "x = 3"}, {REF: None}, {REF: "?"})
    sat(other, administration, {REF: "4"}, {"ma-102.1": "b"})
    written = rows_of(administration, pupils)[1]
    # Of the class one left it empty; of the others one did not reach it.
    assert (written.n, written.n_pending, written.n_counted, written.facility) == (4, 3, 1, 0.0)
    assert (written.n_all, written.n_all_pending, written.facility_all) == (6, 4, 0.0)
    assert written.common_error is None
    for sitting, text, half_points in (
        (administration.sittings.get(candidate=pupils[0]), "x = 4", 2),
        (administration.sittings.get(candidate=pupils[1]), "x = 3", 1),
    ):
        give(sitting, text, half_points, make_teacher(own))
    written = rows_of(administration, pupils)[1]
    assert (written.n_pending, written.n_counted, written.facility) == (1, 3, 3 / 6)
    assert (written.n_all_pending, written.facility_all) == (2, 3 / 8)


def test_no_share_while_every_text_waits() -> None:
    own = make_class()
    administration = make_administration([own], form=make_written_form(items=("ma-102",)))
    pupils = sat(own, administration, *[{REF: "x"}] * 6)
    rows = rows_of(administration, pupils)
    assert (rows[1].facility, rows[1].facility_all, rows[1].behind) == (None, None, 0.0)


def test_a_class_is_not_behind_by_the_first_few_marks() -> None:
    own, other = make_class(), make_class()
    administration = make_administration([own, other], form=make_written_form(items=("ma-102",)))
    pupils = sat(own, administration, *[{"ma-102.1": "b", REF: "x"}] * 6)
    others = sat(other, administration, *[{"ma-102.1": "b", REF: "y"}] * 6)
    own_teacher, other_teacher = make_teacher(own), make_teacher(other)
    for pupil in others:
        give(administration.sittings.get(candidate=pupil), "y", 2, other_teacher)
    for pupil in pupils[:4]:
        give(administration.sittings.get(candidate=pupil), "x", 0, own_teacher)
    rows = rows_of(administration, pupils)
    assert (rows[1].n, rows[1].n_counted, furthest_behind(rows)) == (6, 4, None)
    give(administration.sittings.get(candidate=pupils[4]), "x", 0, own_teacher)
    rows = rows_of(administration, pupils)
    assert furthest_behind(rows) == rows[1]
