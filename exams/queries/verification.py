"""What is stored of many sittings, read in chunks, for a check that must not stand in anybody's way?

A chunk is read in one snapshot and let go: memory stays the same for thirty sittings and for the country, and
on neither database does a reader wait for the intake, or the intake for a reader.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any, TypeVar
from uuid import UUID

from django.db import connection
from django.db.models import Model, QuerySet

from exams.counting import Kept
from exams.enums import FormPurpose
from exams.models import (
    Administration,
    ConflictingEvent,
    Decision,
    FormItem,
    Mark,
    Sitting,
    SittingDevice,
    SittingEvent,
    TimeGrant,
)
from exams.queries.interruptions import covered, open_pauses
from exams.queries.marking import as_given
from exams.timing import PRACTICE_CUT_OFF_HOURS
from exams.verification import Conflict, DeviceRecord, SittingRecord

T = TypeVar("T", bound=Model)
_EVENTS = """
SELECT id, sitting_id, device, seq, epoch, kind, item_ref, body, verdict, digest, reason
FROM exams_responseevent WHERE sitting_id IN ({places}) ORDER BY sitting_id, device, seq
"""


@contextmanager
def snapshot() -> Iterator[None]:
    """Everything read inside is of one moment; nothing can be written. Inside a transaction: that one."""
    if connection.in_atomic_block:
        yield
        return
    connection.ensure_connection()
    # Django would begin a transaction that locks SQLite for writing.
    begin = "BEGIN" if connection.vendor == "sqlite" else "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"
    with connection.cursor() as cursor:
        cursor.execute(begin)
        try:
            yield
        finally:
            cursor.execute("ROLLBACK")


def sittings_to_verify(
    *, administration: UUID | None = None, sitting: UUID | None = None
) -> QuerySet[Sitting]:
    """All, or those of one administration, or one, by public id."""
    found = Sitting.objects.order_by("pk")
    if administration:
        found = found.filter(administration__public_id=administration)
    return found.filter(public_id=sitting) if sitting else found


def chunks(sittings: QuerySet[Sitting], size: int) -> Iterator[list[int]]:
    """Keys of the sittings, `size` at a time; those that come to be meanwhile are met too."""
    last = 0
    while keys := list(sittings.filter(pk__gt=last).order_by("pk").values_list("pk", flat=True)[:size]):
        yield keys
        last = keys[-1]


class Reader:
    """Reads records; remembers the items of forms, which never change."""

    def __init__(self) -> None:
        self._forms: dict[int, tuple[frozenset[str], bool]] = {}

    def records(self, keys: Collection[int]) -> Iterator[SittingRecord]:
        """In the order of their keys. To be called inside `snapshot`."""
        sittings = list(Sitting.objects.filter(pk__in=keys).select_related("administration").order_by("pk"))
        events = _events(keys)
        devices = _by_sitting(SittingDevice.objects.filter(sitting__in=keys).order_by("device"))
        happenings = _by_sitting(SittingEvent.objects.filter(sitting__in=keys).order_by("at", "pk"))
        grants = _by_sitting(TimeGrant.objects.filter(sitting__in=keys).order_by("granted_at", "pk"))
        marks = _by_sitting(Mark.objects.filter(sitting__in=keys).order_by("number"))
        conflicts = _by_sitting(
            ConflictingEvent.objects.filter(sitting__in=keys).order_by("device", "seq", "pk")
        )
        on_events = dict(Decision.objects.filter(event__sitting__in=keys).values_list("event_id", "counts"))
        on_conflicts = dict(
            Decision.objects.filter(conflict__sitting__in=keys).values_list("conflict_id", "counts")
        )
        paused = _under_open_pauses(sittings)
        for sitting in sittings:
            kept = events.pop(sitting.pk, ())
            refs, practice = self._form_of(sitting.form_id)
            yield _record(
                sitting,
                refs=refs,
                practice=practice,
                kept=tuple(kept),
                decided={row.key: on_events[row.key] for row in kept if row.key in on_events},
                devices=tuple(
                    DeviceRecord(own.device, own.epoch, own.entered, own.closed, own.last_seq)
                    for own in devices[sitting.pk]
                ),
                conflicts=tuple(
                    Conflict(own.device, own.seq, own.body, on_conflicts.get(own.pk))
                    for own in conflicts[sitting.pk]
                ),
                happenings=tuple((_ms(own.at), own.kind, own.detail) for own in happenings[sitting.pk]),
                grants=tuple((_ms(own.granted_at), own.seconds) for own in grants[sitting.pk]),
                pauses=int(sitting.pk in paused),
                marks=tuple(as_given(mark) for mark in marks[sitting.pk]),
            )

    def _form_of(self, form: int) -> tuple[frozenset[str], bool]:
        """The items, and whether they are to practise with."""
        if form not in self._forms:
            rows = list(FormItem.objects.filter(form=form).values_list("version__ref", "form__purpose"))
            practice = any(purpose == FormPurpose.PRACTICE for _, purpose in rows)
            self._forms[form] = (frozenset(ref for ref, _ in rows), practice)
        return self._forms[form]


def _record(sitting: Sitting, **parts: Any) -> SittingRecord:
    rules = sitting.administration
    hours = rules.cut_off_hours if rules else PRACTICE_CUT_OFF_HOURS
    return SittingRecord(
        key=sitting.pk,
        public_id=str(sitting.public_id),
        state=sitting.state,
        form=sitting.form_id,
        time_percent=sitting.time_percent,
        granted_seconds=sitting.granted_seconds,
        limit_seconds=rules.limit_seconds if rules else None,
        closes_at=_ms_or_none(rules.closes_at) if rules else None,
        cut_off_ms=hours * 3_600_000,
        started_at=_ms_or_none(sitting.started_at),
        ends_at=_ms_or_none(sitting.ends_at),
        paused_at=_ms_or_none(sitting.paused_at),
        handed_in_at=_ms_or_none(sitting.handed_in_at),
        handed_in_cause=sitting.handed_in_cause,
        sealed_at=_ms_or_none(sitting.sealed_at),
        **parts,
    )


def _events(keys: Collection[int]) -> dict[int, list[Kept]]:
    """By sitting, in the order of device and number. Read without models: a country has millions."""
    found: dict[int, list[Kept]] = defaultdict(list)
    with connection.cursor() as cursor:
        cursor.execute(_EVENTS.format(places=", ".join(["%s"] * len(keys))), list(keys))
        while rows := cursor.fetchmany(2_000):
            for key, sitting, device, seq, epoch, kind, ref, body, verdict, digest, reason in rows:
                kept = Kept(key, device, seq, epoch, kind, ref, body, verdict, bytes(digest), reason)
                found[sitting].append(kept)
    return found


def _under_open_pauses(sittings: list[Sitting]) -> set[int]:
    paused: set[int] = set()
    keys = [sitting.pk for sitting in sittings]
    rules: set[Administration] = {sitting.administration for sitting in sittings if sitting.administration}
    for administration in rules:
        if open_pauses(administration).exists():
            concerned = Sitting.objects.filter(covered(administration), pk__in=keys)
            paused |= set(concerned.filter(administration=administration).values_list("pk", flat=True))
    return paused


def _by_sitting(rows: QuerySet[T]) -> dict[int, list[T]]:
    found: dict[int, list[T]] = defaultdict(list)
    for row in rows:
        found[row.sitting_id].append(row)  # type: ignore[attr-defined]
    return found


def _ms(moment: datetime) -> int:
    return round(moment.timestamp() * 1000)


def _ms_or_none(moment: datetime | None) -> int | None:
    return None if moment is None else _ms(moment)
