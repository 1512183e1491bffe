"""Is it told truthfully whether responses say how hard the items behind a page are?"""

from __future__ import annotations

import pytest
from pytest_django import DjangoAssertNumQueries

from accounts.models import Person
from exams.actions.forms import Selected, publish_form
from exams.enums import FormPurpose
from exams.models import Form
from scoring.actions.parameters import current_run
from scoring.actions.score import score_sittings
from scoring.models import ScoringRun
from scoring.queries.runs import (
    Difficulties,
    difficulties_by_subject,
    difficulties_in,
    difficulties_of_form,
    rests_on_assumptions,
)
from tests.factories.accounts import NOW, make_class, make_pupil
from tests.factories.exams import make_versions
from tests.factories.practised import practise
from tests.factories.scoring import PRACTICE_ITEMS, REFERENCE_ITEMS, make_reference_form, make_scored_trial

pytestmark = pytest.mark.django_db


@pytest.fixture
def pupil() -> Person:
    """Sat the reference form and practised three items; further items of the bank nobody has met."""
    group = make_class()
    pupil = make_pupil(group)
    make_versions(PRACTICE_ITEMS[:9])
    make_scored_trial(group, {pupil: REFERENCE_ITEMS[:4]})
    practise(pupil, PRACTICE_ITEMS[:3], at=NOW)
    score_sittings(now=NOW)
    return pupil


def measure(run: ScoringRun, *items: str, source: str = "calibrated") -> None:
    assert run.calibrations.filter(version__item__identifier__in=items).update(source=source) == len(items)


@pytest.mark.usefixtures("pupil")
def test_a_subject_is_measured_when_every_item_that_anybody_met_is() -> None:
    run = current_run(now=NOW)
    found = [difficulties_in(run, "mathematics")]
    for items, source in (
        (REFERENCE_ITEMS[:1], "pretest"),
        (REFERENCE_ITEMS[1:], "calibrated"),  # all of the reference form now, but not what was practised
        (PRACTICE_ITEMS[:3], "linked"),
    ):
        measure(run, *items, source=source)
        found.append(difficulties_in(run, "mathematics"))
        assert rests_on_assumptions(run, "mathematics") is (found[-1] != "measured")
    assert found == ["assumed", "partly", "partly", "measured"]


@pytest.mark.usefixtures("pupil")
def test_a_subject_of_which_nothing_is_known_rests_on_assumptions() -> None:
    run = current_run(now=NOW)
    assert difficulties_in(run, "physics") is Difficulties.ASSUMED
    assert rests_on_assumptions(run, "physics")


def test_a_trial_is_read_with_its_own_items_and_those_of_the_reference_form(pupil: Person) -> None:
    run = current_run(now=NOW)
    reference = Form.objects.get(identifier="ma-a")
    other = publish_form(
        identifier="ma-b",
        subject="mathematics",
        purpose=FormPurpose.TRIAL,
        title_sr="Форма Б",
        title_en="Form B",
        selected=[Selected(version) for version in make_versions(PRACTICE_ITEMS[4:6])],
        now=NOW,
    )
    measure(run, *REFERENCE_ITEMS)
    assert [difficulties_of_form(run, form) for form in (reference, other)] == ["measured", "partly"]
    measure(run, *PRACTICE_ITEMS[4:6])
    assert difficulties_of_form(run, other) == "measured"
    assert difficulties_in(run, "mathematics") == "partly"


def test_several_together() -> None:
    assumed, partly, measured = Difficulties
    assert Difficulties.of_all([assumed, assumed]) is assumed
    assert Difficulties.of_all([measured, measured]) is measured
    assert Difficulties.of_all([assumed, measured]) is Difficulties.of_all([partly]) is partly
    assert Difficulties.of_all([]) is measured


def test_each_is_one_query(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    form = make_reference_form()
    run = current_run(now=NOW)
    with django_assert_num_queries(1):
        assert difficulties_by_subject(run) == {"mathematics": "assumed"}
    with django_assert_num_queries(1):
        difficulties_of_form(run, form)
