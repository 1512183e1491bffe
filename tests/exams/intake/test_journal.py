"""What is written for a batch, with which verdict, and what it amounts to."""

from __future__ import annotations

import hashlib
import random

import pytest

from accounts.enums import Role
from exams.actions.responses import project_sitting, read_projection
from exams.actions.sealing import seal_due
from exams.actions.sittings import grant_time
from exams.intake import journal
from exams.models import ConflictingEvent, ResponseEvent, Sitting, SittingDevice
from tests.exams.intake.desk import MINUTE, NINE, Desk, moment, verdicts
from tests.exams.intake.phone import Device
from tests.factories.accounts import make_member

END = NINE + 60 * MINUTE


@pytest.fixture
def device(desk: Desk, trial: Sitting) -> Device:
    """Has opened and started the sitting at NINE."""
    device = desk.open(trial)
    desk.start(trial)
    return device


# ---- late --------------------------------------------------------------------------------------------
def test_made_before_the_end_and_delivered_after_it_counts_as_late(
    desk: Desk, trial: Sitting, device: Device
) -> None:
    device.pass_time(59 * 60)
    line = device.event("response", "ma-102.1", "b")
    device.pass_time(6 * 60)
    saved = desk.save(trial, device, line, at=END + 5 * MINUTE)
    assert saved.acked_upto == 1
    row = ResponseEvent.objects.get()
    assert (row.verdict, row.reason, row.estimated_at) == ("late_counted", "", moment(END - MINUTE))
    assert [(row.value, row.late) for row in project_sitting(sitting=trial)] == [("b", True)]


def test_within_the_grace_it_is_not_late(desk: Desk, trial: Sitting, device: Device) -> None:
    device.pass_time(3599)
    line = device.event("response", "ma-102.1", "b")
    device.pass_time(20)
    desk.save(trial, device, line, at=END + 19_000)
    assert verdicts(trial) == [(1, "counted", "")]


def test_made_after_the_end_waits_for_a_person(desk: Desk, trial: Sitting, device: Device) -> None:
    device.pass_time(3603)
    saved = desk.save(trial, device, device.event("response", "ma-102.1", "b"), at=END + 3_000)
    assert saved.acked_upto == 1
    assert verdicts(trial) == [(1, "quarantined", "after_end")]
    assert project_sitting(sitting=trial) == []


def test_after_the_seal_everything_waits_for_a_person(desk: Desk, trial: Sitting, device: Device) -> None:
    device.pass_time(60)
    line = device.event("response", "ma-102.1", "b")
    sealing = END + 24 * 60 * MINUTE
    assert seal_due(now=moment(sealing)) == 2
    device.pass_time(25 * 3600)
    saved = desk.save(trial, device, line, at=NINE + MINUTE + 25 * 60 * MINUTE)
    assert (saved.facts.state, saved.acked_upto) == ("sealed", 1)
    assert verdicts(trial) == [(1, "quarantined", "after_seal")]
    assert saved.receipt is not None and (saved.receipt["answered"], saved.receipt["final"]) == (0, True)


def test_clocks_that_contradict_each_other_across_the_end(desk: Desk, trial: Sitting, device: Device) -> None:
    device.pass_time(3599)
    line = device.event("response", "ma-102.1", "b")
    device.pass_time(60)
    # By the wall clock the response is 60 s old, by the monotonic clock 29 s or 28 s.
    desk.save(trial, device, line, at=END + 59_000, mono=device.mono - 31_001)
    assert verdicts(trial) == [(1, "quarantined", "clock_contradiction")]


def test_clocks_that_disagree_a_little_are_believed(desk: Desk, trial: Sitting, device: Device) -> None:
    device.pass_time(3599)
    line = device.event("response", "ma-102.1", "b")
    device.pass_time(60)
    desk.save(trial, device, line, at=END + 59_000, wall=device.wall - 30_000)
    assert verdicts(trial) == [(1, "late_counted", "")]


def test_no_evidence_at_all_waits_for_a_person(desk: Desk, trial: Sitting, device: Device) -> None:
    device.pass_time(60)
    line = device.event("response", "ma-102.1", "b")
    device.reload()
    device.wall -= 60 * MINUTE
    desk.save(trial, device, line, at=END + MINUTE)
    assert verdicts(trial) == [(1, "quarantined", "no_clock")]
    assert ResponseEvent.objects.get().estimated_at is None


