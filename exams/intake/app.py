"""What do phones reach under /x/1/? Parse, check the ticket, hand to the writer, answer after COMMIT."""

from __future__ import annotations

import logging
import secrets
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from accounts import cards, pupil_cookie, tokens
from exams.intake import journal, protocol
from exams.intake.facts import SittingFacts
from exams.intake.http import Request, Response, Send, cookie_header, json_response, read_request
from exams.intake.protocol import WireError
from exams.intake.store import Store
from exams.intake.ticket import Ticket, mint_ticket, read_ticket
from exams.intake.vault import vault_secret
from exams.intake.writer import Overloaded, Writer

log = logging.getLogger(__name__)
PREFIX = "/x/1/"
Scope = dict[str, Any]
Handler = Callable[["Intake", Request, int], Awaitable[Response]]


@dataclass(frozen=True, slots=True)
class Moved:
    """Told to listeners after COMMIT: this sitting's state may have changed."""

    sitting: str
    key: int
    state: str


class Intake:
    """An ASGI application. `listeners` are called after COMMIT and must not block."""

    def __init__(self, writer: Writer, *, ticket_secret: str, card_secret: str, secure_cookie: bool) -> None:
        self.writer = writer
        self.ticket_secret = ticket_secret
        self.card_secret = card_secret
        self.secure_cookie = secure_cookie
        self.listeners: list[Callable[[Moved], None]] = []

    async def __call__(self, scope: Scope, receive: Callable[[], Awaitable[Any]], send: Send) -> None:
        now = int(time.time() * 1000)
        try:
            response = await self._respond(await read_request(scope, receive), now)
        except WireError as error:
            response = json_response(
                {"error": error.code, "detail": error.detail, **error.extra}, error.status
            )
        except Overloaded:
            response = json_response({"error": "overloaded"}, 503)
            # Phones that are all told the same moment would all come back in it.
            response.headers.append((b"retry-after", str(2 + secrets.randbelow(14)).encode()))
        except Exception:
            log.exception("intake failed on %s", scope["path"])
            response = json_response({"error": "internal"}, 503)
            response.headers.append((b"retry-after", b"5"))
        await response.send(send)

    async def _respond(self, request: Request, now: int) -> Response:
        name = request.path.removeprefix(PREFIX)
        if name.startswith("papers/"):
            if request.method != "GET":
                raise WireError(405, "get_only")
            return await self._paper(request, name.removeprefix("papers/"), now)
        handler = _HANDLERS.get(name)
        if handler is None:
            raise WireError(404, "no_such_address")
        if request.method != "POST":
            raise WireError(405, "post_only")
        request.require_same_origin()
        return await handler(self, request, now)

    # ---- the addresses -----------------------------------------------------------------------------
    async def _sign_in(self, request: Request, now: int) -> Response:
        code = cards.normalise(protocol.parse_sign_in(request.body).code)
        digest = cards.digest(code, secret=self.card_secret) if code else None
        pupil = await self.writer.do(lambda store: store.pupil_by_card(digest)) if digest else None
        if pupil is None:
            raise WireError(401, "unknown_card")
        token = pupil_cookie.mint_pupil_cookie(pupil.pop("id"), secret=self.ticket_secret, now=now)
        response = json_response(pupil)
        age = pupil_cookie.LIFETIME_MS // 1000
        response.headers.append(cookie_header(pupil_cookie.COOKIE, token, age, secure=self.secure_cookie))
        # One browser is one person: a member of staff who tries a card is signed out first.
        response.headers.append(cookie_header("sessionid", "", 0, secure=self.secure_cookie))
        return response

    async def _sign_out(self, request: Request, now: int) -> Response:
        cleared = cookie_header(pupil_cookie.COOKIE, "", 0, secure=self.secure_cookie)
        return Response(204, [cleared], b"")

    async def _open(self, request: Request, now: int) -> Response:
        message = protocol.parse_open(request.body)
        person = pupil_cookie.read_pupil_cookie(
            request.cookie(pupil_cookie.COOKIE), secret=self.ticket_secret, now=now
        )
        if person is None:
            raise WireError(401, "signed_out")
        opened = await self.writer.do(lambda store: _open_sitting(store, message, person, now))
        ticket = opened.pop("_ticket")
        opened["ticket"] = mint_ticket(ticket, secret=self.ticket_secret, now=now)
        opened["vault"] = vault_secret(ticket.sitting, secret=self.ticket_secret)
        return json_response(opened | {"server_now": now, "store_generation": self.writer.generation})

    async def _start(self, request: Request, now: int) -> Response:
        ticket = self._ticket(request, now)
        facts = await self.writer.do(lambda store: store.start(ticket.key, now))
        self._tell(facts)
        return json_response(
            {
                "state": facts.state,
                "started_at": facts.started_at,
                "ends_at": facts.ends_at,
                "server_now": now,
                "store_generation": self.writer.generation,
            }
        )

    async def _save(self, request: Request, now: int) -> Response:
        ticket = self._ticket(request, now)
        batch = protocol.parse_save(request.body)
        if batch.header.device != ticket.device:
            raise WireError(403, "wrong_device", "the ticket was given to another device")
        saved = await self.writer.do(lambda store: store.save(ticket, batch, now))
        if saved.moved:
            self._tell(saved.facts)
        return json_response(
            {
                "acked_upto": saved.acked_upto,
                "gaps": saved.gaps,
                "epoch": saved.epoch,
                "state": saved.facts.state,
                "ends_at": saved.facts.ends_at,
                "server_now": now,
                "store_generation": self.writer.generation,
                "notices": [],
                "receipt": saved.receipt,
            }
        )

    async def _paper(self, request: Request, sha256: str, now: int) -> Response:
        ticket = self._ticket(request, now)
        encoding = request.best_encoding()
        body = await self.writer.do(lambda store: _paper_body(store, ticket, sha256, encoding))
        headers = [
            (b"content-type", b"application/json"),
            (b"cache-control", b"private, max-age=31536000, immutable"),
            (b"vary", b"Accept-Encoding, Authorization"),
        ]
        if encoding:
            headers.append((b"content-encoding", encoding.encode()))
        return Response(200, headers, body)

    # ---- helpers -----------------------------------------------------------------------------------
    def _ticket(self, request: Request, now: int) -> Ticket:
        try:
            return read_ticket(request.bearer(), secret=self.ticket_secret, now=now)
        except tokens.TokenExpired as error:
            raise WireError(401, "ticket_expired") from error
        except tokens.TokenInvalid as error:
            raise WireError(401, "bad_ticket") from error

    def _tell(self, facts: SittingFacts) -> None:
        for listener in self.listeners:
            listener(Moved(facts.public_id, facts.key, facts.state))


