"""Every pupil has a sitting before the day, with the time that is theirs."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from accounts.models import ClassGroup
from exams.actions.administrations import grant_accommodation
from exams.models import Accommodation, Administration, Sitting
from tests.factories.accounts import NOW, make_class, make_pupil, make_teacher
from tests.factories.exams import make_administration, make_form

pytestmark = pytest.mark.django_db


@pytest.fixture
def group() -> ClassGroup:
    return make_class()


def test_each_pupil_of_each_class_gets_a_sitting(group: ClassGroup) -> None:
    other = make_class()
    pupils = [make_pupil(group), make_pupil(group), make_pupil(other)]
    make_teacher(group)
    make_pupil(make_class())
    administration = make_administration([group, other])
    assert set(administration.class_groups.all()) == {group, other}
    rows = Sitting.objects.order_by("candidate_id")
    assert [row.candidate for row in rows] == pupils
    assert {(row.administration, row.form, row.state, row.time_percent, row.created_at) for row in rows} == {
        (administration, administration.form, "ready", 100, NOW)
    }


def test_accommodation_is_taken_along_and_changes_what_has_not_started(group: ClassGroup) -> None:
    slow, quick = make_pupil(group), make_pupil(group)
    grant_accommodation(candidate=slow, time_percent=150)
    form = make_form()
    make_administration([group], form=form)
    make_administration([group], form=form)
    assert {row.candidate: row.time_percent for row in Sitting.objects.all()} == {slow: 150, quick: 100}
    running = Sitting.objects.filter(candidate=slow).first()
    Sitting.objects.filter(pk=running.pk).update(state="started", started_at=NOW)
    grant_accommodation(candidate=slow, time_percent=200)
    assert Accommodation.objects.get().time_percent == 200
    percents = Sitting.objects.filter(candidate=slow).order_by("pk").values_list("state", "time_percent")
    assert sorted(percents) == [("ready", 200), ("started", 150)]


@pytest.mark.parametrize("percent", [99, 301])
def test_extra_time_is_between_nothing_and_three_times(group: ClassGroup, percent: int) -> None:
    pupil = make_pupil(group)
    with pytest.raises(IntegrityError), transaction.atomic():
        grant_accommodation(candidate=pupil, time_percent=percent)


def test_nothing_is_left_of_an_administration_that_cannot_be(group: ClassGroup) -> None:
    make_pupil(group)
    with pytest.raises(IntegrityError), transaction.atomic():
        make_administration([group], opens_at=NOW, closes_at=NOW - timedelta(seconds=1))
    with pytest.raises(IntegrityError), transaction.atomic():
        make_administration([group, group])
    assert not Administration.objects.exists() and not Sitting.objects.exists()
