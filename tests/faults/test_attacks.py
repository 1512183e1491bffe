"""What does somebody reach who does not play by the rules: with a ticket of his own, or with none at all?"""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver
from django.utils import timezone

from exams.actions.sealing import seal_due
from exams.models import Administration, ItemText, ItemVersion, Sitting
from tests.exams.intake.phone import Reply, run
from tests.factories.journal import sit as sit_through
from tests.faults.conftest import Room, Store, make_room
from tests.faults.phones import WirePhone, request


def test_forged_events_wait_for_a_person_and_raise_an_alarm(store: Store) -> None:
    """F30. Forged clocks, a reused number, a broken chain, an epoch from the future: kept, not counted."""
    room = make_room(store, 2)
    server = store.server()
    phone, other = room.phones(server)

    async def attack() -> list[Reply]:
        await phone.begin()
        await other.begin()
        good = phone.respond("ma-102.1", "a")
        await phone.save(good)
        replies = [await phone.save(good.replace('"a"', '"b"'))]  # a reused number
        await phone.save(phone.event("response", "ma-102.1", "c", prev="A" * 43))
        await phone.save(phone.event("response", "ma-102.1", "d", epoch=9))
        await phone.save(phone.event("response", "ma-404.1", "e"))
        await phone.save(phone.event("hand_in", value="time"))
        last = phone.respond("ma-106.1", "f")
        replies.append(await phone.save(last, mono=2**53 - 1, wall=-(2**53) + 1))
        other.ticket = phone.ticket
        replies.append(await other.save(other.respond("ma-102.1", "x")))
        return replies

    reused, honest, foreign = run(attack())
    assert (reused.status, reused.json["acked_upto"]) == (200, 1)
    assert (honest.status, honest.json["acked_upto"], honest.json["state"]) == (200, 6, "started")
    assert (foreign.status, foreign.json["error"]) == (403, "wrong_device")
    assert [(row.seq, row.verdict, row.reason) for row in store.books.journal(phone.sitting)] == [
        (1, "counted", ""),
        (2, "quarantined", "broken_chain"),
        (3, "quarantined", "unknown_epoch"),
        (4, "quarantined", "unknown_item"),
        (5, "counted", ""),  # a hand-in that cannot be true yet: kept, and without effect
        (6, "counted", ""),
    ]
    assert store.books.current(phone.sitting) == {"ma-102.1": "a", "ma-106.1": "f"}
    assert [json.loads(body)["value"] for body in store.books.conflicts()] == ["b"]
    assert "ALARM" in server.log_text()
    assert store.books.journal(other.sitting) == []


def test_nothing_made_after_the_end_counts_whatever_a_clock_claims(store: Store) -> None:
    """F30. The end is two seconds away; afterwards the monotonic clock, or the date, is set back."""
    room = make_room(store, 2, limit_seconds=2)
    server = store.server()
    phones = room.phones(server)

    async def attack() -> None:
        for phone in phones:
            await phone.begin()
            await phone.save(phone.respond("ma-102.1", "a"))
        await asyncio.sleep(5)
        by_mono, by_date = phones
        by_mono.live()
        late = by_mono.event("response", "ma-102.1", "b", mono=by_mono.mono - 3_600_000)
        await by_mono.save(late)
        by_date.live()
        late = by_date.event("response", "ma-102.1", "b", wall=by_date.wall - 3_600_000)
        await by_date.save(late)

    run(attack())
    for phone in phones:
        first, second = store.books.journal(phone.sitting)
        assert (first.verdict, second.verdict) == ("counted", "quarantined")
        assert second.reason in ("clock_contradiction", "after_end", "before_start")
        assert store.books.current(phone.sitting) == {"ma-102.1": "a"}


def test_crawler_finds_nothing_before_the_start(store: Store) -> None:
    """F49. A pupil with a card, and a stranger, try every address an hour before the start."""
    room = make_room(store, 1, opens_at=timezone.now() + timedelta(hours=1))
    server = store.server()
    (phone,) = room.phones(server)
    with store.django():
        secrets, ids = secrets_of_the_paper(), ids_of(room)

    async def crawl() -> list[bytes]:
        await phone.sign_in()
        opened = await phone.open()
        await phone.start()
        return [opened.body, *await bodies(phone, ids, opened)]

    found = run(crawl())
    assert len(secrets) > 20 and len(found) > 60
    assert [secret for secret in secrets if any(secret in body for body in found)] == []


