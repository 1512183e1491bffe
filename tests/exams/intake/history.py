"""One sitting's history, lived twice: in the real store, and in a model that knows nothing but the rules.

Everything happens in one transaction that is undone at the end, so that thousands of histories fit. A
savepoint in it plays the backup: rolling back to it loses what a restored store loses.
"""

from __future__ import annotations

import copy
import json
from dataclasses import dataclass, field
from typing import Any

from django.db import connection, transaction

from exams.actions import interruptions, sittings
from exams.actions.responses import read_projection
from exams.actions.sealing import seal_due
from exams.errors import IllegalTransition
from exams.intake import opening
from exams.intake.borrowed import borrowed_store
from exams.intake.protocol import WireError, parse_save
from exams.intake.saving import Heads, Save, save_group
from exams.intake.store import SaveResult
from exams.intake.ticket import Ticket
from exams.models import ConflictingEvent, ResponseEvent, Sitting
from exams.queries.interruptions import Scope
from tests.exams.intake.desk import NINE, moment
from tests.exams.intake.phone import Device

HOUR = 3_600_000
OPENS = NINE - HOUR
GRACE, SLACK, CONTRADICTION = 20_000, 2_000, 30_000


@dataclass
class Phone(Device):
    made_at: list[int] = field(default_factory=list)
    acked: int = 0
    promised: int = 0
    ticket: Ticket | None = None
    finished: bool = False


@dataclass
class Model:
    """What ought to be in the store. `arrived`: (phone, seq) → (verdict, reason)."""

    state: str = "ready"
    started_at: int = 0
    ends_at: int = 0
    handed_in_at: int = 0
    cause: str = ""
    granted: int = 0
    paused_at: int | None = None
    held: bool = False  # is a pause open? it may outlive the sitting
    arrived: dict[tuple[int, int], tuple[str, str]] = field(default_factory=dict)
    wrote: set[int] = field(default_factory=set)
    closed: dict[int, int] = field(default_factory=dict)

    def start(self, at: int) -> None:
        self.state, self.started_at, self.ends_at = "started", at, at + HOUR + self.granted * 1000

    def hand_in(self, at: int, cause: str) -> None:
        if self.state == "started":
            self.state, self.handed_in_at, self.cause, self.paused_at = "handed_in", at, cause, None

    def verdict(self, made_at: int, now: int) -> tuple[str, str]:
        if self.state == "ready":
            return "quarantined", "not_started"
        if self.state == "sealed":
            return "quarantined", "after_seal"
        if self.state == "started" and self.paused_at is not None:
            return "counted", ""
        closed_at = self.handed_in_at if self.state == "handed_in" else self.ends_at
        if now <= closed_at:
            return "counted", ""
        if made_at < self.started_at - CONTRADICTION:
            return "quarantined", "before_start"
        if made_at > closed_at + SLACK:
            return "quarantined", "after_end"
        return ("late_counted" if now > self.ends_at + GRACE else "counted"), ""

    def receive(self, number: int, events: list[tuple[dict[str, Any], int]], now: int) -> None:
        """`events`: what was made and when, in any order and with repetitions."""
        if self.state == "ready" and events:
            by_code = any(event["kind"] == "unlocked" for event, _ in events)
            if self.paused_at is None or by_code:
                self.start(min(max(min(made_at for _, made_at in events), OPENS), now))
        paused, ends_at, endings = self.paused_at is not None, self.ends_at, []
        for event, made_at in sorted(events, key=lambda pair: pair[0]["seq"]):
            if (number, event["seq"]) in self.arrived:
                continue
            found = self.arrived[number, event["seq"]] = self.verdict(made_at, now)
            if event["kind"] in ("hand_in", "close") and found[1] in ("", "after_end"):
                endings.append((event, made_at))
        if events and self.state != "ready":
            self.wrote.add(number)
        stopped = paused and self.state == "started"
        for event, made_at in endings:
            over = event["value"] == "time"
            if over and (paused or now < ends_at - CONTRADICTION):
                continue
            at = max(made_at, self.started_at)
            self.closed[number] = event["seq"]
            if event["kind"] == "hand_in":
                in_time = stopped or (at < ends_at and not over)
                self.hand_in(at if stopped else min(at, ends_at), "candidate" if in_time else "time")

    def complete(self) -> bool:
        return all(
            number in self.closed
            and all((number, seq) in self.arrived for seq in range(1, self.closed[number] + 1))
            for number in self.wrote
        )


