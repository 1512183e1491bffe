"""How many half-points can be aimed at on the test of a subject?"""

from __future__ import annotations

from exams.models import ItemVersion
from scoring.queries.item_bank import reference_version_ids


def reference_maximum(subject: str) -> int:
    """Half-points of the subject's reference form, 0 while it is not published."""
    keys = ItemVersion.objects.filter(pk__in=reference_version_ids(subject)).values_list("key", flat=True)
    return sum(max(key["half_points"]) for key in keys)
