"""What an invigilator closes by mistake goes on: when, for how long, and what stays written down?"""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from accounts.enums import Role
from accounts.models import AuditEntry, ClassGroup, Person
from exams.actions.interruptions import Scope, begin_pause, end_pause
from exams.actions.sealing import seal_due
from exams.actions.sittings import hand_in, hand_in_for_pupil, reopen, void
from exams.enums import HandInCause
from exams.errors import IllegalTransition
from exams.models import Sitting, SittingDevice, TimeGrant
from tests.factories.accounts import NOW, make_class, make_member, make_pupil
from tests.factories.exams import make_administration

pytestmark = pytest.mark.django_db
MINUTE = timedelta(minutes=1)
END = NOW + 60 * MINUTE


@pytest.fixture
def group() -> ClassGroup:
    return make_class()


@pytest.fixture
def sitting(group: ClassGroup) -> Sitting:
    """Started at NOW, with an hour to go and two devices, of which the older one was taken over."""
    make_pupil(group)
    make_administration([group])
    Sitting.objects.update(state="started", started_at=NOW, ends_at=END)
    made = Sitting.objects.get()
    for epoch, closed in ((1, True), (2, False)):
        SittingDevice.objects.create(
            sitting=made, device=f"device-{epoch}", epoch=epoch, opened_at=NOW, entered=True,
            closed=closed, last_seq=0 if closed else None,
        )  # fmt: skip
    return made


@pytest.fixture
def invigilator(group: ClassGroup) -> Person:
    return make_member(group.school, Role.INVIGILATOR)


def reopened(sitting: Sitting, invigilator: Person, now: datetime, seconds: int = 300) -> Sitting:
    return reopen(sitting=sitting, seconds=seconds, reason="Wrong pupil", actor=invigilator, now=now)


def closed(sitting: Sitting, invigilator: Person, now: datetime) -> Sitting:
    return hand_in_for_pupil(sitting=sitting, reason="Went home", actor=invigilator, now=now)


# ---- closing -----------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("paused_from", "at", "handed_in_at"),
    [(None, 10, 10), (None, 60, 60), (None, 61, 60), (50, 70, 70)],
)
def test_closed_for_a_pupil(
    sitting: Sitting, invigilator: Person, paused_from: int | None, at: int, handed_in_at: int
) -> None:
    """At that moment, but not after the end of time; while time stands still there is no such end."""
    if paused_from is not None:
        Sitting.objects.update(paused_at=NOW + paused_from * MINUTE)
    done = closed(sitting, invigilator, NOW + at * MINUTE)
    assert (done.state, done.handed_in_cause) == ("handed_in", "invigilator")
    assert done.handed_in_at == NOW + handed_in_at * MINUTE
    entry = AuditEntry.objects.get()
    assert (entry.actor, entry.action, entry.subject) == (invigilator, "hand_in", sitting.candidate)
    assert (entry.at, entry.detail) == (NOW + at * MINUTE, {"reason": "Went home"})


def test_only_who_sits_is_closed(sitting: Sitting, invigilator: Person) -> None:
    Sitting.objects.update(state="ready")
    with pytest.raises(IllegalTransition):
        closed(sitting, invigilator, NOW)
    assert not AuditEntry.objects.exists()


# ---- opening again -----------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("at", "ends"),
    [(20, 65), (60, 65), (90, 95), (24 * 60 + 10, 24 * 60 + 15)],
)
def test_goes_on_from_its_end_or_from_now(sitting: Sitting, invigilator: Person, at: int, ends: int) -> None:
    closed(sitting, invigilator, NOW + 10 * MINUTE)
    again = reopened(sitting, invigilator, NOW + at * MINUTE)
    assert (again.state, again.handed_in_at, again.handed_in_cause) == ("started", None, "")
    assert (again.ends_at, again.granted_seconds) == (NOW + ends * MINUTE, 300)
    grant = TimeGrant.objects.get()
    assert (grant.seconds, grant.reason, grant.granted_by) == (300, "Wrong pupil", invigilator)
    written = sitting.events.get(kind="reopened")
    assert (written.actor, written.at) == (invigilator, NOW + at * MINUTE)
    assert written.detail == {
        "seconds": 300, "reason": "Wrong pupil", "cause": "invigilator",
        "handed_in_at": "2026-11-20 09:10:00+00:00",
    }  # fmt: skip
    assert AuditEntry.objects.filter(action="reopen", subject=sitting.candidate).count() == 1