def test_crawler_finds_no_key_after_the_close(store: Store) -> None:
    """F49. The window is closed, results are not released: no key, and no paper for who never started."""
    room = make_room(store, 2)
    server = store.server()
    with store.django():
        first = Sitting.objects.select_related("candidate").get(public_id=room.seats[0][1])
        sit_through(first, {"ma-102.1": "b"}, started_at=timezone.now() - timedelta(minutes=50))
        seal_due(now=timezone.now())
        Administration.objects.update(
            closes_at=timezone.now() - timedelta(minutes=5),
            results_release="at_time",
            results_at=timezone.now() + timedelta(days=1),
        )
        secrets, keys, ids = secrets_of_the_paper(), keys_of_the_paper(), ids_of(room)
    sat, absent = room.phones(server)

    async def crawl(phone: WirePhone) -> list[bytes]:
        await phone.sign_in()
        opened = await phone.open()
        refused = await phone.start()
        assert phone is sat or (refused.status, refused.json["error"]) == (409, "window_closed")
        return [opened.body, refused.body, *await bodies(phone, ids, opened)]

    assert store.books.state(sat.sitting) == "sealed"
    found = run(crawl(absent))
    assert [secret for secret in secrets if any(secret in body for body in found)] == []
    found = run(crawl(sat))
    assert [key for key in keys if any(key in body for body in found)] == []


# ---- the crawler ---------------------------------------------------------------------------------------
async def bodies(phone: WirePhone, ids: dict[str, Any], opened: Reply) -> list[bytes]:
    """What every address of the site and of the intake says: to the pupil, and to a stranger."""
    pupil = {"cookie": f"proba_pupil={phone.cookie}", "authorization": f"Bearer {phone.ticket}"}
    names = [entry["sha256"] for entry in opened.json["papers"].values()]
    names += [entry["sha256"] for entry in opened.json["locked"].values()]
    paths = [f"/x/1/{folder}/{name}" for folder in ("papers", "locked") for name in names]
    paths += list(addresses({"sitting": phone.sitting, **ids}))
    found = []
    for headers in (pupil, {}):
        for path in paths:
            found.append((await request(phone.address, "GET", path, headers=headers)).body)
        for name in ("open", "start", "save", "ahead", "device-check"):
            body = json.dumps({"sitting": phone.sitting, "device": "A" * 22}).encode()
            found.append((await request(phone.address, "POST", f"/x/1/{name}", body, headers)).body)
    return found


def ids_of(room: Room) -> dict[str, Any]:
    """Of the pupil in the first seat and of the class."""
    candidate = Sitting.objects.select_related("candidate").get(public_id=room.seats[0][1]).candidate
    return {"class_group": room.administration.class_groups.get().public_id, "pupil": candidate.public_id}


def addresses(ids: dict[str, Any]) -> Iterator[str]:
    """Every address, with this pupil's own ids where it takes one."""
    for prefix, pattern in patterns(get_resolver()):
        path = re.sub(r"<uuid:(\w+)>", lambda match: str(ids.get(match[1], ids["sitting"])), prefix + pattern)
        if not re.search(r"[<(\\]", path):
            yield f"/{path}"


def patterns(resolver: URLResolver, prefix: str = "") -> Iterator[tuple[str, str]]:
    for entry in resolver.url_patterns:
        if isinstance(entry, URLResolver):
            yield from patterns(entry, prefix + str(entry.pattern))
        elif isinstance(entry, URLPattern):
            yield prefix, str(entry.pattern).lstrip("^").rstrip("$")


def secrets_of_the_paper() -> list[bytes]:
    """Every text of the items long enough to be told apart, as it would stand in JSON or HTML."""
    texts = [text for item in ItemText.objects.all() for text in strings(item.content)]
    words = {piece for text in texts for piece in re.findall(r"[^\W\d_][^<>&\"'\\$]{14,}", text)}
    escaped = {json.dumps(word)[1:-1].encode() for word in words}
    return sorted({word.encode() for word in words} | escaped)


def keys_of_the_paper() -> list[bytes]:
    """Keys as the bank has them, however they are spaced."""
    keys = [version.key for version in ItemVersion.objects.all()]
    return [json.dumps(key, separators=form).encode() for key in keys for form in ((", ", ": "), (",", ":"))]


def strings(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        yield from (text for part in value.values() for text in strings(part))
    elif isinstance(value, list):
        yield from (text for part in value for text in strings(part))
