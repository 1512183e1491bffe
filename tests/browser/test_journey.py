"""A pupil without a network at the start, in the middle and at the end, as a row of pictures in both scripts.

The rows lie in `test-results/journey-*.png`; those in the README's folder are copies of a good run.
"""

from __future__ import annotations

import base64
import sqlite3
from contextlib import closing

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import MakeDevice
from tests.browser.devices import Device
from tests.browser.player import Player, wait_until_ready_for_no_network
from tests.browser.results import FOLDER
from tests.browser.site import Site, administration_of, eventually, room_of

MINUTE = 60_000
SHEET = """<!doctype html><meta charset="utf-8"><style>
body { margin: 0; padding: 16px; background: #d9d5cd; color: #2b2a28; font: 600 15px sans-serif;
  display: grid; grid-template-columns: repeat(4, 270px); gap: 16px; width: max-content; }
figure { margin: 0 } figcaption { padding: 0 0 6px }
img { width: 270px; display: block; border-radius: 10px; }
</style>"""


class Row:
    """Pictures of one phone, each with the word for what it shows."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.pictures: list[tuple[str, bytes]] = []

    def take(self, caption: str) -> None:
        self.page.wait_for_timeout(250)
        self.pictures.append((caption, self.page.screenshot(animations="disabled")))

    def keep(self, browser: Browser, name: str) -> None:
        figures = "".join(
            f"<figure><figcaption>{number}. {caption}</figcaption>"
            f'<img src="data:image/png;base64,{base64.b64encode(picture).decode()}" alt=""></figure>'
            for number, (caption, picture) in enumerate(self.pictures, start=1)
        )
        page = browser.new_page()
        page.set_content(SHEET + figures)
        FOLDER.mkdir(exist_ok=True)
        page.locator("body").screenshot(path=FOLDER / f"{name}.png")
        page.close()


@pytest.mark.parametrize("language", ["sr", "sr-latn"])
def test_journey_without_a_network(
    site: Site, make_device: MakeDevice, chromium: Browser, language: str
) -> None:
    phone, desk = make_device(language=language), make_device(phone=False)
    pupil = site.pupil_of_the_invigilator()
    phone.page.clock.install()
    phone.sign_in(pupil)
    player, row = Player(phone.page), Row(phone.page)
    player.open_from_home()
    wait_until_ready_for_no_network(phone.page)
    expect(phone.page.locator(".check__line--ready")).to_be_visible()
    row.take("waiting")
    code = unlock_code(site, desk, player.sitting)

    with phone.offline():
        phone.page.locator(".start__button").tap()
        expect(phone.page.locator("#unlock-code")).to_be_visible(timeout=30_000)
        phone.page.locator("#unlock-code").scroll_into_view_if_needed()
        row.take("locked")
        phone.page.locator("#unlock-code").fill(code.lower().replace("-", " "))
        phone.page.locator("form.unlock button").tap()
        player.wait_for_item(1)
        row.take("unlocked offline")
        items = site.items(player.sitting)
        player.respond(items[0], {"1": "d"})
        player.expect_kept()
        row.take("kept")
        assert site.state(player.sitting) == "ready"

    phone.page.clock.fast_forward(20_000)
    player.expect_saved()
    row.take("saved")
    assert eventually(lambda: site.state(player.sitting), lambda state: state == "started")
    assert "started_by_code" in site.sitting_events(player.sitting)

    with phone.offline():
        player.go_to(2)
        player.respond(items[1], "b")
        player.expect_kept()
        an_hour_passes(site, phone.page, player.sitting)
        expect(phone.page.locator(".receipt__status, .receipt .lead").first).to_be_visible()
        row.take("time over offline")
        phone.page.clock.fast_forward(2 * MINUTE)
        phone.page.locator(".hand-over button").first.tap()
        expect(phone.page.locator(".codes__image")).to_be_visible()
        row.take("handed in by codes")
        phone.page.locator(".codes-page .button--quiet, .codes-page .button--secondary").last.tap()

        own_code = player.receipt_code()

    phone.page.clock.fast_forward(20_000)
    expect(phone.page.locator(".receipt__status.tone-success")).to_be_visible(timeout=30_000)
    row.take("receipt")
    assert player.receipt_code() == own_code
    assert eventually(lambda: site.state(player.sitting), lambda state: state == "sealed")
    verdicts = {event["verdict"] for event in site.journal(player.sitting)}
    assert verdicts == {"counted", "late_counted"}
    row.keep(chromium, f"journey-{language}")


def an_hour_passes(site: Site, page: Page, sitting: str) -> None:
    """On the phone by its clocks (more of it follows); on the server the sitting began earlier instead."""
    with closing(sqlite3.connect(site.folder / "proba.sqlite3", timeout=20)) as db, db:
        db.execute(
            "UPDATE exams_sitting SET started_at = datetime(started_at, '-3770 seconds'),"
            " ends_at = datetime(ends_at, '-3770 seconds') WHERE public_id = ?",
            (sitting.replace("-", ""),),
        )
    page.clock.run_for(61 * MINUTE)  # every second of it, as the time is watched


def unlock_code(site: Site, desk: Device, sitting: str) -> str:
    """As the invigilator of the room reads it off the board."""
    desk.sign_in_staff("invigilator")
    desk.page.goto(
        f"/rooms/{room_of(site, sitting)}/unlock-code/?administration={administration_of(site, sitting)}"
    )
    desk.page.locator("main form button").click()
    return desk.page.locator(".unlock-code").inner_text()
