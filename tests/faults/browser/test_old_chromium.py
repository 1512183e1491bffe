"""Does the player work in the oldest browser it is made for, from card to receipt, also without a network?"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.browser.results import SCREENS
from tests.browser.site import Item, Site, eventually
from tests.faults.browser.links import Link
from tests.faults.browser.old_chromium import VERSION, OldPage, find_old_chromium, old_page

pytestmark = [pytest.mark.long, pytest.mark.browser]
SAVED = "document.querySelector('.saving--saved') !== null"
# It keeps no request alive that has our headers; the player then sends an ordinary one.
REFUSED = "Preflight request for request with keepalive"
KEPT = "document.querySelector('.saving--kept') !== null"


@pytest.fixture(scope="session")
def old_chromium() -> Path:
    return find_old_chromium()


@pytest.fixture
def page(old_chromium: Path) -> Iterator[OldPage]:
    with old_page(old_chromium) as found:
        yield found
        assert [one for one in found.complaints if not one.startswith(REFUSED)] == []


def test_exam_in_the_oldest_browser(site: Site, link: Link, page: OldPage) -> None:
    assert f"Chrome/{VERSION}" in page.evaluate("navigator.userAgent")
    page.send("Network.setCookie", url=link.url, name="django_language", value="en")
    card = site.fresh_pupil()["code"]
    page.goto(f"{link.url}/sign-in/#{card}")
    page.wait_for("location.pathname === '/' && document.querySelector('main a[href^=\"/sit/\"]') !== null")
    look(page, "home")
    page.tap("main a[href^='/sit/']")
    page.wait_for("document.querySelector('.start__button') !== null")
    sitting = page.evaluate("location.pathname.split('/')[2]")
    page.wait_for("document.querySelector('.check__line--ready') !== null", seconds=60)
    look(page, "waiting")
    items = site.items(sitting)
    page.tap(".start__button")
    at(page, 1)
    look(page, "item-match")
    respond(page, 2, ".options .option:nth-child(2)", "")
    assert "3/5" in page.text()  # it cannot draw formulas, and their signs in a row would be another number
    look(page, "item-choice")
    page.wait_for(SAVED)
    page.wait_for(
        "caches.match('/sit/shell/').then((shell) => Boolean(shell && navigator.serviceWorker.controller))"
    )

    link.go_down()
    respond(page, 4, ".fields input", "12,7")
    look(page, "item-written")
    page.tap(".bottom__next")
    at(page, 5)
    page.wait_for(KEPT)
    page.reload()
    at(page, 5)
    respond(page, 20, ".statement .pill", "")
    look(page, "item-true-false")
    assert site.state(sitting) == "started"
    assert set(given(site, sitting)) == {items[1].ref}
    link.come_up()
    page.evaluate("dispatchEvent(new Event('online'))")
    page.wait_for(SAVED)

    page.tap(".bottom__next")
    page.wait_for("document.querySelector('#stage .actions .button--big') !== null")
    look(page, "hand-in")
    page.tap("#stage .actions .button--big")
    page.wait_for("document.querySelector('.receipt__status.tone-success') !== null")
    look(page, "receipt")
    check(site, sitting, items)


def respond(page: OldPage, number: int, selector: str, typed: str) -> None:
    page.tap(".topbar__place")
    page.wait_for("document.querySelector('#stage .cells .cell') !== null")
    page.tap(f"#stage .cells > :nth-child({number}) .cell, #stage .cells > .cell:nth-child({number})")
    at(page, number)
    if typed:
        page.type(selector, typed)
    else:
        page.tap(selector)


def at(page: OldPage, number: int) -> None:
    page.wait_for(
        f"(document.querySelector('.topbar__place .number') || {{}}).textContent === '{number} / 20'"
        " && document.querySelector('.item__title') !== null"
    )


def given(site: Site, sitting: str) -> dict[str, Any]:
    return {event["item"]: event["value"] for event in site.journal(sitting) if event["kind"] == "response"}


def check(site: Site, sitting: str, items: list[Item]) -> None:
    """What was tapped and typed is what the server has, and nothing waits for a person."""
    wanted = {
        items[1].ref: "b",
        items[3].ref: {"x": "12,7"},
        items[19].ref: {"1": True},
    }
    assert given(site, sitting) == wanted
    assert {event["verdict"] for event in site.journal(sitting)} == {"counted"}
    assert eventually(lambda: site.state(sitting), lambda state: state == "sealed") == "sealed"
    query = "SELECT c.report FROM exams_devicecheck c JOIN exams_sitting s ON s.id = c.sitting_id"
    report = json.loads(site.value(f"{query} WHERE s.public_id = ?", sitting.replace("-", "")))
    assert report["problems"] == []
    assert (report["browser"], report["papers"], report["opens"]) == ("Chrome 80", 2, True)


def look(page: OldPage, name: str) -> None:
    """A picture for people; and nothing is wider than the phone, nor on top of each other in the bars."""
    page.photograph(SCREENS / "chromium-80" / f"{name}.png")
    wide = page.evaluate(
        "Math.max(document.documentElement.scrollWidth, document.body.scrollWidth)"
        " - document.documentElement.clientWidth"
    )
    assert wide <= 0
