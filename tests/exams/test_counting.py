"""What counts in Python is what counts in the journal's SQL."""

from __future__ import annotations

import json

from accounts.enums import Role
from exams.actions.decisions import decide
from exams.actions.responses import read_projection
from exams.counting import Kept, counted, other_event
from exams.models import ConflictingEvent, ResponseEvent, Sitting
from exams.projection import JournalEvent, project
from tests.factories.accounts import NOW, make_class, make_member, make_pupil
from tests.factories.exams import make_administration
from tests.factories.phones import MINUTE, begin, deliver, respond


def kept(key: int, seq: int, value: str, verdict: str = "counted", kind: str = "response") -> Kept:
    return Kept(key, "A", seq, 1, kind, "ma-102.1", json.dumps({"value": value}), verdict)


def test_quarantined_counts_only_when_decided_and_is_late() -> None:
    rows = [kept(1, 1, "a"), kept(2, 2, "b", "quarantined"), kept(3, 3, "c", "quarantined")]
    assert [event.value for event in counted(rows)] == ["a"]
    assert [(event.value, event.late) for event in counted(rows, {2})] == [("a", False), ("b", True)]


def test_late_counted_is_late() -> None:
    assert [event.late for event in counted([kept(1, 1, "a", "late_counted")])] == [True]


def test_values_of_what_has_none_are_not_read() -> None:
    assert [event.value for event in counted([kept(1, 1, "x", kind="seen")])] == [None]


def test_another_body_takes_the_place_of_the_first_whatever_its_verdict() -> None:
    body = json.dumps(
        {"seq": 1, "epoch": 4, "kind": "response", "item": "ma-106.1", "value": "z", "clock": "c", "mono": 1,
         "wall": 1, "prev": "p"}
    )  # fmt: skip
    expected = JournalEvent(4, 1, "response", "ma-106.1", "z", True, "A")
    assert other_event("A", 1, body) == expected
    for verdict in ("counted", "quarantined"):
        assert list(counted([kept(1, 1, "a", verdict)], (), {("A", 1): body})) == [expected]
    assert [event.value for event in counted([kept(1, 1, "a")], (), {("B", 1): body})] == ["a"]


def test_the_same_as_the_journal_says(both_databases: None) -> None:
    group = make_class()
    make_pupil(group)
    sitting: Sitting = make_administration([group]).sittings.get()
    actor = make_member(group.school, Role.INVIGILATOR)
    phone, other = begin(sitting, device="A" * 22), begin(sitting, device="B" * 22)
    lines = respond(phone, {"ma-102.1": "a", "ma-106.1": {"1": True}, "ma-112.1": {"x": "1"}})
    deliver(sitting, phone, lines, at=NOW + 2 * MINUTE)
    forged = [
        other.event("response", "ma-102.1", "c", prev="x" * 43),
        other.event("response", "ma-112.1", {"x": "2"}),
    ]
    deliver(sitting, other, forged, at=NOW + 3 * MINUTE)
    for value in ({"x": "8"}, {"x": "9"}):
        changed = json.dumps(json.loads(lines[2]) | {"value": value})
        deliver(sitting, phone, [changed], at=NOW + 4 * MINUTE)
    how = {"reason": "seen", "actor": actor, "now": NOW}
    for counts, event in zip(
        (True, False), ResponseEvent.objects.filter(verdict="quarantined"), strict=False
    ):
        decide(event=event, counts=counts, **how)  # type: ignore[arg-type]
    for counts, conflict in zip((False, True), ConflictingEvent.objects.all(), strict=True):
        decide(conflict=conflict, counts=counts, **how)  # type: ignore[arg-type]
    rows = [
        Kept(row.pk, row.device, row.seq, row.epoch, row.kind, row.item_ref, row.body, row.verdict)
        for row in ResponseEvent.objects.all()
    ]
    decided = set(ResponseEvent.objects.filter(decision__counts=True).values_list("pk", flat=True))
    instead = {
        (row.device, row.seq): row.body for row in ConflictingEvent.objects.filter(decision__counts=True)
    }
    assert len(instead) == 1
    assert project(counted(rows, decided, instead)) == read_projection(sitting)
    assert project(counted(rows)) != read_projection(sitting)
