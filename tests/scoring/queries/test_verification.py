"""When is a score compared with the journal, and when is it simply not made yet?"""

from __future__ import annotations

from datetime import timedelta

import pytest

from exams.actions.sealing import seal_due
from exams.actions.sittings import open_practice_sitting
from exams.models import Sitting
from exams.queries.verification import Reader
from scoring.actions.score import score_sittings
from scoring.models import SittingScore
from scoring.queries.runs import run_in_force
from scoring.queries.verification import Checked, ScoreReader
from tests.factories.accounts import NOW, make_class, make_pupil
from tests.factories.exams import make_administration
from tests.factories.journal import sit
from tests.factories.practice import make_set
from tests.factories.scoring import REFERENCE_ITEMS, make_reference_form, responses, sit_form

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


@pytest.fixture
def practised() -> Sitting:
    """Of three items one was solved, one solved with a hint, and one stood by and was never shown."""
    make_reference_form()
    form = make_set(["ma-501", "ma-502", "ma-503"])
    values = responses(form, ["ma-501", "ma-502"])
    opened = open_practice_sitting(form=form, candidate=make_pupil(make_class()), now=NOW)
    sat = sit(opened, {ref: values[ref] for ref in ("ma-501.1", "ma-502.1")}, hinted=["ma-502.1"])
    score_sittings(now=NOW)
    return sat


def test_in_practice_what_was_never_shown_has_no_outcome(practised: Sitting) -> None:
    assert check(practised) == Checked(True, ())
    score = SittingScore.objects.get()
    unseen = practised.form.form_items.get(version__ref="ma-503.1")
    score.outcomes.create(
        version=unseen.version, position=3, status="not_reached", half_points=0, max_half_points=2
    )
    said = [finding.what for finding in check(practised).findings if finding.code == "outcome"]
    assert said == ["ma-503.1: an outcome in the score, though it was not seen"]


def test_a_hint_that_was_forgotten_is_found(practised: Sitting) -> None:
    practised.current_responses.update(hinted=False)
    SittingScore.objects.get().outcomes.update(hinted=False)
    found = {(finding.code, finding.what[:8]) for finding in check(practised).findings}
    assert found == {("responses", "ma-502.1"), ("outcome", "ma-502.1")}
