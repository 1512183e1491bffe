"""Wire version 1 over the ASGI interface, on a real database and with a real writer thread."""

from __future__ import annotations

import asyncio
import hashlib
import json
from collections.abc import Awaitable
from typing import Any

import brotli
import pytest

from accounts import cards
from accounts.models import LoginCard, Person
from exams.actions.responses import project_sitting
from exams.actions.sittings import seal_due
from exams.intake.app import Intake
from exams.intake.protocol import receipt_code
from exams.models import Administration, ConflictingEvent, ResponseEvent, Sitting
from tests.exams.intake.conftest import signed_in_phone
from tests.exams.intake.phone import Phone, call
from tests.factories.accounts import NOW, make_class, make_pupil
from tests.factories.exams import make_administration


def run(work: Awaitable[Any]) -> Any:
    async def main() -> Any:
        return await work

    return asyncio.run(main())


def verdicts(sitting: Sitting) -> list[tuple[int, str, str]]:
    rows = ResponseEvent.objects.filter(sitting=sitting).order_by("seq")
    return [(row.seq, row.verdict, row.reason) for row in rows]


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
    junk = ['{"x":{"deep":[1]}}', "[1,2]", "5", "1e300", '{"x":"\\u0000"}', '"\\ud800"', "9" * 5000, "[" * 900 + "]" * 900]

    async def sit() -> Any:
        await begin(phone, sitting)
        saved = await phone.save(*[phone.raw_value("ma-102.1", value) for value in junk])
        return saved.json, (await phone.open(str(sitting.public_id))).json

    saved, opened = run(sit())
    assert saved["acked_upto"] == len(junk)
    assert opened["responses"] == {"ma-102.1": "\ufffd"}
    assert project_sitting(sitting=sitting)[0].value == "\ufffd"
