"""Do scores and estimates change together, and does a voided sitting leave both?"""

from __future__ import annotations

import pytest

from accounts.enums import Role
from exams.actions.sittings import seal_due, void
from exams.models import Sitting
from scoring.actions.score import score_sittings
from scoring.models import ScoringRun, SittingScore, SubjectEstimate
from tests.factories.accounts import NOW, make_class, make_member, make_pupil
from tests.factories.exams import make_administration
from tests.factories.scoring import make_reference_form, sit_form

pytestmark = pytest.mark.django_db


def test_a_voided_sitting_leaves_score_and_estimate() -> None:
    group = make_class()
    pupil = make_pupil(group)
    form = make_reference_form()
    first, second = (make_administration([group], form=form) for _ in range(2))
    sit_form(first, pupil, correct=["ma-102"])
    sit_form(second, pupil, correct=["ma-102", "ma-112"], minutes=40)
    assert score_sittings(now=NOW) == 2
    assert SubjectEstimate.objects.get().n_sittings == 2
    invigilator = make_member(group.school, Role.INVIGILATOR)
    void(sitting=Sitting.objects.get(administration=second), reason="wrong pupil", actor=invigilator, now=NOW)
    assert score_sittings(now=NOW) == 0
    kept = SubjectEstimate.objects.get()
    assert (kept.n_sittings, SittingScore.objects.count()) == (1, 1)
    figures = (kept.theta, kept.expected, kept.posterior)
    ScoringRun.objects.all().delete()
    assert score_sittings(now=NOW) == 1
    rebuilt = SubjectEstimate.objects.get()
    assert (rebuilt.theta, rebuilt.expected, rebuilt.posterior) == figures


def test_the_last_voided_sitting_takes_the_estimate_along() -> None:
    group = make_class()
    pupil = make_pupil(group)
    administration = make_administration([group], form=make_reference_form())
    sitting = sit_form(administration, pupil, correct=["ma-102"])
    score_sittings(now=NOW)
    void(sitting=sitting, reason="try-out", actor=make_member(group.school, Role.INVIGILATOR), now=NOW)
    score_sittings(now=NOW)
    assert (SittingScore.objects.count(), SubjectEstimate.objects.count()) == (0, 0)


def test_provisional_becomes_final_once_and_then_rests() -> None:
    group = make_class()
    pupil = make_pupil(group)
    administration = make_administration([group], form=make_reference_form())
    sit_form(administration, pupil, correct=["ma-102"])
    assert score_sittings(now=NOW) == 1
    assert SittingScore.objects.get().final is False
    seal_due(now=NOW)
    assert score_sittings(now=NOW) == 1
    assert SittingScore.objects.get().final is True
    assert score_sittings(now=NOW) == 0
