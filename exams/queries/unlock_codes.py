"""Which code does the invigilator read out where there is no network, and from when on is it shown?"""

from __future__ import annotations

from datetime import datetime, timedelta

from accounts.models import ClassGroup
from exams.delivery.locking import unlock_code
from exams.models import Administration, AdministrationSecret

SHOWN_BEFORE = timedelta(hours=1)
"""Early enough to write it down for a room without network, too late to pass it round the evening before."""


def code_visible(administration: Administration, now: datetime) -> bool:
    """From one hour before the window opens; afterwards for good, since whoever starts late needs it too."""
    return now >= administration.opens_at - SHOWN_BEFORE


def unlock_code_for(administration: Administration, class_group: ClassGroup) -> str:
    """As it is read out, such as K7QM-2D4X-9PT; "" where nothing is locked, as in practice.

    Whether it may be shown yet says `code_visible`; who may see it, the doorway to the room.
    """
    secret = AdministrationSecret.objects.filter(administration=administration).first()
    if secret is None:
        return ""
    return unlock_code(bytes(secret.content_key), str(class_group.public_id))
