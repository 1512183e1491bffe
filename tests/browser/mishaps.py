"""What can befall a phone in the middle of an exam, and how does a test bring it about?

A date that jumps, a battery that dies, a page put to sleep, an exam that is nearly over. What belongs to the
server is moved in its database, since no test can wait for an hour.
"""

from __future__ import annotations

import sqlite3
from contextlib import closing, suppress
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from playwright.sync_api import BrowserContext, Error, Page, expect

from tests.browser.player import Player, cdp
from tests.browser.site import Site

TIMES: Final = ("started_at", "ends_at", "handed_in_at")
# Stands for the phone's clock chip: what `Date` says is moved, the monotonic clock runs on.
DATE: Final = """
(() => {
  const Real = Date;
  let ahead = 0;
  const now = () => Real.now() + ahead;
  self.Date = new Proxy(Real, {
    construct: (target, given) => given.length ? new Real(...given) : new Real(now()),
    apply: () => new Real(now()).toString(),
    get: (target, name) => name === "now" ? now : Reflect.get(target, name),
  });
  self.setDateAhead = (ms) => { ahead = ms; };
})();
"""


# As a browser refuses a write when the phone is full; how much room there is, it does not tell.
ROOM: Final = """
for (const name of ["add", "put"]) {
  const write = IDBObjectStore.prototype[name];
  IDBObjectStore.prototype[name] = function (...given) {
    if (self.phoneIsFull) throw new DOMException("no room", "QuotaExceededError");
    return write.apply(this, given);
  };
}
"""


class PhoneRoom:
    """Whether there is any left on one phone; it stays so over reloads."""

    def __init__(self, context: BrowserContext) -> None:
        self._context = context
        context.add_init_script(ROOM)

    def set_full(self, full: bool) -> None:
        order = f"self.phoneIsFull = {str(full).lower()}"
        self._context.add_init_script(order)
        for page in self._context.pages:
            page.evaluate(order)


class PhoneDate:
    """The date of one phone, ahead of the true one by what it is set to; it stays so over reloads."""

    def __init__(self, context: BrowserContext) -> None:
        self._context = context
        context.add_init_script(DATE)

    def set_ahead(self, by: timedelta) -> None:
        order = f"self.setDateAhead && setDateAhead({round(by.total_seconds() * 1000)})"
        self._context.add_init_script(order)
        for page in self._context.pages:
            page.evaluate(order)

    def set(self, moment: datetime) -> None:
        self.set_ahead(moment - datetime.now(UTC))


def begun(site: Site, page: Page, *, seconds: float | None = None) -> Player:
    """From the pupil's home to the first item; `seconds` until the end, an hour where it is not said."""
    player = Player(page)
    player.open_from_home()
    player.start()
    if seconds is not None:
        player.expect_saved()
        end_in(site, player.sitting, seconds)
        page.reload()
        player.wait_for_item(1)
        expect(page.locator(".timer .number")).to_contain_text(":")
    return player


def end_in(site: Site, sitting: str, seconds: float) -> None:
    """As if the sitting had been started so much earlier."""
    move(site, sitting, timedelta(seconds=seconds - server_left(site, sitting)))


def move(site: Site, sitting: str, by: timedelta) -> None:
    """What the server has of this sitting so far happens, or will happen, so much later."""
    identity = sitting.replace("-", "")
    with closing(sqlite3.connect(site.folder / "proba.sqlite3", timeout=20)) as db, db:
        query = f"SELECT {', '.join(TIMES)} FROM exams_sitting WHERE public_id = ?"  # noqa: S608  no value in it
        ((*times,),) = db.execute(query, [identity]).fetchall()
        moved = [None if time is None else str(_moment(time) + by).removesuffix("+00:00") for time in times]
        changes = ", ".join(f"{name} = ?" for name in TIMES)
        db.execute(f"UPDATE exams_sitting SET {changes} WHERE public_id = ?", [*moved, identity])  # noqa: S608


def server_left(site: Site, sitting: str) -> float:
    """Seconds until the end by the server's reckoning; test and server share a clock."""
    ends = site.value("SELECT ends_at FROM exams_sitting WHERE public_id = ?", sitting.replace("-", ""))
    return (_moment(ends) - datetime.now(UTC)).total_seconds()


def shown_left(page: Page) -> float:
    """Seconds on the phone's timer, which counts them in the last five minutes."""
    minutes, seconds = page.locator(".timer .number").inner_text().split(":")
    return 60 * int(minutes) + int(seconds)


def crash(page: Page) -> None:
    """The page's process is gone without a goodbye."""
    with page.expect_event("crash"), suppress(Error):
        cdp(page).send("Page.crash", timeout=1_000)
    page.close()


def answers(site: Site, sitting: str) -> dict[str, Any]:
    """What the journal says now, by item: the last response that counted."""
    found: dict[str, Any] = {}
    for event in sorted(site.journal(sitting), key=lambda one: (one["epoch"], one["seq"])):
        if event["kind"] == "response" and event["verdict"] != "quarantined":
            found[event["item"]] = event["value"]
    return found


def _moment(stored: str) -> datetime:
    return datetime.fromisoformat(stored).replace(tzinfo=UTC)
