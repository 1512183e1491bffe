"""Sittings on the hot path: starting, taking over, closing, and coming back after a restored backup."""

from __future__ import annotations

import threading

import pytest
from django.db import connection, transaction

from accounts.enums import Role
from exams.actions.responses import project_sitting
from exams.actions.sealing import seal_due
from exams.actions.sittings import grant_time
from exams.intake.protocol import WireError, receipt_code
from exams.models import Administration, ResponseEvent, Sitting, SittingDevice
from tests.exams.intake.desk import MINUTE, NINE, Desk, moment, verdicts
from tests.factories.accounts import make_class, make_member, make_pupil
from tests.factories.exams import TRIAL_ITEMS


def window(sitting: Sitting, **fields: object) -> None:
    Administration.objects.filter(pk=sitting.administration_id).update(**fields)


def responses(sitting: Sitting) -> dict[str, object]:
    return {row.version.ref: row.value for row in project_sitting(sitting=sitting)}


def devices(sitting: Sitting) -> list[tuple[int, int | None, bool]]:
    return [(row.epoch, row.last_seq, row.closed) for row in SittingDevice.objects.filter(sitting=sitting)]


# ---- starting ----------------------------------------------------------------------------------------
def test_first_start_decides_for_ever(desk: Desk, trial: Sitting) -> None:
    first = desk.start(trial, NINE)
    again = desk.start(trial, NINE + 20 * MINUTE)
    assert (first.started_at, first.ends_at) == (NINE, NINE + 60 * MINUTE)
    assert again == first
    trial.refresh_from_db()
    assert (trial.state, trial.started_at, trial.ends_at) == (
        "started",
        moment(NINE),
        moment(NINE + 60 * MINUTE),
    )
    assert list(trial.events.values_list("kind", "at")) == [("started", moment(NINE))]


def test_extra_time_and_an_early_grant_are_in_the_end(desk: Desk, trial: Sitting) -> None:
    Sitting.objects.update(time_percent=150, granted_seconds=120)
    assert desk.start(trial).ends_at == NINE + 92 * MINUTE


def test_late_start_is_capped_at_the_close_of_the_window(desk: Desk, trial: Sitting) -> None:
    window(trial, closes_at=moment(NINE + 30 * MINUTE))
    Sitting.objects.update(granted_seconds=60)
    assert desk.start(trial, NINE + 10 * MINUTE).ends_at == NINE + 31 * MINUTE


@pytest.mark.parametrize(
    ("at", "granted", "code"),
    [
        (-60 * MINUTE - 1, 0, "not_open_yet"),
        (-60 * MINUTE, 0, ""),
        (30 * MINUTE - 1, 0, ""),
        (30 * MINUTE, 0, "window_closed"),
        (30 * MINUTE, 60, ""),
        (31 * MINUTE, 60, "window_closed"),
    ],
)
def test_window_of_starting(desk: Desk, trial: Sitting, at: int, granted: int, code: str) -> None:
    window(trial, closes_at=moment(NINE + 30 * MINUTE))
    Sitting.objects.update(granted_seconds=granted)
    if code:
        with pytest.raises(WireError) as refused:
            desk.start(trial, NINE + at)
        assert (refused.value.status, refused.value.code) == (409, code)
    else:
        facts = desk.start(trial, NINE + at)
        assert facts.ends_at is not None and facts.started_at is not None
        assert facts.ends_at > facts.started_at


def test_voided_sitting_does_not_start(desk: Desk, trial: Sitting) -> None:
    Sitting.objects.update(state="voided")
    with pytest.raises(WireError, match="voided"):
        desk.start(trial)


def test_grant_under_way_is_not_forgotten_by_a_start(trial: Sitting) -> None:
    invigilator = make_member(trial.candidate.class_groups.get().school, Role.INVIGILATOR)
    ends: list[int | None] = []
    address = connection.settings_dict

    def start() -> None:
        other = Desk(address)
        ends.append(other.start(trial).ends_at)
        other.db.close()

    thread = threading.Thread(target=start)
    with transaction.atomic():
        grant_time(sitting=trial, seconds=300, reason="fire drill", actor=invigilator, now=moment(NINE))
        thread.start()
        # Time enough to read the sitting as it was before the grant, and to write an end without it.
        thread.join(0.3)
        assert ends == []
    thread.join()
    assert ends == [NINE + 65 * MINUTE]