_HANDLERS: dict[str, Handler] = {
    "sign-in": Intake._sign_in,
    "sign-out": Intake._sign_out,
    "open": Intake._open,
    "start": Intake._start,
    "save": Intake._save,
}


def _paper_body(store: Store, ticket: Ticket, sha256: str, encoding: str) -> bytes:
    facts = store.facts(ticket.key)
    if facts.state == "ready":
        raise WireError(403, "not_started", "papers are given out from the start on")
    body = store.paper(facts.form_key, sha256, encoding)
    if body is None:
        raise WireError(404, "no_such_paper")
    return body


def _open_sitting(store: Store, message: protocol.Open, person: str, now: int) -> dict[str, Any]:
    facts = store.facts_of(message.sitting, person)
    if facts.state == "voided":
        raise WireError(409, "voided")
    epoch = store.lease(facts.key, message.device, now)
    held = journal.projection(store.db, facts.key)
    acked_upto, _ = journal.high_water_mark(store.db, facts.key, message.device)
    return {
        "_ticket": Ticket(facts.key, facts.public_id, message.device, epoch),
        "epoch": epoch,
        "sitting": {
            "id": facts.public_id,
            "state": facts.state,
            "purpose": facts.purpose,
            "form": facts.form,
            "title": {"sr": facts.title_sr, "en": facts.title_en},
            "limit_seconds": facts.accommodated_limit,
            "opens_at": facts.opens_at,
            "closes_at": facts.closes_at,
            "started_at": facts.started_at,
            "ends_at": facts.ends_at,
            "handed_in_cause": facts.handed_in_cause,
        },
        "items": len(store.form_refs(facts.form_key)),
        "candidate": store.candidate(facts.candidate_key),
        "papers": store.papers(facts.form_key),
        "responses": held.responses,
        "seen": sorted(held.seen),
        "flags": sorted(held.flags),
        "acked_upto": acked_upto,
        "receipt": store.receipt(facts),
    }
