"""Is a subject's bank built once, anew when anything of it changes, and what does it leave out?"""

from __future__ import annotations

from datetime import timedelta

import numpy as np
import pytest
from pytest_django import DjangoAssertNumQueries

from exams.models import Item, Standard
from scoring.actions.score import score_sittings
from scoring.models import ItemCalibration, ScoringRun
from scoring.queries.practice_bank import SubjectBank, free_of_trials, subject_bank
from scoring.queries.runs import run_in_force
from tests.factories.accounts import NOW, make_class
from tests.factories.exams import make_administration, make_form, make_versions
from tests.factories.scoring import REFERENCE_ITEMS, make_reference_form

pytestmark = pytest.mark.django_db
ITEMS = ["ma-501", "ma-502", "ma-503"]


@pytest.fixture
def run() -> ScoringRun:
    make_reference_form()
    make_versions(ITEMS)
    score_sittings(now=NOW)
    run = run_in_force()
    assert run is not None
    return run


def bank_of(run: ScoringRun) -> SubjectBank:
    bank = subject_bank("mathematics", run=run)
    assert bank is not None
    return bank


def test_the_bank_holds_released_items_and_the_exam_its_form(run: ScoringRun) -> None:
    bank = bank_of(run)
    assert bank.items == ("ma-501", "ma-502", "ma-503")
    assert [item.identifier for item in bank.bank.items] == ["ma-501.1", "ma-502.1", "ma-503.1"]
    assert len(bank.exam.domains) == len(REFERENCE_ITEMS)
    needs = Standard.objects.get(code=bank.bank.items[0].standard).prerequisites
    assert bank.bank.prerequisites[bank.bank.items[0].standard] == tuple(needs.values_list("code", flat=True))


def test_it_is_built_once(run: ScoringRun, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    first = bank_of(run)
    with django_assert_num_queries(3):
        assert bank_of(run) is first


@pytest.mark.parametrize("change", ["parameters", "security", "family", "prerequisite"])
def test_any_change_makes_another_bank(run: ScoringRun, change: str) -> None:
    first = bank_of(run)
    item = Item.objects.get(identifier="ma-502")
    match change:
        case "parameters":
            ItemCalibration.objects.filter(run=run, version__item=item).update(a=2.0)
        case "security":
            Item.objects.filter(pk=item.pk).update(security="retired")
        case "family":
            Item.objects.filter(pk=item.pk).update(family="ma-700")
        case _:
            one, other = Standard.objects.order_by("code")[:2]
            other.prerequisites.set([] if other.prerequisites.exists() else [one])
    second = bank_of(run)
    assert second is not first
    if change == "parameters":
        assert float(second.bank.parameters.a[1]) == 2.0
    if change == "security":
        assert second.items == ("ma-501", "ma-503")
    if change == "family":
        assert second.bank.items[1].key == "ma-700"


def test_items_of_live_trials_are_marked(run: ScoringRun) -> None:
    make_administration([make_class()], form=make_form(["ma-502"]), opens_at=NOW + timedelta(days=3))
    assert free_of_trials(bank_of(run), now=NOW).tolist() == [True, False, True]


def test_a_part_keeps_order_parameters_and_families_if_wanted(run: ScoringRun) -> None:
    Item.objects.filter(identifier="ma-503").update(family="ma-700")
    bank = bank_of(run)
    part = bank.part([2, 0])
    assert [item.key for item in part.items] == ["ma-700", "ma-501.1"]
    np.testing.assert_array_equal(part.share, bank.bank.share[[2, 0]])
    assert [item.key for item in bank.part([2, 0], families=False).items] == ["ma-503.1", "ma-501.1"]


def test_no_reference_form_or_nothing_released_is_no_bank(run: ScoringRun) -> None:
    assert subject_bank("history", run=run) is None
    Item.objects.update(security="retired")
    assert subject_bank("mathematics", run=run) is None
