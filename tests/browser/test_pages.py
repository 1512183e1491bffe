"""Are the pages before sign-in and the screens of a sitting fit to be seen, each in its states?"""

from __future__ import annotations

from playwright.sync_api import expect

from tests.browser.conftest import MakeDevice
from tests.browser.devices import Device
from tests.browser.looks import examine
from tests.browser.player import Player
from tests.browser.script_a import SCRIPT
from tests.browser.site import Site


def test_pages_before_sign_in(make_device: MakeDevice) -> None:
    phone = make_device(language="sr")
    page = phone.page
    page.goto("/sign-in/")
    examine(page, "sign-in")
    phone.expect_complaints("status of (401|404|400)")
    page.locator("input[name=code]").fill("0000-0000-0000")
    page.locator("form[data-sign-in] button").tap()
    expect(page.locator("[data-says]")).to_be_visible()
    expect(page.locator("form[data-sign-in] button")).to_be_enabled()
    examine(page, "sign-in-unknown-card")
    for name, address in (
        ("staff-sign-in", "/staff/login/"),
        ("password-reset", "/staff/password/reset/"),
        ("no-such-page", "/nowhere/"),
        ("without-network", "/offline/"),
    ):
        page.goto(address)
        examine(page, name)


def test_screens_of_a_sitting(site: Site, phone: Device) -> None:
    phone.sign_in(site.fresh_pupil())
    page = phone.page
    examine(page, "home-before-trial")
    player = Player(page)
    player.open_from_home()
    player.start()
    items = site.items(player.sitting)
    shown = set()
    for number, item in enumerate(items, 1):
        if item.interaction in shown:
            continue
        shown.add(item.interaction)
        player.go_to(number)
        player.respond(item, SCRIPT[number - 1][1])
        if item.interaction == "cloze":
            page.locator(".flag").tap()
        player.expect_saved()
        examine(page, f"item-{item.interaction}")
    assert len(shown) == 6
    player.go_to(1)
    page.locator(".match__slot").first.tap()
    expect(page.locator(".match__choices").first).to_be_visible()
    page.locator("details.menu summary").tap()
    examine(page, "item-match-open-with-menu")
    page.locator("details.menu summary").tap()
    page.locator(".topbar__place").tap()
    examine(page, "all-items")
    page.locator("#stage .actions .button").last.tap()
    examine(page, "hand-in")
