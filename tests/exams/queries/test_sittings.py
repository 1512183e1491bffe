"""What a pupil can begin, go on with and look back at, and when results may be seen."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from accounts.models import ClassGroup, Person
from exams.actions.sittings import open_practice_sitting
from exams.enums import FormPurpose, ResultsRelease
from exams.models import Administration, Form, Sitting
from exams.queries.sittings import (
    administrations_of,
    coming_trials,
    open_practice,
    open_trials,
    results_released,
    sittings_in_room,
)
from tests.factories.accounts import NOW, make_class, make_pupil
from tests.factories.exams import RELEASED_ITEMS, make_administration, make_form

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


@pytest.fixture
def group() -> ClassGroup:
    return make_class()


@pytest.fixture
def pupil(group: ClassGroup) -> Person:
    return make_pupil(group)


@pytest.fixture
def form() -> Form:
    return make_form()


def trial(
    group: ClassGroup, form: Form, opens_at: datetime, closes_at: datetime | None = None, **fields: object
) -> Sitting:
    administration = make_administration([group], form=form, opens_at=opens_at, closes_at=closes_at)
    Sitting.objects.filter(administration=administration).update(**({"granted_seconds": 0} | fields))
    return Sitting.objects.get(administration=administration)


@pytest.mark.parametrize(
    ("opens", "closes", "granted", "is_open"),
    [
        (0, None, 0, True),
        (1, None, 0, False),
        (-60, 1, 0, True),
        (-60, 0, 0, False),
        (-60, -10, 600, False),
        (-60, -10, 601, True),
    ],
)
def test_window_of_a_trial_in_minutes(
    group: ClassGroup,
    pupil: Person,
    form: Form,
    opens: int,
    closes: int | None,
    granted: int,
    is_open: bool,
) -> None:
    closes_at = None if closes is None else NOW + timedelta(minutes=closes)
    sitting = trial(group, form, NOW + timedelta(minutes=opens), closes_at, granted_seconds=granted)
    assert list(open_trials(pupil, now=NOW)) == ([sitting] if is_open else [])
    assert list(coming_trials(pupil, now=NOW)) == ([sitting] if opens > 0 else [])


def test_running_trial_comes_first_even_after_its_window(
    group: ClassGroup, pupil: Person, form: Form
) -> None:
    waiting = trial(group, form, NOW - 9 * HOUR)
    newer = trial(group, form, NOW - HOUR)
    running = trial(group, form, NOW - 3 * HOUR, NOW - 2 * HOUR, state="started", started_at=NOW - 3 * HOUR)
    assert list(open_trials(pupil, now=NOW)) == [running, waiting, newer]
    assert list(open_trials(make_pupil(group), now=NOW)) == []


def test_practice_is_apart_from_trials(group: ClassGroup, pupil: Person, form: Form) -> None:
    trial(group, form, NOW)
    assert open_practice(pupil) is None
    practice_form = make_form(RELEASED_ITEMS, purpose=FormPurpose.PRACTICE)
    practice = open_practice_sitting(form=practice_form, candidate=pupil, now=NOW)
    assert open_practice(pupil) == practice
    assert practice.administration is None
    assert len(open_trials(pupil, now=NOW)) == 1
    Sitting.objects.filter(pk=practice.pk).update(state="handed_in", started_at=NOW, handed_in_at=NOW)
    assert open_practice(pupil) is None


def test_a_pocket_that_lies_ready_is_no_open_practice_until_it_is_begun(pupil: Person) -> None:
    _older, newer = (
        open_practice_sitting(
            form=make_form(RELEASED_ITEMS, purpose=FormPurpose.PRACTICE, pocket=True),
            candidate=pupil,
            now=NOW + timedelta(days=day),
        )
        for day in (0, 1)
    )
    assert open_practice(pupil) is None
    Sitting.objects.filter(pk=newer.pk).update(state="started", started_at=NOW)
    assert open_practice(pupil) == newer


@pytest.mark.parametrize(
    ("release", "closes", "results", "released"),
    [
        (ResultsRelease.AT_HAND_IN, None, None, True),
        (ResultsRelease.AT_CLOSE, None, None, False),
        (ResultsRelease.AT_CLOSE, 0, None, True),
        (ResultsRelease.AT_CLOSE, 1, None, False),
        (ResultsRelease.AT_TIME, -1, None, False),
        (ResultsRelease.AT_TIME, -1, 0, True),
        (ResultsRelease.AT_TIME, -1, 1, False),
    ],
)
def test_results_are_released_by_the_rule(
    group: ClassGroup,
    pupil: Person,
    form: Form,
    release: ResultsRelease,
    closes: int | None,
    results: int | None,
    released: bool,
) -> None:
    sitting = trial(group, form, NOW - 9 * HOUR, None if closes is None else NOW + closes * HOUR)
    administration = sitting.administration
    assert isinstance(administration, Administration)
    administration.results_release = release
    administration.results_at = None if results is None else NOW + results * HOUR
    for state in ("ready", "started", "voided"):
        sitting.state = state
        assert not results_released(sitting, now=NOW)
    for state in ("handed_in", "sealed"):
        sitting.state = state
        assert results_released(sitting, now=NOW) is released


def test_practice_results_are_there_at_once(pupil: Person) -> None:
    assert results_released(Sitting(state="handed_in"), now=NOW)
    assert not results_released(Sitting(state="started"), now=NOW)


def test_room_lists_its_own_pupils_by_name(group: ClassGroup, form: Form) -> None:
    names = ["Цветић", "Аврамов", "Бабић"]
    pupils = [make_pupil(group, family_name=name) for name in names]
    other_class = make_class(school=group.school)
    make_pupil(other_class)
    administration = make_administration([group, other_class], form=form)
    in_room = sittings_in_room(group, administration)
    assert [sitting.candidate for sitting in in_room] == [pupils[1], pupils[2], pupils[0]]
    assert list(administrations_of(group)) == [administration]
    assert list(administrations_of(make_class())) == []
