"""What is overdue is closed, what is complete is sealed, by any number of sweeps."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.core.management import call_command

from accounts.models import Person
from exams.actions import sealing
from exams.actions.sealing import missing_events, seal_due
from exams.actions.sittings import grant_time, hand_in
from exams.enums import HandInCause
from exams.models import ResponseEvent, Sitting, SittingDevice
from exams.signals import sitting_handed_in
from tests.factories.accounts import NOW

MINUTE = timedelta(minutes=1)
GRACE = timedelta(seconds=20)
END = NOW + 60 * MINUTE


def states() -> list[str]:
    return list(Sitting.objects.order_by("candidate__family_name").values_list("state", flat=True))


def device(sitting: Sitting, last_seq: int | None, closed: bool, name: str = "A") -> None:
    epoch = sitting.devices.count() + 1
    SittingDevice.objects.create(
        sitting=sitting, device=name * 22, epoch=epoch, opened_at=NOW, last_seq=last_seq, closed=closed,
        entered=True,
    )  # fmt: skip


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
    sittings: list[Sitting], invigilator: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sealing, "AT_ONCE", 1)
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


def test_paused_sitting_is_not_overdue(sitting: Sitting) -> None:
    Sitting.objects.exclude(pk=sitting.pk).update(state="voided")
    device(sitting, None, False)
    Sitting.objects.filter(pk=sitting.pk).update(paused_at=NOW)
    assert seal_due(now=END + 60 * MINUTE) == 0
    Sitting.objects.filter(pk=sitting.pk).update(paused_at=None)
    assert seal_due(now=END + 60 * MINUTE) == 1


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


def test_phone_that_only_fetched_ahead_is_not_waited_for(sitting: Sitting) -> None:
    handed_in(sitting)
    device(sitting, 1, True)
    event(sitting, 1)
    device(sitting, None, False, "B")
    SittingDevice.objects.filter(device="B" * 22).update(entered=False)
    assert missing_events(sitting) == 0
    assert seal_due(now=NOW + MINUTE) == 1


def test_more_than_one_step_seals_at_once(sittings: list[Sitting], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sealing, "AT_ONCE", 1)
    Sitting.objects.update(state="handed_in", handed_in_at=NOW, handed_in_cause="candidate")
    assert seal_due(now=NOW + MINUTE) == 2
    assert states() == ["sealed", "sealed"]


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
