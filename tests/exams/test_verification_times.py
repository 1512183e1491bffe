"""The end that follows from the record is the end that the actions made, whatever happened on the way."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from accounts.enums import Role
from accounts.models import Person
from accounts.queries.people import class_of
from exams.actions.interruptions import EVERYBODY, Scope, begin_pause, end_pause
from exams.actions.sealing import seal_due
from exams.actions.sittings import grant_time, hand_in_for_pupil, reopen, void
from exams.intake.borrowed import borrowed_store
from exams.models import Administration, Sitting
from exams.queries.verification import Reader
from exams.verification import DeviceRecord, SittingRecord
from exams.verification_times import expected_end, state_findings
from tests.factories.accounts import NOW, make_class, make_member, make_pupil
from tests.factories.exams import make_administration
from tests.factories.phones import MINUTE, begin, deliver, fresh, ms, respond

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


@pytest.fixture
def administration() -> Administration:
    group = make_class()
    make_pupil(group)
    return make_administration([group], closes_at=NOW + 2 * HOUR)


@pytest.fixture
def sitting(administration: Administration) -> Sitting:
    return administration.sittings.get()


@pytest.fixture
def actor(sitting: Sitting) -> Person:
    return make_member(class_of(sitting.candidate).school, Role.INVIGILATOR)  # type: ignore[union-attr]


def record_of(sitting: Sitting) -> SittingRecord:
    (record,) = Reader().records([sitting.pk])
    return record


def agree(sitting: Sitting, ends_at: datetime | None) -> None:
    """The row says so, the record says so, and nothing is found."""
    record = record_of(sitting)
    assert fresh(sitting).ends_at == ends_at
    assert expected_end(record) == (None if ends_at is None else ms(ends_at))
    assert list(state_findings(record)) == []


def codes(record: SittingRecord) -> list[str]:
    return [finding.code for finding in state_findings(record)]


def test_before_the_start(sitting: Sitting) -> None:
    agree(sitting, None)


def test_limit_and_accommodation_and_grants(sitting: Sitting, actor: Person) -> None:
    Sitting.objects.update(time_percent=150)
    grant_time(sitting=sitting, seconds=60, reason="x", actor=actor, now=NOW - MINUTE)
    begin(sitting)
    grant_time(sitting=sitting, seconds=120, reason="x", actor=actor, now=NOW + 5 * MINUTE)
    agree(sitting, NOW + 93 * MINUTE)


def test_the_close_caps_but_eats_no_grant(sitting: Sitting, actor: Person) -> None:
    begin(sitting, at=NOW + 90 * MINUTE)
    agree(sitting, NOW + 2 * HOUR)
    grant_time(sitting=sitting, seconds=600, reason="x", actor=actor, now=NOW + 91 * MINUTE)
    agree(sitting, NOW + 130 * MINUTE)


def test_pauses_that_overlap(administration: Administration, sitting: Sitting, actor: Person) -> None:
    begin(sitting)
    how = {"administration": administration, "reason": "fire drill", "actor": actor}
    whole = begin_pause(scope=EVERYBODY, now=NOW + 10 * MINUTE, **how)  # type: ignore[arg-type]
    agree(sitting, NOW + HOUR)
    own = begin_pause(scope=Scope(sitting=sitting), now=NOW + 12 * MINUTE, **how)  # type: ignore[arg-type]
    grant_time(sitting=sitting, seconds=60, reason="x", actor=actor, now=NOW + 13 * MINUTE)
    end_pause(pause=whole, actor=actor, now=NOW + 15 * MINUTE)
    agree(sitting, NOW + 61 * MINUTE)
    end_pause(pause=own, actor=actor, now=NOW + 20 * MINUTE)
    agree(sitting, NOW + 71 * MINUTE)
    again = begin_pause(scope=EVERYBODY, now=NOW + 30 * MINUTE, **how)  # type: ignore[arg-type]
    end_pause(pause=again, actor=actor, now=NOW + 31 * MINUTE)
    agree(sitting, NOW + 72 * MINUTE)


def test_a_pause_that_takes_from_who_waits(
    administration: Administration, sitting: Sitting, actor: Person
) -> None:
    """Nobody can start; what the close would take is given back, and counted once."""
    pause = begin_pause(
        administration=administration, scope=EVERYBODY, reason="x", actor=actor, now=NOW + HOUR
    )
    end_pause(pause=pause, actor=actor, now=NOW + 90 * MINUTE)
    begin(sitting, at=NOW + 90 * MINUTE)
    agree(sitting, NOW + 150 * MINUTE)


def test_started_by_code_during_a_pause(
    administration: Administration, sitting: Sitting, actor: Person
) -> None:
    pause = begin_pause(administration=administration, scope=EVERYBODY, reason="x", actor=actor, now=NOW)
    borrowed_store().start(sitting.pk, ms(NOW + 5 * MINUTE), by_code=True)
    end_pause(pause=pause, actor=actor, now=NOW + 15 * MINUTE)
    agree(sitting, NOW + 75 * MINUTE)


def test_reopened_after_the_time_and_after_the_invigilator(sitting: Sitting, actor: Person) -> None:
    begin(sitting)
    seal_due(now=NOW + 62 * MINUTE)
    reopen(sitting=sitting, seconds=600, reason="wrong clock", actor=actor, now=NOW + 70 * MINUTE)
    agree(sitting, NOW + 80 * MINUTE)
    hand_in_for_pupil(sitting=sitting, reason="left", actor=actor, now=NOW + 75 * MINUTE)
    reopen(sitting=sitting, seconds=60, reason="came back", actor=actor, now=NOW + 76 * MINUTE)
    grant_time(sitting=sitting, seconds=60, reason="x", actor=actor, now=NOW + 77 * MINUTE)
    agree(sitting, NOW + 82 * MINUTE)


def test_reopened_in_the_middle_of_a_pause(
    administration: Administration, sitting: Sitting, actor: Person
) -> None:
    begin(sitting)
    hand_in_for_pupil(sitting=sitting, reason="left", actor=actor, now=NOW + 10 * MINUTE)
    pause = begin_pause(
        administration=administration, scope=EVERYBODY, reason="x", actor=actor, now=NOW + 11 * MINUTE
    )
    reopen(sitting=sitting, seconds=60, reason="came back", actor=actor, now=NOW + 20 * MINUTE)
    agree(sitting, NOW + 61 * MINUTE)
    end_pause(pause=pause, actor=actor, now=NOW + 25 * MINUTE)
    agree(sitting, NOW + 66 * MINUTE)


def test_handed_in_during_a_pause_keeps_its_end(
    administration: Administration, sitting: Sitting, actor: Person
) -> None:
    begin(sitting)
    pause = begin_pause(
        administration=administration, scope=EVERYBODY, reason="x", actor=actor, now=NOW + 10 * MINUTE
    )
    hand_in_for_pupil(sitting=sitting, reason="left", actor=actor, now=NOW + 11 * MINUTE)
    agree(sitting, NOW + HOUR)
    end_pause(pause=pause, actor=actor, now=NOW + 25 * MINUTE)
    agree(sitting, NOW + HOUR)


def test_sealed_complete_sealed_by_the_cut_off_and_voided(sitting: Sitting, actor: Person) -> None:
    phone = begin(sitting)
    lines = respond(phone, {"ma-102.1": "b"})
    phone.event("seen", "ma-106.1")
    deliver(sitting, phone, [*lines, phone.event("hand_in", value="candidate")], at=NOW + 9 * MINUTE)
    seal_due(now=NOW + HOUR)
    assert fresh(sitting).state == "handed_in"
    seal_due(now=NOW + 25 * HOUR)
    record = record_of(sitting)
    assert (record.state, codes(record)) == ("sealed", [])
    assert codes(replace(record, sealed_at=ms(NOW + HOUR))) == ["sealed"]
    void(sitting=sitting, reason="x", actor=actor, now=NOW)
    assert codes(record_of(sitting)) == []


DEVICE = DeviceRecord("A", 1, entered=True, closed=True, last_seq=0)
SEALED = SittingRecord(
    key=1, public_id="s", state="sealed", form=1, time_percent=100, granted_seconds=0, limit_seconds=None,
    closes_at=None, cut_off_ms=1000_000, started_at=1, ends_at=None, paused_at=None, handed_in_at=2,
    handed_in_cause="candidate", sealed_at=3, refs=frozenset(), devices=(DEVICE,),
)  # fmt: skip


@pytest.mark.parametrize(
    ("devices", "expected"),
    [
        ((DEVICE,), []),
        ((), []),
        ((replace(DEVICE, closed=False),), ["sealed"]),
        ((replace(DEVICE, closed=False, entered=False),), []),
        ((replace(DEVICE, last_seq=None),), ["sealed"]),
        ((replace(DEVICE, last_seq=1),), ["sealed"]),
        ((DEVICE, replace(DEVICE, device="B", last_seq=2)), ["sealed"]),
    ],
)
def test_sealed_only_when_every_device_has_delivered(
    devices: tuple[DeviceRecord, ...], expected: Iterable[str]
) -> None:
    assert codes(replace(SEALED, devices=devices)) == expected


def test_a_device_that_came_back_after_a_restored_backup_is_no_fault() -> None:
    opened_again = replace(SEALED, devices=(replace(DEVICE, closed=False),))
    recalled = replace(opened_again, happenings=((4, "device_recalled", {}),))
    assert (codes(opened_again), codes(recalled)) == (["sealed"], [])


@pytest.mark.parametrize(
    "columns",
    [
        {"state": "started"},
        {"state": "ready"},
        {"state": "handed_in"},
        {"started_at": None},
        {"handed_in_at": None},
        {"handed_in_cause": ""},
        {"sealed_at": None},
        {"handed_in_at": 0},
    ],
)
def test_moments_that_do_not_fit_the_state(columns: dict[str, int | str | None]) -> None:
    assert "times" in codes(replace(SEALED, **columns))  # type: ignore[arg-type]


def test_a_pause_that_ends_nowhere_and_one_that_does_not_hold() -> None:
    running = replace(
        SEALED, state="started", handed_in_at=None, handed_in_cause="", sealed_at=None, devices=()
    )
    assert codes(replace(running, paused_at=2)) == ["pause"]
    assert codes(replace(running, paused_at=2, pauses=1)) == []
    (finding,) = state_findings(replace(running, pauses=1))
    assert (finding.code, finding.wrong) == ("pause", False)
