"""Chain, gaps and decisions of one journal, as bytes tell them."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from typing import Any

from exams.counting import Kept
from exams.verification import Conflict, DeviceRecord, SittingRecord, journal_findings
from exams.verification_remedies import REMEDIES
from tests.exams.intake.phone import Device

SITTING = "5f0c2a4e-0000-4000-8000-000000000001"


def phone(name: str = "A" * 22) -> Device:
    made = Device(device=name)
    made.opened(SITTING, 1)
    return made


def kept_of(made: Device, lines: list[str], **columns: Any) -> tuple[Kept, ...]:
    """Rows as the intake writes them, all of them responses to one item."""
    rows = []
    for seq, line in enumerate(lines, start=1):
        digest = hashlib.sha256(line.encode()).digest()
        row = Kept(seq, made.device, seq, 1, "response", "ma-102.1", line, "counted", digest)
        rows.append(replace(row, **columns) if columns and seq == len(lines) else row)
    return tuple(rows)


def record(made: Device, kept: tuple[Kept, ...], **parts: object) -> SittingRecord:
    device = DeviceRecord(made.device, 1, entered=True, closed=False, last_seq=None)
    whole = SittingRecord(
        key=1, public_id=SITTING, state="started", form=1, time_percent=100, granted_seconds=0,
        limit_seconds=None, closes_at=None, cut_off_ms=0, started_at=1, ends_at=None, paused_at=None,
        handed_in_at=None, handed_in_cause="", sealed_at=None, refs=frozenset({"ma-102.1"}),
        devices=(device,), kept=kept,
    )  # fmt: skip
    return replace(whole, **parts)  # type: ignore[arg-type]


def found(one: SittingRecord) -> list[tuple[str, int | None, bool]]:
    return [(finding.code, finding.seq, finding.wrong) for finding in journal_findings(one)]


def answers(made: Device, *values: str) -> list[str]:
    return [made.event("response", "ma-102.1", value) for value in values]


def test_a_whole_journal() -> None:
    made = phone()
    one = record(made, kept_of(made, answers(made, "a", "b", "c")))
    assert found(one) == []
    assert one.projection().responses == {"ma-102.1": "c"}


def test_what_was_quarantined_for_its_link_is_no_fault_of_the_store() -> None:
    made = phone()
    lines = [*answers(made, "a"), made.event("response", "ma-102.1", "b", prev="x" * 43)]
    forged = kept_of(made, lines, verdict="quarantined", reason="broken_chain")
    assert found(record(made, forged)) == [("quarantined", 2, False)]
    assert found(record(made, kept_of(made, lines))) == [("chain", 2, True)]


def test_who_follows_a_conflict_that_counts_is_linked_to_that() -> None:
    made, other = phone(), phone()
    first = answers(made, "a")
    instead, after = answers(other, "b", "c")
    kept = kept_of(made, [*first, after])
    waiting = Conflict(made.device, 1, instead, None)
    assert found(record(made, kept, conflicts=(waiting,))) == [("chain", 2, True), ("conflict", 1, False)]
    one = record(made, kept, conflicts=(replace(waiting, counts=True),))
    assert found(one) == []
    assert (one.n_counting, one.projection().late) == (1, frozenset())
    assert record(made, kept[:1], conflicts=(replace(waiting, counts=True),)).projection().responses == {
        "ma-102.1": "b"
    }


def test_an_event_whose_predecessor_is_missing_is_told_as_a_gap() -> None:
    made = phone()
    rows = kept_of(made, answers(made, *"abcdefg"))
    one = record(made, (rows[0], rows[3], rows[6]))
    (gap,) = journal_findings(one)
    assert (gap.code, gap.what, gap.wrong) == ("missing", "4 not here: 2–3, 5–6", False)


def test_what_a_device_has_announced_and_not_delivered() -> None:
    made = phone()
    said = DeviceRecord(made.device, 1, entered=True, closed=True, last_seq=4)
    (gap,) = journal_findings(record(made, kept_of(made, answers(made, "a")), devices=(said,)))
    assert gap.what == "3 not here: 2–4"
    (all_of_it,) = journal_findings(record(made, (), devices=(said,)))
    assert all_of_it.what == "4 not here: 1–4"


def test_two_that_count_under_one_number_and_one_against_nothing() -> None:
    made = phone()
    kept = kept_of(made, answers(made, "a"))
    body = kept[0].body
    two = (Conflict(made.device, 1, body, True), Conflict(made.device, 1, body, True))
    assert found(record(made, kept, conflicts=two)) == [("decision", 1, True)]
    nothing = (Conflict(made.device, 9, body, False),)
    assert found(record(made, kept, conflicts=nothing)) == [("decision", 9, True)]


def test_an_event_of_a_later_epoch_than_its_device_ever_had() -> None:
    made = phone()
    made.epoch = 3
    (row,) = kept_of(made, answers(made, "a"))
    assert found(record(made, (replace(row, epoch=3),))) == [("epoch", 1, True)]
    waits = replace(row, epoch=3, verdict="quarantined", reason="unknown_epoch")
    assert found(record(made, (waits,))) == [("quarantined", 1, False)]


def test_devices_are_looked_at_one_by_one() -> None:
    first, second = phone(), phone("B" * 22)
    kept = (*kept_of(first, answers(first, "a", "b")), *kept_of(second, answers(second, "c")))
    assert found(record(first, kept)) == [("device", None, True)]
    both = tuple(
        DeviceRecord(one.device, 1, entered=True, closed=False, last_seq=None) for one in (first, second)
    )
    assert found(record(first, kept, devices=both)) == []


def test_every_finding_has_a_remedy() -> None:
    assert all(len(remedy) > 20 and not remedy.endswith(".") for remedy in REMEDIES.values())
