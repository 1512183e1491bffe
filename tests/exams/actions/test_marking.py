"""Who may mark what, what is refused, and what does a mark leave behind?"""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from accounts.enums import Role
from accounts.errors import AccessDenied
from accounts.models import AuditEntry, ClassGroup, Person
from exams.actions.sittings import void
from exams.enums import ResultsRelease
from exams.errors import MarkRefused, TextChanged
from exams.marking import text_digest
from exams.models import ItemVersion, Mark, Sitting
from tests.factories.accounts import NOW, make_class, make_member, make_pupil, make_teacher
from tests.factories.exams import make_administration, make_form
from tests.factories.journal import sit
from tests.factories.marking import REF, give, make_texts, make_written_form
from tests.factories.phones import MINUTE, begin, deliver, fresh, respond

pytestmark = pytest.mark.django_db
TEXT = "3x = 12\n\nx = 4"


@pytest.fixture
def group() -> ClassGroup:
    return make_class()


@pytest.fixture
def teacher(group: ClassGroup) -> Person:
    return make_teacher(group)


@pytest.fixture
def sitting(group: ClassGroup) -> Sitting:
    pupil = make_pupil(group)
    return fresh(make_texts(group, {pupil: TEXT}).sittings.get())


def test_a_mark_is_kept_with_all_that_it_was_on(sitting: Sitting, teacher: Person) -> None:
    mark = give(sitting, TEXT, 1, teacher, note="  Где је поступак?  ", now=NOW + MINUTE)
    stored = Mark.objects.get()
    assert stored == mark
    assert (stored.sitting, stored.version.ref, stored.number) == (sitting, REF, 1)
    assert (stored.text_sha256, stored.half_points) == (text_digest(TEXT), 1)
    assert (stored.note, stored.marked_by, stored.marked_at) == ("Где је поступак?", teacher, NOW + MINUTE)


def test_marking_again_adds_a_mark(sitting: Sitting, teacher: Person) -> None:
    for half_points in (2, 0, 2):
        give(sitting, TEXT, half_points, teacher)
    assert list(Mark.objects.values_list("number", "half_points")) == [(1, 2), (2, 0), (3, 2)]


def test_a_double_tap_is_one_mark_and_a_colleague_s_word_is_another(
    sitting: Sitting, teacher: Person, group: ClassGroup
) -> None:
    first = give(sitting, TEXT, 1, teacher)
    assert give(sitting, TEXT, 1, teacher) == first
    give(sitting, TEXT, 1, teacher, note="с бележком")
    give(sitting, TEXT, 1, make_teacher(group))
    assert Mark.objects.count() == 3


def test_only_who_teaches_the_pupil(sitting: Sitting, group: ClassGroup) -> None:
    others = [
        make_teacher(make_class(school=group.school)),
        make_member(group.school, Role.INVIGILATOR),
        sitting.candidate,
    ]
    for person in others:
        with pytest.raises(AccessDenied):
            give(sitting, TEXT, 2, person)
    assert not Mark.objects.exists()


def test_only_half_points_that_the_item_gives(sitting: Sitting, teacher: Person) -> None:
    for half_points in (-1, 3, 200):
        with pytest.raises(MarkRefused, match="half-points"):
            give(sitting, TEXT, half_points, teacher)
    assert not Mark.objects.exists()


def test_not_before_the_hand_in(group: ClassGroup, teacher: Person) -> None:
    make_pupil(group)
    sitting = make_administration([group], form=make_written_form()).sittings.get()
    sit(sitting, {REF: TEXT}, hand_in=False)
    with pytest.raises(MarkRefused, match="not handed in"):
        give(sitting, TEXT, 2, teacher)


def test_not_what_was_taken_out(sitting: Sitting, group: ClassGroup, teacher: Person) -> None:
    void(sitting=sitting, reason="x", actor=make_member(group.school, Role.INVIGILATOR), now=NOW)
    with pytest.raises(MarkRefused, match="not handed in"):
        give(sitting, TEXT, 2, teacher)


