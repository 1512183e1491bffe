"""The clock, the invigilator and the seal: what moves a sitting, and what does not."""

from __future__ import annotations

from datetime import timedelta

import pytest

from accounts.models import AuditEntry, Person
from exams.actions.sittings import discard_unopened, grant_time, hand_in, open_practice_sitting, void
from exams.enums import MOVES, FormPurpose, HandInCause, SittingState
from exams.errors import IllegalTransition
from exams.models import Form, Sitting, TimeGrant
from tests.factories.accounts import NOW
from tests.factories.exams import RELEASED_ITEMS, make_form

MINUTE = timedelta(minutes=1)
GRACE = timedelta(seconds=20)
END = NOW + 60 * MINUTE


def states() -> list[str]:
    return list(Sitting.objects.order_by("candidate__family_name").values_list("state", flat=True))


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


# ---- pocket sets that nobody opened --------------------------------------------------------------------
def test_only_a_pocket_that_no_device_has_opened_is_discarded(sitting: Sitting) -> None:
    pockets = [
        open_practice_sitting(
            form=make_form(RELEASED_ITEMS, purpose=FormPurpose.PRACTICE, pocket=is_pocket),
            candidate=sitting.candidate,
            now=NOW,
        )
        for is_pocket in (True, True, True, False)
    ]
    never, opened, begun, _ = pockets
    opened.devices.create(device="a", epoch=1, opened_at=NOW)
    Sitting.objects.filter(pk=begun.pk).update(state="started", started_at=NOW)
    assert [discard_unopened(sitting=one) for one in (sitting, *pockets)] == [
        False,
        True,
        False,
        False,
        False,
    ]
    assert not Sitting.objects.filter(pk=never.pk).exists()
    assert not Form.objects.filter(pk=never.form_id).exists()
    assert Sitting.objects.filter(pk__in=[one.pk for one in pockets]).count() == 3
