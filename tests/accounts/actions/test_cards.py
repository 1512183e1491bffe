"""A new card works at once and ends the one before it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.conf import settings
from django.db import IntegrityError, transaction

from accounts.actions.cards import issue_card
from accounts.cards import digest, normalise
from accounts.models import LoginCard
from tests.factories.accounts import NOW, make_class, make_pupil

pytestmark = pytest.mark.django_db


def test_code_is_told_once_and_stored_nowhere() -> None:
    pupil = make_pupil(make_class())
    code = issue_card(person=pupil, now=NOW)
    assert normalise(code) == code
    card = LoginCard.objects.get()
    assert (card.person, card.issued_at, card.revoked_at) == (pupil, NOW, None)
    assert card.digest == digest(code, secret=settings.SECRETS["CARD_SECRET"])
    assert code not in str(LoginCard.objects.values().get())


def test_earlier_card_is_revoked_and_others_stay() -> None:
    group = make_class()
    pupil, other = make_pupil(group), make_pupil(group)
    issue_card(person=other, now=NOW)
    issue_card(person=pupil, now=NOW, code="K7Q49XW2PABC")
    later = NOW + timedelta(days=1)
    assert issue_card(person=pupil, now=later, code="000000000001") == "000000000001"
    issue_card(person=pupil, now=later + timedelta(days=1), code="000000000002")
    dates = pupil.login_cards.order_by("issued_at").values_list("issued_at", "revoked_at")
    assert list(dates) == [
        (NOW, later),
        (later, later + timedelta(days=1)),
        (later + timedelta(days=1), None),
    ]
    assert other.login_cards.get().revoked_at is None


def test_two_pupils_never_share_a_code() -> None:
    group = make_class()
    first, second = make_pupil(group), make_pupil(group)
    issue_card(person=first, now=NOW, code="K7Q49XW2PABC")
    issue_card(person=second, now=NOW, code="000000000001")
    with pytest.raises(IntegrityError), transaction.atomic():
        issue_card(person=second, now=NOW, code="K7Q49XW2PABC")
    assert second.login_cards.get().revoked_at is None
