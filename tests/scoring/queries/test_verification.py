"""When is a score compared with the journal, and when is it simply not made yet?"""

from __future__ import annotations

from datetime import timedelta

import pytest

from exams.actions.sealing import seal_due
from exams.models import Sitting
from exams.queries.verification import Reader
from scoring.actions.score import score_sittings
from scoring.models import SittingScore
from scoring.queries.runs import run_in_force
from scoring.queries.verification import Checked, ScoreReader
from tests.factories.accounts import NOW, make_class, make_pupil
from tests.factories.exams import make_administration
from tests.factories.scoring import REFERENCE_ITEMS, make_reference_form, sit_form

pytestmark = pytest.mark.django_db


@pytest.fixture
def sitting() -> Sitting:
    group = make_class()
    pupil = make_pupil(group)
    administration = make_administration([group], form=make_reference_form())
    return sit_form(administration, pupil, correct=REFERENCE_ITEMS[:5])


def check(sitting: Sitting) -> Checked:
    (record,) = Reader().records([sitting.pk])
    return ScoreReader(run_in_force()).read([sitting.pk]).check(record)


def test_not_yet_while_the_score_is_missing_provisional_or_older(sitting: Sitting) -> None:
    assert check(sitting) == Checked(False, ())
    score_sittings(now=NOW)
    assert check(sitting) == Checked(True, ())
    SittingScore.objects.update(events=20)
    assert check(sitting).scored is False
    SittingScore.objects.update(events=21, decisions=1)
    assert check(sitting).scored is False
    SittingScore.objects.update(decisions=0)
    seal_due(now=NOW + timedelta(hours=1))
    assert check(sitting).scored is False
    score_sittings(now=NOW)
    assert check(sitting) == Checked(True, ())


@pytest.mark.parametrize("state", ["ready", "started", "voided"])
def test_what_is_not_finished_is_not_to_be_scored(sitting: Sitting, state: str) -> None:
    Sitting.objects.update(state=state)
    assert check(sitting) == Checked(None, ())


def test_the_finding_says_both_sides(sitting: Sitting) -> None:
    score_sittings(now=NOW)
    sitting.current_responses.filter(version__ref__startswith="ma-201").update(value="z", late=True)
    (finding,) = check(sitting).findings
    assert finding.what.startswith("ma-201.")
    assert finding.what.endswith("stored is 'z' (late)")