# ---- devices -----------------------------------------------------------------------------------------
def test_each_take_over_raises_the_epoch(desk: Desk, trial: Sitting) -> None:
    phone = desk.open(trial)
    desk.start(trial)
    desk.save(trial, phone, at=NINE)
    desk.reopen(phone, trial, NINE)
    tablet = desk.open(trial)
    assert (phone.epoch, tablet.epoch) == (1, 2)
    desk.reopen(tablet, trial, NINE)
    assert tablet.epoch == 2
    desk.reopen(phone, trial, NINE)
    assert phone.epoch == 3
    assert devices(trial) == [(2, None, False), (3, None, False)]
    assert trial.events.filter(kind="taken_over").count() == 2


def test_phones_that_fetched_ahead_take_nothing_over(desk: Desk, trial: Sitting) -> None:
    at_home, phone = desk.open(trial), desk.open(trial)
    desk.start(trial, on=at_home)
    # The other one lies in a drawer: it is not waited for, and nobody is told of it.
    heard = desk.save(trial, at_home, at_home.event("response", "ma-102.1", "b"), at=NINE + MINUTE)
    assert heard.epoch == 1
    desk.save(trial, at_home, at_home.event("hand_in", value="candidate"), at=NINE + 2 * MINUTE)
    assert seal_due(now=moment(NINE + 3 * MINUTE)) == 1
    assert (at_home.epoch, phone.epoch, trial.events.filter(kind="taken_over").count()) == (1, 2, 0)


def test_looking_at_a_handed_in_sitting_takes_nothing_over(desk: Desk, trial: Sitting) -> None:
    phone = desk.open(trial)
    desk.start(trial)
    desk.save(trial, phone, phone.event("hand_in", value="candidate"), at=NINE + MINUTE)
    at_home = desk.open(trial, NINE + 2 * MINUTE)
    heartbeat = desk.save(trial, at_home, at=NINE + 3 * MINUTE)
    assert (at_home.epoch, heartbeat.epoch, heartbeat.acked_upto) == (1, 1, 0)
    assert devices(trial) == [(1, 1, True)]
    assert seal_due(now=moment(NINE + 4 * MINUTE)) == 1


def test_taken_over_device_delivers_what_it_kept_and_closes(desk: Desk, trial: Sitting) -> None:
    phone = desk.open(trial)
    desk.start(trial)
    phone.pass_time(60)
    kept = phone.event("response", "ma-116.1", {"x": "5"})
    tablet = desk.open(trial, NINE + 2 * MINUTE)
    tablet.pass_time(60)
    desk.save(trial, tablet, tablet.event("response", "ma-102.1", "b"), at=NINE + 3 * MINUTE)
    handed_in = desk.save(trial, tablet, tablet.event("hand_in", value="candidate"), at=NINE + 4 * MINUTE)
    assert handed_in.facts.state == "handed_in"
    assert seal_due(now=moment(NINE + 5 * MINUTE)) == 0
    phone.pass_time(600)
    told = desk.save(trial, phone, kept, at=NINE + 11 * MINUTE)
    assert (told.epoch, told.acked_upto) == (2, 1)
    desk.save(trial, phone, phone.event("close"), at=NINE + 11 * MINUTE)
    assert verdicts(trial)[0] == (1, "counted", "") and devices(trial) == [(1, 2, True), (2, 2, True)]
    assert responses(trial) == {"ma-102.1": "b", "ma-116.1": {"x": "5"}}
    assert seal_due(now=moment(NINE + 12 * MINUTE)) == 1


# ---- handing in --------------------------------------------------------------------------------------
def test_hand_in_that_arrives_first_waits_for_what_came_before(desk: Desk, trial: Sitting) -> None:
    phone = desk.open(trial)
    desk.start(trial)
    phone.pass_time(60)
    first = phone.event("response", "ma-102.1", "b")
    phone.pass_time(60)
    handed_in = desk.save(trial, phone, phone.event("hand_in", value="candidate"), at=NINE + 2 * MINUTE)
    assert (handed_in.acked_upto, handed_in.gaps, handed_in.facts.state) == (0, [[1, 1]], "handed_in")
    assert seal_due(now=moment(NINE + 3 * MINUTE)) == 0
    phone.pass_time(120)
    late = desk.save(trial, phone, first, at=NINE + 4 * MINUTE)
    assert late.acked_upto == 2
    assert late.receipt is not None and late.receipt["answered"] == 1
    assert verdicts(trial) == [(1, "counted", ""), (2, "counted", "")]
    assert seal_due(now=moment(NINE + 5 * MINUTE)) == 1


