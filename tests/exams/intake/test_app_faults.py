"""What the intake replies when something is wrong: with the request, with the database, or with the phone."""

from __future__ import annotations

import asyncio
import threading
import time
from typing import Any

import pytest
from django.db import connection

from exams.actions.responses import project_sitting
from exams.intake.app import Intake
from exams.intake.store import Store
from exams.intake.ticket import LIFETIME_MS, Ticket, mint_ticket
from exams.intake.writer import MAX_WAITING
from exams.models import ConflictingEvent, ResponseEvent, Sitting
from tests.exams.intake.desk import verdicts
from tests.exams.intake.phone import Phone, begin, call, error, run


def test_same_identity_with_other_bytes_keeps_the_first(phone: Phone, sitting: Sitting) -> None:
    async def sit() -> Any:
        await begin(phone, sitting)
        line = phone.event("response", "ma-102.1", "a")
        await phone.save(line)
        return await phone.save(line.replace('"a"', '"b"'))

    reply = run(sit())
    assert (reply.status, reply.json["acked_upto"]) == (200, 1)
    assert project_sitting(sitting=sitting)[0].value == "a"
    assert ConflictingEvent.objects.get().body.count('"b"') == 1


def test_forged_ticket_and_batch_are_refused(phone: Phone, sitting: Sitting) -> None:
    async def forge() -> list[tuple[int, str]]:
        await begin(phone, sitting)
        line = phone.event("response", "ma-102.1", "a")
        good = phone.ticket
        body, mac = good.split(".")
        phone.ticket = f"{body}.{'B' if mac[0] == 'A' else 'A'}{mac[1:]}"
        replies = [await phone.save(line)]
        phone.ticket = phone.cookie
        replies.append(await phone.save(line))
        phone.ticket = good
        replies.append(await phone.save("not json"))
        replies.append(await phone.save(line, v=2))
        replies.append(await phone.save(line, device="A" * 22))
        return [(reply.status, reply.json["error"]) for reply in replies]

    assert run(forge()) == [
        (401, "bad_ticket"),
        (401, "bad_ticket"),
        (400, "bad_event"),
        (400, "bad_header"),
        (403, "wrong_device"),
    ]
    assert ResponseEvent.objects.count() == 0


def test_item_not_on_the_form_and_broken_chain_wait_for_a_person(phone: Phone, sitting: Sitting) -> None:
    async def sit() -> Any:
        await begin(phone, sitting)
        phone.event("response", "ma-999.1", "a")
        phone.event("response", "ma-102.1", "a", prev="A" * 43)
        phone.event("response", "ma-102.1", "b", epoch=7)
        phone.event("response", "ma-102.1", "c")
        return await phone.save(*phone.lines)

    assert run(sit()).json["acked_upto"] == 4
    assert verdicts(sitting) == [
        (1, "quarantined", "unknown_item"),
        (2, "quarantined", "broken_chain"),
        (3, "quarantined", "unknown_epoch"),
        (4, "counted", ""),
    ]
    assert project_sitting(sitting=sitting)[0].value == "c"


def test_oversized_requests_are_refused_whole(phone: Phone, sitting: Sitting) -> None:
    async def send() -> list[tuple[int, str]]:
        await begin(phone, sitting)
        many = [phone.event("seen", "ma-102.1") for _ in range(201)]
        long = phone.event("response", "ma-102.1", "x" * 9000)
        replies = [await phone.save(*many), await phone.save(long), await phone.save("y" * 70_000)]
        return [(reply.status, reply.json["error"]) for reply in replies]

    assert run(send()) == [(413, "too_large")] * 3
    assert ResponseEvent.objects.count() == 0


@pytest.mark.parametrize("origin", ["https://evil.example", "http://proba.test.evil.example"])
def test_other_sites_may_not_speak_for_a_pupil(phone: Phone, sitting: Sitting, origin: str) -> None:
    reply = run(
        phone.post("open", {"sitting": str(sitting.public_id), "device": phone.device}, origin=origin)
    )
    assert (reply.status, reply.json["error"]) == (403, "other_origin")


def test_junk_values_are_kept_but_never_break_the_projection(phone: Phone, sitting: Sitting) -> None:
    junk = [
        '{"x":{"deep":[1]}}',
        "[1,2]",
        "5",
        "1e300",
        '{"x":"\\u0000"}',
        '"\\ud800"',
        "9" * 5000,
        "[" * 900 + "]" * 900,
    ]

    async def sit() -> Any:
        await begin(phone, sitting)
        saved = await phone.save(*[phone.raw_value("ma-102.1", value) for value in junk])
        return saved.json, (await phone.open(str(sitting.public_id))).json

    saved, opened = run(sit())
    assert saved["acked_upto"] == len(junk)
    assert opened["responses"] == {"ma-102.1": "\ufffd"}
    assert project_sitting(sitting=sitting)[0].value == "\ufffd"


