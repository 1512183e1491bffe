"""Can a pile of texts be marked from the first to the last, blind, and what is refused on the way?"""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from accounts.enums import Role
from accounts.models import AuditEntry, ClassGroup, Person
from exams.actions.sittings import void
from exams.enums import ResultsRelease
from exams.models import Mark, Sitting
from exams.queries.marking import MarkingTask, WrittenText, marking_tasks, sitting_of
from scoring.actions.score import score_sittings
from tests.factories.accounts import NOW, make_class, make_member, make_pupil, make_school, make_teacher
from tests.factories.clients import client_of
from tests.factories.marking import REF, give, make_texts
from tests.factories.phones import MINUTE, begin, deliver, respond

pytestmark = pytest.mark.django_db
PUPILS = [("Ђурђа", "Љубић"), ("Цвета", "Мићић"), ("Бојан", "Јовић")]
NAMES = (
    "Ђурђа",
    "Đurđa",
    "Љубић",
    "Ljubić",
    "Цвета",
    "Cveta",
    "Мићић",
    "Mićić",
    "Бојан",
    "Bojan",
    "Јовић",
    "Jović",
)


@pytest.fixture
def group() -> ClassGroup:
    return make_class(name="8-1", school=make_school(name="ОШ Вук Караџић"))


@pytest.fixture
def teacher(group: ClassGroup) -> Person:
    return make_teacher(group)


@pytest.fixture
def texts(group: ClassGroup) -> None:
    pupils = [make_pupil(group, given_name=given, family_name=family) for given, family in PUPILS]
    make_texts(group, {pupil: f"Рад {n}:\n<b>x</b> = 4" for n, pupil in enumerate(pupils, start=1)})
    score_sittings(now=NOW)


def task_of(group: ClassGroup) -> MarkingTask:
    (task,) = marking_tasks([group], now=NOW)
    return task


def task_address(task: MarkingTask) -> str:
    keys = [task.class_group.public_id, task.administration.public_id, task.item.position]
    return reverse("marking_texts", args=keys)


def address(task: MarkingTask, text: WrittenText) -> str:
    return f"{task_address(task)}{text.name}/"