class History:
    def __init__(self, trial: Sitting, actor: Any) -> None:
        self.trial, self.actor = trial, actor
        self._undoing = transaction.atomic()
        self._undoing.__enter__()
        self.store, self.heads = borrowed_store(), Heads()
        self.now = NINE
        self.model = Model()
        self.phones = [Phone(device=f"{number:-<22}", wall=NINE) for number in range(3)]
        self._backup: Model | None = None
        self._looked_at = Model()

    def undo(self) -> None:
        transaction.set_rollback(True)
        self._undoing.__exit__(None, None, None)

    # ---- phones --------------------------------------------------------------------------------------
    def phone_with_date(self, number: int, ahead: int) -> None:
        self.phones[number].wall += ahead

    def open(self, number: int, *, lost: bool) -> None:
        phone = self.phones[number]
        with transaction.atomic():
            epoch = self.store.lease(self.trial.pk, phone.device, self.now)
        if self.model.state == "started":
            self._entered(number)
        if not lost:
            phone.opened(str(self.trial.public_id), epoch)
            phone.ticket = Ticket(self.trial.pk, phone.sitting, phone.device, epoch)

    def start(self, number: int) -> None:
        phone = self.phones[number]
        if phone.ticket is None:
            return
        try:
            with transaction.atomic():
                phone.ticket, facts, _ = opening.start(self.store, phone.ticket, self.now)
        except WireError as refused:
            assert (refused.code, self.model.state) == ("paused", "ready")
            return
        phone.epoch = phone.ticket.epoch
        if self.model.state == "ready":
            self.model.start(self.now)
        assert (facts.state, facts.started_at) == (self.model.state, self.model.started_at)
        if facts.state == "started":
            self._entered(number)

    def make(self, number: int, kind: str, item: str = "", value: Any = None) -> None:
        phone = self.phones[number]
        if phone.ticket is not None and not phone.finished:
            phone.event(kind, item, value)
            phone.made_at.append(self.now)

    def finish(self, number: int, kind: str, value: str | None) -> None:
        self.make(number, kind, value=value)
        self.phones[number].finished = self.phones[number].ticket is not None

    def reload(self, number: int) -> None:
        self.phones[number].reload()

    def lines(self, number: int) -> list[str]:
        return self.phones[number].lines if self.phones[number].ticket else []

    def owed(self, number: int) -> list[str]:
        return self.lines(number)[self.phones[number].acked :]

    def deliver(self, parcels: list[tuple[int, list[str]]], *, lost: bool) -> None:
        """All of them in one group of the writer."""
        parcels = [(number, lines) for number, lines in parcels if self.phones[number].ticket]
        saves = [self._save(number, lines) for number, lines in parcels]
        with transaction.atomic():
            results = save_group(self.store, self.heads, saves)
        self.heads.committed()
        # Saves that carry on share one look at the sitting; the careful ones come after them, one by one.
        for number, lines in parcels:
            events = [json.loads(line) for line in lines]
            made_at = self.phones[number].made_at
            self.model.receive(number, [(event, made_at[event["seq"] - 1]) for event in events], self.now)
        for (number, _), result in zip(parcels, results, strict=True):
            assert isinstance(result, SaveResult)
            self._heed(self.phones[number], number, result, lost=lost)

    def _save(self, number: int, lines: list[str]) -> Save:
        phone = self.phones[number]
        assert phone.ticket is not None
        return Save(phone.ticket, parse_save(phone.body(*lines)), self.now)

    def _heed(self, phone: Phone, number: int, result: SaveResult, *, lost: bool) -> None:
        arrived = {seq for owner, seq in self.model.arrived if owner == number}
        assert set(range(1, result.acked_upto + 1)) <= arrived, "acknowledged above what arrived"
        if not lost:
            phone.acked = result.acked_upto
            phone.promised = max(phone.promised, phone.acked)

    def _entered(self, number: int) -> None:
        self.model.wrote.add(number)

    # ---- time and staff ------------------------------------------------------------------------------
    def pass_time(self, seconds: int) -> None:
        self.now += seconds * 1000
        for phone in self.phones:
            phone.pass_time(seconds)

    def grant(self, seconds: int = 600) -> None:
        model = self.model
        try:
            sittings.grant_time(sitting=self.trial, seconds=seconds, reason="x", **self._staff())
        except IllegalTransition:
            assert model.state not in ("ready", "started")
            return
        assert model.state in ("ready", "started")
        model.granted += seconds
        model.ends_at += seconds * 1000 if model.state == "started" else 0

    def pause(self) -> None:
        try:
            interruptions.begin_pause(
                administration=self._administration(), scope=self._scope(), reason="x", **self._staff()
            )
        except IllegalTransition:
            assert self.model.state not in ("ready", "started")
            return
        if not self.model.held:
            self.model.held, self.model.paused_at = True, self.now

    def go_on(self) -> None:
        model = self.model
        pause = interruptions.open_pause(self._administration(), self._scope())
        assert (pause is not None) == model.held
        if pause is None:
            return
        interruptions.end_pause(pause=pause, **self._staff())
        if model.state == "started" and model.paused_at is not None:
            model.ends_at += self.now - min(max(model.paused_at, model.started_at), self.now)
        model.held, model.paused_at = False, None

    def close_for_pupil(self) -> None:
        model = self.model
        try:
            sittings.hand_in_for_pupil(sitting=self.trial, reason="x", **self._staff())
        except IllegalTransition:
            assert model.state != "started"
            return
        model.hand_in(
            self.now if model.paused_at is not None else min(self.now, model.ends_at), "invigilator"
        )

    def reopen(self, seconds: int = 1800) -> None:
        model = self.model
        try:
            sittings.reopen(sitting=self.trial, seconds=seconds, reason="x", **self._staff())
        except IllegalTransition:
            assert model.state != "handed_in" or model.cause == "candidate" or self._a_day_later()
            return
        assert model.state == "handed_in" and model.cause != "candidate"
        model.state, model.cause, model.granted = "started", "", model.granted + seconds
        model.ends_at = max(self.now, model.ends_at) + seconds * 1000
        model.paused_at = self.now if model.held else None
        for number, phone in enumerate(self.phones):
            phone.finished = phone.finished and self._handed_in_by_pupil(number)
        # Whose word it was that nothing more comes is asked again; which phones those are, the store knows.
        for number in [number for number in model.closed if not self._is_closed(number)]:
            del model.closed[number]

    def sweep(self) -> None:
        model = self.model
        seal_due(now=moment(self.now))
        if model.state == "started" and model.paused_at is None and model.ends_at + GRACE < self.now:
            model.hand_in(model.ends_at, "time")
        if model.state == "handed_in" and (self._a_day_later() or model.complete()):
            model.state = "sealed"

    # ---- servers -------------------------------------------------------------------------------------
    def forget(self) -> None:
        self.store, self.heads = borrowed_store(), Heads()

    @property
    def has_backup(self) -> bool:
        return self._backup is not None

    def back_up(self) -> None:
        with connection.cursor() as cursor:
            cursor.execute("SAVEPOINT backup")
        self._backup = copy.deepcopy(self.model)

    def put_back(self) -> None:
        assert self._backup is not None
        with connection.cursor() as cursor:
            cursor.execute("ROLLBACK TO SAVEPOINT backup")
        self.model = copy.deepcopy(self._backup)
        self.forget()

    # ---- what must always hold -------------------------------------------------------------------------
    def check(self) -> None:
        model = self.model
        if model == self._looked_at:
            return
        self._looked_at = copy.deepcopy(model)
        sitting = Sitting.objects.get(pk=self.trial.pk)
        assert sitting.state == model.state
        if model.state != "ready":
            assert (_ms(sitting.started_at), _ms(sitting.ends_at)) == (model.started_at, model.ends_at)
        if model.state in ("handed_in", "sealed"):
            assert (_ms(sitting.handed_in_at), sitting.handed_in_cause) == (model.handed_in_at, model.cause)
        numbers = {phone.device: number for number, phone in enumerate(self.phones)}
        rows = list(ResponseEvent.objects.filter(sitting=sitting))
        found = {(numbers[row.device], row.seq): (row.verdict, row.reason) for row in rows}
        assert found == model.arrived
        assert all(row.body == self.phones[numbers[row.device]].lines[row.seq - 1] for row in rows)
        assert not ConflictingEvent.objects.exists()
        assert dict(read_projection(sitting).responses) == self.current()

    def current(self) -> dict[str, Any]:
        """Per item the newest counted response: by epoch, then by the device's own count."""
        newest: dict[str, tuple[tuple[int, int, str], Any]] = {}
        for (number, seq), (verdict, _) in self.model.arrived.items():
            phone = self.phones[number]
            event = json.loads(phone.lines[seq - 1])
            age = (event["epoch"], seq, phone.device)
            if event["kind"] != "response" or verdict == "quarantined":
                continue
            if event["item"] not in newest or age > newest[event["item"]][0]:
                newest[event["item"]] = age, event["value"]
        return {item: value for item, (_, value) in sorted(newest.items())}

    def end(self) -> None:
        """Phones come back and are done: all that was ever promised is there, and the sitting is sealed."""
        for number, phone in enumerate(self.phones):
            if phone.ticket is None and number in self.model.wrote:
                self.open(number, lost=False)
            if phone.ticket is None:
                continue
            if not phone.finished:
                self.finish(number, "close", None)
            phone.acked = 0
            while self.owed(number):
                self.deliver([(number, self.owed(number))], lost=False)
            self.check()
            assert phone.acked == phone.seq >= phone.promised
        self.go_on()
        self.pass_time(100 * 3600)
        self.sweep()
        self.check()
        assert self.model.state in ("sealed", "ready")

    # ---- helpers ---------------------------------------------------------------------------------------
    def _staff(self) -> dict[str, Any]:
        return {"actor": self.actor, "now": moment(self.now)}

    def _administration(self) -> Any:
        return self.trial.administration

    def _scope(self) -> Scope:
        return Scope(self.trial, None, None)

    def _a_day_later(self) -> bool:
        return self.now >= self.model.handed_in_at + 24 * HOUR

    def _is_closed(self, number: int) -> bool:
        return bool(self.trial.devices.filter(device=self.phones[number].device, closed=True).exists())

    def _handed_in_by_pupil(self, number: int) -> bool:
        return any('"candidate"' in line for line in self.phones[number].lines)


def _ms(value: Any) -> int:
    return round(value.timestamp() * 1000)
