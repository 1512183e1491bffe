"""Do scores and estimates change together, and follow what is voided and what people decide?"""

from __future__ import annotations

import json
from datetime import timedelta

import pytest

from accounts.enums import Role
from accounts.models import Person
from accounts.queries.people import class_of
from exams.actions.decisions import decide, decide_all
from exams.actions.sealing import seal_due
from exams.actions.sittings import hand_in_for_pupil, open_practice_sitting, reopen, void
from exams.models import Administration, ConflictingEvent, Sitting
from scoring.actions.score import score_sittings
from scoring.models import ScoringRun, SittingScore, SubjectEstimate
from tests.exams.intake.phone import Device
from tests.factories.accounts import NOW, make_class, make_member, make_pupil
from tests.factories.exams import make_administration
from tests.factories.journal import sit
from tests.factories.phones import MINUTE, begin, deliver, respond, sealed_while_asleep
from tests.factories.practice import make_set
from tests.factories.scoring import REFERENCE_ITEMS, make_reference_form, responses, sit_form

pytestmark = pytest.mark.django_db


def test_a_voided_sitting_leaves_score_and_estimate() -> None:
    group = make_class()
    pupil = make_pupil(group)
    form = make_reference_form()
    first, second = (make_administration([group], form=form) for _ in range(2))
    sit_form(first, pupil, correct=["ma-102"])
    sit_form(second, pupil, correct=["ma-102", "ma-112"], minutes=40)
    assert score_sittings(now=NOW) == 2
    assert SubjectEstimate.objects.get().n_sittings == 2
    invigilator = make_member(group.school, Role.INVIGILATOR)
    void(sitting=Sitting.objects.get(administration=second), reason="wrong pupil", actor=invigilator, now=NOW)
    assert score_sittings(now=NOW) == 0
    kept = SubjectEstimate.objects.get()
    assert (kept.n_sittings, SittingScore.objects.count()) == (1, 1)
    figures = (kept.theta, kept.expected, kept.posterior)
    ScoringRun.objects.all().delete()
    assert score_sittings(now=NOW) == 1
    rebuilt = SubjectEstimate.objects.get()
    assert (rebuilt.theta, rebuilt.expected, rebuilt.posterior) == figures


def test_the_last_voided_sitting_takes_the_estimate_along() -> None:
    group = make_class()
    pupil = make_pupil(group)
    administration = make_administration([group], form=make_reference_form())
    sitting = sit_form(administration, pupil, correct=["ma-102"])
    score_sittings(now=NOW)
    void(sitting=sitting, reason="try-out", actor=make_member(group.school, Role.INVIGILATOR), now=NOW)
    score_sittings(now=NOW)
    assert (SittingScore.objects.count(), SubjectEstimate.objects.count()) == (0, 0)


def test_provisional_becomes_final_once_and_then_rests() -> None:
    group = make_class()
    pupil = make_pupil(group)
    administration = make_administration([group], form=make_reference_form())
    sit_form(administration, pupil, correct=["ma-102"])
    assert score_sittings(now=NOW) == 1
    assert SittingScore.objects.get().final is False
    seal_due(now=NOW)
    assert score_sittings(now=NOW) == 1
    assert SittingScore.objects.get().final is True
    assert score_sittings(now=NOW) == 0


def asleep_and_scored(pupil: Person, administration: Administration) -> tuple[Sitting, Device]:
    """One right response arrived in time; another waits: the phone that has it came after the seal."""
    form = administration.form
    rightly = responses(form, REFERENCE_ITEMS)
    first, second = list(rightly)[:2]
    sitting = Sitting.objects.get(administration=administration, candidate=pupil)
    found = sealed_while_asleep(sitting, {first: rightly[first]}, {second: rightly[second]})
    score_sittings(now=NOW)
    return found


def decide_on(sitting: Sitting, phone: Device, *, counts: bool) -> None:
    actor = make_member(class_of(sitting.candidate).school, Role.INVIGILATOR)  # type: ignore[union-attr]
    decide_all(
        sitting=sitting, device=phone.device, why_waiting="after_seal", counts=counts, reason="slept",
        actor=actor, now=NOW,
    )  # fmt: skip


def test_what_a_person_counts_after_the_seal_changes_score_and_estimate() -> None:
    group = make_class()
    pupil = make_pupil(group)
    administration = make_administration([group], form=make_reference_form())
    sitting, phone = asleep_and_scored(pupil, administration)
    before, known = SittingScore.objects.get(), SubjectEstimate.objects.get()
    assert (before.final, before.decisions) == (True, 0)
    decide_on(sitting, phone, counts=True)
    assert score_sittings(now=NOW) == 1
    after, better = SittingScore.objects.get(), SubjectEstimate.objects.get()
    assert (after.final, after.decisions) == (True, 1)
    assert after.half_points > before.half_points
    assert after.outcomes.filter(status="answered").count() == 2
    assert better.expected > known.expected
    assert score_sittings(now=NOW) == 0


def test_what_does_not_count_scores_nothing_anew() -> None:
    group = make_class()
    pupil = make_pupil(group)
    administration = make_administration([group], form=make_reference_form())
    sitting, phone = asleep_and_scored(pupil, administration)
    before = SittingScore.objects.get().pk
    decide_on(sitting, phone, counts=False)
    assert score_sittings(now=NOW) == 0
    assert SittingScore.objects.get().pk == before


