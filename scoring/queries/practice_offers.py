"""Which kinds of practice are there for this pupil now? The first is what we recommend."""

from __future__ import annotations

from collections import Counter
from datetime import datetime

from accounts.models import Person
from exams.enums import PracticeKind
from scoring.models import ScoringRun
from scoring.practice.review import ENOUGH_DUE
from scoring.queries.practice import Suggestion, suggestions_in
from scoring.queries.practice_situation import Situation, situation_of
from scoring.queries.practice_why import Why, WhyCode, gains_of

__all__ = ["Offer", "Why", "WhyCode", "offers_of"]

Offer = Suggestion
"""What a page shows of it: kind, focus, focus_title, size, minutes, why, items."""
LEAST_ITEMS = 3
"""Of a domain or a standard, to be offered by itself."""
MOST_STANDARDS = 6


def offers_of(person: Person, subject: str, *, run: ScoringRun | None, now: datetime) -> tuple[Offer, ...]:
    """Every kind there is something for: the recommended one, the others of everything, mistakes, domains by
    what progress in them would bring, and the standards most worth the pupil's while.

    `suggest_practice` gives each of them with the same items.
    """
    situation = situation_of(person, subject, run=run, now=now)
    if situation is None:
        return ()
    wanted = [(kind, "") for kind in _in_order(situation)]
    wanted += [(PracticeKind.DOMAIN, code) for code in _domains(situation)]
    wanted += [(PracticeKind.STANDARD, code) for code in _standards(situation)]
    return tuple(suggestions_in(situation, wanted, spares=False))


def _in_order(situation: Situation) -> list[PracticeKind]:
    if not situation.known:
        return [PracticeKind.QUICK, PracticeKind.FULL]
    whole = [PracticeKind.FULL, PracticeKind.QUICK]
    if not situation.missed:
        return whole
    n_due = sum(met.due for met in situation.missed.values())
    return [PracticeKind.MISTAKES, *whole] if n_due >= ENOUGH_DUE else [*whole, PracticeKind.MISTAKES]


def _domains(situation: Situation) -> list[str]:
    bank = situation.subject_bank.bank
    stock = Counter(item.domain for item, free in zip(bank.items, situation.allowed, strict=True) if free)
    gains = gains_of(situation)
    stocked = [code for code in gains if stock[code] >= LEAST_ITEMS]
    return sorted(stocked, key=lambda code: (-gains[code], code)) if len(stocked) > 1 else []


def _standards(situation: Situation) -> list[str]:
    """By what the best item of each would bring on the exam, as the sets are chosen."""
    bank, appraisal = situation.subject_bank.bank, situation.appraisal
    stock: Counter[str] = Counter()
    worth: dict[str, float] = {}
    for index, item in enumerate(bank.items):
        if situation.allowed[index]:
            own = float(appraisal.gain[index] * appraisal.ready[index])
            worth[item.standard] = max(worth.get(item.standard, 0.0), own)
            stock[item.standard] += 1
    stocked = [code for code in worth if stock[code] >= LEAST_ITEMS]
    return sorted(stocked, key=lambda code: (-worth[code], code))[:MOST_STANDARDS]