def test_same_lack_of_evidence_does_not_matter_before_the_end(
    desk: Desk, trial: Sitting, device: Device
) -> None:
    line = device.event("response", "ma-102.1", "b")
    device.reload()
    device.wall -= 60 * MINUTE
    desk.save(trial, device, line, at=END)
    assert verdicts(trial) == [(1, "counted", "")]


def test_after_a_reload_the_wall_clock_bridges(desk: Desk, trial: Sitting, device: Device) -> None:
    device.pass_time(60)
    line = device.event("response", "ma-102.1", "b")
    device.pass_time(70 * 60)
    device.reload()
    desk.save(trial, device, line, at=END + 11 * MINUTE)
    assert verdicts(trial) == [(1, "late_counted", "")]
    assert ResponseEvent.objects.get().estimated_at == moment(NINE + MINUTE)


def test_made_before_the_start_by_its_clocks(desk: Desk, trial: Sitting, device: Device) -> None:
    line = device.event("response", "ma-102.1", "b")
    device.pass_time(61 * 60)
    desk.save(trial, device, line, at=END + MINUTE, wall=device.wall + MINUTE)
    assert verdicts(trial) == [(1, "quarantined", "before_start")]


def test_time_over_without_a_network(desk: Desk, trial: Sitting, device: Device) -> None:
    device.pass_time(1800)
    device.event("response", "ma-102.1", "b")
    device.pass_time(1800)
    device.event("hand_in", value="time")
    assert seal_due(now=moment(END + 20_001)) == 1  # closed by the clock, waits for the device
    device.pass_time(10 * 60)
    saved = desk.save(trial, device, *device.lines, at=END + 10 * MINUTE)
    assert verdicts(trial) == [(1, "late_counted", ""), (2, "late_counted", "")]
    assert (saved.facts.handed_in_at, saved.facts.handed_in_cause) == (END, "time")
    assert saved.receipt is not None and saved.receipt["answered"] == 1
    assert list(SittingDevice.objects.values_list("last_seq", "closed")) == [(2, True)]
    assert seal_due(now=moment(END + 11 * MINUTE)) == 1


def test_time_granted_while_the_phone_was_offline(desk: Desk, trial: Sitting, device: Device) -> None:
    invigilator = make_member(trial.candidate.class_groups.get().school, Role.INVIGILATOR)
    device.pass_time(3600 + 240)
    line = device.event("response", "ma-102.1", "b")
    grant_time(sitting=trial, seconds=600, reason="no network", actor=invigilator, now=moment(END - MINUTE))
    device.pass_time(480)
    saved = desk.save(trial, device, line, at=END + 12 * MINUTE)
    assert saved.facts.ends_at == END + 10 * MINUTE
    assert verdicts(trial) == [(1, "late_counted", "")]


def test_voided_sitting_still_takes_what_comes(desk: Desk, trial: Sitting, device: Device) -> None:
    Sitting.objects.update(state="voided")
    saved = desk.save(trial, device, device.event("hand_in", value="candidate"), at=NINE + MINUTE)
    assert (saved.facts.state, saved.acked_upto) == ("voided", 1)
    assert verdicts(trial) == [(1, "quarantined", "voided")]


# ---- what is written ---------------------------------------------------------------------------------
def test_row_holds_the_exact_bytes(desk: Desk, trial: Sitting, device: Device) -> None:
    line = device.raw_value("ma-116.1", '{ "x":\t"3,5 ч" }')
    device.pass_time(2)
    desk.save(trial, device, line, at=NINE + 2_500)
    row = ResponseEvent.objects.get()
    assert row.body == line
    assert bytes(row.digest) == hashlib.sha256(line.encode()).digest()
    assert (row.device, row.seq, row.epoch, row.kind, row.item_ref) == (
        device.device,
        1,
        1,
        "response",
        "ma-116.1",
    )
    assert (row.received_at, row.estimated_at) == (moment(NINE + 2_500), moment(NINE + 500))
    assert read_projection(trial).responses == {"ma-116.1": {"x": "3,5 ч"}}


@pytest.mark.parametrize(
    "header", [{"mono": 2**53 - 1}, {"wall": 2**53 - 1}, {"mono": 10**25, "wall": -(10**25)}]
)
def test_absurd_clocks_never_keep_a_batch_from_being_saved(
    desk: Desk, trial: Sitting, device: Device, header: dict[str, int]
) -> None:
    saved = desk.save(trial, device, device.event("response", "ma-102.1", "b"), at=NINE + MINUTE, **header)
    assert saved.acked_upto == 1
    assert verdicts(trial) == [(1, "counted", "")]


