"""A decision is made once, with a reason, on record; and current responses and receipt follow it."""

from __future__ import annotations

import json
from typing import Any

import pytest

from accounts.enums import Role
from accounts.models import AuditEntry, Person
from exams.actions.decisions import decide, decide_all
from exams.actions.responses import project_sitting, read_projection
from exams.errors import AlreadyDecided
from exams.models import ConflictingEvent, CurrentResponse, Decision, ResponseEvent, Sitting, SittingEvent
from exams.queries.receipts import receipt_of
from tests.factories.accounts import NOW, make_class, make_member, make_pupil
from tests.factories.exams import make_administration
from tests.factories.phones import MINUTE, begin, deliver, fresh, respond, sealed_while_asleep

pytestmark = pytest.mark.django_db

BEFORE = {"ma-102.1": "a"}
ASLEEP = {"ma-102.1": "b", "ma-112.1": {"x": "15"}}


@pytest.fixture
def sitting() -> Sitting:
    group = make_class()
    make_pupil(group)
    return make_administration([group]).sittings.get()


@pytest.fixture
def actor(sitting: Sitting) -> Person:
    return make_member(sitting.candidate.enrollments.get().class_group.school, Role.INVIGILATOR)


def waiting() -> list[ResponseEvent]:
    return list(ResponseEvent.objects.filter(verdict="quarantined", decision=None).order_by("seq"))


def conflict_on_a_response(sitting: Sitting, *others: str) -> list[ConflictingEvent]:
    """The phone answers a; then other bytes come under the same number, with each of `others` for a value."""
    phone = begin(sitting)
    (line,) = respond(phone, BEFORE)
    deliver(sitting, phone, [line], at=NOW + 2 * MINUTE)
    for other in others:
        fields = json.loads(line) | {"value": other}
        deliver(sitting, phone, [json.dumps(fields)], at=NOW + 3 * MINUTE)
    return list(ConflictingEvent.objects.order_by("pk"))


def test_one_event_that_counts_changes_what_is_read(sitting: Sitting, actor: Person) -> None:
    sat, _ = sealed_while_asleep(sitting, BEFORE, ASLEEP)
    first, second = waiting()
    assert (first.reason, second.reason) == ("after_seal", "after_seal")
    assert read_projection(sat).responses == BEFORE
    decision = decide(event=first, counts=True, reason=" slept offline ", actor=actor, now=NOW)
    assert (decision.event, decision.conflict, decision.counts) == (first, None, True)
    assert (decision.reason, decision.decided_by, decision.decided_at) == ("slept offline", actor, NOW)
    projection = read_projection(sat)
    assert projection.responses == {"ma-102.1": "b"}
    assert projection.late == {"ma-102.1"}
    assert waiting() == [second]


def test_what_does_not_count_changes_nothing_and_waits_no_more(sitting: Sitting, actor: Person) -> None:
    sat, _ = sealed_while_asleep(sitting, BEFORE, ASLEEP)
    decide(event=waiting()[0], counts=False, reason="phone of somebody else", actor=actor, now=NOW)
    assert read_projection(sat).responses == BEFORE
    assert len(waiting()) == 1


def test_all_of_one_cause_at_once(sitting: Sitting, actor: Person) -> None:
    sat, phone = sealed_while_asleep(sitting, BEFORE, ASLEEP)
    before = receipt_of(sat)
    number = decide_all(
        sitting=sat, device=phone.device, why_waiting="after_seal", counts=True, reason="slept", actor=actor,
        now=NOW,
    )  # fmt: skip
    assert (number, waiting()) == (2, [])
    project_sitting(sitting=sat)
    stored = CurrentResponse.objects.filter(sitting=sat).values_list("version__ref", "value", "late")
    assert {ref: (value, late) for ref, value, late in stored} == {
        "ma-102.1": ("b", True),
        "ma-112.1": ({"x": "15"}, True),
    }
    after = receipt_of(sat)
    assert before is not None and after is not None
    assert (before.answered, after.answered, after.code == before.code) == (1, 2, True)


def test_other_causes_and_other_devices_are_left(sitting: Sitting, actor: Person) -> None:
    phone, other = begin(sitting), begin(sitting, device="B" * 22)
    lines = respond(phone, BEFORE)
    deliver(sitting, phone, [*lines, phone.event("seen", "ma-112.1", prev="x" * 43)], at=NOW + 2 * MINUTE)
    strange = other.event("seen", "no-such.1")
    broken = other.event("response", "ma-102.1", "c", prev="x" * 43)
    deliver(sitting, other, [strange, broken], at=NOW + 3 * MINUTE)
    decided = decide_all(
        sitting=sitting, device=other.device, why_waiting="broken_chain", counts=True, reason="x",
        actor=actor, now=NOW,
    )  # fmt: skip
    assert decided == 1
    left = {(event.device, event.reason) for event in waiting()}
    assert left == {(phone.device, "broken_chain"), (other.device, "unknown_item")}


