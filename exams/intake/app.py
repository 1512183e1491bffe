"""What do phones reach under /x/1/? Parse, check the ticket, hand to the writer, answer after COMMIT."""

from __future__ import annotations

import logging
import secrets
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from accounts import cards, pupil_cookie, tokens
from exams.intake import opening, protocol
from exams.intake.facts import Running
from exams.intake.http import Request, Response, Send, cookie_header, json_response, read_request
from exams.intake.protocol import WireError
from exams.intake.saving import Save
from exams.intake.ticket import Ticket, mint_ticket, read_ticket
from exams.intake.vault import vault_secret
from exams.intake.writer import Overloaded, Writer

log = logging.getLogger(__name__)
PREFIX = "/x/1/"
Scope = dict[str, Any]
Handler = Callable[["Intake", Request, int], Awaitable[Response]]
FileHandler = Callable[["Intake", Request, str, int], Awaitable[Response]]


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
        name, _, rest = request.path.removeprefix(PREFIX).partition("/")
        if handler := _HANDLERS.get(name if not rest else ""):
            if request.method != "POST":
                raise WireError(405, "post_only")
            request.require_same_origin()
            return await handler(self, request, now)
        if (file := _FILES.get(name)) and rest:
            if request.method != "GET":
                raise WireError(405, "get_only")
            return await file(self, request, rest, now)
        raise WireError(404, "no_such_address")

    # ---- the addresses -----------------------------------------------------------------------------
    async def _sign_in(self, request: Request, now: int) -> Response:
        code = cards.normalise(protocol.parse_sign_in(request.body).code)
        digest = cards.digest(code, secret=self.card_secret) if code else None
        pupil = await self.writer.do(lambda store: opening.pupil_by_card(store, digest)) if digest else None
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
        person = self._pupil(request, now)
        opened = await self.writer.do(lambda store: opening.open_sitting(store, message, person, now))
        return json_response(
            opened.reply
            | {
                "ticket": mint_ticket(opened.ticket, secret=self.ticket_secret, now=now),
                "vault": vault_secret(opened.ticket.sitting, secret=self.ticket_secret),
                "server_now": now,
                "store_generation": self.writer.generation,
            }
        )

    async def _ahead(self, request: Request, now: int) -> Response:
        person = self._pupil(request, now)
        sittings = await self.writer.do(lambda store: opening.sittings_ahead(store, person, now))
        return json_response({"sittings": sittings, "server_now": now})

    async def _device_check(self, request: Request, now: int) -> Response:
        ticket = self._ticket(request, now)
        report = protocol.parse_device_report(request.body)
        await self.writer.do(lambda store: opening.keep_device_check(store, ticket, report, now))
        return Response(204, [], b"")

    async def _start(self, request: Request, now: int) -> Response:
        ticket = self._ticket(request, now)
        entered, facts, content_key = await self.writer.do(lambda store: opening.start(store, ticket, now))
        self._tell(facts)
        return json_response(
            {
                "state": facts.state,
                "started_at": facts.started_at,
                "ends_at": facts.ends_at,
                "paused_at": facts.paused_at,
                "epoch": entered.epoch,
                "ticket": mint_ticket(entered, secret=self.ticket_secret, now=now),
                "content_key": content_key,
                "server_now": now,
                "store_generation": self.writer.generation,
            }
        )

    async def _save(self, request: Request, now: int) -> Response:
        ticket = self._ticket(request, now)
        batch = protocol.parse_save(request.body)
        if batch.header.device != ticket.device:
            raise WireError(403, "wrong_device", "the ticket was given to another device")
        saved = await self.writer.save(Save(ticket, batch, now))
        if saved.moved:
            self._tell(saved.facts)
        return json_response(
            {
                "acked_upto": saved.acked_upto,
                "gaps": saved.gaps,
                "epoch": saved.epoch,
                "state": saved.facts.state,
                "opens_at": saved.facts.opens_at,
                "ends_at": saved.facts.ends_at,
                "paused_at": saved.facts.paused_at,
                "server_now": now,
                "store_generation": self.writer.generation,
                "notices": saved.notices,
                "receipt": saved.receipt,
            }
        )

    async def _paper(self, request: Request, sha256: str, now: int) -> Response:
        ticket = self._ticket(request, now)
        encoding = request.best_encoding()
        body = await self.writer.do(lambda store: opening.paper_body(store, ticket, sha256, encoding, now))
        headers = [
            (b"content-type", b"application/json"),
            (b"cache-control", b"private, max-age=31536000, immutable"),
            (b"vary", b"Accept-Encoding, Authorization"),
        ]
        if encoding:
            headers.append((b"content-encoding", encoding.encode()))
        return Response(200, headers, body)

    async def _locked(self, request: Request, sha256: str, now: int) -> Response:
        """Of no use without its content key, and the same for everybody: any cache on the way may keep it."""
        body = await self.writer.do(lambda store: opening.locked_body(store, sha256))
        headers = [
            (b"content-type", b"application/octet-stream"),
            (b"cache-control", b"public, max-age=31536000, immutable"),
        ]
        return Response(200, headers, body)

    # ---- helpers -----------------------------------------------------------------------------------
    def _ticket(self, request: Request, now: int) -> Ticket:
        try:
            return read_ticket(request.bearer(), secret=self.ticket_secret, now=now)
        except tokens.TokenExpired as error:
            raise WireError(401, "ticket_expired") from error
        except tokens.TokenInvalid as error:
            raise WireError(401, "bad_ticket") from error

    def _pupil(self, request: Request, now: int) -> str:
        """Public id of the pupil whose card signed this phone in. Raises WireError 401."""
        cookie = request.cookie(pupil_cookie.COOKIE)
        person = pupil_cookie.read_pupil_cookie(cookie, secret=self.ticket_secret, now=now)
        if person is None:
            raise WireError(401, "signed_out")
        return person

    def _tell(self, facts: Running) -> None:
        for listener in self.listeners:
            listener(Moved(facts.public_id, facts.key, facts.state))


_HANDLERS: dict[str, Handler] = {
    "sign-in": Intake._sign_in,
    "sign-out": Intake._sign_out,
    "ahead": Intake._ahead,
    "open": Intake._open,
    "device-check": Intake._device_check,
    "start": Intake._start,
    "save": Intake._save,
}
_FILES: dict[str, FileHandler] = {"papers": Intake._paper, "locked": Intake._locked}