def test_not_while_others_still_write(group: ClassGroup, teacher: Person) -> None:
    """The page shows the model solution: it opens when the window is over and everybody has handed in."""
    first, second = make_pupil(group), make_pupil(group)
    closes_at = NOW + timedelta(hours=2)
    administration = make_administration(
        [group], form=make_written_form(), closes_at=closes_at, results_release=ResultsRelease.AT_TIME,
        results_at=NOW + timedelta(days=3),
    )  # fmt: skip
    sitting = sit(administration.sittings.get(candidate=first), {REF: TEXT})
    with pytest.raises(MarkRefused, match="still write"):
        give(sitting, TEXT, 2, teacher, now=closes_at - MINUTE)
    other = sit(administration.sittings.get(candidate=second), {REF: "…"}, hand_in=False)
    with pytest.raises(MarkRefused, match="still write"):
        give(sitting, TEXT, 2, teacher, now=closes_at)
    Sitting.objects.filter(pk=other.pk).update(state="handed_in", handed_in_at=closes_at)
    assert give(sitting, TEXT, 2, teacher, now=closes_at).number == 1


def test_not_a_text_that_changed_since_it_was_shown(sitting: Sitting, teacher: Person) -> None:
    with pytest.raises(TextChanged):
        give(sitting, TEXT + "!", 2, teacher)
    assert not Mark.objects.exists()


def test_what_a_phone_delivers_late_is_another_text(group: ClassGroup, teacher: Person) -> None:
    make_pupil(group)
    sitting = make_administration([group], form=make_written_form()).sittings.get()
    phone = begin(sitting)
    deliver(sitting, phone, respond(phone, {REF: TEXT}), at=NOW + 2 * MINUTE)
    late = respond(phone, {REF: "друго"})
    Sitting.objects.filter(pk=sitting.pk).update(state="handed_in", handed_in_at=NOW + 3 * MINUTE)
    give(sitting, TEXT, 2, teacher)
    deliver(sitting, phone, late, at=NOW + 4 * MINUTE)
    with pytest.raises(TextChanged):
        give(sitting, TEXT, 1, teacher)
    give(sitting, "друго", 1, teacher)
    assert list(Mark.objects.values_list("half_points", flat=True)) == [2, 1]


def test_nothing_to_mark(group: ClassGroup, teacher: Person) -> None:
    pupils = [make_pupil(group) for _ in range(3)]
    administration = make_administration([group], form=make_written_form())
    blank, none, other = (administration.sittings.get(candidate=pupil) for pupil in pupils)
    with pytest.raises(MarkRefused, match="nothing was written"):
        give(sit(blank, {REF: " "}), " ", 0, teacher)
    with pytest.raises(TextChanged):
        give(sit(none, {}, seen=[REF]), TEXT, 0, teacher)
    choice = ItemVersion.objects.get(ref="ma-102.1")
    with pytest.raises(MarkRefused, match="not marked by people"):
        give(sit(other, {"ma-102.1": "b"}), "b", 2, teacher, version=choice)
    assert not Mark.objects.exists()


def test_not_for_an_item_of_another_form(sitting: Sitting, teacher: Person) -> None:
    Sitting.objects.filter(pk=sitting.pk).update(form=make_form())
    with pytest.raises(MarkRefused, match="not on the form"):
        give(fresh(sitting), TEXT, 2, teacher)


def test_a_note_has_its_length(sitting: Sitting, teacher: Person) -> None:
    with pytest.raises(ValueError, match="300 characters"):
        give(sitting, TEXT, 2, teacher, note="x" * 301)
    assert give(sitting, TEXT, 2, teacher, note="x" * 300).note == "x" * 300


def test_everything_is_on_record(sitting: Sitting, teacher: Person) -> None:
    give(sitting, TEXT, 1, teacher)
    entry = AuditEntry.objects.get(action="mark")
    assert (entry.actor, entry.subject, entry.at) == (teacher, sitting.candidate, NOW)
    assert entry.detail == {
        "sitting": str(sitting.public_id), "item": REF, "number": 1, "half_points": 1,
        "text": text_digest(TEXT),
    }  # fmt: skip


def test_the_database_holds_the_rules_too(both_databases: None) -> None:
    group = make_class()
    pupil, teacher = make_pupil(group), make_teacher(group)
    sitting = make_texts(group, {pupil: TEXT}).sittings.get()
    mark = give(sitting, TEXT, 1, teacher)
    for change in ({"half_points": 2}, {"text_sha256": "x"}, {"note": "other"}):
        with pytest.raises(IntegrityError, match="a mark is never changed"), transaction.atomic():
            Mark.objects.update(**change)
    fields = {
        "sitting": sitting, "version": mark.version, "text_sha256": "x", "half_points": 1,
        "marked_by": teacher, "marked_at": NOW,
    }  # fmt: skip
    for bad in (
        {"number": 1},
        {"number": 0},
        {"number": 2, "half_points": 3},
        {"number": 2, "text_sha256": ""},
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            Mark.objects.create(**(fields | bad))
    assert Mark.objects.get().half_points == 1
