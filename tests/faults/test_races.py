"""Two processes, one sitting, the same moment: who goes first must not matter to what is kept."""

from __future__ import annotations

import json
import threading
import time

import pytest
from django.db import connection

from exams.actions.sealing import missing_events, seal_due
from exams.intake.protocol import parse_save
from exams.intake.ticket import Ticket
from exams.models import Sitting
from tests.exams.intake.desk import MINUTE, NINE, Desk, moment
from tests.exams.intake.phone import Reply, run
from tests.faults.conftest import Store, make_room


def test_other_bytes_under_one_number_through_another_process(store: Store) -> None:
    """F30. The first server still believes that the chain ends where it last saw it; the first bytes stay."""
    room = make_room(store, 1)
    servers = [store.server(), store.server()]
    (phone,) = room.phones(servers[0])

    async def sit() -> list[Reply]:
        await phone.begin()
        for value in "ab":
            await phone.save(phone.respond("ma-102.1", value))
        phone.address = servers[1].address
        first = phone.respond("ma-102.1", "c")
        replies = [await phone.save(first)]
        phone.address = servers[0].address
        return [*replies, await phone.save(first.replace('"c"', '"d"')), await phone.save(first)]

    replies = run(sit())
    assert [(reply.status, reply.json["acked_upto"]) for reply in replies] == [(200, 3)] * 3
    assert [row.body for row in store.books.journal()] == phone.lines
    assert [json.loads(body)["value"] for body in store.books.conflicts()] == ["d"]


@pytest.mark.long
def test_sweeper_passes_over_a_sitting_that_is_being_saved(postgres_store: Store) -> None:
    """F22. A phone that was unlocked without a network brings its first event while the sweeper seals."""
    store = postgres_store
    room = make_room(store, 1, opens_at=moment(NINE - MINUTE))
    with store.django():
        trial, desk = Sitting.objects.get(public_id=room.seats[0][1]), Desk(connection.settings_dict)
        ahead, writing = desk.open(trial), desk.open(trial)
        desk.start(trial, on=writing)
        line = writing.event("hand_in", value="candidate")
        desk.save(trial, writing, line, at=NINE + MINUTE)
        sweep = threading.Thread(target=_sweep, args=(store,))
        ticket = Ticket(trial.pk, str(trial.public_id), ahead.device, ahead.epoch)
        batch = parse_save(ahead.body(ahead.event("response", "ma-102.1", "a")))
        desk.db.begin()
        desk.store.save(ticket, batch, NINE + 2 * MINUTE)
        sweep.start()
        time.sleep(1.5)
        desk.db.commit()
        sweep.join()
        trial.refresh_from_db()
        assert (trial.state, missing_events(trial)) == ("handed_in", None)
        desk.save(trial, ahead, ahead.event("close"), at=NINE + 3 * MINUTE)
        desk.db.close()
        seal_due(now=moment(NINE + 4 * MINUTE))
        trial.refresh_from_db()
        assert trial.state == "sealed"


def _sweep(store: Store) -> None:
    with store.django():
        seal_due(now=moment(NINE + 2 * MINUTE))
