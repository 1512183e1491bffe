"""A code finds its pupil however it is typed, and nobody else."""

from __future__ import annotations

import pytest

from accounts.models import Person
from accounts.queries.cards import pupil_by_code
from tests.factories.accounts import make_card, make_class, make_pupil

pytestmark = pytest.mark.django_db


@pytest.fixture
def pupil() -> Person:
    pupil = make_pupil(make_class())
    make_card(pupil, "K7Q49XW2PABC")
    return pupil


@pytest.mark.parametrize("typed", ["K7Q49XW2PABC", "k7q4-9xw2-pabc", " K7Q4 9XW2 PABC "])
def test_code_is_found(pupil: Person, typed: str) -> None:
    assert pupil_by_code(typed) == pupil


@pytest.mark.parametrize("typed", ["K7Q49XW2PABD", "K7Q4", "", "чега нема", "\x00" * 12])
def test_other_codes_are_not(pupil: Person, typed: str) -> None:
    assert pupil_by_code(typed) is None


def test_revoked_card_and_inactive_pupil_are_unknown_too(pupil: Person) -> None:
    code = make_card(pupil)
    assert pupil_by_code("K7Q49XW2PABC") is None
    assert pupil_by_code(code) == pupil
    pupil.is_active = False
    pupil.save()
    assert pupil_by_code(code) is None
