"""Is a pause on both databases one change for all, and who gives way when the intake is busy?"""

from __future__ import annotations

import threading
import time
from datetime import timedelta

import psycopg
import pytest
from django.db import OperationalError, connection, transaction

from accounts.enums import Role
from accounts.models import Person
from exams.actions.interruptions import EVERYBODY, Scope, begin_pause, end_pause
from exams.actions.many_sittings import giving_way
from exams.models import Administration, Sitting, SittingEvent
from tests.exams.conftest import django_on
from tests.factories.accounts import NOW, make_class, make_member, make_pupil
from tests.factories.exams import make_administration

MINUTE = timedelta(minutes=1)
WAITING = "SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"


def world() -> tuple[Administration, Person]:
    room = make_class()
    for name in ("А", "Б"):
        make_pupil(room, family_name=name)
    administration = make_administration([room], closes_at=NOW + 70 * MINUTE)
    Sitting.objects.filter(candidate__family_name="А").update(
        state="started", started_at=NOW, ends_at=NOW + 60 * MINUTE
    )
    return administration, make_member(room.school, Role.INVIGILATOR)


def test_pausing_and_going_on(both_databases: None) -> None:
    administration, staff = world()
    first = Sitting.objects.get(state="started")
    own = begin_pause(
        administration=administration, scope=Scope(sitting=first), reason="nosebleed", actor=staff, now=NOW
    )
    held = begin_pause(
        administration=administration, scope=EVERYBODY, reason="power", actor=staff, now=NOW + 10 * MINUTE
    )
    assert set(Sitting.objects.values_list("state", "paused_at")) == {
        ("started", NOW), ("ready", NOW + 10 * MINUTE),
    }  # fmt: skip
    end_pause(pause=own, actor=staff, now=NOW + 20 * MINUTE)
    end_pause(pause=held, actor=staff, now=NOW + 30 * MINUTE)
    assert set(Sitting.objects.values_list("state", "paused_at", "ends_at", "granted_seconds")) == {
        ("started", None, NOW + 90 * MINUTE, 0), ("ready", None, None, 20 * 60),
    }  # fmt: skip
    rows = SittingEvent.objects.filter(sitting=first).values_list("kind", "at", "actor", "detail__reason")
    assert list(rows) == [
        ("paused", NOW, staff.pk, "nosebleed"),
        ("resumed", NOW + 30 * MINUTE, staff.pk, "power"),
    ]


@pytest.mark.django_db(transaction=True)
def test_a_pause_waits_for_the_intake_and_never_the_other_way_round(postgres_database: str) -> None:
    """The intake holds one pupil's row, then wants another's that the pause has locked already."""
    with django_on(postgres_database):
        administration, staff = world()
        with psycopg.connect(postgres_database) as intake:
            # The pause takes rows as they lie in the table.
            front, back = intake.execute("SELECT id FROM exams_sitting ORDER BY ctid").fetchall()
            # So it would be the first to find out, and to be thrown out for it.
            intake.execute("SET deadlock_timeout = '600ms'")
            lock = "SELECT id FROM exams_sitting WHERE id = %s FOR UPDATE"
            intake.execute(lock, back)

            def hold_the_other() -> None:
                with psycopg.connect(postgres_database, autocommit=True) as watching:
                    while not watching.execute(WAITING).fetchall():
                        time.sleep(0.01)
                intake.execute(lock, front)
                intake.commit()

            meanwhile = threading.Thread(target=hold_the_other)
            meanwhile.start()
            begin_pause(administration=administration, scope=EVERYBODY, reason="power", actor=staff, now=NOW)
            meanwhile.join()
        assert set(Sitting.objects.values_list("paused_at", flat=True)) == {NOW}
        assert SittingEvent.objects.filter(kind="paused").count() == 2


@pytest.mark.django_db(transaction=True)
def test_what_somebody_holds_is_tried_again_and_nothing_else(monkeypatch: pytest.MonkeyPatch) -> None:
    calls: list[str] = []

    class HeldError(Exception):
        sqlstate = "55P03"

    @giving_way
    def work(cause: Exception, *, fail: int) -> str:
        calls.append("call")
        Sitting.objects.count()
        if len(calls) <= fail:
            raise OperationalError("no") from cause
        return "done"

    assert work(HeldError(), fail=2) == "done"
    assert len(calls) == 3
    calls.clear()
    with pytest.raises(OperationalError):
        work(ValueError(), fail=1)
    assert len(calls) == 1
    calls.clear()
    # Inside somebody's transaction there is nothing to begin anew.
    with pytest.raises(OperationalError), transaction.atomic():
        work(HeldError(), fail=1)
    assert (len(calls), connection.in_atomic_block) == (1, False)
