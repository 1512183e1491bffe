"""Does what staff do in the middle of an exam race with saves, reach every phone, slow anybody down?"""

from __future__ import annotations

import asyncio
import random
import time
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from accounts.enums import Role
from exams.actions.carried import import_envelope
from exams.actions.interruptions import EVERYBODY, begin_pause, end_pause
from exams.actions.sittings import grant_time, hand_in_for_pupil
from exams.delivery.envelope import envelope_for
from exams.models import Administration, AdministrationSecret, Sitting
from tests.exams.intake.phone import run
from tests.factories.accounts import make_member, make_teacher
from tests.factories.clients import client_of
from tests.faults.conftest import Room, Seen, Store, make_room
from tests.faults.phones import WirePhone, request
from tests.faults.test_starved import manage
from tests.faults.traffic import hand_in_all, working


def test_pauses_and_grants_race_with_saves(store: Store) -> None:
    """F31. Ends only ever move away; at the end each is the start, the limit, the grants and the pauses."""
    room = make_room(store, 6)
    servers = [store.server(), store.server()]
    phones = room.phones(*servers)
    ends: dict[str, list[int]] = {phone.sitting: [] for phone in phones}

    async def sit() -> None:
        async with working(phones) as traffic:
            staff = asyncio.ensure_future(asyncio.to_thread(interrupt, store, room, 12))
            while not staff.done():
                await traffic.saved(6)
                for phone in phones:
                    ends[phone.sitting].append(phone.last_reply["ends_at"])
            await staff
        await asyncio.gather(*(phone.deliver() for phone in phones))

    run(sit())
    assert all(seen == sorted(seen) and len(seen) > 2 for seen in ends.values())
    with store.django():
        for sitting in Sitting.objects.filter(administration=room.administration):
            pauses = room.administration.pauses.all()
            stood_still = sum((pause.ended_at - pause.begun_at for pause in pauses), timedelta())
            granted = timedelta(seconds=sitting.granted_seconds)
            owed = timedelta(hours=1) + granted + stood_still
            assert abs(sitting.ends_at - sitting.started_at - owed) < timedelta(milliseconds=len(pauses) + 1)
            assert sitting.granted_seconds == sum(grant.seconds for grant in sitting.time_grants.all())
    store.books.check(*phones)


def test_invigilator_closes_while_the_pupil_is_saving(store: Store) -> None:
    """F31. What was made before the close counts, what was made after it waits for a person, nothing goes."""
    room = make_room(store, 3)
    server = store.server()
    phones = room.phones(server)

    async def sit() -> None:
        async with working(phones) as traffic:
            await asyncio.to_thread(close_for, store, phones[0])
            await traffic.saved(60)
            await asyncio.sleep(3)
            await traffic.saved(9)

    run(sit())
    assert store.books.state(phones[0].sitting) == "handed_in"
    rows = store.books.journal(phones[0].sitting)
    assert {row.reason for row in rows} == {"", "after_end"}
    made = [(row.made["seq"], row.reason) for row in rows]
    assert [reason for _, reason in sorted(made)] == sorted(reason for _, reason in made)
    assert store.books.missing(phones) == []
    store.books.check(*phones[1:])


def test_start_is_moved_while_everybody_waits(store: Store) -> None:
    """F32. Three times, and nothing is released before the last of them."""
    begin = timezone.now() + timedelta(hours=1)
    room = make_room(store, 1, opens_at=begin)
    server = store.server()
    (phone,) = room.phones(server)

    async def sit() -> list[int]:
        await phone.sign_in()
        opened = await phone.open()
        assert opened.json["content_key"] is None
        heard = []
        for minutes in (40, 80, 20):
            await asyncio.to_thread(move_start, store, room, minutes)
            refused = await phone.start()
            assert (refused.status, refused.json["error"]) == (409, "not_open_yet")
            assert "content_key" not in refused.json
            assert (await paper(phone, opened.json["papers"]["sr"]["sha256"])) == 403
            heard.append((await phone.save()).json["opens_at"])
        await asyncio.to_thread(move_start, store, room, -1)
        assert (await phone.start()).json["content_key"]
        return heard

    now = time.time() * 1000
    heard = run(sit())
    for minutes, moment in zip((40, 80, 20), heard, strict=True):
        assert abs(moment - now - minutes * 60_000) < 60_000


