"""Is an administration refused whose points would lead to no result?"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from accounts.models import ClassGroup
from exams.enums import ResultsRelease, Security
from exams.models import Form, Item
from exams.preflight import preflight
from exams.queries.preflight import plan_of
from tests.factories.accounts import NOW, make_class, make_pupil
from tests.factories.exams import make_form
from tests.factories.scoring import PRACTICE_ITEMS, make_reference_form

pytestmark = pytest.mark.django_db


@pytest.fixture
def group() -> ClassGroup:
    group = make_class()
    make_pupil(group)
    return group


def refusals(form: Form, group: ClassGroup, opens_at: datetime = NOW, **changed: Any) -> tuple[str, ...]:
    fields: dict[str, Any] = {
        "form": form,
        "opens_at": opens_at,
        "closes_at": None,
        "limit_seconds": 3600,
        "cut_off_hours": 24,
        "results_release": ResultsRelease.AT_HAND_IN,
        "results_at": None,
        "class_groups": [group],
        "now": opens_at - timedelta(days=1),
    }
    return preflight(plan_of(**(fields | changed))).refusals


def test_an_ordinary_form_of_mathematics_passes(group: ClassGroup) -> None:
    assert refusals(make_form(), group) == ()


def test_a_subject_without_reference_data(group: ClassGroup) -> None:
    assert refusals(make_form(subject="music"), group) == (
        "there is no reference form for music (only for biology, chemistry, geography, history, mathematics, "
        "physics, serbian); add it to reference.toml",
    )


def test_a_day_without_rules_for_admission_points(group: ClassGroup) -> None:
    assert refusals(make_form(), group, datetime(2009, 5, 4, 8, 0, tzinfo=UTC)) == (
        "no rules for admission points hold on 2009-05-04; add a regime to regimes.toml",
    )


def test_a_window_that_begins_before_the_first_rules(group: ClassGroup) -> None:
    opens_at = datetime(2010, 8, 31, 20, 0, tzinfo=UTC)
    closes_at = datetime(2010, 9, 1, 20, 0, tzinfo=UTC)
    assert refusals(make_form(), group, opens_at, closes_at=closes_at) == (
        "no rules for admission points hold on 2010-08-31; add a regime to regimes.toml",
    )
    # In Belgrade the new school year has begun when it is still August by UTC.
    assert refusals(make_form(), group, datetime(2010, 8, 31, 22, 0, tzinfo=UTC)) == ()


def test_more_points_than_a_test_can_bring(group: ClassGroup) -> None:
    form = make_form(PRACTICE_ITEMS[:21])
    Item.objects.update(security=Security.TRIAL)
    assert refusals(form, group) == (
        f"{form.identifier} brings up to 42 half-points, but regime 2023 counts only 40; "
        "choose a shorter form",
    )
    shorter = make_form(PRACTICE_ITEMS[:20])
    Item.objects.update(security=Security.TRIAL)
    assert refusals(shorter, group) == ()


def test_levels_out_of_reach_of_the_reference_form(group: ClassGroup) -> None:
    """Ten items bring 20 half-points; two of the provisional levels begin above that."""
    assert refusals(make_reference_form(), group) == (
        "level intermediate begins at 24 half-points, but ma-a brings at most 20; correct levels.toml",
        "level advanced begins at 29 half-points, but ma-a brings at most 20; correct levels.toml",
    )


def test_the_full_reference_form_reaches_every_level(group: ClassGroup) -> None:
    form = make_reference_form(PRACTICE_ITEMS[:20])
    Item.objects.update(security=Security.TRIAL)
    assert refusals(form, group) == ()