def test_receipt_is_the_same_at_every_repetition(desk: Desk, trial: Sitting) -> None:
    phone = desk.open(trial)
    desk.start(trial)
    phone.event("response", "ma-102.1", "b")
    phone.event("response", "ma-106.1", "a")
    phone.event("response", "ma-106.1", None)
    phone.event("hand_in", value="candidate")
    replies = [desk.save(trial, phone, *phone.lines, at=NINE + MINUTE * minute) for minute in range(1, 5)]
    digest = bytes(ResponseEvent.objects.get(kind="hand_in").digest)
    assert {str(reply.receipt) for reply in replies} == {
        str(
            {
                "answered": 1,
                "of": len(TRIAL_ITEMS),
                "code": receipt_code(digest),
                "handed_in_at": NINE + MINUTE,
                "final": False,
            }
        )
    }
    assert [reply.moved for reply in replies] == [True, False, False, False]
    assert trial.events.filter(kind="handed_in").count() == 1


def test_receipt_without_hand_in_names_the_last_event(desk: Desk, trial: Sitting) -> None:
    phone = desk.open(trial)
    desk.start(trial)
    phone.event("response", "ma-102.1", "b")
    saved = desk.save(trial, phone, *phone.lines, at=NINE + MINUTE)
    assert saved.receipt is None
    assert seal_due(now=moment(NINE + 60 * MINUTE + 20_001)) == 1
    closed = desk.save(trial, phone, at=NINE + 61 * MINUTE)
    assert closed.receipt == {
        "answered": 1,
        "of": 4,
        "code": receipt_code(bytes(ResponseEvent.objects.get().digest)),
        "handed_in_at": NINE + 60 * MINUTE,
        "final": False,
    }


def test_hand_in_is_never_before_the_start(desk: Desk, trial: Sitting) -> None:
    # The phone's clock was an hour slow, and was set right between two page loads.
    phone = desk.open(trial, wall=NINE - 60 * MINUTE)
    desk.start(trial)
    line = phone.event("hand_in", value="candidate")
    phone.reload()
    phone.wall = NINE + 10 * MINUTE
    facts = desk.save(trial, phone, line, at=NINE + 10 * MINUTE).facts
    assert (facts.state, facts.handed_in_at, facts.handed_in_cause) == ("handed_in", NINE, "candidate")


def test_hand_in_after_the_end_is_times_doing(desk: Desk, trial: Sitting) -> None:
    phone = desk.open(trial)
    desk.start(trial)
    phone.pass_time(3605)
    facts = desk.save(trial, phone, phone.event("hand_in", value="candidate"), at=NINE + 3605 * 1000).facts
    assert (facts.handed_in_at, facts.handed_in_cause) == (NINE + 60 * MINUTE, "time")


def test_phone_whose_clock_runs_ahead_does_not_end_a_sitting(desk: Desk, trial: Sitting) -> None:
    phone = desk.open(trial)
    desk.start(trial)
    too_early = desk.save(trial, phone, phone.event("hand_in", value="time"), at=NINE + 59 * MINUTE)
    assert (too_early.facts.state, too_early.acked_upto) == ("started", 1)
    assert devices(trial) == [(1, None, False)]
    nearly = desk.save(trial, phone, phone.event("hand_in", value="time"), at=NINE + 60 * MINUTE - 30_000)
    assert nearly.facts.state == "handed_in"


def test_practice_is_handed_in_without_any_end(desk: Desk, trial: Sitting) -> None:
    Sitting.objects.update(administration=None)
    phone = desk.open(trial)
    facts = desk.start(trial)
    assert (facts.ends_at, facts.accommodated_limit) == (None, None)
    phone.pass_time(90_000)
    done = desk.save(trial, phone, phone.event("hand_in", value="candidate"), at=NINE + 90_000_000).facts
    assert (done.handed_in_at, done.handed_in_cause) == (NINE + 90_000_000, "candidate")