def test_after_a_day_it_stays_closed(sitting: Sitting, invigilator: Person) -> None:
    closed(sitting, invigilator, NOW)
    with pytest.raises(IllegalTransition, match="'handed_in' to 'started'"):
        reopened(sitting, invigilator, NOW + timedelta(hours=24, seconds=1))
    assert not TimeGrant.objects.exists()


def test_what_the_pupil_handed_in_stays(sitting: Sitting, invigilator: Person) -> None:
    hand_in(sitting=sitting, cause=HandInCause.CANDIDATE, at=NOW, actor=None)
    with pytest.raises(IllegalTransition):
        reopened(sitting, invigilator, NOW)


def test_a_wrong_close_is_curable_after_the_seal_too(sitting: Sitting, invigilator: Person) -> None:
    SittingDevice.objects.update(closed=True, last_seq=0)
    closed(sitting, invigilator, NOW)
    assert seal_due(now=NOW) == 1
    again = reopened(sitting, invigilator, NOW)
    assert (again.state, again.sealed_at, again.handed_in_cause) == ("started", None, "")


@pytest.mark.parametrize("state", ["ready", "started", "voided"])
def test_only_what_is_closed_is_opened(sitting: Sitting, invigilator: Person, state: str) -> None:
    Sitting.objects.update(state=state, handed_in_at=NOW, handed_in_cause="invigilator")
    with pytest.raises(IllegalTransition):
        reopened(sitting, invigilator, NOW)


@pytest.mark.parametrize("seconds", [0, -1, 7201])
def test_for_a_reasonable_time(sitting: Sitting, invigilator: Person, seconds: int) -> None:
    closed(sitting, invigilator, NOW)
    with pytest.raises(ValueError, match="1 second to 2 hours"):
        reopened(sitting, invigilator, NOW, seconds)


def test_the_phone_that_goes_on_owes_its_end_again(sitting: Sitting, invigilator: Person) -> None:
    """Else it would be sealed as complete while the new responses are still on the phone."""
    hand_in(sitting=sitting, cause=HandInCause.TIME, at=END, actor=None)
    SittingDevice.objects.filter(epoch=2).update(closed=True, last_seq=0)
    reopened(sitting, invigilator, END)
    assert list(SittingDevice.objects.values_list("epoch", "closed", "last_seq")) == [
        (1, True, 0),
        (2, False, None),
    ]
    closed(sitting, invigilator, END + MINUTE)
    assert seal_due(now=END + 2 * MINUTE) == 0


def test_closed_again_by_the_time(sitting: Sitting, invigilator: Person) -> None:
    hand_in(sitting=sitting, cause=HandInCause.TIME, at=END, actor=None)
    reopened(sitting, invigilator, END + 5 * MINUTE)
    assert seal_due(now=END + 10 * MINUTE) == 0
    assert seal_due(now=END + 11 * MINUTE) == 1
    sitting.refresh_from_db()
    assert (sitting.handed_in_cause, sitting.handed_in_at) == ("time", END + 10 * MINUTE)


def test_opened_in_a_room_that_is_paused(sitting: Sitting, group: ClassGroup, invigilator: Person) -> None:
    closed(sitting, invigilator, NOW + 10 * MINUTE)
    assert sitting.administration is not None
    held = begin_pause(
        administration=sitting.administration, scope=Scope(class_group=group), reason="fire",
        actor=invigilator, now=NOW + 20 * MINUTE,
    )  # fmt: skip
    again = reopened(sitting, invigilator, NOW + 30 * MINUTE)
    assert again.paused_at == NOW + 30 * MINUTE
    end_pause(pause=held, actor=invigilator, now=NOW + 40 * MINUTE)
    again.refresh_from_db()
    assert (again.paused_at, again.ends_at) == (None, NOW + 75 * MINUTE)


def test_void_stays_void(sitting: Sitting, invigilator: Person) -> None:
    closed(sitting, invigilator, NOW)
    void(sitting=sitting, reason="copy", actor=invigilator, now=NOW)
    with pytest.raises(IllegalTransition, match="'voided' to 'started'"):
        reopened(sitting, invigilator, NOW)
