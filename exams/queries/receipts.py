"""What was handed in, in the words of the receipt that the pupil's phone shows?

The same derivation as the intake's (`exams.intake.store.Store.receipt`), read with the models: pages and
phones must never show two different codes for one sitting.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from exams.enums import SittingState, Verdict
from exams.intake.protocol import receipt_code
from exams.models import FormItem, ResponseEvent, Sitting
from exams.projection import JournalEvent, project, value_of


@dataclass(frozen=True, slots=True)
class Receipt:
    """`code` is empty when the journal holds nothing; `final` when nothing more can arrive."""

    answered: int
    of: int
    code: str
    handed_in_at: datetime
    final: bool


def receipt_of(sitting: Sitting) -> Receipt | None:
    """None until the sitting is handed in."""
    if sitting.state not in (SittingState.HANDED_IN, SittingState.SEALED) or sitting.handed_in_at is None:
        return None
    events = list(ResponseEvent.objects.filter(sitting=sitting).order_by("pk"))
    refs = set(FormItem.objects.filter(form_id=sitting.form_id).values_list("version__ref", flat=True))
    projection = project(
        JournalEvent(
            event.epoch, event.seq, event.kind, event.item_ref, value_of(event.body), False, event.device
        )
        for event in events
        if event.verdict != Verdict.QUARANTINED
    )
    return Receipt(
        answered=sum(value is not None for ref, value in projection.responses.items() if ref in refs),
        of=len(refs),
        code=_code(events),
        handed_in_at=sitting.handed_in_at,
        final=sitting.state == SittingState.SEALED,
    )


def _code(events: list[ResponseEvent]) -> str:
    """From the first hand-in that counts; without one, because the server closed it, from the last event."""
    if not events:
        return ""
    hand_ins = [event for event in events if event.kind == "hand_in" and event.reason in ("", "after_end")]
    decisive = hand_ins[0] if hand_ins else max(events, key=lambda event: (event.epoch, event.seq))
    return receipt_code(bytes(decisive.digest))
