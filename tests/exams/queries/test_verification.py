"""Is a chunk read in one moment, without waiting for the intake or keeping it waiting, and completely?"""

from __future__ import annotations

from django.db import connection

from exams.models import ResponseEvent, Sitting
from exams.queries.verification import Reader, chunks, sittings_to_verify, snapshot
from exams.verification import journal_findings
from exams.verification_times import state_findings
from tests.exams.intake.desk import MINUTE, NINE, Desk, moment
from tests.factories.accounts import make_class, make_pupil
from tests.factories.exams import make_administration


def begun(desk: Desk, sitting: Sitting) -> None:
    phone = desk.open(sitting)
    desk.start(sitting)
    line = phone.event("response", "ma-102.1", "b")
    desk.save(sitting, phone, line, at=NINE + MINUTE)


def test_the_intake_writes_while_a_snapshot_is_read(both_databases: None) -> None:
    group = make_class()
    make_pupil(group)
    sitting = make_administration([group], now=moment(NINE)).sittings.get()
    desk = Desk(connection.settings_dict)
    try:
        phone = desk.open(sitting)
        desk.start(sitting)
        reader = Reader()
        with snapshot():
            (before,) = reader.records([sitting.pk])
            desk.save(sitting, phone, phone.event("response", "ma-102.1", "b"), at=NINE + MINUTE)
            (same,) = reader.records([sitting.pk])
        assert (before.kept, same.kept) == ((), ())
        with snapshot():
            (after,) = reader.records([sitting.pk])
        assert [row.item_ref for row in after.kept] == ["ma-102.1"]
        assert [*journal_findings(after), *state_findings(after)] == []
        # The connection is Django's again, and writes.
        Sitting.objects.update(simulated=True)
    finally:
        desk.db.close()


def test_the_same_is_read_from_both_databases(both_databases: None) -> None:
    group = make_class()
    pupils = [make_pupil(group) for _ in range(3)]
    administration = make_administration([group], now=moment(NINE))
    desk = Desk(connection.settings_dict)
    try:
        for pupil in pupils:
            begun(desk, administration.sittings.get(candidate=pupil))
    finally:
        desk.db.close()
    found = []
    for keys in chunks(sittings_to_verify(administration=administration.public_id), 2):
        with snapshot():
            found.append(list(Reader().records(keys)))
    assert [len(records) for records in found] == [2, 1]
    for record in (record for records in found for record in records):
        row = ResponseEvent.objects.get(sitting=record.key)
        (kept,) = record.kept
        assert (kept.key, kept.body, kept.digest) == (row.pk, row.body, bytes(row.digest))
        assert (record.state, record.started_at, record.refs) == (
            "started", NINE, frozenset({"ma-102.1", "ma-106.1", "ma-112.1", "ma-116.1"}),
        )  # fmt: skip
        assert record.projection().responses == {"ma-102.1": "b"}
        assert [*journal_findings(record), *state_findings(record)] == []


def test_what_is_asked_for(transactional_db: None) -> None:
    group = make_class()
    make_pupil(group)
    first, second = (make_administration([group], now=moment(NINE)) for _ in range(2))
    own = first.sittings.get()
    assert sittings_to_verify().count() == 2
    assert list(sittings_to_verify(administration=second.public_id)) == [second.sittings.get()]
    assert list(sittings_to_verify(sitting=own.public_id)) == [own]
    assert not sittings_to_verify(administration=second.public_id, sitting=own.public_id)
    assert list(chunks(sittings_to_verify(), 1)) == [[own.pk], [second.sittings.get().pk]]
