"""Which items have lately gone into too many sets of a subject, and rest for once?

Item eligibility (van der Linden & Veldkamp 2007, `scoring.irt.selection.exposure`): each item is drawn to be
open or not for this set, with a probability that follows from how many of the latest sets held it and to how
many it was open. So nobody has to count beforehand, and no item goes round the country as "the one on the
app". A review of what the pupil missed is never held back.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

import numpy as np

from exams.enums import FormPurpose, ItemRole
from exams.models import Form, FormItem
from scoring.irt.selection.exposure import EligibilityState, open_items, probabilities
from scoring.irt.types import BoolArray
from scoring.queries.practice_bank import SubjectBank

LATEST_SETS = 100
SEARCHED = 2_000
"""So many of the latest forms are searched for them, of whatever subject: the cost stays the same."""
TARGET = 0.2
"""No item should be in more than this share of the latest sets, in small banks three times the mean."""
LEFT_AT_LEAST = 3
"""Times the size of the set that must stay open; with fewer, nothing is held back."""


@dataclass(frozen=True, slots=True, eq=False)
class RecentSets:
    """What the latest sets of a subject gave and held back; `size` is how many items they held on average."""

    state: EligibilityState
    size: float


def recent_sets(bank: SubjectBank, *, subject: str) -> RecentSets | None:
    """None before the first set. Three queries, whatever the number of sets."""
    newest = Form.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
    sets = dict(
        Form.objects.filter(
            pk__gt=newest - SEARCHED,
            subject=subject,
            purpose=FormPurpose.PRACTICE,
            pocket=False,
            selection__isnull=False,
        )
        .order_by("-pk")
        .values_list("pk", "selection")[:LATEST_SETS]
    )
    if not sets:
        return None
    held_back = Counter(ref for own in sets.values() for ref in (own or {}).get("held_back", ()))
    given = Counter(
        FormItem.objects.filter(form__in=list(sets), selection__role=ItemRole.MAIN)
        .order_by()
        .values_list("version_id", flat=True)
    )
    n_sets = float(len(sets))
    met = np.array([[given[version_id] for version_id in bank.version_ids]], dtype=np.float64)
    closed = np.array([[held_back[item.identifier] for item in bank.bank.items]], dtype=np.float64)
    state = EligibilityState(
        ended=np.array([n_sets]), feasible=np.array([n_sets]), eligible=n_sets - closed, given=met
    )
    return RecentSets(state, given.total() / n_sets)


def open_to_set(recent: RecentSets | None, allowed: BoolArray, *, size: int, seed: int) -> BoolArray:
    """Mask (J,) of the items of `allowed` that are open to a set of `size`; deterministic given the seed."""
    if recent is None:
        return allowed
    target = min(1.0, max(TARGET, 3 * recent.size / max(1, allowed.size)))
    draws = np.random.default_rng(seed).random((1, allowed.size), dtype=np.float32)
    probability = probabilities(recent.state, target)
    open_here = open_items(probability, draws, np.zeros(1, dtype=np.int64))[0] & allowed
    return open_here if open_here.sum() >= LEFT_AT_LEAST * size else allowed
