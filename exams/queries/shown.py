"""In what order did a practice set show its items, and what was said of each then?"""

from __future__ import annotations

from typing import Any

from exams.intake.borrowed import borrowed_store
from exams.intake.journal import shown_in_practice
from exams.models import Sitting


def items_shown(sitting: Sitting) -> dict[str, dict[str, Any]]:
    """Refs in the order of their first showing, each with what `exams.projection.shown` says of it.

    Straight from the journal, in one query.
    """
    return {ref: told or {} for ref, told in shown_in_practice(borrowed_store().db, sitting.pk)}
