"""Does a pupil's target stay the last one they set, within what the test brings?"""

from __future__ import annotations

from datetime import timedelta

import pytest

from accounts.models import Person
from exams.models import Target
from scoring.actions.target import clear_target, set_target
from scoring.errors import TargetOutOfRange
from tests.factories.accounts import NOW, make_class, make_pupil
from tests.factories.scoring import make_reference_form

pytestmark = pytest.mark.django_db


@pytest.fixture
def pupil() -> Person:
    make_reference_form()  # ten items, 20 half-points
    return make_pupil(make_class())


def test_the_last_target_stands_and_only_for_its_subject(pupil: Person) -> None:
    other = make_pupil(make_class())
    set_target(person=other, subject="mathematics", half_points=20, now=NOW)
    set_target(person=pupil, subject="mathematics", half_points=16, now=NOW)
    later = NOW + timedelta(days=1)
    set_target(person=pupil, subject="mathematics", half_points=1, now=later)
    assert list(pupil.targets.values_list("subject", "half_points", "set_at")) == [("mathematics", 1, later)]
    clear_target(person=pupil, subject="serbian")
    assert pupil.targets.count() == 1
    clear_target(person=pupil, subject="mathematics")
    clear_target(person=pupil, subject="mathematics")
    assert list(Target.objects.values_list("person", "half_points")) == [(other.pk, 20)]


@pytest.mark.parametrize(
    ("subject", "half_points"), [("mathematics", 0), ("mathematics", 21), ("biology", 5)]
)
def test_what_no_test_brings_is_no_target(pupil: Person, subject: str, half_points: int) -> None:
    with pytest.raises(TargetOutOfRange, match=f"a target of {half_points} half-points"):
        set_target(person=pupil, subject=subject, half_points=half_points, now=NOW)
    assert Target.objects.count() == 0