def test_other_bytes_under_one_identity_are_kept_apart_once(
    desk: Desk, trial: Sitting, device: Device, caplog: pytest.LogCaptureFixture
) -> None:
    first = device.event("response", "ma-102.1", "a")
    second = first.replace('"a"', '"b"')
    for lines in [(first, second), (second,), (second, first)]:
        saved = desk.save(trial, device, *lines, at=NINE + MINUTE)
        assert saved.acked_upto == 1
    assert ResponseEvent.objects.get().body == first
    assert ConflictingEvent.objects.get().body == second
    assert "ALARM" in caplog.text


def test_any_order_and_splitting_gives_the_same_sitting(desk: Desk, trial: Sitting, device: Device) -> None:
    rng = random.Random(7)
    for number in range(12):
        device.pass_time(5)
        device.event("response", rng.choice(["ma-102.1", "ma-106.1", "ma-112.1"]), str(number))
    expected = desk.save(trial, device, *device.lines, at=NINE + 2 * MINUTE)
    once = read_projection(trial)
    lines = device.lines * 3
    rng.shuffle(lines)
    while lines:
        part, lines = lines[:5], lines[5:]
        again = desk.save(trial, device, *part, at=NINE + 2 * MINUTE)
    assert (again.acked_upto, again.gaps) == (expected.acked_upto, []) == (12, [])
    assert read_projection(trial) == once
    assert ResponseEvent.objects.count() == 12


# ---- high-water mark and projection ------------------------------------------------------------------
def test_gaps_are_told_ten_at_a_time(desk: Desk, trial: Sitting, device: Device) -> None:
    for _ in range(30):
        device.event("seen", "ma-102.1")
    saved = desk.save(trial, device, *device.lines[1::2], at=NINE + MINUTE)
    assert (saved.acked_upto, saved.gaps) == (0, [[odd, odd] for odd in range(1, 20, 2)])
    saved = desk.save(trial, device, *device.lines[:20:2], at=NINE + MINUTE)
    assert (saved.acked_upto, saved.gaps) == (20, [[odd, odd] for odd in range(21, 30, 2)])
    saved = desk.save(trial, device, *device.lines, at=NINE + MINUTE)
    assert (saved.acked_upto, saved.gaps) == (30, [])


def test_mark_belongs_to_one_device(desk: Desk, trial: Sitting, device: Device) -> None:
    desk.save(trial, device, device.event("seen", "ma-102.1"), at=NINE + MINUTE)
    other = desk.open(trial)
    assert journal.high_water_mark(desk.db, trial.pk, device.device) == (1, [])
    assert journal.high_water_mark(desk.db, trial.pk, other.device) == (0, [])


def test_projection_is_what_the_models_read(desk: Desk, trial: Sitting, device: Device) -> None:
    device.event("seen", "ma-102.1")
    device.event("response", "ma-102.1", "a")
    device.event("flag", "ma-102.1", True)
    device.event("seen", "ma-106.1")
    device.event("unheard_of", "ma-112.1")
    device.event("response", "ma-404.1", "a")
    desk.save(trial, device, *device.lines, at=NINE + MINUTE)
    held = journal.projection(desk.db, trial.pk)
    assert held == read_projection(trial)
    assert (held.responses, sorted(held.seen), sorted(held.flags)) == (
        {"ma-102.1": "a"},
        ["ma-102.1", "ma-106.1", "ma-112.1"],
        ["ma-102.1"],
    )


def test_forged_hand_in_does_not_name_the_receipt(desk: Desk, trial: Sitting, device: Device) -> None:
    assert journal.last_digests(desk.db, [trial.pk]).get(trial.pk) is None
    device.event("hand_in", value="candidate", prev="A" * 43)
    device.event("response", "ma-102.1", "a")
    saved = desk.save(trial, device, *device.lines, at=NINE + MINUTE)
    assert saved.facts.state == "started"
    last = hashlib.sha256(device.lines[-1].encode()).digest()
    assert journal.last_digests(desk.db, [trial.pk]).get(trial.pk) == last
    line = device.event("hand_in", value="candidate")
    desk.save(trial, device, line, at=NINE + MINUTE)
    assert journal.last_digests(desk.db, [trial.pk]).get(trial.pk) == hashlib.sha256(line.encode()).digest()
