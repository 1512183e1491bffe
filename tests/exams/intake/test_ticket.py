"""A ticket speaks for one sitting on one device, for a week."""

from __future__ import annotations

import pytest

from accounts import tokens
from accounts.pupil_cookie import mint_pupil_cookie
from exams.intake.ticket import LIFETIME_MS, Ticket, mint_ticket, read_ticket

NOW = 1_790_000_000_000
TICKET = Ticket(key=7, sitting="0b5f8f4e-0000-4000-8000-000000000001", device="A" * 22, epoch=3)


def test_ticket_comes_back_as_it_was() -> None:
    token = mint_ticket(TICKET, secret="s", now=NOW)
    assert read_ticket(token, secret="s", now=NOW + LIFETIME_MS - 1) == TICKET
    assert LIFETIME_MS == 7 * 24 * 3600 * 1000


def test_ticket_ends_after_a_week() -> None:
    token = mint_ticket(TICKET, secret="s", now=NOW)
    with pytest.raises(tokens.TokenExpired):
        read_ticket(token, secret="s", now=NOW + LIFETIME_MS)


def test_other_tokens_are_no_tickets() -> None:
    cookie = mint_pupil_cookie("7", secret="s", now=NOW)
    foreign = mint_ticket(TICKET, secret="another", now=NOW)
    for token in (cookie, foreign, "", ".", "a.b"):
        with pytest.raises(tokens.TokenInvalid):
            read_ticket(token, secret="s", now=NOW)