def words(response: HttpResponse) -> str:
    """What a reader sees, in one line."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode()))


def mark(client: Client, task: MarkingTask, text: WrittenText, points: int, **fields: Any) -> Any:
    data = {"half_points": str(points), "text_sha256": text.text_sha256, "note": ""} | fields
    return client.post(address(task, text), data)


def test_an_empty_page_teaches(teacher: Person) -> None:
    page = words(client_of(teacher).get(reverse("marking")))
    assert "Nothing to mark" in page
    assert "their points wait for you" in page


@pytest.mark.usefixtures("texts")
def test_from_the_list_to_a_text(group: ClassGroup, teacher: Person) -> None:
    client = client_of(teacher)
    task = task_of(group)
    listed = client.get(reverse("marking"))
    assert "3 texts wait for your points." in words(listed)
    assert "Class 8-1" in words(listed)
    assert task_address(task) in listed.content.decode()
    overview = client.get(task_address(task))
    assert "Begin marking" in words(overview)
    assert f'href="{address(task, task.texts[0])}#text"' in overview.content.decode()
    assert words(overview).count("waits") == 3


@pytest.mark.usefixtures("texts")
@pytest.mark.parametrize("language", ["sr", "sr-latn", "en"])
def test_a_text_comes_with_all_that_is_needed_and_with_nobody_s_name(
    group: ClassGroup, teacher: Person, language: str
) -> None:
    task = task_of(group)
    response = client_of(teacher, language).get(address(task, task.texts[1]))
    page = response.content.decode()
    # As typed, in the pupil's own script whatever the reader's, and never as markup.
    assert re.search(r'translate="no" lang="sr-Cyrl">Рад \d:\n&lt;b&gt;x&lt;/b&gt; = 4</div>', page)
    rubric = {"sr": "Пола бода", "sr-latn": "Pola boda", "en": "Half a point"}[language]
    solution = {"sr": "поделимо", "sr-latn": "podelimo", "en": "Divide both sides"}[language]
    assert rubric in page
    assert solution in page
    assert re.findall(r'name="half_points" value="(\d)"[^>]*>([^<]+)<', page) == [
        ("0", "0"), ("1", "½"), ("2", "1"),
    ]  # fmt: skip
    for name in (*NAMES, "Караџић", "Karadžić"):
        assert name not in page
    # In addresses random ids may hold these signs by chance.
    assert "8-1" not in words(response)
    for sitting in Sitting.objects.all():
        assert str(sitting.public_id) not in page


@pytest.mark.usefixtures("texts")
def test_the_whole_pile(group: ClassGroup, teacher: Person) -> None:
    client = client_of(teacher)
    task = task_of(group)
    first, second, third = task.texts
    assert "Text 1 of 3" in words(client.get(address(task, first)))
    response = mark(client, task, first, 1, note="Где је поступак?")
    assert response["Location"] == f"{address(task, second)}?before={first.name}#text"
    page = words(client.get(response["Location"]))
    assert "Text 2 of 3" in page
    assert "Text 1: ½. Change" in page
    assert "1 of 3 marked" in page
    assert mark(client, task, second, 0)["Location"].startswith(address(task, third))
    last = mark(client, task, third, 2)
    assert last["Location"] == task_address(task)
    overview = words(client.get(last["Location"]))
    assert "That was the last text: every one has its points." in overview
    assert "Text 1 Points: ½ Text 2 Points: 0 Text 3 Points: 1" in overview
    assert [(row.half_points, row.note) for row in Mark.objects.order_by("pk")] == [
        (1, "Где је поступак?"), (0, ""), (2, ""),
    ]  # fmt: skip
    assert "Nothing waits" in words(client.get(reverse("marking")))


@pytest.mark.usefixtures("texts")
def test_to_take_back_is_to_mark_again(group: ClassGroup, teacher: Person) -> None:
    client = client_of(teacher)
    task = task_of(group)
    text = task.texts[0]
    mark(client, task, text, 1, note="Мало.")
    response = client.get(address(task, text))
    assert "Marked ½ on" in words(response)
    assert ">\nМало.</textarea>" in response.content.decode()
    assert re.search(r'value="1"[^>]* aria-current="true">½<', response.content.decode())
    mark(client, task, text, 2)
    assert "Marked 1 on" in words(client.get(address(task, text)))
    assert Mark.objects.count() == 2


@pytest.mark.usefixtures("texts")
def test_one_can_be_left_for_later(group: ClassGroup, teacher: Person) -> None:
    client = client_of(teacher)
    task = task_of(group)
    page = client.get(address(task, task.texts[1])).content.decode()
    assert f'href="{address(task, task.texts[2])}#text"' in page
    for text in (task.texts[0], task.texts[2]):
        mark(client, task, text, 2)
    assert "Leave it for later" not in words(client.get(address(task, task.texts[1])))


@pytest.mark.usefixtures("texts")
@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"note": "x" * 301}, "Keep the note to 300 characters."),
        ({"half_points": ""}, "Choose the points."),
        ({"half_points": "half"}, "Choose the points."),
    ],
)
def test_what_is_missing_is_said_and_what_was_typed_stays(
    group: ClassGroup, teacher: Person, fields: dict[str, str], message: str
) -> None:
    task = task_of(group)
    response = mark(client_of(teacher), task, task.texts[0], 1, **({"note": "Добро."} | fields))
    assert response.status_code == 422
    assert message in words(response)
    assert ("Добро." if "note" not in fields else "x" * 301) in response.content.decode()
    assert not Mark.objects.exists()


@pytest.mark.usefixtures("texts")
def test_points_that_the_item_does_not_give(group: ClassGroup, teacher: Person) -> None:
    task = task_of(group)
    client = client_of(teacher)
    response = mark(client, task, task.texts[0], 3)
    assert response["Location"] == reverse("marking")
    assert "this text cannot be marked now" in words(client.get(reverse("marking")))
    assert not Mark.objects.exists()


def test_a_text_that_changed_while_it_was_read(group: ClassGroup, teacher: Person) -> None:
    pupil = make_pupil(group)
    make_texts(group, {}).sittings.get(candidate=pupil)
    sitting = Sitting.objects.get(candidate=pupil)
    phone = begin(sitting)
    deliver(sitting, phone, respond(phone, {REF: "x = 3"}), at=NOW + 2 * MINUTE)
    late = respond(phone, {REF: "x = 4"})
    Sitting.objects.filter(pk=sitting.pk).update(state="handed_in", handed_in_at=NOW + 3 * MINUTE)
    score_sittings(now=NOW)
    task = task_of(group)
    deliver(sitting, phone, late, at=NOW + 4 * MINUTE)
    client = client_of(teacher)
    response = mark(client, task, task.texts[0], 0)
    assert response["Location"] == address(task, task.texts[0])
    page = words(client.get(response["Location"]))
    assert "Nothing was marked: the text has changed meanwhile. Read it again." in page
    assert "x = 4" in page
    assert not Mark.objects.exists()


@pytest.mark.usefixtures("texts")
def test_looking_and_marking_stay_on_record(group: ClassGroup, teacher: Person) -> None:
    task = task_of(group)
    client = client_of(teacher)
    client.get(address(task, task.texts[0]))
    mark(client, task, task.texts[0], 2)
    candidate = sitting_of(task.texts[0]).candidate
    entries = AuditEntry.objects.order_by("pk").values_list("action", "actor", "subject")
    assert list(entries) == [("view_text", teacher.pk, candidate.pk), ("mark", teacher.pk, candidate.pk)]


@pytest.mark.usefixtures("texts")
def test_nobody_else_looks_or_marks(group: ClassGroup) -> None:
    task = task_of(group)
    own = Sitting.objects.first()
    assert own is not None
    others = [
        make_teacher(make_class(school=group.school)),
        make_member(group.school, Role.INVIGILATOR),
        own.candidate,
    ]
    for person in others:
        client = client_of(person)
        assert client.get(task_address(task)).status_code == 404
        assert client.get(address(task, task.texts[0])).status_code == 404
        assert mark(client, task, task.texts[0], 2).status_code == 404
    assert not Mark.objects.exists()


@pytest.mark.usefixtures("texts")
def test_a_text_of_another_class_is_not_found_under_one_s_own(group: ClassGroup, teacher: Person) -> None:
    other = make_class(school=group.school)
    make_texts(other, {make_pupil(other): "x"}, task_of(group).administration.form)
    score_sittings(now=NOW)
    foreign = task_of(other)
    borrowed = address(task_of(group), foreign.texts[0])
    assert client_of(teacher).get(borrowed).status_code == 404


def test_what_was_taken_out_is_gone(group: ClassGroup, teacher: Person) -> None:
    administration = make_texts(group, {make_pupil(group): "x"})
    score_sittings(now=NOW)
    task = task_of(group)
    actor = make_member(group.school, Role.INVIGILATOR)
    void(sitting=administration.sittings.get(), reason="x", actor=actor, now=NOW)
    client = client_of(teacher)
    assert client.get(address(task, task.texts[0])).status_code == 404
    assert mark(client, task, task.texts[0], 2).status_code == 404


def test_before_the_exam_is_over_the_list_says_when(group: ClassGroup, teacher: Person) -> None:
    pupil = make_pupil(group)
    make_texts(
        group, {pupil: "x"}, closes_at=NOW + timedelta(days=36500), results_release=ResultsRelease.AT_CLOSE
    )
    score_sittings(now=NOW)
    (task,) = marking_tasks([group], now=NOW)
    client = client_of(teacher)
    page = client.get(reverse("marking"))
    assert "Opens when results are out or nobody writes this exam any more" in words(page)
    assert task_address(task) not in page.content.decode()
    assert client.get(address(task, task.texts[0])).status_code == 404
    assert "waits for marking" not in words(client.get("/"))


@pytest.mark.usefixtures("texts")
def test_the_way_there_from_home_and_class(group: ClassGroup, teacher: Person) -> None:
    client = client_of(teacher)
    pages = ["/", reverse("class_report", args=[group.public_id])]
    for page in pages:
        assert "3 texts wait for marking" in words(client.get(page))
        assert f'href="{reverse("marking")}"' in client.get(page).content.decode()
    for text in task_of(group).texts:
        give(sitting_of(text), text.text, 2, teacher)
    for page in pages:
        assert "Marking of written texts" in words(client.get(page))
