"""Every pupil has a sitting before the day, with the time that is theirs, and the papers lie locked."""

from __future__ import annotations

import hashlib
from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from accounts.models import ClassGroup
from exams.actions.administrations import grant_accommodation, schedule_administration
from exams.delivery.envelope import envelope_for, open_envelope
from exams.delivery.locking import unlock, unwrap
from exams.enums import FormPurpose, ResultsRelease
from exams.errors import AdministrationRefused
from exams.models import (
    Accommodation,
    Administration,
    AdministrationSecret,
    LockedPaper,
    Paper,
    Sitting,
)
from exams.queries.unlock_codes import unlock_code_for
from tests.factories.accounts import NOW, make_class, make_pupil, make_teacher
from tests.factories.exams import RELEASED_ITEMS, make_administration, make_form

pytestmark = pytest.mark.django_db


@pytest.fixture
def group() -> ClassGroup:
    return make_class()


def schedule(*groups: ClassGroup, **overrides: Any) -> Administration:
    """As staff would: tomorrow, an hour to write, results when the window closes."""
    fields: dict[str, Any] = {
        "title_sr": "Пробни завршни",
        "title_en": "Trial exam",
        "opens_at": NOW + timedelta(days=1),
        "closes_at": NOW + timedelta(days=1, hours=3),
        "limit_seconds": 3600,
        "results_release": ResultsRelease.AT_CLOSE,
        "class_groups": groups,
        "now": NOW,
    }
    form = overrides.pop("form", None) or make_form()
    return schedule_administration(form=form, **(fields | overrides))


def test_each_pupil_of_each_class_gets_a_sitting(group: ClassGroup) -> None:
    other = make_class()
    pupils = [make_pupil(group), make_pupil(group), make_pupil(other)]
    make_teacher(group)
    make_pupil(make_class())
    administration = schedule(group, other)
    assert set(administration.class_groups.all()) == {group, other}
    rows = Sitting.objects.order_by("candidate_id")
    assert [row.candidate for row in rows] == pupils
    assert {(row.administration, row.form, row.state, row.time_percent, row.created_at) for row in rows} == {
        (administration, administration.form, "ready", 100, NOW)
    }


def test_a_third_test_is_given_to_those_who_chose_its_subject(group: ClassGroup) -> None:
    chose, other, undecided = (make_pupil(group) for _ in range(3))
    for pupil, subject in ((chose, "mathematics"), (other, "history")):
        pupil.enrollments.update(chosen_subject=subject)
    administration = make_administration([group], only_who_chose=True)
    assert [sitting.candidate for sitting in administration.sittings.all()] == [chose]
    assert make_administration([group]).sittings.filter(candidate=undecided).exists()


def test_rules_are_kept_as_they_were_given(group: ClassGroup) -> None:
    make_pupil(group)
    results_at = NOW + timedelta(days=2)
    rules = {"results_release": ResultsRelease.AT_TIME, "results_at": results_at, "cut_off_hours": 48}
    kept = Administration.objects.get(pk=schedule(group, **rules).pk)
    assert (kept.results_release, kept.results_at, kept.cut_off_hours) == ("at_time", results_at, 48)


def test_papers_are_locked_under_the_administrations_own_content_key(group: ClassGroup) -> None:
    make_pupil(group)
    form = make_form()
    first, second = schedule(group, form=form), schedule(group, form=form)
    for administration in (first, second):
        content_key = bytes(administration.secret.content_key)
        rows = LockedPaper.objects.filter(administration=administration)
        assert {row.language for row in rows} == {"sr", "en"}
        for row in rows:
            assert row.sha256 == hashlib.sha256(bytes(row.body)).hexdigest()
            paper = Paper.objects.get(form=form, language=row.language)
            assert unlock(bytes(row.body), content_key) == bytes(paper.body)
    assert bytes(first.secret.content_key) != bytes(second.secret.content_key)
    assert LockedPaper.objects.values("sha256").distinct().count() == 4


def test_every_room_has_the_content_key_under_its_own_code(group: ClassGroup) -> None:
    other = make_class()
    make_pupil(group)
    administration = schedule(group, other)
    codes = {
        row.class_group: unlock_code_for(administration, row.class_group)
        for row in administration.assignments.all()
    }
    assert len(set(codes.values())) == 2
    for row in administration.assignments.all():
        assert unwrap(row.unlock, codes[row.class_group]) == bytes(administration.secret.content_key)
        assert row.unlock["iterations"] == 1_000


def test_a_key_pair_of_its_own_opens_what_phones_hand_in(group: ClassGroup) -> None:
    make_pupil(group)
    first, second = schedule(group), schedule(group)
    assert bytes(first.secret.hand_in_private) != bytes(second.secret.hand_in_private)
    public = bytes(first.secret.hand_in_public)
    envelope = envelope_for(sitting="s", device="d", ticket="t", body=b"body", public_der=public)
    assert open_envelope(envelope, bytes(first.secret.hand_in_private)).body == b"body"


def test_practice_is_neither_locked_nor_scheduled(group: ClassGroup) -> None:
    make_pupil(group)
    form = make_form(RELEASED_ITEMS, purpose=FormPurpose.PRACTICE)
    administration = make_administration([group], form=form)
    assert not AdministrationSecret.objects.exists() and not LockedPaper.objects.exists()
    assert administration.assignments.get().unlock == {}
    assert unlock_code_for(administration, group) == ""
    with pytest.raises(AdministrationRefused, match="practice form"):
        schedule(group, form=form)


def test_what_preflight_refuses_leaves_nothing(group: ClassGroup) -> None:
    make_pupil(group)
    with pytest.raises(AdministrationRefused) as refused:
        schedule(group, group, limit_seconds=0, closes_at=None)
    assert len(refused.value.reasons) == 3
    assert all(reason in str(refused.value) for reason in refused.value.reasons)
    assert not Administration.objects.exists() and not Sitting.objects.exists()


def test_accommodation_is_taken_along_and_changes_what_has_not_started(group: ClassGroup) -> None:
    slow, quick = make_pupil(group), make_pupil(group)
    grant_accommodation(candidate=slow, time_percent=150)
    form = make_form()
    schedule(group, form=form)
    schedule(group, form=form)
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


def test_the_database_itself_refuses_what_cannot_be(group: ClassGroup) -> None:
    make_pupil(group)
    with pytest.raises(IntegrityError), transaction.atomic():
        make_administration([group], opens_at=NOW, closes_at=NOW - timedelta(seconds=1))
    with pytest.raises(IntegrityError), transaction.atomic():
        make_administration([group, group])
    assert not Administration.objects.exists() and not Sitting.objects.exists()
