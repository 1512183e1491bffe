"""Wire version 1 over the ASGI interface, on a real database and with a real writer thread."""

from __future__ import annotations

import asyncio
import base64
import gzip
import hashlib
import json
import time
from datetime import timedelta
from typing import Any

import brotli

from accounts import cards
from accounts.models import LoginCard, Person
from exams.actions.responses import project_sitting
from exams.actions.sealing import seal_due
from exams.intake.app import Intake
from exams.intake.protocol import receipt_code
from exams.intake.vault import vault_secret
from exams.models import Administration, Sitting
from tests.exams.intake.conftest import signed_in_phone
from tests.exams.intake.desk import verdicts
from tests.exams.intake.phone import Phone, begin, call, error, run
from tests.factories.accounts import NOW, make_class, make_pupil
from tests.factories.exams import make_administration


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
            "administration": str(sitting.administration.public_id),
            "state": "ready",
            "purpose": "trial",
            "form": str(sitting.form.public_id),
            "title": {"sr": "Пробни завршни", "en": "Trial exam"},
            "limit_seconds": 3600,
            "time_percent": 100,
            "granted_seconds": 0,
            "cut_off_hours": 24,
            "opens_at": round(sitting.administration.opens_at.timestamp() * 1000),
            "closes_at": None,
            "started_at": None,
            "ends_at": None,
            "paused_at": None,
            "handed_in_cause": "",
        },
        "items": 4,
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
        "announcement": None,
        "locked": {
            locked.language: {"sha256": locked.sha256, "bytes": len(bytes(locked.body))}
            for locked in sitting.administration.locked_papers.all()
        },
        "unlock": sitting.administration.assignments.get().unlock,
        "hand_in_key": base64.b64encode(bytes(sitting.administration.secret.hand_in_public)).decode(),
        "content_key": None,
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
