"""Which pupil does a typed or scanned card code belong to?"""

from __future__ import annotations

from django.conf import settings

from accounts import cards
from accounts.models import LoginCard, Person


def pupil_by_code(typed: str) -> Person | None:
    """None for a code that is unknown, revoked or cannot be one: deliberately the same answer."""
    code = cards.normalise(typed)
    if code is None:
        return None
    digest = cards.digest(code, secret=settings.SECRETS["CARD_SECRET"])
    card = (
        LoginCard.objects.filter(digest=digest, revoked_at=None, person__is_active=True)
        .select_related("person")
        .first()
    )
    return card.person if card else None
