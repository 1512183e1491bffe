"""In what order did a practice set show its items, what was said of each then, and which were checked?"""

from __future__ import annotations

from typing import Any

from exams.intake.borrowed import borrowed_store
from exams.intake.journal import projection, shown_in_practice
from exams.models import Sitting


def items_shown(sitting: Sitting) -> dict[str, dict[str, Any]]:
    """Refs in the order of their first showing, each with what `exams.projection.shown` says of it.

    Straight from the journal, in one query.
    """
    return {ref: told or {} for ref, told in shown_in_practice(borrowed_store().db, sitting.pk)}


def items_checked(sitting: Sitting) -> frozenset[str]:
    """Refs whose solution was seen, so that the phone counts them as worked on. One query of the journal."""
    return projection(borrowed_store().db, sitting.pk).checked
