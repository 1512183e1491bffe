"""Wire version 1 over the ASGI interface, on a real database and with a real writer thread."""

from __future__ import annotations

import asyncio
import gzip
import hashlib
import json
import threading
import time
from collections.abc import Awaitable
from datetime import timedelta
from typing import Any

import brotli
import pytest
from django.db import connection

from accounts import cards
from accounts.models import LoginCard, Person
from exams.actions.responses import project_sitting
from exams.actions.sittings import seal_due
from exams.intake.app import Intake
from exams.intake.protocol import receipt_code
from exams.intake.store import Store
from exams.intake.ticket import LIFETIME_MS, Ticket, mint_ticket
from exams.intake.vault import vault_secret
from exams.intake.writer import MAX_WAITING
from exams.models import Administration, ConflictingEvent, ResponseEvent, Sitting
from tests.exams.intake.conftest import signed_in_phone
from tests.exams.intake.desk import verdicts
from tests.exams.intake.phone import Phone, call
from tests.factories.accounts import NOW, make_class, make_pupil
from tests.factories.exams import make_administration


def run(work: Awaitable[Any]) -> Any:
    async def main() -> Any:
        return await work

    return asyncio.run(main())


async def begin(phone: Phone, sitting: Sitting) -> None:
    await phone.open(str(sitting.public_id))
    await phone.start()


def test_card_opens_the_door_and_an_unknown_one_does_not(intake: Intake, pupil: Person) -> None:
    digest = cards.digest("K7Q49XW2PABC", secret="card secret")
    card = LoginCard.objects.create(person=pupil, digest=digest, issued_at=NOW)
    reply = run(Phone(intake).sign_in("k7q4-9xw2-pabc"))
    assert reply.status == 200
    assert reply.json["given_name"] == "Мила"
    assert set(reply.json) == {"given_name", "family_name", "class", "school"}
    refused = run(Phone(intake).sign_in("AAAA-AAAA-AAAA"))
    assert (refused.status, refused.json["error"]) == (401, "unknown_card")
    card.revoked_at = NOW
    card.save()
    again = run(Phone(intake).sign_in("K7Q4-9XW2-PABC"))
    assert (again.status, again.json) == (refused.status, refused.json)


def test_whole_sitting(phone: Phone, sitting: Sitting) -> None:
    async def sit() -> Any:
        opened = await phone.open(str(sitting.public_id))
        assert opened.json["sitting"]["state"] == "ready"
        assert opened.json["sitting"]["limit_seconds"] == 3600
        sha256 = opened.json["papers"]["sr"]["sha256"]
        bearer = {"authorization": f"Bearer {phone.ticket}", "accept-encoding": "br"}
        early = await call(phone.app, "GET", f"/x/1/papers/{sha256}", headers=bearer)
        assert (early.status, early.json["error"]) == (403, "not_started")
        started = await phone.start()
        assert started.json["ends_at"] - started.json["started_at"] == 3_600_000
        paper = await call(phone.app, "GET", f"/x/1/papers/{sha256}", headers=bearer)
        document = brotli.decompress(paper.body)
        assert hashlib.sha256(document).hexdigest() == sha256
        assert "key" not in {name for item in json.loads(document)["items"] for name in item}
        phone.event("seen", "ma-102.1")
        phone.event("response", "ma-102.1", "a")
        phone.event("response", "ma-102.1", "c")
        phone.event("seen", "ma-106.1")
        saved = await phone.save(*phone.lines)
        assert saved.json["acked_upto"] == 4
        assert (saved.json["gaps"], saved.json["receipt"]) == ([], None)
        line = phone.event("hand_in", value="candidate")
        handed_in = await phone.save(line)
        return line, handed_in.json

    line, reply = run(sit())
    code = receipt_code(hashlib.sha256(line.encode()).digest())
    assert reply["state"] == "handed_in"
    assert {name: reply["receipt"][name] for name in ("answered", "of", "code", "final")} == {
        "answered": 1,
        "of": 4,
        "code": code,
        "final": False,
    }
    sitting.refresh_from_db()
    assert sitting.handed_in_cause == "candidate"
    seal_due(now=sitting.handed_in_at)
    sitting.refresh_from_db()
    assert sitting.state == "sealed"
    rows = {row.version.ref: row.value for row in project_sitting(sitting=sitting)}
    assert rows == {"ma-102.1": "c", "ma-106.1": None}


def test_start_is_idempotent(phone: Phone, sitting: Sitting) -> None:
    async def start_often() -> list[Any]:
        await phone.open(str(sitting.public_id))
        return await asyncio.gather(*(phone.start() for _ in range(20)))

    ends = {reply.json["ends_at"] for reply in run(start_often())}
    assert len(ends) == 1
    assert sitting.events.filter(kind="started").count() == 1


