"""Is what was met, missed and repaired read from the outcomes, by family and by the country's days?"""

from __future__ import annotations

from datetime import timedelta

import pytest

from accounts.models import Person
from exams.models import Item
from scoring.actions.score import score_sittings
from scoring.queries.practice_history import PracticeHistory, practice_history
from scoring.queries.runs import run_in_force
from tests.factories.accounts import NOW, make_class, make_pupil
from tests.factories.exams import make_versions
from tests.factories.practised import practise
from tests.factories.scoring import make_reference_form

pytestmark = pytest.mark.django_db
ITEMS = ["ma-501", "ma-502", "ma-503"]


@pytest.fixture
def pupil() -> Person:
    make_reference_form()
    make_versions(ITEMS)
    return make_pupil(make_class())


def history(pupil: Person, *, days: float) -> PracticeHistory:
    now = NOW + timedelta(days=days)
    score_sittings(now=now)
    run = run_in_force()
    assert run is not None
    return practice_history(pupil, "mathematics", run=run, now=now)


def test_what_was_missed_is_due_from_the_morning_of_its_day_on(pupil: Person) -> None:
    practise(pupil, ITEMS, at=NOW, correct=["ma-501"])
    today = history(pupil, days=0.1)
    assert {key: (met.missed, met.due) for key, met in today.met.items()} == {
        "ma-501": (False, False),
        "ma-502": (True, False),
        "ma-503": (True, False),
    }
    tomorrow = history(pupil, days=1)
    assert [key for key, met in tomorrow.met.items() if met.due] == ["ma-502", "ma-503"]
    # 10:00 in Belgrade; the day begins at its midnight, 23:00 UTC of the day before.
    assert tomorrow.met["ma-502"].due_at is not None
    assert tomorrow.met["ma-502"].due_at.isoformat() == "2026-11-21T00:00:00+01:00"


def test_solved_alone_on_two_days_is_repaired(pupil: Person) -> None:
    practise(pupil, ITEMS, at=NOW)
    practise(pupil, ITEMS, at=NOW + timedelta(days=1), correct=ITEMS)
    assert {met.missed for met in history(pupil, days=2).met.values()} == {True}
    practise(pupil, ITEMS, at=NOW + timedelta(days=3), correct=ITEMS, hinted=["ma-503.1"])
    now = history(pupil, days=4)
    assert [key for key, met in now.met.items() if met.missed] == ["ma-503"]


def test_variants_are_one_thing_and_the_latest_met_stands_last(pupil: Person) -> None:
    practise(pupil, ["ma-502"], at=NOW)
    practise(pupil, ["ma-501", "ma-503"], at=NOW + timedelta(days=1), correct=["ma-501", "ma-503"])
    practise(pupil, ["ma-502"], at=NOW + timedelta(days=2), correct=["ma-502"])
    Item.objects.filter(identifier__in=ITEMS[:2]).update(family="ma-700")
    now = history(pupil, days=3)
    assert now.items == {"ma-700": ("ma-501", "ma-502"), "ma-503": ("ma-503",)}
    assert {key: met.missed for key, met in now.met.items()} == {"ma-700": False, "ma-503": False}


def test_other_pupils_other_subjects_and_what_was_never_seen_say_nothing(pupil: Person) -> None:
    practise(make_pupil(make_class()), ITEMS, at=NOW)
    score_sittings(now=NOW)
    assert history(pupil, days=1) == PracticeHistory({}, {})