def test_exactly_those_that_were_decided_are_scored_anew() -> None:
    group = make_class()
    pupils = [make_pupil(group) for _ in range(3)]
    administration = make_administration([group], form=make_reference_form())
    found = [asleep_and_scored(pupil, administration) for pupil in pupils]
    scores = {score.sitting_id: score.pk for score in SittingScore.objects.all()}
    decide_on(*found[1], counts=True)
    assert score_sittings(now=NOW) == 1
    again = {score.sitting_id: score.pk for score in SittingScore.objects.all()}
    assert {sitting for sitting, key in again.items() if scores[sitting] != key} == {found[1][0].pk}
    ScoringRun.objects.all().delete()
    assert (score_sittings(now=NOW), score_sittings(now=NOW)) == (3, 0)
    assert sorted(SittingScore.objects.values_list("decisions", flat=True)) == [0, 0, 1]


def test_a_conflict_that_counts_is_scored() -> None:
    group = make_class()
    make_pupil(group)
    administration = make_administration([group], form=make_reference_form())
    form = administration.form
    ref = next(iter(responses(form, ())))
    sitting = Sitting.objects.get(administration=administration)
    phone = begin(sitting)
    (line,) = respond(phone, {ref: responses(form, ())[ref]})
    deliver(sitting, phone, [line], at=NOW + 2 * MINUTE)
    better = json.dumps(json.loads(line) | {"value": responses(form, REFERENCE_ITEMS)[ref]})
    deliver(sitting, phone, [better], at=NOW + 3 * MINUTE)
    seal_due(now=NOW + timedelta(hours=2))
    seal_due(now=NOW + timedelta(hours=26))
    assert score_sittings(now=NOW) == 1
    assert SittingScore.objects.get().half_points == 0
    actor = make_member(group.school, Role.INVIGILATOR)
    decide(conflict=ConflictingEvent.objects.get(), counts=True, reason="seen", actor=actor, now=NOW)
    assert (score_sittings(now=NOW), score_sittings(now=NOW)) == (1, 0)
    assert SittingScore.objects.get().half_points > 0


def test_a_reopened_sitting_has_no_score_until_it_is_handed_in_again() -> None:
    group = make_class()
    make_pupil(group)
    sitting = Sitting.objects.get(administration=make_administration([group]))
    sit(sitting, {"ma-102.1": "b"}, hand_in=False)
    invigilator = make_member(group.school, Role.INVIGILATOR)
    hand_in_for_pupil(sitting=sitting, reason="left", actor=invigilator, now=NOW + timedelta(minutes=31))
    score_sittings(now=NOW)
    assert SittingScore.objects.filter(sitting=sitting).exists()
    reopen(
        sitting=sitting, seconds=600, reason="came back", actor=invigilator, now=NOW + timedelta(minutes=32)
    )
    score_sittings(now=NOW)
    assert not SittingScore.objects.filter(sitting=sitting).exists()


def test_of_a_practice_set_only_what_was_seen_counts() -> None:
    make_reference_form()
    pupil = make_pupil(make_class())
    form = make_set(["ma-501", "ma-502", "ma-503", "ma-504"])
    values = responses(form, ["ma-501", "ma-502"])
    opened = open_practice_sitting(form=form, candidate=pupil, now=NOW)
    sit(opened, {ref: values[ref] for ref in ("ma-501.1", "ma-502.1")}, seen=["ma-503.1"])
    score_sittings(now=NOW)
    score = SittingScore.objects.get()
    assert (score.half_points, score.max_half_points) == (4, 6)
    rows = [(row.version.ref, row.status) for row in score.outcomes.select_related("version")]
    assert rows == [("ma-501.1", "answered"), ("ma-502.1", "answered"), ("ma-503.1", "omitted")]


def test_a_practice_set_handed_in_unseen_is_scored_as_nothing() -> None:
    make_reference_form()
    pupil = make_pupil(make_class())
    opened = open_practice_sitting(form=make_set(["ma-501", "ma-502"]), candidate=pupil, now=NOW)
    sit(opened, {})
    score_sittings(now=NOW)
    score = SittingScore.objects.get()
    assert (score.half_points, score.max_half_points, score.outcomes.count()) == (0, 0, 0)
    assert SubjectEstimate.objects.count() == 0


def test_what_was_found_with_a_hint_keeps_its_points_and_says_as_much_as_a_miss() -> None:
    make_reference_form()
    group = make_class()
    form = make_set(["ma-501", "ma-502"])
    scores = {}
    for name, hinted, correct in (
        ("alone", [], ["ma-501", "ma-502"]),
        ("hinted", ["ma-502.1"], ["ma-501", "ma-502"]),
        ("missed", [], ["ma-501"]),
    ):
        opened = open_practice_sitting(form=form, candidate=make_pupil(group), now=NOW)
        sit(opened, responses(form, correct), hinted=hinted)
        score_sittings(now=NOW)
        scores[name] = SittingScore.objects.get(sitting=opened)
    assert [score.half_points for score in scores.values()] == [4, 4, 2]
    assert scores["hinted"].theta == scores["missed"].theta < scores["alone"].theta
    hinted = scores["hinted"].outcomes.order_by("position").values_list("hinted", flat=True)
    assert list(hinted) == [False, True]