def test_repeated_and_reordered_batches_change_nothing(phone: Phone, sitting: Sitting) -> None:
    async def sit() -> list[Any]:
        await begin(phone, sitting)
        for value in ("a", "b", "c", "d"):
            phone.event("response", "ma-102.1", value)
        first, second, third, fourth = phone.lines
        replies = [await phone.save(third, fourth), await phone.save(first), await phone.save(second)]
        replies += [await phone.save(*phone.lines) for _ in range(3)]
        return [(reply.json["acked_upto"], reply.json["gaps"]) for reply in replies]

    assert run(sit()) == [(0, [[1, 2]]), (1, [[2, 2]]), (4, []), (4, []), (4, []), (4, [])]
    assert verdicts(sitting) == [(seq, "counted", "") for seq in (1, 2, 3, 4)]
    assert project_sitting(sitting=sitting)[0].value == "d"


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
        phone.ticket = f"{body}.{mac[:-2]}AA"
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


def test_another_pupils_sitting_does_not_exist(
    intake: Intake, phone: Phone, administration: Administration
) -> None:
    group = make_class()
    other = make_pupil(group)
    make_administration([group], form=administration.form)
    foreign = Sitting.objects.get(candidate=other)

    async def try_it() -> list[Any]:
        stranger = Phone(intake)
        return [
            await phone.open(str(foreign.public_id)),
            await phone.open("00000000-0000-4000-8000-000000000000"),
            await phone.open("nonsense"),
            await stranger.open(str(foreign.public_id)),
        ]

    replies = [(reply.status, reply.json["error"]) for reply in run(try_it())]
    assert replies == [(404, "no_such_sitting")] * 3 + [(401, "signed_out")]
    assert foreign.devices.count() == 0


def test_second_device_takes_over_and_the_first_is_told(
    intake: Intake, phone: Phone, pupil: Person, sitting: Sitting
) -> None:
    async def sit() -> tuple[Any, Any, Any]:
        await begin(phone, sitting)
        await phone.save(phone.event("response", "ma-102.1", "a"))
        kept_offline = phone.event("response", "ma-116.1", {"x": "5"})
        tablet = signed_in_phone(intake, pupil)
        opened = await tablet.open(str(sitting.public_id))
        await tablet.save(tablet.event("response", "ma-102.1", "d"))
        old = await phone.save(kept_offline)
        return opened.json, old.json, await phone.save(phone.event("response", "ma-102.1", "b"))

    opened, old, _ = run(sit())
    assert (opened["epoch"], opened["responses"]) == (2, {"ma-102.1": "a"})
    assert old["epoch"] == 2
    values = {row.version.ref: row.value for row in project_sitting(sitting=sitting)}
    # The newer device decides where both responded; the older one fills what only it holds.
    assert values == {"ma-102.1": "d", "ma-116.1": {"x": "5"}}


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


def error(reply: Any) -> tuple[int, str]:
    return reply.status, reply.json["error"]


def test_sign_in_ends_a_staff_session_and_sign_out_the_pupils(intake: Intake, pupil: Person) -> None:
    digest = cards.digest("K7Q49XW2PABC", secret="card secret")
    LoginCard.objects.create(person=pupil, digest=digest, issued_at=NOW)
    phone = Phone(intake)
    came = run(phone.sign_in("K7Q4 9XW2 PABC"))
    assert came.cookies["sessionid"] == "; Max-Age=0; Path=/; HttpOnly; SameSite=Lax"
    assert came.cookies["proba_pupil"].endswith("; Max-Age=43200; Path=/; HttpOnly; SameSite=Lax")
    gone = run(phone.post("sign-out", {}))
    assert (gone.status, gone.body) == (204, b"")
    assert gone.cookies == {"proba_pupil": "; Max-Age=0; Path=/; HttpOnly; SameSite=Lax"}


def test_everything_a_phone_is_told_on_opening(intake: Intake, phone: Phone, sitting: Sitting) -> None:
    opened = run(phone.open(str(sitting.public_id))).json
    assert opened.pop("server_now") <= time.time() * 1000
    assert opened.pop("ticket") == phone.ticket
    assert opened == {
        "epoch": 1,
        "store_generation": intake.writer.generation,
        "sitting": {
            "id": str(sitting.public_id),
            "state": "ready",
            "purpose": "trial",
            "form": str(sitting.form.public_id),
            "title": {"sr": "Пробни завршни", "en": "Trial exam"},
            "items": 4,
            "limit_seconds": 3600,
            "opens_at": round(sitting.administration.opens_at.timestamp() * 1000),
            "closes_at": None,
            "started_at": None,
            "ends_at": None,
            "handed_in_cause": "",
        },
        "candidate": {
            "given_name": "Мила",
            "family_name": sitting.candidate.family_name,
            "class": sitting.candidate.class_groups.get().name,
        },
        "papers": {
            paper.language: {"sha256": paper.sha256, "bytes": len(paper.body_br)}
            for paper in sitting.form.papers.all()
        },
        "vault": vault_secret(str(sitting.public_id), secret="ticket secret"),
        "responses": {},
        "seen": [],
        "flags": [],
        "acked_upto": 0,
        "receipt": None,
    }


