"""Does the check know what people marked, tell what waits, and find marks that were tampered with?"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import connection

from accounts.models import Person
from exams.actions.sealing import seal_due
from exams.models import ItemVersion, Mark, Sitting
from scoring.actions.score import score_sittings
from scoring.models import ItemOutcomeRow, SittingScore
from tests.factories.accounts import NOW, make_class, make_pupil, make_teacher
from tests.factories.marking import REF, give, make_texts
from tests.factories.phones import fresh
from tests.scoring.management.test_verify import told, verify, wrong

pytestmark = pytest.mark.django_db
TEXT = "x = 4"


@pytest.fixture
def teacher() -> Person:
    return make_teacher(make_class())


@pytest.fixture
def sitting(teacher: Person) -> Sitting:
    group = teacher.enrollments.get().class_group
    administration = make_texts(group, {make_pupil(group): TEXT})
    seal_due(now=NOW + timedelta(hours=1))
    score_sittings(now=NOW)
    return fresh(administration.sittings.get())


def unlock_marks() -> None:
    table = " ON exams_mark" if connection.vendor == "postgresql" else ""
    with connection.cursor() as cursor:
        cursor.execute(f"DROP TRIGGER exams_marks_append_only{table}")


def test_a_text_that_waits_is_told_and_not_wrong(sitting: Sitting, teacher: Person) -> None:
    code, found = verify()
    assert (code, wrong(found), found["scored"]) == (0, [], 1)
    assert told(found) == [("unmarked", f"{REF}: a text waits for a mark")]
    assert "marks it" in found["findings"][0]["remedy"]
    give(sitting, TEXT, 1, teacher)
    code, found = verify()
    assert (code, found["scored"], found["not_yet_scored"], found["findings"]) == (0, 0, 1, [])
    score_sittings(now=NOW)
    code, found = verify()
    assert (code, found["scored"], found["findings"]) == (0, 1, [])


def of_outcome(**columns: object) -> Callable[[], object]:
    return lambda: ItemOutcomeRow.objects.filter(version__ref=REF).update(**columns)


def of_score(**columns: object) -> Callable[[], object]:
    return lambda: SittingScore.objects.update(**columns)


def of_mark(**columns: object) -> Callable[[], object]:
    def tamper() -> None:
        unlock_marks()
        Mark.objects.filter(number=2).update(**columns)

    return tamper


def on_another_item() -> None:
    other = ItemVersion.objects.get(ref=REF)
    other.pk, other.number, other.ref = None, 99, "elsewhere.99"
    other.save()
    of_mark(version=other)()


TAMPERS: dict[str, tuple[Callable[[], object], list[str]]] = {
    "other points": (of_mark(half_points=0), ["outcome"]),
    "another text": (of_mark(text_sha256="f" * 64), ["outcome"]),
    "another item": (on_another_item, ["mark", "outcome"]),
    "the older mark": (
        lambda: of_outcome(mark=Mark.objects.get(number=1))(),
        ["outcome"],
    ),
    "no mark": (of_outcome(mark=None), ["outcome"]),
    "as if it waited": (of_outcome(status="pending"), ["outcome", "score"]),
    "points that wait": (of_score(pending_half_points=2), ["score"]),
}


@pytest.mark.parametrize("name", TAMPERS)
def test_each_thing_that_was_tampered_with(sitting: Sitting, teacher: Person, name: str) -> None:
    for half_points in (2, 1):
        give(sitting, TEXT, half_points, teacher)
    score_sittings(now=NOW)
    assert verify()[0] == 0
    tamper, expected = TAMPERS[name]
    tamper()
    code, found = verify()
    assert (code, sorted({one for one, _ in wrong(found)})) == (1, expected)


def test_a_number_left_out(sitting: Sitting, teacher: Person) -> None:
    for half_points in (2, 1, 0):
        give(sitting, TEXT, half_points, teacher)
    score_sittings(now=NOW)
    Mark.objects.filter(number=2).delete()
    assert score_sittings(now=NOW) == 0
    _, found = verify()
    assert [(one["code"], one["what"]) for one in found["findings"]] == [
        ("mark", "numbers [1, 3] are not 1, 2, 3 …")
    ]


def test_half_points_that_the_item_does_not_have(sitting: Sitting, teacher: Person) -> None:
    give(sitting, TEXT, 1, teacher)
    score_sittings(now=NOW)
    ItemVersion.objects.filter(ref=REF).update(
        key={"interaction": "extended_text", "half_points": [0, 2], "longest": 600}
    )
    _, found = verify()
    assert [one["what"] for one in found["findings"]] == [
        f"{REF}: mark 1 gives 1 half-points, the item (0, 2)"
    ]
