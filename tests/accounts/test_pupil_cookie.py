"""The cookie names one pupil, for twelve hours."""

from __future__ import annotations

import pytest

from accounts import tokens
from accounts.pupil_cookie import COOKIE, LIFETIME_MS, mint_pupil_cookie, read_pupil_cookie

NOW = 1_790_000_000_000
PUPIL = "0b5f8f4e-0000-4000-8000-000000000001"


def test_cookie_is_good_for_twelve_hours() -> None:
    token = mint_pupil_cookie(PUPIL, secret="s", now=NOW)
    assert (COOKIE, LIFETIME_MS) == ("proba_pupil", 43_200_000)
    assert read_pupil_cookie(token, secret="s", now=NOW + LIFETIME_MS - 1) == PUPIL
    assert read_pupil_cookie(token, secret="s", now=NOW + LIFETIME_MS) is None


@pytest.mark.parametrize(
    "token", ["", "junk", "a.b", tokens.sign("sitting", {"p": PUPIL}, secret="s", expires_at=2 * NOW)]
)
def test_whatever_else_names_nobody(token: str) -> None:
    assert read_pupil_cookie(token, secret="s", now=NOW) is None
    assert read_pupil_cookie(mint_pupil_cookie(PUPIL, secret="t", now=NOW), secret="s", now=NOW) is None