# ---- a backup was put back ---------------------------------------------------------------------------
def test_store_put_back_to_before_the_start_fills_itself_again(desk: Desk, trial: Sitting) -> None:
    phone = desk.open(trial, wall=NINE + 5 * MINUTE, epoch=0)
    phone.opened(str(trial.public_id), 2)
    SittingDevice.objects.all().delete()
    phone.event("response", "ma-102.1", "b")
    phone.pass_time(60)
    phone.event("response", "ma-106.1", "c")
    phone.pass_time(60)
    saved = desk.save(trial, phone, *phone.lines, at=NINE + 10 * MINUTE)
    assert (saved.acked_upto, saved.epoch, saved.moved) == (2, 2, True)
    # The first of the events is two minutes old.
    assert (saved.facts.state, saved.facts.started_at) == ("started", NINE + 8 * MINUTE)
    assert saved.facts.ends_at == NINE + 68 * MINUTE
    assert verdicts(trial) == [(1, "counted", ""), (2, "counted", "")]
    assert devices(trial) == [(2, None, False)]
    assert list(trial.events.values_list("kind", flat=True)) == ["started", "device_recalled"]


def test_heartbeat_starts_nothing(desk: Desk, trial: Sitting) -> None:
    phone = desk.open(trial)
    waiting = desk.save(trial, phone, at=NINE + MINUTE)
    assert (waiting.facts.state, waiting.acked_upto, waiting.moved) == ("ready", 0, False)


def test_events_before_the_window_wait_for_a_person(desk: Desk, trial: Sitting) -> None:
    window(trial, opens_at=moment(NINE + 10 * MINUTE))
    phone = desk.open(trial)
    saved = desk.save(trial, phone, phone.event("seen", "ma-102.1"), at=NINE)
    assert (saved.acked_upto, saved.facts.state) == (1, "ready")
    assert verdicts(trial) == [(1, "quarantined", "not_started")]


def test_lost_take_over_back_by_a_known_device_is_recalled(desk: Desk, trial: Sitting) -> None:
    phone = desk.open(trial)
    desk.start(trial)
    desk.open(trial)
    desk.reopen(phone, trial, NINE)
    assert phone.epoch == 3
    # As a backup from before both take-overs has it.
    SittingDevice.objects.filter(epoch=2).delete()
    SittingDevice.objects.filter(epoch=3).update(epoch=1, closed=True)
    saved = desk.save(trial, phone, phone.event("response", "ma-102.1", "a"), at=NINE + MINUTE)
    assert (saved.epoch, saved.acked_upto) == (3, 1)
    assert verdicts(trial) == [(1, "counted", "")]
    assert devices(trial) == [(3, None, False)]


def test_two_recalled_devices_never_share_an_epoch(desk: Desk, trial: Sitting) -> None:
    phone = desk.open(trial)
    desk.start(trial)
    lost = desk.open(trial)
    SittingDevice.objects.filter(epoch=2).delete()
    newer = desk.open(trial)
    assert (lost.epoch, newer.epoch) == (2, 2)
    saved = desk.save(trial, lost, lost.event("response", "ma-102.1", "a"), at=NINE + MINUTE)
    assert (saved.epoch, saved.acked_upto) == (3, 1)
    assert verdicts(trial) == [(1, "counted", "")]
    assert {row.device: row.epoch for row in SittingDevice.objects.all()} == {
        phone.device: 1,
        newer.device: 2,
        lost.device: 3,
    }


# ---- reading -----------------------------------------------------------------------------------------
def test_sitting_is_found_only_with_its_own_pupil(desk: Desk, trial: Sitting) -> None:
    other = make_pupil(make_class())
    own = str(trial.candidate.public_id)
    facts = desk.do(lambda store: store.facts_of(str(trial.public_id), own))
    assert (facts.key, facts.public_id) == (trial.pk, str(trial.public_id))
    assert (facts.form, facts.title_sr) == (str(trial.form.public_id), "Пробни завршни")
    for sitting, person in [
        (str(trial.public_id), str(other.public_id)),
        (own, own),
        ("", own),
        (str(trial.public_id), "\u0660"),
    ]:
        with pytest.raises(WireError, match="no_such_sitting"):
            desk.do(lambda store, pair=(sitting, person): store.facts_of(*pair))
