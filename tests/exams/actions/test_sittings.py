"""The clock, the invigilator and the seal: what moves a sitting, and what does not."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.core.management import call_command

from accounts.enums import Role
from accounts.models import AuditEntry, ClassGroup, Person
from exams.actions.sittings import grant_time, hand_in, missing_events, seal_due, void
from exams.enums import MOVES, HandInCause, SittingState
from exams.errors import IllegalTransition
from exams.models import ResponseEvent, Sitting, SittingDevice, TimeGrant
from exams.signals import sitting_handed_in
from tests.factories.accounts import NOW, make_class, make_member, make_pupil
from tests.factories.exams import make_administration

MINUTE = timedelta(minutes=1)
GRACE = timedelta(seconds=20)
END = NOW + 60 * MINUTE


@pytest.fixture
def group(db: None) -> ClassGroup:
    return make_class()


@pytest.fixture
def sittings(group: ClassGroup) -> list[Sitting]:
    """Two sittings started at NOW with an hour to go."""
    make_pupil(group, family_name="А")
    make_pupil(group, family_name="Б")
    make_administration([group])
    Sitting.objects.update(state="started", started_at=NOW, ends_at=END)
    return list(Sitting.objects.order_by("candidate__family_name"))


@pytest.fixture
def sitting(sittings: list[Sitting]) -> Sitting:
    return sittings[0]


@pytest.fixture
def invigilator(group: ClassGroup) -> Person:
    return make_member(group.school, Role.INVIGILATOR)


def states() -> list[str]:
    return list(Sitting.objects.order_by("candidate__family_name").values_list("state", flat=True))


def device(sitting: Sitting, last_seq: int | None, closed: bool, name: str = "A") -> None:
    epoch = sitting.devices.count() + 1
    SittingDevice.objects.create(
        sitting=sitting, device=name * 22, epoch=epoch, opened_at=NOW, last_seq=last_seq, closed=closed
    )


def event(sitting: Sitting, seq: int, name: str = "A") -> None:
    ResponseEvent.objects.create(
        sitting=sitting,
        device=name * 22,
        seq=seq,
        epoch=1,
        kind="seen",
        body="{}",
        digest=b"d",
        received_at=NOW,
        verdict="counted",
    )


# ---- grants ------------------------------------------------------------------------------------------
def test_grant_moves_the_end_and_is_written_down(sitting: Sitting, invigilator: Person) -> None:
    grant_time(sitting=sitting, seconds=300, reason="fire drill", actor=invigilator, now=NOW)
    grant_time(sitting=sitting, seconds=1, reason="once more", actor=invigilator, now=NOW)
    sitting.refresh_from_db()
    assert (sitting.granted_seconds, sitting.ends_at) == (301, END + timedelta(seconds=301))
    assert list(TimeGrant.objects.values_list("seconds", "reason", "granted_by")) == [
        (300, "fire drill", invigilator.pk),
        (1, "once more", invigilator.pk),
    ]
    assert sitting.events.filter(kind="granted").first().detail == {"seconds": 300, "reason": "fire drill"}
    entry = AuditEntry.objects.first()
    assert (entry.action, entry.actor, entry.subject) == ("grant_time", invigilator, sitting.candidate)


def test_grant_before_the_start_waits_for_it(sitting: Sitting, invigilator: Person) -> None:
    Sitting.objects.update(state="ready", started_at=None, ends_at=None)
    grant_time(sitting=sitting, seconds=60, reason="", actor=invigilator, now=NOW)
    sitting.refresh_from_db()
    assert (sitting.granted_seconds, sitting.ends_at) == (60, None)


@pytest.mark.parametrize("seconds", [0, -1, 7201])
def test_grant_out_of_range(sitting: Sitting, invigilator: Person, seconds: int) -> None:
    with pytest.raises(ValueError, match="between 1 second and 2 hours"):
        grant_time(sitting=sitting, seconds=seconds, reason="", actor=invigilator, now=NOW)


@pytest.mark.parametrize("state", ["handed_in", "sealed", "voided"])
def test_no_grant_when_it_is_over(sitting: Sitting, invigilator: Person, state: str) -> None:
    Sitting.objects.update(state=state, handed_in_at=NOW)
    with pytest.raises(IllegalTransition, match=f"'{state}' to 'longer'"):
        grant_time(sitting=sitting, seconds=60, reason="", actor=invigilator, now=NOW)
    assert not TimeGrant.objects.exists()


# ---- moves -------------------------------------------------------------------------------------------
@pytest.mark.parametrize("state", list(SittingState))
def test_only_a_started_sitting_is_handed_in(sitting: Sitting, invigilator: Person, state: str) -> None:
    Sitting.objects.update(state=state, handed_in_at=NOW)
    if state == "started":
        done = hand_in(sitting=sitting, cause=HandInCause.INVIGILATOR, at=NOW, actor=invigilator)
        assert (done.state, done.handed_in_at, done.handed_in_cause) == ("handed_in", NOW, "invigilator")
        (written,) = sitting.events.all()
        assert (written.actor, written.detail) == (invigilator, {"cause": "invigilator"})
    else:
        with pytest.raises(IllegalTransition):
            hand_in(sitting=sitting, cause=HandInCause.INVIGILATOR, at=NOW, actor=invigilator)


@pytest.mark.parametrize("state", list(SittingState))
def test_everything_but_a_voided_sitting_is_voided(sitting: Sitting, invigilator: Person, state: str) -> None:
    Sitting.objects.update(state=state, handed_in_at=NOW)
    if SittingState.VOIDED in MOVES[SittingState(state)]:
        assert void(sitting=sitting, reason="wrong pupil", actor=invigilator, now=NOW).state == "voided"
        assert AuditEntry.objects.get().detail == {"reason": "wrong pupil"}
    else:
        with pytest.raises(IllegalTransition, match="'voided' to 'voided'"):
            void(sitting=sitting, reason="", actor=invigilator, now=NOW)


# ---- the sweeper -------------------------------------------------------------------------------------
def test_time_is_over_after_the_grace(sittings: list[Sitting]) -> None:
    device(sittings[0], None, False)
    device(sittings[1], None, False)
    assert seal_due(now=END + GRACE) == 0
    assert seal_due(now=END + GRACE + timedelta(milliseconds=1)) == 2
    assert states() == ["handed_in", "handed_in"]
    done = Sitting.objects.first()
    assert (done.handed_in_at, done.handed_in_cause) == (END, "time")


@pytest.mark.django_db(transaction=True)
def test_grant_given_while_the_sweeper_is_at_work_counts(
    sittings: list[Sitting], invigilator: Person
) -> None:
    for one in sittings:
        device(one, None, False)

    def grant_the_other(sitting: Sitting, **kwargs: Any) -> None:
        other = Sitting.objects.exclude(pk=sitting.pk).get()
        grant_time(sitting=other, seconds=60, reason="", actor=invigilator, now=END)

    # The sweeper has both on its list; as the first one closes, the second is given a minute more.
    sitting_handed_in.connect(grant_the_other)
    try:
        moved = seal_due(now=END + 2 * GRACE)
    finally:
        sitting_handed_in.disconnect(grant_the_other)
    assert moved == 1
    assert sorted(states()) == ["handed_in", "started"]


# ---- the seal ----------------------------------------------------------------------------------------
def handed_in(sitting: Sitting) -> None:
    Sitting.objects.filter(pk=sitting.pk).update(
        state="handed_in", handed_in_at=NOW, handed_in_cause="candidate"
    )
    Sitting.objects.exclude(pk=sitting.pk).update(state="voided")


@pytest.mark.parametrize(
    ("devices", "arrived", "missing"),
    [
        ([], [], 0),
        ([("A", 2, True)], [("A", 1), ("A", 2)], 0),
        ([("A", 2, True)], [("A", 2)], 1),
        ([("A", 2, True)], [("A", 1), ("A", 2), ("A", 3)], 0),
        ([("A", None, False)], [], None),
        ([("A", 2, False)], [("A", 1), ("A", 2)], None),
        ([("A", 1, True), ("B", None, False)], [("A", 1)], None),
        ([("A", 1, True), ("B", 3, True)], [("A", 1), ("B", 3)], 2),
    ],
)
def test_sealed_when_every_device_has_delivered(
    sitting: Sitting,
    devices: list[tuple[str, int | None, bool]],
    arrived: list[tuple[str, int]],
    missing: int | None,
) -> None:
    handed_in(sitting)
    for name, last_seq, closed in devices:
        device(sitting, last_seq, closed, name)
    for name, seq in arrived:
        event(sitting, seq, name)
    assert missing_events(sitting) == missing
    assert seal_due(now=NOW + MINUTE) == (1 if missing == 0 else 0)
    sitting.refresh_from_db()
    assert sitting.state == ("sealed" if missing == 0 else "handed_in")
    if missing == 0:
        assert sitting.sealed_at == NOW + MINUTE
        assert sitting.events.get(kind="sealed").detail == {"by": "complete"}


def test_cut_off_seals_what_is_still_incomplete(sitting: Sitting) -> None:
    handed_in(sitting)
    device(sitting, None, False)
    assert seal_due(now=NOW + timedelta(hours=24) - MINUTE) == 0
    assert seal_due(now=NOW + timedelta(hours=24)) == 1
    assert sitting.events.get(kind="sealed").detail == {"by": "cut_off"}
    assert seal_due(now=NOW + timedelta(hours=48)) == 0


def test_administration_sets_its_own_cut_off(sitting: Sitting) -> None:
    handed_in(sitting)
    device(sitting, None, False)
    sitting.administration.cut_off_hours = 2
    sitting.administration.save()
    assert seal_due(now=NOW + timedelta(hours=2) - MINUTE) == 0
    assert seal_due(now=NOW + timedelta(hours=2)) == 1


def test_listeners_hear_after_commit(sitting: Sitting, django_capture_on_commit_callbacks: Any) -> None:
    heard: list[str] = []

    def listen(sitting: Sitting, **kwargs: Any) -> None:
        heard.append(sitting.state)

    sitting_handed_in.connect(listen)
    try:
        with django_capture_on_commit_callbacks(execute=True):
            hand_in(sitting=sitting, cause=HandInCause.CANDIDATE, at=NOW, actor=None)
            assert heard == []
            Sitting.objects.exclude(pk=sitting.pk).update(state="voided")
            seal_due(now=NOW)
    finally:
        sitting_handed_in.disconnect(listen)
    assert heard == ["handed_in", "sealed"]


def test_command_says_how_many_moved(sittings: list[Sitting], capsys: pytest.CaptureFixture[str]) -> None:
    Sitting.objects.update(started_at=NOW - timedelta(days=900), ends_at=NOW - timedelta(days=899))
    call_command("seal_due")
    assert capsys.readouterr().out == "4 sittings moved.\n"
    assert states() == ["sealed", "sealed"]
