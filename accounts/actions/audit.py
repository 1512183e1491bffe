"""How is it written down that a member of staff looked at or changed something?"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from accounts.models import AuditEntry, Person


def record(
    *,
    actor: Person | None,
    action: str,
    at: datetime,
    subject: Person | None = None,
    place: str = "",
    detail: dict[str, Any] | None = None,
) -> AuditEntry:
    """One append-only row; `subject` is the pupil concerned. Never called for a pupil's own pages."""
    return AuditEntry.objects.create(
        actor=actor, action=action, at=at, subject=subject, place=place, detail=detail or {}
    )
