"""Does an item that went into too many sets rest, and never so that a set cannot be filled?"""

from __future__ import annotations

import numpy as np
import pytest

from exams.actions.forms import Selected, publish_form
from exams.enums import FormPurpose
from scoring.actions.score import score_sittings
from scoring.queries.exposure import LATEST_SETS, RecentSets, open_to_set, recent_sets
from scoring.queries.practice_bank import SubjectBank, subject_bank
from scoring.queries.runs import run_in_force
from tests.factories.accounts import NOW
from tests.factories.exams import make_versions
from tests.factories.scoring import PRACTICE_ITEMS, make_reference_form

pytestmark = pytest.mark.django_db


@pytest.fixture
def bank() -> SubjectBank:
    make_reference_form()
    make_versions(PRACTICE_ITEMS)
    score_sittings(now=NOW)
    run = run_in_force()
    assert run is not None
    bank = subject_bank("mathematics", run=run)
    assert bank is not None
    return bank


def publish(number: int, items: list[str], *, held_back: tuple[str, ...] = (), role: str = "main") -> None:
    versions = {version.item.identifier: version for version in make_versions(items)}
    publish_form(
        identifier=f"set-{number}",
        subject="mathematics",
        purpose=FormPurpose.PRACTICE,
        title_sr="Вежба",
        title_en="Practice",
        selected=[Selected(versions[item], selection={"role": role}) for item in items],
        now=NOW,
        selection={"held_back": list(held_back)},
    )


def recent(bank: SubjectBank) -> RecentSets:
    found = recent_sets(bank, subject="mathematics")
    assert found is not None
    return found


def test_counts_are_those_of_the_sets(bank: SubjectBank) -> None:
    assert recent_sets(bank, subject="mathematics") is None
    publish(1, ["ma-501", "ma-502"], held_back=("ma-503.1",))
    publish(2, ["ma-501", "ma-504"])
    publish(3, ["ma-505"], role="spare")
    found = recent(bank)
    place = {name: index for index, name in enumerate(bank.items)}
    assert found.state.ended.tolist() == [3]
    assert [int(found.state.given[0, place[f"ma-50{n}"]]) for n in (1, 2, 3, 4, 5)] == [2, 1, 0, 1, 0]
    assert [int(found.state.eligible[0, place[f"ma-50{n}"]]) for n in (1, 3)] == [3, 2]
    assert found.size == pytest.approx(4 / 3)


def test_an_item_of_every_set_is_open_to_about_as_many_as_it_should_be(bank: SubjectBank) -> None:
    for number in range(10):
        publish(number, ["ma-501", *PRACTICE_ITEMS[number + 1 : number + 4]])
    found = recent(bank)
    allowed = np.ones(len(bank.items), dtype=np.bool_)
    target = max(0.2, 3 * found.size / len(bank.items))
    often = bank.items.index("ma-501")
    open_here = [open_to_set(found, allowed, size=5, seed=seed) for seed in range(1000)]
    assert np.mean([mask[often] for mask in open_here]) == pytest.approx(target, abs=0.04)
    never = bank.items.index(PRACTICE_ITEMS[-1])
    assert all(mask[never] for mask in open_here)
    np.testing.assert_array_equal(open_here[7], open_to_set(found, allowed, size=5, seed=7))


def test_nothing_is_held_back_where_too_little_would_be_left(bank: SubjectBank) -> None:
    few = np.array([index < 6 for index in range(len(bank.items))])
    for number in range(5):
        publish(number, list(bank.items[:6]))
    for seed in range(50):
        assert open_to_set(recent(bank), few, size=5, seed=seed).tolist() == few.tolist()
    assert open_to_set(None, few, size=5, seed=1).tolist() == few.tolist()


def test_only_the_latest_sets_count(bank: SubjectBank) -> None:
    publish(0, ["ma-501"])
    for number in range(1, LATEST_SETS + 1):
        publish(number, ["ma-502"])
    found = recent(bank)
    assert found.state.ended.tolist() == [LATEST_SETS]
    assert found.state.given[0, bank.items.index("ma-501")] == 0
