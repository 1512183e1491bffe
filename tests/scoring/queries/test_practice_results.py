"""Is a practice result in the order in which it went, with hints and similar items named?"""

from __future__ import annotations

import pytest

from accounts.models import Person
from exams.actions.forms import Selected, publish_form
from exams.actions.sittings import open_practice_sitting
from exams.enums import FormPurpose, PracticeKind
from exams.models import FormItem, Sitting
from scoring.actions.practice import ensure_pocket, open_practice_set
from scoring.actions.score import score_sittings
from scoring.queries.results import SittingReport, sitting_report
from scoring.queries.runs import run_in_force
from tests.factories.accounts import NOW, make_class, make_pupil
from tests.factories.exams import make_versions
from tests.factories.journal import sit
from tests.factories.scoring import PRACTICE_ITEMS, REFERENCE_ITEMS, make_scored_trial, responses

pytestmark = pytest.mark.django_db


@pytest.fixture
def pupil() -> Person:
    make_versions(PRACTICE_ITEMS)
    group = make_class()
    pupil = make_pupil(group)
    make_scored_trial(group, {pupil: REFERENCE_ITEMS[:4]})
    return pupil


def practised(pupil: Person) -> tuple[Sitting, list[FormItem]]:
    """An open set and its items."""
    opened = open_practice_set(person=pupil, subject="mathematics", now=NOW, kind=PracticeKind.QUICK)
    items = opened.form.form_items.select_related("version__item", "version__standard").order_by("position")
    return opened, list(items)


def report_on(sitting: Sitting) -> SittingReport:
    score_sittings(now=NOW)
    report = sitting_report(sitting, run=run_in_force(), language="en")
    assert report is not None
    return report


def selected(item: FormItem) -> dict[str, object]:
    assert item.selection is not None
    return dict(item.selection)


def test_a_similar_item_comes_right_after_the_one_it_is_like(pupil: Person) -> None:
    first, missed, last, spare = make_versions(PRACTICE_ITEMS[:4])
    form = publish_form(
        identifier="practice-by-hand",
        subject="mathematics",
        purpose=FormPurpose.PRACTICE,
        title_sr="Вежба",
        title_en="Practice",
        selected=[
            *(Selected(version, selection={"role": "main"}) for version in (first, missed, last)),
            Selected(spare, selection={"role": "spare", "for": missed.ref}),
        ],
        now=NOW,
    )
    opened = open_practice_sitting(form=form, candidate=pupil, now=NOW)
    values = responses(form, [one.item.identifier for one in (first, last, spare)])
    report = report_on(sit(opened, values, minutes=60))
    seen = [(item.position, item.number, item.standard, item.verdict, item.similar) for item in report.items]
    assert seen == [
        (1, "1", first.standard, "right", False),
        (2, "2", missed.standard, "wrong", False),
        (3, "2+", spare.standard, "right", True),
        (4, "3", last.standard, "right", False),
    ]


def test_numbers_are_those_of_the_phone_although_one_was_not_met(pupil: Person) -> None:
    opened, items = practised(pupil)
    mains = [item.version for item in items if selected(item)["role"] == "main"]
    values = responses(opened.form, [])
    report = report_on(
        sit(opened, {mains[place].ref: values[mains[place].ref] for place in (0, 2)}, minutes=60)
    )
    assert [(item.position, item.number) for item in report.items] == [(1, "1"), (2, "3")]


def test_what_was_looked_at_counts_as_worked_on_only_with_its_solution(pupil: Person) -> None:
    opened, items = practised(pupil)
    first, second = (item.version.ref for item in items[:2])
    report = report_on(sit(opened, {}, seen=[first, second], checked=[second], minutes=60))
    assert [(item.verdict, item.checked) for item in report.items] == [("omitted", False), ("omitted", True)]


def test_a_pocket_set_is_told_as_the_phone_chose_it(pupil: Person) -> None:
    pocket = ensure_pocket(person=pupil, subject="mathematics", now=NOW)
    assert pocket is not None
    pool = [
        row.version for row in pocket.form.form_items.select_related("version__item", "version__standard")
    ]
    begun, missed, similar = pool[5], pool[3], pool[0]
    values = responses(pocket.form, [begun.item.identifier, similar.item.identifier])
    told = {
        begun.ref: {"place": 0, "reason": "find_out", "probability": 0.31},
        missed.ref: {"place": 1, "reason": "closes_gap", "probability": 0.62},
        similar.ref: {"for": missed.ref},
    }
    report = report_on(sit(pocket, {ref: values[ref] for ref in told}, told=told, minutes=60))
    seen = [(item.number, item.standard, item.verdict, item.similar, item.chance) for item in report.items]
    assert seen == [
        ("1", begun.standard, "right", False, 0.31),
        ("2", missed.standard, "wrong", False, 0.62),
        ("2+", similar.standard, "right", True, None),
    ]
    assert [item.hard_and_solved for item in report.items] == [True, False, False]


def test_a_hint_is_named_and_what_was_not_met_is_not_there(pupil: Person) -> None:
    opened, items = practised(pupil)
    first, second = (item.version for item in items[:2])
    values = responses(opened.form, [first.item.identifier, second.item.identifier])
    sat = sit(opened, {one.ref: values[one.ref] for one in (first, second)}, hinted=[second.ref], minutes=60)
    report = report_on(sat)
    assert [(item.verdict, item.hinted) for item in report.items] == [("right", False), ("right", True)]
    assert (report.half_points, report.max_half_points) == (4, 4)


@pytest.mark.parametrize(("chance", "hard"), [(0.39, True), (0.4, False)])
def test_hard_and_solved_only_alone_and_against_the_odds(pupil: Person, chance: float, hard: bool) -> None:
    opened, items = practised(pupil)
    for item in items[:3]:
        FormItem.objects.filter(pk=item.pk).update(selection={**selected(item), "probability": chance})
    versions = [item.version for item in items[:3]]
    values = responses(opened.form, [one.item.identifier for one in versions[:2]])
    given = {one.ref: values[one.ref] for one in versions}
    report = report_on(sit(opened, given, hinted=[versions[1].ref], minutes=60))
    assert [item.hard_and_solved for item in report.items] == [hard, False, False]
