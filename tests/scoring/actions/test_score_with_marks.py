"""Does a text count as soon as it is marked, as nothing known until then, and as marked when marked again?"""

from __future__ import annotations

from datetime import timedelta

import pytest

from accounts.enums import Role
from accounts.models import ClassGroup, Person
from accounts.queries.people import class_of
from exams.actions.decisions import decide_all
from exams.actions.sealing import seal_due
from exams.actions.sittings import hand_in_for_pupil, reopen
from exams.models import Administration, Mark, Sitting
from scoring.actions.score import score_sittings
from scoring.models import ItemOutcomeRow, ScoringRun, SittingScore, SubjectEstimate
from tests.factories.accounts import NOW, make_class, make_member, make_pupil, make_teacher
from tests.factories.exams import make_administration
from tests.factories.journal import sit
from tests.factories.marking import REF, give, make_texts, make_written_form, write
from tests.factories.phones import fresh, sealed_while_asleep
from tests.factories.scoring import make_reference_form

pytestmark = pytest.mark.django_db
TEXT = "3x = 12, x = 4"
RIGHT = {"ma-102.1": "b"}


@pytest.fixture
def group() -> ClassGroup:
    return make_class()


@pytest.fixture
def teacher(group: ClassGroup) -> Person:
    return make_teacher(group)


@pytest.fixture
def sitting(group: ClassGroup) -> Sitting:
    """Sealed and scored: one item right, one left, one text."""
    make_reference_form()
    pupil = make_pupil(group)
    administration = make_administration([group], form=make_written_form())
    write(administration, pupil, TEXT, values=RIGHT, seen=["ma-112.1"])
    seal_due(now=NOW + timedelta(hours=1))
    score_sittings(now=NOW)
    return fresh(administration.sittings.get())


def score() -> SittingScore:
    return SittingScore.objects.get()


def outcome() -> ItemOutcomeRow:
    return ItemOutcomeRow.objects.get(version__ref=REF)


def test_a_text_waits_and_says_nothing_of_its_writer(sitting: Sitting, group: ClassGroup) -> None:
    found, row = score(), outcome()
    assert (found.final, found.marks, found.pending_half_points) == (True, 0, 2)
    assert (found.half_points, found.max_half_points) == (2, 6)
    assert (row.status, row.half_points, row.max_half_points, row.mark) == ("pending", 0, 2, None)
    # The same sitting without the written item at all: ability and estimate are the same to the last digit.
    estimate = SubjectEstimate.objects.get()
    other = make_pupil(group)
    plain = make_administration([group], form=make_written_form(items=("ma-102", "ma-112", "ma-106")))
    sit(plain.sittings.get(candidate=other), RIGHT, seen=["ma-112.1"])
    score_sittings(now=NOW)
    without = SittingScore.objects.get(sitting__candidate=other)
    assert (without.theta, without.se, without.log_likelihood) == (
        found.theta, found.se, found.log_likelihood,
    )  # fmt: skip
    same = SubjectEstimate.objects.get(person=other)
    assert (same.theta, same.n_items, same.expected) == (estimate.theta, estimate.n_items, estimate.expected)


def test_a_mark_counts_and_the_score_says_on_which(sitting: Sitting, teacher: Person) -> None:
    before, known = score(), SubjectEstimate.objects.get()
    mark = give(sitting, TEXT, 2, teacher)
    assert (score_sittings(now=NOW), score_sittings(now=NOW)) == (1, 0)
    after, row, better = score(), outcome(), SubjectEstimate.objects.get()
    assert (after.final, after.marks, after.pending_half_points) == (True, 1, 0)
    assert (after.half_points, after.max_half_points) == (before.half_points + 2, 6)
    assert (row.status, row.half_points, row.mark, row.value) == ("answered", 2, mark, TEXT)
    assert after.theta > before.theta
    assert (better.n_items, better.expected > known.expected) == (known.n_items + 1, True)


@pytest.mark.parametrize("half_points", [0, 1])
def test_less_than_everything_lowers_what_is_believed(
    sitting: Sitting, teacher: Person, half_points: int
) -> None:
    give(sitting, TEXT, half_points, teacher)
    score_sittings(now=NOW)
    assert (score().half_points, score().pending_half_points) == (2 + half_points, 0)
    assert outcome().status == "answered"


