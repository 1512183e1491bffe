"""Are pupils counted once, whatever else they and their teachers do?"""

from __future__ import annotations

import pytest
from pytest_django import DjangoAssertNumQueries

from accounts.queries.people import classes_taught_by
from exams.models import Sitting
from exams.queries.classes import ClassSummary, class_summaries
from tests.factories.accounts import make_class, make_pupil, make_teacher
from tests.factories.exams import make_administration, make_form
from tests.factories.journal import sit

pytestmark = pytest.mark.django_db


def test_pupils_who_sat_are_counted_once(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    group = make_class(name="8-1")
    teacher = make_teacher(group)
    make_teacher(group)
    pupils = [make_pupil(group) for _ in range(3)]
    form = make_form()
    for _ in range(2):
        administration = make_administration([group], form=form)
        for pupil, handed_in in zip(pupils[:2], (True, False), strict=True):
            sitting = Sitting.objects.get(administration=administration, candidate=pupil)
            sit(sitting, {"ma-102.1": "b"}, hand_in=handed_in)
    with django_assert_num_queries(1):
        found = class_summaries(classes_taught_by(teacher))
    assert found == [ClassSummary(group, n_pupils=3, n_sat=1, n_trials=2)]


def test_own_classes_only_in_the_order_of_names() -> None:
    second = make_class(name="8-2")
    first = make_class(name="8-1", school=second.school)
    teacher = make_teacher(second)
    make_teacher(first, email="other@proba.example")
    assert [row.class_group for row in class_summaries(classes_taught_by(teacher))] == [second]
    assert class_summaries(classes_taught_by(make_teacher(make_class()))) != []