def test_a_second_decision_is_refused(sitting: Sitting, actor: Person) -> None:
    sat, phone = sealed_while_asleep(sitting, BEFORE, ASLEEP)
    first, second = waiting()
    decide(event=first, counts=False, reason="no", actor=actor, now=NOW)
    for _ in range(2):
        with pytest.raises(AlreadyDecided):
            decide(event=first, counts=True, reason="yes after all", actor=actor, now=NOW)
    how: dict[str, Any] = {"counts": True, "reason": "rest", "actor": actor, "now": NOW}
    assert decide_all(sitting=sat, device=phone.device, why_waiting="after_seal", **how) == 1
    with pytest.raises(AlreadyDecided):
        decide_all(sitting=sat, device=phone.device, why_waiting="after_seal", **how)
    assert list(Decision.objects.values_list("event", "counts")) == [(first.pk, False), (second.pk, True)]


def test_a_conflict_that_counts_takes_the_place_of_the_first(sitting: Sitting, actor: Person) -> None:
    (conflict,) = conflict_on_a_response(sitting, "b")
    assert read_projection(sitting).responses == {"ma-102.1": "a"}
    decide(conflict=conflict, counts=True, reason="seen on the phone", actor=actor, now=NOW)
    assert read_projection(sitting).responses == {"ma-102.1": "b"}
    with pytest.raises(AlreadyDecided):
        decide(conflict=conflict, counts=False, reason="no", actor=actor, now=NOW)


def test_a_conflict_with_an_unreadable_value_keeps_the_rest_readable(sitting: Sitting, actor: Person) -> None:
    phone = begin(sitting)
    lines = respond(phone, {"ma-102.1": "a", "ma-106.1": {"1": True}})
    deliver(sitting, phone, lines, at=NOW + 2 * MINUTE)
    deliver(sitting, phone, [lines[0].replace('"a"', "7" * 5000)], at=NOW + 3 * MINUTE)
    decide(conflict=ConflictingEvent.objects.get(), counts=True, reason="x", actor=actor, now=NOW)
    assert read_projection(sitting).responses == {"ma-102.1": "\ufffd", "ma-106.1": {"1": True}}


def test_a_conflict_that_does_not_count_leaves_the_first(sitting: Sitting, actor: Person) -> None:
    (conflict,) = conflict_on_a_response(sitting, "b")
    decide(conflict=conflict, counts=False, reason="forged", actor=actor, now=NOW)
    assert read_projection(sitting).responses == {"ma-102.1": "a"}


def test_only_one_can_stand_under_a_number(sitting: Sitting, actor: Person) -> None:
    first, second = conflict_on_a_response(sitting, "b", "c")
    decide(conflict=first, counts=True, reason="this one", actor=actor, now=NOW)
    with pytest.raises(AlreadyDecided):
        decide(conflict=second, counts=True, reason="this one too", actor=actor, now=NOW)
    decide(conflict=second, counts=False, reason="not this one", actor=actor, now=NOW)
    assert read_projection(sitting).responses == {"ma-102.1": "b"}


@pytest.mark.parametrize("reason", ["", "   ", "x" * 201])
def test_no_decision_without_a_reason(sitting: Sitting, actor: Person, reason: str) -> None:
    sat, phone = sealed_while_asleep(sitting, BEFORE, ASLEEP)
    with pytest.raises(ValueError, match="reason"):
        decide(event=waiting()[0], counts=True, reason=reason, actor=actor, now=NOW)
    with pytest.raises(ValueError, match="reason"):
        decide_all(
            sitting=sat, device=phone.device, why_waiting="after_seal", counts=True, reason=reason,
            actor=actor, now=NOW,
        )  # fmt: skip
    assert not Decision.objects.exists()


def test_only_what_waits_can_be_decided(sitting: Sitting, actor: Person) -> None:
    sealed_while_asleep(sitting, BEFORE, ASLEEP)
    how: dict[str, Any] = {"counts": True, "reason": "why not", "actor": actor, "now": NOW}
    with pytest.raises(ValueError, match="nothing to decide"):
        decide(event=ResponseEvent.objects.get(verdict="counted"), **how)
    with pytest.raises(ValueError, match="one event, or on one conflict"):
        decide(**how)


def test_everything_is_on_record(sitting: Sitting, actor: Person) -> None:
    sat, phone = sealed_while_asleep(sitting, BEFORE, ASLEEP)
    decide_all(
        sitting=sat, device=phone.device, why_waiting="after_seal", counts=True, reason="slept", actor=actor,
        now=NOW,
    )  # fmt: skip
    expected = {
        "device": phone.device, "seq": [2, 3], "counts": True, "reason": "slept", "why_waiting": "after_seal",
    }  # fmt: skip
    happened = SittingEvent.objects.get(sitting=sat, kind="decided")
    assert (happened.actor, happened.at, happened.detail) == (actor, NOW, expected)
    entry = AuditEntry.objects.get(action="decide")
    assert (entry.actor, entry.subject, entry.at, entry.detail) == (actor, sat.candidate, NOW, expected)


def test_a_decision_moves_no_state(sitting: Sitting, actor: Person) -> None:
    """A hand-in that counts by a decision changes neither end nor hand-in: those are the server's."""
    sat, phone = sealed_while_asleep(sitting, BEFORE, {})
    deliver(sat, phone, [phone.event("hand_in", value="candidate")], at=NOW + 3000 * MINUTE)
    before = (sat.state, sat.ends_at, sat.handed_in_at, sat.handed_in_cause, sat.sealed_at)
    decide(event=waiting()[0], counts=True, reason="it was in time", actor=actor, now=NOW)
    after = fresh(sat)
    assert (
        after.state, after.ends_at, after.handed_in_at, after.handed_in_cause, after.sealed_at,
    ) == before  # fmt: skip