def test_marked_again_counts_as_marked_last(sitting: Sitting, teacher: Person) -> None:
    for half_points in (2, 0, 1):
        give(sitting, TEXT, half_points, teacher)
        assert score_sittings(now=NOW) == 1
        assert (score().half_points, outcome().half_points) == (2 + half_points, half_points)
    assert (score().marks, Mark.objects.count()) == (3, 3)
    assert outcome().mark == Mark.objects.get(number=3)


def test_admission_points_follow(sitting: Sitting, teacher: Person) -> None:
    before = score().admission_thousandths
    assert before is not None
    give(sitting, TEXT, 2, teacher)
    score_sittings(now=NOW)
    after = score().admission_thousandths
    assert after == 2 * before


def test_exactly_those_that_were_marked_are_scored_anew(group: ClassGroup, teacher: Person) -> None:
    pupils = [make_pupil(group) for _ in range(3)]
    administration = make_texts(group, {pupil: f"x = {n}" for n, pupil in enumerate(pupils)})
    score_sittings(now=NOW)
    keys = dict(SittingScore.objects.values_list("sitting__candidate", "pk"))
    give(administration.sittings.get(candidate=pupils[1]), "x = 1", 1, teacher)
    assert score_sittings(now=NOW) == 1
    again = dict(SittingScore.objects.values_list("sitting__candidate", "pk"))
    assert {pupil for pupil, key in again.items() if keys[pupil] != key} == {pupils[1].pk}


def test_everything_comes_back_from_the_facts(sitting: Sitting, teacher: Person) -> None:
    for half_points in (2, 1):
        give(sitting, TEXT, half_points, teacher)
    score_sittings(now=NOW)
    before = figures()
    ScoringRun.objects.all().delete()
    assert (score_sittings(now=NOW), score_sittings(now=NOW)) == (1, 0)
    assert figures() == before


def figures() -> tuple[object, ...]:
    found, estimate = score(), SubjectEstimate.objects.get()
    rows = ItemOutcomeRow.objects.order_by("position")
    return (
        found.half_points, found.pending_half_points, found.marks, found.theta, found.se,
        found.log_likelihood, list(rows.values_list("position", "status", "half_points", "mark")),
        estimate.theta, estimate.posterior,
    )  # fmt: skip


def test_what_arrives_after_the_mark_waits_again(group: ClassGroup, teacher: Person) -> None:
    """A decision lets a later text count: the mark was on another one, which comes back if that is undone."""
    make_pupil(group)
    sitting = make_administration([group], form=make_written_form()).sittings.get()
    sat, phone = sealed_while_asleep(sitting, {REF: "x = 3"}, {REF: TEXT})
    score_sittings(now=NOW)
    give(sat, "x = 3", 1, teacher)
    score_sittings(now=NOW)
    assert (score().half_points, score().pending_half_points) == (1, 0)
    school = class_of(sat.candidate).school  # type: ignore[union-attr]
    decide_all(
        sitting=sat, device=phone.device, why_waiting="after_seal", counts=True, reason="slept",
        actor=make_member(school, Role.INVIGILATOR), now=NOW,
    )  # fmt: skip
    assert score_sittings(now=NOW) == 1
    assert (score().half_points, score().pending_half_points, score().marks) == (0, 2, 1)
    assert (outcome().status, outcome().mark, outcome().value) == ("pending", None, TEXT)
    give(sat, TEXT, 2, teacher)
    score_sittings(now=NOW)
    assert (score().half_points, score().pending_half_points, score().marks) == (2, 0, 2)


def test_a_reopened_sitting_keeps_the_mark_of_a_text_that_stays(group: ClassGroup, teacher: Person) -> None:
    pupil = make_pupil(group)
    administration: Administration = make_administration([group], form=make_written_form())
    sitting = write(administration, pupil, TEXT, hand_in=False)
    actor = make_member(group.school, Role.INVIGILATOR)
    at = NOW + timedelta(minutes=31)
    hand_in_for_pupil(sitting=sitting, reason="left", actor=actor, now=at)
    give(fresh(sitting), TEXT, 2, teacher)
    score_sittings(now=NOW)
    assert score().half_points == 2
    reopen(sitting=fresh(sitting), seconds=600, reason="back", actor=actor, now=at)
    score_sittings(now=NOW)
    assert not SittingScore.objects.exists()
    hand_in_for_pupil(sitting=fresh(sitting), reason="done", actor=actor, now=at)
    score_sittings(now=NOW)
    assert (score().half_points, score().pending_half_points, score().marks) == (2, 0, 1)