def test_one_envelope_is_brought_three_times_while_the_network_returns(store: Store) -> None:
    """F41. By three invigilators at the same moment, and the phone itself delivers meanwhile."""
    room = make_room(store, 1)
    server = store.server()
    (phone,) = room.phones(server)

    async def sit() -> list[tuple[int, int]]:
        await phone.begin()
        for number in range(30):
            phone.respond("ma-102.1", f"{number}")
        phone.hand_in()
        bringing = [asyncio.to_thread(bring, store, room, phone) for _ in range(3)]
        *found, _ = await asyncio.gather(*bringing, phone.deliver())
        return found

    found = run(sit())
    assert all(new + known == 31 for new, known in found)
    assert sum(new for new, _ in found) <= 31
    assert [row.body for row in sorted(store.books.journal(), key=lambda row: row.seq)] == phone.lines
    assert store.books.happened(phone.sitting).count("handed_in") == 1
    store.books.check(phone)


@pytest.mark.long
def test_reports_and_scores_during_the_exam(store: Store, seen: Seen) -> None:
    """F36. Commands score and seal, and staff reload their pages, while a class sits."""
    room = make_room(store, 8)
    server = store.server(worker=True)
    phones = room.phones(server)
    with store.django():
        group = room.administration.class_groups.get()
        watching = make_member(group.school, Role.INVIGILATOR)
        pages = {
            f"/classes/{group.public_id}/": session_of(make_teacher(group)),
            f"/rooms/{group.public_id}/": session_of(watching),
            f"/rooms/{group.public_id}/?fragment=1": session_of(watching),
        }
    statuses: set[int] = set()

    async def reload(path: str, session: str, over: asyncio.Event) -> None:
        while not over.is_set():
            reply = await request(server.address, "GET", path, headers={"cookie": f"sessionid={session}"})
            statuses.add(reply.status)

    async def sit() -> None:
        over = asyncio.Event()
        async with working(phones) as traffic:
            reloading = [asyncio.ensure_future(reload(*page, over)) for page in pages.items()]
            done = asyncio.ensure_future(asyncio.to_thread(score_and_seal, store))
            while not done.done():
                await traffic.saved(10)
            over.set()
            await asyncio.gather(done, *reloading)
            seen("saves while staff worked", traffic.saves)
        await hand_in_all(phones)

    run(sit())
    assert statuses == {200}
    assert {status for phone in phones for status in phone.refusals} == set()
    store.books.check(*phones)


# ---- what staff do, each in a thread of its own --------------------------------------------------------
def interrupt(store: Store, room: Room, rounds: int) -> None:
    rng = random.Random(3)
    with store.django():
        administration = Administration.objects.get(pk=room.administration.pk)
        actor = make_member(administration.class_groups.get().school, Role.INVIGILATOR)
        sittings = list(Sitting.objects.filter(administration=administration))
        for _ in range(rounds):
            pause = begin_pause(
                administration=administration, scope=EVERYBODY, reason="x", actor=actor, now=timezone.now()
            )
            for sitting in rng.sample(sittings, 3):
                grant_time(sitting=sitting, seconds=60, reason="x", actor=actor, now=timezone.now())
            time.sleep(rng.uniform(0.05, 0.2))
            end_pause(pause=pause, actor=actor, now=timezone.now())


def close_for(store: Store, phone: WirePhone) -> None:
    with store.django():
        sitting = Sitting.objects.get(public_id=phone.sitting)
        school = sitting.administration.class_groups.get().school
        actor = make_member(school, Role.INVIGILATOR)
        hand_in_for_pupil(sitting=sitting, reason="x", actor=actor, now=timezone.now())


def move_start(store: Store, room: Room, minutes: int) -> None:
    with store.django():
        opens_at = timezone.now() + timedelta(minutes=minutes)
        Administration.objects.filter(pk=room.administration.pk).update(opens_at=opens_at)


def bring(store: Store, room: Room, phone: WirePhone) -> tuple[int, int]:
    """New and known events of an envelope as the phone makes it now."""
    with store.django():
        secret = AdministrationSecret.objects.get(administration=room.administration)
        text = envelope_for(
            sitting=phone.sitting,
            device=phone.device,
            ticket=phone.ticket,
            body=phone.body(*phone.lines),
            public_der=bytes(secret.hand_in_public),
        )
        actor = make_member(room.administration.class_groups.get().school, Role.INVIGILATOR)
        found = import_envelope(text=text, by=actor, now=timezone.now(), allowed=Sitting.objects.all())
        return found.new, found.known


def score_and_seal(store: Store) -> None:
    for _ in range(3):
        manage(store, "score_sittings")
        manage(store, "seal_due")


def session_of(person: Any) -> str:
    return str(client_of(person).cookies["sessionid"].value)


async def paper(phone: WirePhone, sha256: str) -> int:
    own = {"authorization": f"Bearer {phone.ticket}"}
    return (await request(phone.address, "GET", f"/x/1/papers/{sha256}", headers=own)).status
