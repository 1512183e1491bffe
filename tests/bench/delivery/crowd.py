"""Who makes the load? Phones in a process of their own, which is told what to do and says what it saw."""

from __future__ import annotations

import base64
import gc
import http.client
import multiprocessing
import random
import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import msgspec

from exams.delivery.locking import unlock
from examsite.rehearsal.driver import raise_file_limit, run_fast
from examsite.rehearsal.ledger import plain_id
from examsite.rehearsal.outbox import EventChain, save_body, save_header
from examsite.rehearsal.phone import Pupil
from examsite.rehearsal.script import possible_responses
from examsite.rehearsal.wire import Reply, complete, request_head
from tests.bench.delivery.load import Load, closed_loop, open_loop

RESPONSES_PER_SAVE = 2
_JSON = b"Content-Type: application/json"
_NDJSON = b"Content-Type: application/x-ndjson"


class Phone:
    """What one phone needs in order to save; `acked` as the last reply said."""

    def __init__(self, pupil: Pupil, number: int) -> None:
        self.code, self.sitting = pupil.code, pupil.sitting
        self.device = f"bench{number:017d}"
        self.chain = EventChain(self.sitting, self.device)
        self.cookie = self.bearer = b""
        self.epoch, self.generation, self.acked = 1, "", 0

    def reading(self, wall: float) -> dict[str, Any]:
        return {"clock": "bench1", "mono": int(wall % 1e6 * 1000), "wall": int(wall * 1000)}


@dataclass(slots=True)
class Save:
    """A request made beforehand, and the chain of its phone once it has been sent."""

    phone: Phone
    request: bytes
    seq: int
    digest: bytes