def test_old_ticket_is_told_apart_from_a_bad_one(phone: Phone, sitting: Sitting) -> None:
    run(phone.open(str(sitting.public_id)))
    ticket = Ticket(sitting.pk, str(sitting.public_id), phone.device, 1)
    made = int(time.time() * 1000) - LIFETIME_MS
    phone.ticket = mint_ticket(ticket, secret="ticket secret", now=made)
    assert error(run(phone.save())) == (401, "ticket_expired")
    assert error(run(phone.start())) == (401, "ticket_expired")
    phone.ticket = ""
    assert error(run(phone.save())) == (401, "bad_ticket")


def test_addresses_that_are_none(intake: Intake) -> None:
    assert error(run(call(intake, "POST", "/x/1/nothing"))) == (404, "no_such_address")
    assert error(run(call(intake, "POST", "/x/2/save"))) == (404, "no_such_address")
    assert error(run(call(intake, "GET", "/x/1/save"))) == (405, "post_only")


def test_full_queue_asks_phones_to_come_back_at_different_times(phone: Phone, sitting: Sitting) -> None:
    async def flood() -> tuple[list[Any], Any]:
        await begin(phone, sitting)
        writer, go_on, busy = phone.app.writer, threading.Event(), threading.Event()
        held = asyncio.ensure_future(writer.do(lambda store: (busy.set(), go_on.wait())))
        await asyncio.to_thread(busy.wait)
        waiting = [asyncio.ensure_future(writer.do(lambda store: None)) for _ in range(MAX_WAITING)]
        await asyncio.sleep(0)
        line = phone.event("response", "ma-102.1", "a")
        refused = [await phone.save(line) for _ in range(20)]
        go_on.set()
        await asyncio.gather(held, *waiting)
        return refused, await phone.save(line)

    refused, accepted = run(flood())
    assert {error(reply) for reply in refused} == {(503, "overloaded")}
    waits = {int(reply.headers["retry-after"]) for reply in refused}
    assert waits <= set(range(2, 16))
    assert len(waits) > 1
    assert (accepted.status, accepted.json["acked_upto"]) == (200, 1)


def test_commit_that_fails_sends_no_acknowledgement(phone: Phone, sitting: Sitting) -> None:
    async def lose() -> tuple[Any, Any]:
        await begin(phone, sitting)
        line = phone.event("response", "ma-102.1", "a")
        writer, go_on, busy = phone.app.writer, threading.Event(), threading.Event()
        held = asyncio.ensure_future(writer.do(lambda store: (busy.set(), go_on.wait())))
        await asyncio.to_thread(busy.wait)
        # In one group with the save: the connection is gone when both should be committed.
        saving = asyncio.ensure_future(phone.save(line))
        await asyncio.sleep(0)
        closing = asyncio.ensure_future(writer.do(_close_connection))
        await asyncio.sleep(0)
        go_on.set()
        replies = await asyncio.gather(saving, closing, held, return_exceptions=True)
        return replies, await phone.save(line)

    (saved, closed, _), again = run(lose())
    assert (saved.status, saved.json["acked_upto"]) == (200, 1)  # the second try, on a new connection
    assert "closed" in str(closed)
    assert again.json["acked_upto"] == 1
    assert verdicts(sitting) == [(1, "counted", "")]


def _close_connection(store: Store) -> None:
    store.db.raw.close()  # type: ignore[attr-defined]


def test_failure_inside_is_a_503_and_no_error_page(
    phone: Phone, sitting: Sitting, caplog: pytest.LogCaptureFixture
) -> None:
    run(begin(phone, sitting))
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE exams_responseevent RENAME TO elsewhere")
    line = phone.event("response", "ma-102.1", "a")
    failed = run(phone.save(line))
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE elsewhere RENAME TO exams_responseevent")
    assert error(failed) == (503, "internal")
    assert failed.headers["retry-after"] == "5"
    assert "intake failed on /x/1/save" in caplog.text
    assert run(phone.save(line)).json["acked_upto"] == 1


def test_restored_store_is_filled_again_by_the_phone(phone: Phone, sitting: Sitting) -> None:
    async def respond() -> Any:
        await begin(phone, sitting)
        for value in "abc":
            phone.event("response", "ma-102.1", value)
        return (await phone.save(*phone.lines)).json

    assert run(respond())["acked_upto"] == 3
    # As a backup from before nine o'clock has it.
    ResponseEvent.objects.all().delete()
    sitting.devices.all().delete()
    sitting.events.all().delete()
    Sitting.objects.update(state="ready", started_at=None, ends_at=None)
    told = run(phone.save(phone.event("response", "ma-102.1", "d"))).json
    assert (told["acked_upto"], told["gaps"], told["state"]) == (0, [[1, 3]], "started")
    again = run(phone.save(*phone.lines)).json
    assert (again["acked_upto"], again["gaps"], again["epoch"]) == (4, [], 1)
    assert {verdict for _, verdict, _ in verdicts(sitting)} == {"counted"}
    assert project_sitting(sitting=sitting)[0].value == "d"
