"""Both sides are told, and what the page promises is what counts afterwards."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest

from accounts.enums import Role
from accounts.models import ClassGroup, Person
from exams.actions.decisions import decide, decide_all
from exams.actions.responses import read_projection
from exams.errors import AlreadyDecided
from exams.models import ConflictingEvent, Sitting
from exams.queries.decisions import (
    CONFLICT,
    Group,
    decided_in_room,
    get_waiting_conflict,
    get_waiting_event,
    number_waiting,
    waiting_in_room,
)
from exams.response_parts import Part, parts_of
from tests.factories.accounts import NOW, make_class, make_member, make_pupil
from tests.factories.exams import make_administration
from tests.factories.phones import MINUTE, begin, deliver, respond, sealed_while_asleep

pytestmark = pytest.mark.django_db

BEFORE = {"ma-102.1": "a"}
ASLEEP = {"ma-102.1": "b", "ma-112.1": {"x": "3,5"}}


@pytest.fixture
def room() -> ClassGroup:
    return make_class()


@pytest.fixture
def sitting(room: ClassGroup) -> Sitting:
    make_pupil(room)
    return make_administration([room]).sittings.get()


@pytest.fixture
def actor(room: ClassGroup) -> Person:
    return make_member(room.school, Role.INVIGILATOR)


def only_group(room: ClassGroup) -> Group:
    (one,) = waiting_in_room(room)
    (group,) = one.groups
    return group


def conflict(sitting: Sitting, *others: str) -> None:
    phone = begin(sitting)
    (line,) = respond(phone, BEFORE)
    deliver(sitting, phone, [line], at=NOW + 2 * MINUTE)
    for minutes, other in enumerate(others, start=3):
        fields = json.loads(line) | {"value": other}
        deliver(sitting, phone, [json.dumps(fields)], at=NOW + minutes * MINUTE)


def test_nothing_waits(room: ClassGroup, sitting: Sitting) -> None:
    phone = begin(sitting)
    deliver(sitting, phone, respond(phone, BEFORE), at=NOW + 2 * MINUTE)
    assert (waiting_in_room(room), number_waiting(room), decided_in_room(room)) == ([], 0, [])


def test_both_sides_of_what_a_sleeping_phone_delivers(room: ClassGroup, sitting: Sitting) -> None:
    sat, phone = sealed_while_asleep(sitting, BEFORE, ASLEEP)
    assert number_waiting(room) == 1
    (one,) = waiting_in_room(room)
    assert one.sitting == sat
    group = only_group(room)
    assert (group.device, group.why, group.conflict) == (phone.device, "after_seal", None)
    # The phone had gone on for half an hour after its second minute, then slept for two days.
    given = NOW + 32 * MINUTE
    assert (group.by_phone, group.estimated) == ((given, given), (given, given))
    assert group.first_received == NOW + timedelta(hours=48)
    assert group.last_contact == NOW + 2 * MINUTE
    assert [(line.seq, line.kind, line.position) for line in group.lines] == [
        (2, "response", 1),
        (3, "response", 3),
    ]
    assert group.lines[1].parts == (Part("x", "3,5"),)


def test_changes_name_what_counts_now_and_what_would(room: ClassGroup, sitting: Sitting) -> None:
    sealed_while_asleep(sitting, BEFORE, ASLEEP)
    changes = only_group(room).changes
    assert [(change.position, change.present, change.would) for change in changes] == [
        (1, (Part(text="a"),), (Part(text="b"),)),
        (3, (), (Part("x", "3,5"),)),
    ]


def test_an_older_event_changes_nothing(room: ClassGroup, sitting: Sitting) -> None:
    """It waits, but a newer response to the same item counts already."""
    phone = begin(sitting)
    broken = phone.event("response", "ma-102.1", "c", prev="x" * 43)
    deliver(sitting, phone, [broken, *respond(phone, BEFORE)], at=NOW + 2 * MINUTE)
    group = only_group(room)
    assert (group.why, group.changes) == ("broken_chain", ())


def test_the_promise_holds(room: ClassGroup, sitting: Sitting, actor: Person) -> None:
    sat, phone = sealed_while_asleep(sitting, BEFORE, ASLEEP)
    promised = {change.position: change.would for change in only_group(room).changes}
    decide_all(
        sitting=sat, device=phone.device, why_waiting="after_seal", counts=True, reason="ok", actor=actor,
        now=NOW,
    )  # fmt: skip
    responses = read_projection(sat).responses
    assert {1: parts_of(responses["ma-102.1"]), 3: parts_of(responses["ma-112.1"])} == promised
    assert waiting_in_room(room) == []


def test_groups_by_device_and_cause(room: ClassGroup, sitting: Sitting) -> None:
    first, second = begin(sitting, device="A" * 22), begin(sitting, device="B" * 22)
    for phone in (second, first):
        lines = [
            phone.event("response", "ma-102.1", "c", prev="x" * 43),
            phone.event("seen", "no-such.1"),
            phone.event("seen", "no-such.2"),
        ]
        deliver(sitting, phone, lines, at=NOW + 2 * MINUTE)
    (one,) = waiting_in_room(room)
    assert [(group.device[0], group.why, len(group.lines)) for group in one.groups] == [
        ("A", "broken_chain", 1),
        ("A", "unknown_item", 2),
        ("B", "broken_chain", 1),
        ("B", "unknown_item", 2),
    ]


def test_a_conflict_shows_both_and_what_it_would_change(
    room: ClassGroup, sitting: Sitting, actor: Person
) -> None:
    conflict(sitting, "b", "c")
    (one,) = waiting_in_room(room)
    assert [group.why for group in one.groups] == [CONFLICT, CONFLICT]
    group = one.groups[0]
    assert group.kept is not None
    assert (group.kept.parts, group.lines[0].parts) == ((Part(text="a"),), (Part(text="b"),))
    assert [(change.present, change.would) for change in group.changes] == [
        ((Part(text="a"),), (Part(text="b"),))
    ]
    assert group.conflict is not None
    decide(
        conflict=get_waiting_conflict(sitting, group.conflict), counts=True, reason="x", actor=actor, now=NOW
    )
    other = only_group(room)
    assert (other.lines[0].parts, other.settled) == ((Part(text="c"),), True)


def test_phones_with_impossible_dates_are_shown_without_one(room: ClassGroup, sitting: Sitting) -> None:
    phone = begin(sitting)
    line = phone.event("response", "ma-102.1", "b", wall=2**52, prev="x" * 43)
    deliver(sitting, phone, [line], at=NOW + 2 * MINUTE)
    assert only_group(room).by_phone is None


def test_a_forged_value_is_no_response_and_breaks_nothing(room: ClassGroup, sitting: Sitting) -> None:
    phone = begin(sitting)
    line = phone.event("response", "ma-102.1", "VALUE", prev="x" * 43)
    line = line.replace('"VALUE"', "7" * 5000)
    deliver(sitting, phone, [line], at=NOW + 2 * MINUTE)
    (change,) = only_group(room).changes
    assert change.would == (Part(readable=False),)


def test_other_rooms_and_practice_are_not_shown(room: ClassGroup, sitting: Sitting) -> None:
    sealed_while_asleep(sitting, BEFORE, ASLEEP)
    elsewhere = make_class()
    make_pupil(elsewhere)
    assert (number_waiting(elsewhere), waiting_in_room(elsewhere)) == (0, [])


def test_decided_is_one_row_per_word(room: ClassGroup, sitting: Sitting, actor: Person) -> None:
    sat, phone = sealed_while_asleep(sitting, BEFORE, ASLEEP)
    how = {"actor": actor, "reason": "slept offline"}
    decide(event=get_waiting_event(sat, phone.device, 2), counts=False, now=NOW, **how)  # type: ignore[arg-type]
    later = NOW + MINUTE
    decide_all(sitting=sat, device=phone.device, why_waiting="after_seal", counts=True, now=later, **how)  # type: ignore[arg-type]
    rows = [(row.at, row.counts, row.n_events, row.why, row.by, row.reason) for row in decided_in_room(room)]
    assert rows == [
        (later, True, 1, "after_seal", actor, "slept offline"),
        (NOW, False, 1, "after_seal", actor, "slept offline"),
    ]


def test_what_is_decided_is_not_found_again(sitting: Sitting, actor: Person) -> None:
    sat, phone = sealed_while_asleep(sitting, BEFORE, ASLEEP)
    decide(event=get_waiting_event(sat, phone.device, 2), counts=False, reason="no", actor=actor, now=NOW)
    for seq in (1, 2, 99):
        with pytest.raises(AlreadyDecided):
            get_waiting_event(sat, phone.device, seq)
    with pytest.raises(AlreadyDecided):
        get_waiting_conflict(sat, 1)
    assert not ConflictingEvent.objects.exists()
