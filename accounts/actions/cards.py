"""How does a pupil get a card, and how does a lost one stop working?"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.conf import settings
from django.db import transaction

from accounts import cards
from accounts.actions.audit import record
from accounts.models import LoginCard, Person


@transaction.atomic
def issue_card(*, person: Person, now: datetime, code: str | None = None) -> str:
    """A new card; any earlier one is revoked. Returns the code, which is stored nowhere: print it now."""
    LoginCard.objects.filter(person=person, revoked_at=None).update(revoked_at=now)
    code = code or cards.new_code()
    LoginCard.objects.create(
        person=person, digest=cards.digest(code, secret=settings.SECRETS["CARD_SECRET"]), issued_at=now
    )
    return code


@transaction.atomic
def replace_cards(*, pupils: Sequence[Person], actor: Person, now: datetime) -> dict[int, str]:
    """New codes by primary key; the pupils' earlier cards stop working. An audit row for each."""
    codes = {}
    for pupil in pupils:
        codes[pupil.pk] = issue_card(person=pupil, now=now)
        record(actor=actor, action="replace_card", subject=pupil, at=now)
    return codes
