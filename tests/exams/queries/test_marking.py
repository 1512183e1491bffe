"""What waits for marks in which class, in what order, and when may it be marked?"""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import ClassGroup
from exams.actions.responses import project_sitting
from exams.enums import ResultsRelease
from exams.models import Administration
from exams.queries.marking import (
    MarkingTask,
    marking_opened,
    marking_task,
    marking_tasks,
    number_to_mark,
    sitting_of,
)
from scoring.actions.score import score_sittings
from tests.factories.accounts import NOW, make_class, make_pupil, make_teacher
from tests.factories.exams import make_administration
from tests.factories.marking import give, make_texts, make_written_form, write
from tests.factories.phones import MINUTE

pytestmark = pytest.mark.django_db
NAMES = ["Ана", "Бојан", "Вера", "Гаја", "Дуња", "Ђорђе", "Ема", "Жарко"]


@pytest.fixture
def group() -> ClassGroup:
    return make_class(name="8-1")


def class_with_texts(group: ClassGroup) -> Administration:
    pupils = {make_pupil(group, given_name=name): f"Текст: {name}" for name in NAMES}
    administration = make_texts(group, pupils)
    score_sittings(now=NOW)
    return administration


def only(group: ClassGroup) -> MarkingTask:
    (task,) = marking_tasks([group], now=NOW)
    return task


def test_every_text_once_and_nothing_else(group: ClassGroup) -> None:
    pupils = {make_pupil(group): text for text in ("x = 4", "  ", None)}
    administration = make_administration([group], form=make_written_form())
    for pupil, text in pupils.items():
        write(administration, pupil, text, values={"ma-102.1": "b"})
    score_sittings(now=NOW)
    task = only(group)
    assert [text.text for text in task.texts] == ["x = 4"]
    assert (task.item.position, task.n_waiting, task.n_marked, task.opened) == (3, 1, 0, True)


def test_what_is_not_handed_in_does_not_wait(group: ClassGroup) -> None:
    pupil = make_pupil(group)
    administration = make_administration([group], form=make_written_form())
    assert marking_tasks([group], now=NOW) == []
    sitting = write(administration, pupil, "x = 4", hand_in=False)
    project_sitting(sitting=sitting)
    assert marking_tasks([group], now=NOW) == []


def test_no_order_that_the_class_list_gives_away(group: ClassGroup) -> None:
    class_with_texts(group)
    texts = only(group).texts
    names = [sitting_of(text).candidate.given_name for text in texts]
    assert sorted(names) == sorted(NAMES)
    assert names not in (NAMES, NAMES[::-1])
    sittings = [text.sitting for text in texts]
    assert sittings not in (sorted(sittings), sorted(sittings, reverse=True))
    assert [text.name for text in texts] == sorted({text.name for text in texts})
    assert [text.name for text in only(group).texts] == [text.name for text in texts]


def test_names_need_the_installation_s_secret(group: ClassGroup, settings: object) -> None:
    class_with_texts(group)
    before = {text.name for text in only(group).texts}
    settings.SECRET_KEY = "another installation"  # type: ignore[attr-defined]
    assert not before & {text.name for text in only(group).texts}


def test_marks_and_what_waits_after_them(group: ClassGroup) -> None:
    class_with_texts(group)
    teacher = make_teacher(group)
    first, second, third, *rest = only(group).texts
    for text in (first, third):
        give(sitting_of(text), text.text, 1, teacher)
    task = only(group)
    assert (task.n_marked, task.n_waiting) == (2, 6)
    assert [text.mark is not None for text in task.texts[:3]] == [True, False, True]
    after = [task.after(text.name) for text in (first, second, third, rest[-1])]
    assert [text and text.name for text in after] == [
        second.name, rest[0].name, rest[0].name, second.name,
    ]  # fmt: skip
    for text in (second, *rest):
        give(sitting_of(text), text.text, 2, teacher)
    assert only(group).after(first.name) is None
    assert number_to_mark([only(group)]) == 0


def test_a_text_that_changed_waits_again(group: ClassGroup) -> None:
    class_with_texts(group)
    text = only(group).texts[0]
    give(sitting_of(text), text.text, 1, make_teacher(group))
    sitting_of(text).current_responses.filter(version__ref="ma-190.1").update(value="друго")
    assert (only(group).texts[0].mark, only(group).n_waiting) == (None, 8)


def test_each_class_its_own(group: ClassGroup) -> None:
    other = make_class(name="8-2", school=group.school)
    class_with_texts(group)
    make_texts(other, {make_pupil(other): "x"}, only(group).administration.form)
    score_sittings(now=NOW)
    tasks = marking_tasks([other, group], now=NOW)
    assert [(task.class_group.name, len(task.texts)) for task in tasks] == [("8-1", 8), ("8-2", 1)]
    assert number_to_mark(tasks) == 9
    assert marking_task(group, tasks[1].administration.public_id, 3, now=NOW) is None
    assert marking_task(group, tasks[0].administration.public_id, 1, now=NOW) is None
    assert marking_task(group, tasks[0].administration.public_id, 3, now=NOW) == tasks[0]


def test_nobody_sees_a_solution_while_others_write(group: ClassGroup) -> None:
    pupil = make_pupil(group)
    closes_at = NOW + timedelta(hours=2)
    administration = make_texts(
        group, {pupil: "x = 4"}, closes_at=closes_at, results_release=ResultsRelease.AT_CLOSE
    )
    score_sittings(now=NOW)
    (task,) = marking_tasks([group], now=closes_at - MINUTE)
    assert (task.opened, task.n_waiting, number_to_mark([task])) == (False, 1, 0)
    assert marking_task(group, administration.public_id, 3, now=closes_at - MINUTE) is None
    assert marking_task(group, administration.public_id, 3, now=closes_at) is not None


@pytest.mark.parametrize(
    ("release", "days", "expected"),
    [("at_hand_in", 0, True), ("at_time", 0, False), ("at_time", 2, True), ("at_close", 0, False)],
)
def test_an_open_ended_window(group: ClassGroup, release: str, days: int, expected: bool) -> None:
    make_pupil(group)
    administration = make_administration(
        [group], results_release=release, results_at=NOW + timedelta(days=1) if release == "at_time" else None
    )
    assert marking_opened(administration, now=NOW + timedelta(days=days)) is expected


def test_queries_do_not_grow_with_texts(group: ClassGroup) -> None:
    small = make_class(school=group.school)
    make_texts(small, {make_pupil(small): "x"}, make_written_form())
    class_with_texts(group)
    counts = []
    for one in (small, group):
        with CaptureQueriesContext(connection) as queries:
            only(one)
        counts.append(len(queries))
    assert counts[0] == counts[1] < 10
