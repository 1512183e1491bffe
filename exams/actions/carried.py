"""How does a hand-in that staff bring as a file or as QR codes get into the journal?

By the intake's own rules and SQL, in one transaction: all of it or nothing. Bringing it again changes
nothing.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.db import transaction

from accounts import tokens
from accounts.actions.audit import record
from accounts.models import Person
from exams.delivery.envelope import Carried, EnvelopeError, Fault, open_envelope, read_envelope
from exams.enums import Verdict
from exams.intake.borrowed import borrowed_store
from exams.intake.protocol import MAX_EVENTS, Batch, WireError, parse_save
from exams.intake.ticket import Ticket, read_ticket
from exams.models import AdministrationSecret, ConflictingEvent, ResponseEvent, Sitting, SittingEvent
from exams.models.sitting import SittingQuerySet
from exams.signals import sitting_handed_in


@dataclass(frozen=True, slots=True)
class CarriedResult:
    """What the envelope brought, in events. `waiting` of the `new` ones, and all that are `differing` (other
    bytes than those that came first), wait for a person's decision.

    `acked`: up to where the device's events have now arrived without a gap; `missing`: how many are known to
    lie behind a gap. `code` is the receipt's, "" while the sitting is not handed in.
    """

    sitting: Sitting
    new: int
    known: int
    waiting: int
    differing: int
    acked: int
    missing: int
    code: str


def import_envelope(*, text: str, by: Person, now: datetime, allowed: SittingQuerySet) -> CarriedResult:
    """Raises EnvelopeError with what is wrong and what helps; then nothing has been written.

    `allowed`: the sittings that `by` may bring hand-ins for.
    """
    sitting = _sitting(read_envelope(text).sitting, allowed)
    carried = open_envelope(text, _private_key(sitting))
    ticket = _ticket(carried, sitting)
    batches = list(_batches(carried))
    if any(batch.header.device != ticket.device for batch in batches):
        raise EnvelopeError(Fault.UNSIGNED)
    return _save(sitting, ticket, batches, by, now)


@transaction.atomic
def _save(sitting: Sitting, ticket: Ticket, batches: list[Batch], by: Person, now: datetime) -> CarriedResult:
    # Whoever brings the same file at the same moment waits here, and then brings nothing new.
    Sitting.objects.select_for_update().get(pk=sitting.pk)
    before = _arrived(ticket)
    conflicts = ConflictingEvent.objects.filter(sitting=sitting, device=ticket.device)
    n_conflicts = conflicts.count()
    store = borrowed_store()
    received_at = round(now.timestamp() * 1000)
    saves = [store.save(ticket, batch, received_at, carried=True) for batch in batches]
    after = _arrived(ticket)
    new = after.keys() - before.keys()
    brought = {(event.body.seq, event.digest) for batch in batches for event in batch.events}
    found = CarriedResult(
        sitting=sitting,
        new=len(new),
        known=sum(before.get(seq, (b"", ""))[0] == digest for seq, digest in brought),
        waiting=sum(after[seq][1] == Verdict.QUARANTINED for seq in new),
        differing=conflicts.count() - n_conflicts,
        acked=saves[-1].acked_upto,
        missing=sum(last - first + 1 for first, last in saves[-1].gaps),
        code=(saves[-1].receipt or {}).get("code", ""),
    )
    _write_down(found, by, now)
    if any(save.moved for save in saves) and saves[-1].facts.state == "handed_in":
        transaction.on_commit(lambda: sitting_handed_in.send(sender=Sitting, sitting=sitting))
    sitting.refresh_from_db(fields=["state", "handed_in_at", "handed_in_cause"])
    return found


def _write_down(found: CarriedResult, by: Person, now: datetime) -> None:
    """The audit names everybody who brought something; the sitting's own history only what changed it."""
    detail = {"new": found.new, "known": found.known, "differing": found.differing}
    if found.new or found.differing:
        SittingEvent.objects.create(sitting=found.sitting, kind="imported", at=now, actor=by, detail=detail)
    record(actor=by, action="import_hand_in", subject=found.sitting.candidate, at=now, detail=detail)


def _sitting(public_id: str, allowed: SittingQuerySet) -> Sitting:
    try:
        wanted = UUID(public_id)
    except ValueError:
        raise EnvelopeError(Fault.DAMAGED) from None
    sitting = allowed.filter(public_id=wanted).select_related("candidate", "administration", "form").first()
    if sitting is None:
        raise EnvelopeError(Fault.ELSEWHERE)
    return sitting


def _private_key(sitting: Sitting) -> bytes | None:
    secret = AdministrationSecret.objects.filter(administration=sitting.administration).first()
    return None if secret is None else bytes(secret.hand_in_private)


def _ticket(carried: Carried, sitting: Sitting) -> Ticket:
    """The ticket inside, whatever its age: its end limits how long a stolen one may write over the network by
    itself. Here a person brings it and is written down, and what comes after the seal waits for a decision
    anyway; so a phone found weeks later still proves whose events these are.
    """
    try:
        ticket = read_ticket(carried.ticket, secret=settings.SECRETS["TICKET_SECRET"], now=0)
    except tokens.TokenInvalid:
        raise EnvelopeError(Fault.UNSIGNED) from None
    inside = (ticket.key, ticket.sitting, ticket.device)
    if inside != (sitting.pk, str(sitting.public_id), carried.device):
        raise EnvelopeError(Fault.UNSIGNED)
    return ticket


def _batches(carried: Carried) -> Iterator[Batch]:
    """The body in pieces no larger than the intake takes; each is a save under the same header."""
    header, *events = [line for line in carried.body.split(b"\n") if line]
    try:
        for first in range(0, max(len(events), 1), MAX_EVENTS):
            yield parse_save(b"\n".join([header, *events[first : first + MAX_EVENTS]]))
    except WireError:
        raise EnvelopeError(Fault.DAMAGED) from None


def _arrived(ticket: Ticket) -> dict[int, tuple[bytes, str]]:
    """Of this device: digest and verdict by seq."""
    rows = ResponseEvent.objects.filter(sitting_id=ticket.key, device=ticket.device)
    return {
        seq: (bytes(digest), verdict) for seq, digest, verdict in rows.values_list("seq", "digest", "verdict")
    }