def test_wiped_phone_is_told_what_the_server_holds(intake: Intake, phone: Phone, sitting: Sitting) -> None:
    async def sit() -> Any:
        await begin(phone, sitting)
        phone.event("seen", "ma-106.1")
        phone.event("response", "ma-102.1", "a")
        phone.event("flag", "ma-112.1", True)
        await phone.save(*phone.lines)
        same = (await phone.open(str(sitting.public_id))).json
        wiped = (await signed_in_phone(intake, sitting.candidate).open(str(sitting.public_id))).json
        return same, wiped

    for opened, epoch, acked_upto in zip(run(sit()), (1, 2), (3, 0), strict=True):
        assert (opened["epoch"], opened["acked_upto"]) == (epoch, acked_upto)
        assert opened["responses"] == {"ma-102.1": "a"}
        assert opened["seen"] == ["ma-102.1", "ma-106.1", "ma-112.1"]
        assert opened["flags"] == ["ma-112.1"]


def test_start_outside_the_window_says_when(phone: Phone, sitting: Sitting) -> None:
    opens_at = sitting.administration.opens_at + timedelta(hours=2)
    Administration.objects.update(opens_at=opens_at)

    async def start() -> Any:
        await phone.open(str(sitting.public_id))
        return await phone.start()

    early = run(start())
    assert error(early) == (409, "not_open_yet")
    assert early.json["opens_at"] == round(opens_at.timestamp() * 1000)
    Administration.objects.update(
        opens_at=opens_at - timedelta(hours=9), closes_at=opens_at - timedelta(hours=8)
    )
    assert error(run(phone.start())) == (409, "window_closed")
    Sitting.objects.update(state="voided")
    assert error(run(phone.start())) == (409, "voided")
    assert error(run(phone.open(str(sitting.public_id)))) == (409, "voided")


def test_paper_comes_in_the_encoding_asked_for(phone: Phone, sitting: Sitting) -> None:
    async def fetch() -> list[Any]:
        await begin(phone, sitting)
        opened = await phone.open(str(sitting.public_id))
        address = f"papers/{opened.json['papers']['en']['sha256']}"
        zipped = await phone.get(address, **{"accept-encoding": "gzip"})
        others = [await phone.get(f"papers/{'0' * 64}"), await phone.post(address, {})]
        return [await phone.get(address), zipped, *others]

    plain, zipped, unknown, posted = run(fetch())
    assert json.loads(plain.body)["language"] == "en"
    assert plain.headers["cache-control"] == "private, max-age=31536000, immutable"
    assert "content-encoding" not in plain.headers
    assert gzip.decompress(zipped.body) == plain.body
    assert zipped.headers["content-encoding"] == "gzip"
    assert zipped.headers["content-length"] == str(len(zipped.body))
    assert error(unknown) == (404, "no_such_paper")
    assert error(posted) == (405, "get_only")


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


def test_listeners_hear_of_every_move(phone: Phone, sitting: Sitting) -> None:
    heard: list[tuple[str, int, str]] = []
    phone.app.listeners.append(lambda moved: heard.append((moved.sitting, moved.key, moved.state)))

    async def sit() -> None:
        await begin(phone, sitting)
        await phone.save(phone.event("response", "ma-102.1", "a"))
        await phone.save(phone.event("hand_in", value="candidate"))
        await phone.save()

    run(sit())
    identity = (str(sitting.public_id), sitting.pk)
    assert heard == [(*identity, "started"), (*identity, "handed_in")]


def test_receipt_becomes_final_with_the_seal(phone: Phone, sitting: Sitting) -> None:
    async def sit() -> tuple[str, Any]:
        await begin(phone, sitting)
        line = phone.event("hand_in", value="candidate")
        return line, (await phone.save(line)).json

    line, handed_in = run(sit())
    sitting.refresh_from_db()
    seal_due(now=sitting.handed_in_at)
    sealed, opened = run(phone.save()).json, run(phone.open(str(sitting.public_id))).json
    assert (handed_in["state"], sealed["state"]) == ("handed_in", "sealed")
    assert sealed["receipt"] == handed_in["receipt"] | {"final": True} == opened["receipt"]
    assert sealed["receipt"]["code"] == receipt_code(hashlib.sha256(line.encode()).digest())


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
