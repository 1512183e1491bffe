"""Is there one thing to do next, and is it the right one?"""

from __future__ import annotations

from datetime import timedelta

import pytest

from accounts.models import ClassGroup, Person
from exams.actions.administrations import grant_accommodation
from exams.models import Item
from scoring.actions.practice import open_practice_set
from scoring.actions.score import score_sittings
from scoring.queries.agenda import Agenda, Step, agenda_of
from scoring.queries.runs import run_in_force
from tests.factories.accounts import NOW, make_class, make_pupil
from tests.factories.exams import make_administration, make_versions
from tests.factories.journal import sit
from tests.factories.scoring import PRACTICE_ITEMS, make_reference_form, make_scored_trial

pytestmark = pytest.mark.django_db


@pytest.fixture
def group() -> ClassGroup:
    make_versions(PRACTICE_ITEMS[:10])
    make_reference_form()
    return make_class()


def agenda(pupil: Person, minutes: int = 0) -> Agenda:
    score_sittings(now=NOW)
    return agenda_of(pupil, run=run_in_force(), now=NOW + timedelta(minutes=minutes))


def test_an_open_trial_comes_before_everything_that_is_not_running(group: ClassGroup) -> None:
    pupil = make_pupil(group)
    grant_accommodation(candidate=pupil, time_percent=150)
    make_administration([group])
    today = agenda(pupil)
    assert (today.step, today.n_items, today.minutes, today.minutes_left) == (Step.START_TRIAL, 4, 90, None)
    assert today.offer is not None and today.offer_subject == "mathematics"


def test_a_running_trial_is_all_there_is(group: ClassGroup) -> None:
    pupil = make_pupil(group)
    administration = make_administration([group])
    make_administration([group], opens_at=NOW - timedelta(hours=5))
    sit(administration.sittings.get(), {"ma-102.1": "b"}, hand_in=False)
    today = agenda(pupil, minutes=21)
    assert (today.step, today.minutes_left, today.offer) == (Step.CONTINUE_TRIAL, 39, None)
    assert today.sitting is not None and today.sitting.administration == administration


def test_then_an_open_practice_set_then_a_suggested_one(group: ClassGroup) -> None:
    pupil = make_pupil(group)
    suggested = agenda(pupil)
    assert (suggested.step, suggested.sitting) == (Step.START_PRACTICE, None)
    opened = open_practice_set(person=pupil, subject="mathematics", now=NOW)
    unfinished = agenda(pupil)
    assert (unfinished.step, unfinished.sitting, unfinished.offer) == (
        Step.CONTINUE_PRACTICE,
        opened,
        None,
    )
    make_administration([group])
    both = agenda(pupil)
    assert (both.step, both.practice, both.offer) == (Step.START_TRIAL, opened, None)


def test_coming_trials_are_announced_and_nothing_left_is_rest(group: ClassGroup) -> None:
    pupil = make_pupil(group)
    Item.objects.filter(security="released").update(security="retired")
    coming = make_administration([group], opens_at=NOW + timedelta(days=1))
    today = agenda(pupil)
    assert (today.step, today.sitting, today.offer) == (Step.REST, None, None)
    assert [sitting.administration for sitting in today.coming] == [coming]


def test_finished_and_closed_trials_are_not_to_do(group: ClassGroup) -> None:
    pupil = make_pupil(group)
    make_scored_trial(group, {pupil: ["ma-102"]}, form=make_administration([make_class()]).form)
    make_administration([group], opens_at=NOW - timedelta(days=2), closes_at=NOW - timedelta(days=1))
    assert agenda(pupil).step is Step.START_PRACTICE


def test_other_open_trials_are_named_while_none_is_running(group: ClassGroup) -> None:
    pupil = make_pupil(group)
    first = make_administration([group], opens_at=NOW - timedelta(hours=5))
    second = make_administration([group])
    today = agenda(pupil)
    assert today.sitting == first.sittings.get()
    assert today.others == (second.sittings.get(),)
    sit(first.sittings.get(), {"ma-102.1": "b"}, hand_in=False)
    assert agenda(pupil).others == ()