class Crowd:
    """The phones of all pupils. Every public method is one measurement."""

    def __init__(self, host: str, port: int, pupils: Sequence[Pupil]) -> None:
        self.host, self.port = host, port
        self.phones = [Phone(pupil, number) for number, pupil in enumerate(pupils)]
        self.items: list[tuple[str, Sequence[Any]]] = []
        self.rng = random.Random(1)
        self.turn = 0

    def sign_in(self, connections: int) -> Load:
        messages = [{"code": phone.code} for phone in self.phones]

        def keep(place: int, reply: Reply | None) -> None:
            if reply is not None and reply.status == 200:
                cookie = next(
                    line.partition(b": ")[2].split(b";")[0]
                    for line in reply.head.split(b"\r\n")
                    if line.lower().startswith(b"set-cookie: proba_pupil=")
                )
                self.phones[place].cookie = b"Cookie: " + cookie

        return self._ask("sign-in", messages, keep, connections)

    def open(self, connections: int) -> Load:
        messages = [{"sitting": phone.sitting, "device": phone.device} for phone in self.phones]

        def keep(place: int, reply: Reply | None) -> None:
            if reply is not None and reply.status == 200:
                opened, phone = reply.json, self.phones[place]
                phone.bearer = b"Authorization: Bearer " + opened["ticket"].encode()
                phone.epoch, phone.generation = opened["epoch"], opened["store_generation"]
                self.opened = opened

        return self._ask("open", messages, keep, connections)

    def start(self, seconds: float, connections: int) -> Load:
        """All of them, evenly at random over so many seconds."""
        replies: list[Reply] = []

        def keep(place: int, reply: Reply | None) -> None:
            if reply is not None and not replies:
                replies.append(reply)

        requests = [self._request("start", phone, b"{}") for phone in self.phones]
        dues = sorted(self.rng.uniform(0, seconds) for _ in requests)
        load = self._run(open_loop, requests, dues, connections=connections, on_reply=keep)
        self.items = self._read_paper(replies[0].json)
        return load

    def saves_at(self, rate: float, seconds: float, connections: int) -> Load:
        """Open loop with Poisson arrivals; each save has two responses."""
        dues, moment = [], 0.0
        while (moment := moment + self.rng.expovariate(rate)) < seconds:
            dues.append(moment)
        begin = time.time() + 2
        saves = [self._save(begin + due) for due in dues]
        requests = [save.request for save in saves]
        load = self._run(
            open_loop,
            requests,
            dues,
            connections=connections,
            on_reply=lambda *said: self._keep(saves, *said),
        )
        self._settle(load)
        return load

    def saves(self, at_most: int, seconds: float, connections: int) -> Load:
        """As many as are taken."""
        chains = {id(phone): (phone, phone.chain.seq, phone.chain.last_digest) for phone in self.phones}
        saves = [self._save(time.time()) for _ in range(at_most)]
        sent: list[int] = []

        def keep(place: int, reply: Reply | None) -> None:
            sent.append(place)
            self._keep(saves, place, reply)

        load = self._run(
            closed_loop,
            [save.request for save in saves],
            connections=connections,
            seconds=seconds,
            on_reply=keep,
        )
        # What was made but not sent has never happened: each chain goes on from its last save that was.
        for phone, seq, digest in chains.values():
            phone.chain.seq, phone.chain.last_digest = seq, digest
        for place in sorted(sent):
            save = saves[place]
            save.phone.chain.seq, save.phone.chain.last_digest = save.seq, save.digest
        self._settle(load)
        return load

    def hand_in(self, seconds: float, connections: int) -> Load:
        wall = time.time()
        saves = []
        for phone in self.phones:
            line = phone.chain.add("hand_in", phone.reading(wall), epoch=phone.epoch, value="candidate")
            saves.append(self._packed(phone, [line], wall))
        requests = [save.request for save in saves]
        dues = sorted(self.rng.uniform(0, seconds) for _ in saves)
        load = self._run(
            open_loop,
            requests,
            dues,
            connections=connections,
            on_reply=lambda *said: self._keep(saves, *said),
        )
        self._settle(load)
        return load

    def get(self, path: str, port: int, at_most: int, seconds: float, connections: int) -> Load:
        """The same request again and again, to a server on another port."""
        request = request_head("GET", path, f"{self.host}:{port}") + b"\r\n"
        return self._run(
            closed_loop, [request] * at_most, connections=connections, seconds=seconds, port=port
        )

    def saves_elsewhere(self, path: str, port: int, at_most: int, seconds: float, connections: int) -> Load:
        """The same kind of saves to a baseline on another port; devices of its own, so nothing is known."""
        phones = self.phones
        self.phones = [self._copy(phone, number, port) for number, phone in enumerate(phones)]
        try:
            saves = [self._save(time.time(), path) for _ in range(at_most)]
        finally:
            self.phones = phones
        requests = [save.request for save in saves]
        return self._run(closed_loop, requests, connections=connections, seconds=seconds, port=port)

    def one_response_bytes(self) -> dict[str, float]:
        """Body of a save with one response, over all items of the paper."""
        phone = self.phones[0]
        sizes = []
        for ref, values in self.items:
            chain = EventChain(phone.sitting, phone.device)
            chain.seq = 98
            reading = phone.reading(time.time())
            line = chain.add("response", reading, epoch=1, item=ref, value=values[-1])
            header = save_header(phone.device, reading, last=99, generation=phone.generation)
            sizes.append(len(save_body(header, [line])))
        return {"mean": round(sum(sizes) / len(sizes), 1), "max": max(sizes)}

    def acknowledged(self) -> dict[tuple[str, str], int]:
        """(sitting, device) → up to where the server has confirmed its events without a gap."""
        return {(plain_id(phone.sitting), phone.device): phone.acked for phone in self.phones}

    # ---- helpers -----------------------------------------------------------------------------------
    def _ask(self, name: str, messages: list[dict[str, str]], keep: Any, connections: int) -> Load:
        requests = [
            self._request(name, phone, msgspec.json.encode(message))
            for phone, message in zip(self.phones, messages, strict=True)
        ]
        return self._run(closed_loop, requests, connections=connections, on_reply=keep)

    def _request(self, name: str, phone: Phone, body: bytes) -> bytes:
        own = [_JSON, *filter(None, (phone.bearer, phone.cookie))]
        return complete(request_head("POST", f"/x/1/{name}", f"{self.host}:{self.port}", *own), body)

    def _save(self, wall: float, path: str = "/x/1/save") -> Save:
        phone = self.phones[self.turn % len(self.phones)]
        self.turn += 1
        reading = phone.reading(wall)
        lines = []
        for _ in range(RESPONSES_PER_SAVE):
            ref, values = self.items[phone.chain.seq % len(self.items)]
            value = values[phone.chain.seq // len(self.items) % len(values)]
            lines.append(phone.chain.add("response", reading, epoch=phone.epoch, item=ref, value=value))
        return self._packed(phone, lines, wall, path)

    def _packed(self, phone: Phone, lines: list[bytes], wall: float, path: str = "/x/1/save") -> Save:
        header = save_header(
            phone.device, phone.reading(wall), last=phone.chain.seq, generation=phone.generation
        )
        head = request_head("POST", path, f"{self.host}:{self.port}", _NDJSON, phone.bearer, phone.cookie)
        request = complete(head, save_body(header, lines))
        return Save(phone, request, phone.chain.seq, phone.chain.last_digest)

    def _keep(self, saves: list[Save], place: int, reply: Reply | None) -> None:
        save = saves[place]
        if reply is not None and reply.status == 200:
            save.phone.acked = max(save.phone.acked, _acked_upto(reply.body))
        else:
            self._failed.append(save)

    def _settle(self, load: Load) -> None:
        """What failed is sent again, unmeasured, so that no chain keeps a gap."""
        failed, self._failed = self._failed, []
        if failed:
            time.sleep(3)
            requests = [save.request for save in failed]
            again = self._run(
                closed_loop, requests, connections=16, on_reply=lambda *said: self._keep(failed, *said)
            )
            load.errors.update({f"again: {why}": number for why, number in again.errors.items()})

    _failed: list[Save] = []

    def _run(self, loop: Any, *args: Any, port: int = 0, **kwargs: Any) -> Load:
        gc.collect()
        gc.disable()
        try:
            load: Load = run_fast(loop(self.host, port or self.port, *args, **kwargs))
        finally:
            gc.enable()
        return load

    def _read_paper(self, started: dict[str, Any]) -> list[tuple[str, Sequence[Any]]]:
        connection = http.client.HTTPConnection(self.host, self.port)
        locked = self.opened.get("locked")
        name = (locked or self.opened["papers"])["sr"]["sha256"]
        folder = "locked" if locked else "papers"
        ticket = self.phones[-1].bearer.decode().partition(": ")[2]
        connection.request("GET", f"/x/1/{folder}/{name}", headers={"Authorization": ticket})
        reply = connection.getresponse()
        body = reply.read()
        connection.close()
        if reply.status != 200:
            raise RuntimeError(f"no paper: {reply.status} {body[:200]!r}")
        paper = msgspec.json.decode(
            unlock(body, base64.b64decode(started["content_key"])) if locked else body
        )
        return [(item["ref"], possible_responses(item)) for item in paper["items"]]

    def _copy(self, phone: Phone, number: int, port: int) -> Phone:
        other = Phone(Pupil(phone.code, phone.sitting), number)
        other.device = f"copy{port:05d}{number:013d}"
        other.chain = EventChain(other.sitting, other.device)
        other.bearer, other.cookie, other.epoch = phone.bearer, phone.cookie, phone.epoch
        other.generation = phone.generation
        return other


def _acked_upto(body: bytes) -> int:
    """Decoding the whole reply would cost as much as sending the request."""
    place = body.index(b'"acked_upto":') + 13
    return int(body[place : body.index(b",", place)])


class CrowdProcess:
    """A Crowd somewhere else: `crowd.call("sign_in", connections=32)`."""

    def __init__(self, host: str, port: int, pupils: Sequence[Pupil]) -> None:
        context = multiprocessing.get_context("spawn")
        self._pipe, theirs = context.Pipe()
        self._process = context.Process(target=_serve, args=(host, port, pupils, theirs), daemon=True)
        self._process.start()
        theirs.close()

    def call(self, name: str, **settings: Any) -> Any:
        """Raises what the method raised."""
        self._pipe.send((name, settings))
        said = self._pipe.recv()
        if isinstance(said, BaseException):
            raise said
        return said

    def stop(self) -> None:
        self._process.kill()
        self._process.join()


def _serve(host: str, port: int, pupils: Sequence[Pupil], pipe: Any) -> None:
    raise_file_limit()
    crowd = Crowd(host, port, pupils)
    while True:
        name, settings = pipe.recv()
        try:
            pipe.send(getattr(crowd, name)(**settings))
        except BaseException as error:
            pipe.send(error)
