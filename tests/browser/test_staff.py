"""What do a teacher, an invigilator and an analyst see, and where is the door closed to them?"""

from __future__ import annotations

import re

from playwright.sync_api import Page, expect

from tests.browser.devices import Device
from tests.browser.looks import examine
from tests.browser.player import Player
from tests.browser.site import Site

CLASSES = (
    "SELECT g.public_id FROM accounts_classgroup g JOIN accounts_organization o ON o.id = g.school_id"
    " ORDER BY o.id, g.id"
)


def test_teacher(site: Site, desk: Device) -> None:
    page = desk.page
    desk.sign_in_staff("teacher")
    examine(page, "teacher-home")
    expect(page.locator(".card__title")).to_have_count(2)
    page.get_by_role("link", name="8-2").click()
    expect(page.locator("h1")).to_have_text(re.compile("8-2"))
    own_class = page.url
    examine(page, "teacher-class")
    page.locator("main a[href^='/pupils/']").first.click()
    page.wait_for_url("**/pupils/**")
    examine(page, "teacher-pupil")
    page.locator("main a[href^='/sittings/']").first.click()
    page.wait_for_url("**/result/")
    examine(page, "teacher-result")
    own = own_class.split("/classes/")[1].split("/")[0].replace("-", "")
    foreign = site.rows(CLASSES)[-1]["public_id"]
    for closed in (f"/classes/{foreign}/", f"/rooms/{own}/", "/country/", "/practice/", "/readiness/"):
        assert page.request.get(closed).status == 404, closed
    sign_out(page)
    assert page.request.get(own_class, max_redirects=0).status == 302


def test_analyst(site: Site, desk: Device) -> None:
    page = desk.page
    desk.sign_in_staff("analyst")
    page.wait_for_url("**/country/")
    examine(page, "country")
    page.locator("select[name=region]").select_option(index=0)
    page.get_by_role("button", name="Show its schools").click()
    page.wait_for_url("**region=**")
    examine(page, "country-region")
    for row in site.rows(CLASSES)[:2]:
        assert page.request.get(f"/classes/{row['public_id']}/").status == 404
        assert page.request.get(f"/rooms/{row['public_id']}/").status == 404
    sign_out(page)


def test_invigilator_gives_time_while_a_pupil_writes(site: Site, desk: Device, phone: Device) -> None:
    pupil = site.pupil_of_the_invigilator()
    phone.sign_in(pupil)
    player = Player(phone.page)
    player.open_from_home()
    items = site.items(player.sitting)

    board = desk.page
    frames: list[str] = []
    board.on("websocket", lambda socket: socket.on("framereceived", lambda data: frames.append(str(data))))
    desk.sign_in_staff("invigilator")
    examine(board, "invigilator-home")
    board.get_by_role("link", name=re.compile(f"{pupil['class']}$")).click()
    administration = board.locator(".exams a", has_text=re.compile("form A"))
    if administration.count():
        administration.first.click()
    tile = board.locator(f"#tile-{player.sitting}")
    expect(tile).to_contain_text("Not started")
    expect(board.locator("[data-state]")).to_contain_text("Live")
    examine(board, "room-board")

    # The start appears on the board by itself, because the socket said that something moved.
    frames.clear()
    player.start()
    expect(tile).to_contain_text("Writing")
    assert len(frames) > 0
    expect(phone.page.locator(".timer")).to_contain_text("60 min")
    player.respond(items[0], {"1": "d"})
    player.next()
    player.expect_saved()

    tile.get_by_role("link", name="Give time").click()
    examine(board, "room-sitting")
    board.locator("input[name=minutes]").fill("5")
    board.locator("#grant-reason").fill("Fire drill")
    board.get_by_role("button", name="Give this time").click()
    expect(board.locator("main .notice").first).to_contain_text("5 minutes given")
    expect(tile).to_contain_text("+5 min")
    expect(tile).to_contain_text(re.compile(r"1\s*/\s*20"))
    examine(board, "room-board-granted")

    # The pupil sees it with the next save, and nothing on the screen jumps.
    player.respond(items[1], "b")
    expect(phone.page.locator(".timer")).to_contain_text("65 min")
    expect(phone.page.locator(".options input[value=b]")).to_be_checked()
    look_at_what_is_done_for_a_room(board)
    give_a_card(board)
    sign_out(board)


def look_at_what_is_done_for_a_room(board: Page) -> None:
    """Each page on its own, then back to the room."""
    pages = {
        "Stop the time": "room-pause",
        "Say something": "room-announcement",
        "Unlock code": "room-unlock-code",
    }
    for link, name in pages.items():
        board.locator(".acts").get_by_role("link", name=link).click()
        examine(board, name)
        board.locator(".crumbs a").last.click()
        expect(board.locator(".tiles")).to_be_visible()


def give_a_card(board: Page) -> None:
    """From the room to a sheet with one new card."""
    board.get_by_role("link", name="Login cards").click()
    examine(board, "login-cards")
    board.locator("input[name=pupil]").first.check()
    board.get_by_role("button", name="Make new cards").click()
    expect(board.locator(".login-card__code")).to_have_text(re.compile(r"^(\w{4}-){2}\w{4}$"))
    examine(board, "login-card-sheet")


def sign_out(page: Page) -> None:
    page.locator("details.account summary").click()
    page.locator("details.account form[action$='/sign-out/'] button").click()
    page.wait_for_url("**/sign-in/")
