"""Who practised what, in the order of names, and when is a change said aloud?"""

from __future__ import annotations

from datetime import timedelta

import pytest
from pytest_django import DjangoAssertNumQueries

from accounts.models import ClassGroup, Person
from exams.actions.sittings import open_practice_sitting
from scoring.queries.class_practice import (
    PracticeSummary,
    practice_of_class,
    practice_summary,
    practised_subjects,
)
from scoring.queries.runs import run_in_force
from tests.factories.accounts import NOW, make_class, make_pupil
from tests.factories.exams import make_administration, make_form
from tests.factories.practice import make_set, practise_and_score
from tests.factories.scoring import PRACTICE_ITEMS, REFERENCE_ITEMS, make_scored_trial, sit_form

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
LATER = NOW + timedelta(weeks=3)
SET = PRACTICE_ITEMS[:20]
OTHER_TRIAL = ("ma-108", "ma-114", "ma-116", "ma-117", "ma-204", "ma-211")


@pytest.fixture
def group() -> ClassGroup:
    return make_class()


def tried(group: ClassGroup, n: int) -> list[Person]:
    """Everybody got half of the trial right."""
    pupils = [make_pupil(group) for _ in range(n)]
    make_scored_trial(group, dict.fromkeys(pupils, REFERENCE_ITEMS[:5]))
    return pupils


def test_only_what_was_handed_in_within_the_weeks_counts(group: ClassGroup) -> None:
    early, late, never = tried(group, 3)
    practise_and_score(make_set(SET[:2]), {early: SET}, at=LATER - 15 * DAY)
    practise_and_score(make_set(SET[2:5]), {late: SET}, at=LATER - 2 * DAY)
    open_practice_sitting(form=make_set(SET[5:6]), candidate=never, now=LATER)
    pupils = [early, late, never]

    assert practice_summary(pupils, now=LATER) == PracticeSummary(3, 2, 2, 4)
    assert practised_subjects(pupils, weeks=2, now=LATER) == ["mathematics"]
    two = practice_of_class(pupils, "mathematics", run=run_in_force(), weeks=2, now=LATER)
    four = practice_of_class(pupils, "mathematics", run=run_in_force(), weeks=4, now=LATER)
    assert [row.pupil for row in two.did] == [late]
    assert [row.pupil for row in two.did_not] == [early, never]
    assert (two.n_sets, two.n_items, four.n_sets, four.n_items) == (1, 3, 2, 5)
    assert sum(n for _, n in four.domains) == 5
    assert practised_subjects([never], weeks=4, now=LATER) == []


def test_pupils_stay_in_the_order_given_whatever_they_did(group: ClassGroup) -> None:
    pupils = tried(group, 3)
    practise_and_score(make_set(SET[:3]), {pupils[2]: SET, pupils[0]: ()}, at=LATER - DAY)
    found = practice_of_class(pupils, "mathematics", run=run_in_force(), weeks=2, now=LATER)
    assert [row.pupil for row in found.rows] == pupils


def test_one_pupil_s_change_is_said_only_when_it_is_more_than_chance(group: ClassGroup) -> None:
    leap, usual, little = tried(group, 3)
    practise_and_score(make_set(SET), {leap: SET, usual: SET[:11]}, at=LATER - DAY)
    practise_and_score(make_set(SET[:4]), {little: SET}, at=LATER - DAY)
    found = practice_of_class([leap, usual, little], "mathematics", run=run_in_force(), weeks=2, now=LATER)
    first, second, third = found.rows
    assert first.change is not None and first.change.value > 2
    assert (second.compared, second.change) == (True, None)
    # Four responses since are too few to compare, whatever they were.
    assert (third.compared, third.change) == (False, None)


@pytest.mark.parametrize(("n", "is_told"), [(4, False), (5, True)])
def test_the_mean_of_a_class_needs_five(group: ClassGroup, n: int, is_told: bool) -> None:
    pupils = tried(group, n)
    practise_and_score(make_set(SET), dict.fromkeys(pupils, SET[:18]), at=LATER - DAY)
    found = practice_of_class(pupils, "mathematics", run=run_in_force(), weeks=2, now=LATER)
    assert found.n_compared == n
    assert (found.mean is not None) is is_told
    if found.mean is not None:
        assert found.mean.n == n
        assert 0 < found.mean.low < found.mean.value < found.mean.high


def test_who_did_not_practise_is_not_in_the_mean(group: ClassGroup) -> None:
    """A trial in the weeks looked at moves what is expected, and is no practice."""
    pupils = tried(group, 6)
    again = make_administration([group], form=make_form(OTHER_TRIAL), now=LATER - DAY)
    for pupil in pupils:
        sit_form(again, pupil, correct=OTHER_TRIAL, started_at=LATER - DAY)
    practise_and_score(make_set(SET), dict.fromkeys(pupils[1:], SET[:18]), at=LATER - DAY)
    found = practice_of_class(pupils, "mathematics", run=run_in_force(), weeks=2, now=LATER)
    assert found.rows[0].compared
    assert found.mean is not None and found.mean.n == found.n_compared == 5


def test_nothing_scored_yet_is_an_empty_page(group: ClassGroup) -> None:
    pupil = make_pupil(group)
    found = practice_of_class([pupil], "mathematics", run=run_in_force(), weeks=2, now=NOW)
    assert (found.n_sets, found.domains, found.mean) == (0, (), None)
    assert practice_summary([pupil], now=NOW) == PracticeSummary(1, 0, 0, 4)


def test_queries_do_not_grow_with_the_class(
    group: ClassGroup, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    pupils = tried(group, 3)
    practise_and_score(make_set(SET[:3]), dict.fromkeys(pupils, SET), at=LATER - DAY)
    run = run_in_force()
    for some in (pupils[:1], pupils):
        with django_assert_num_queries(4):
            practice_of_class(some, "mathematics", run=run, weeks=2, now=LATER)
        with django_assert_num_queries(1):
            practice_summary(some, now=LATER)
