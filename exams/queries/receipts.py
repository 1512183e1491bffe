"""What was handed in, in the words of the receipt that the pupil's phone shows?

It is the intake's own derivation: pages and phones must never show two different codes for one sitting.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from exams.intake.borrowed import borrowed_store
from exams.models import Sitting


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
    store = borrowed_store()
    found = store.receipt(store.facts(sitting.pk))
    if found is None or sitting.handed_in_at is None:
        return None
    return Receipt(found["answered"], found["of"], found["code"], sitting.handed_in_at, found["final"])
