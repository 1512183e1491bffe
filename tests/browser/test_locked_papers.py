"""Is the exam on the phone before it begins, and does the code of the room begin it without a network?"""

from __future__ import annotations

import hashlib
import hmac

from playwright.sync_api import Page, expect

from tests.browser.devices import Device
from tests.browser.looks import examine
from tests.browser.player import Player, wait_until_ready_for_no_network
from tests.browser.site import Site

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"


def test_start_without_asking_for_a_paper(site: Site, phone: Device) -> None:
    phone.sign_in(site.fresh_pupil())
    expect_ready(phone.page)
    player = Player(phone.page)
    player.open_from_home()
    expect(phone.page.locator(".check__line--ready")).to_be_visible()
    asked: list[str] = []
    phone.page.on("request", lambda request: asked.append(request.url.removeprefix(site.url)))
    player.start()
    player.next()
    player.expect_saved()
    assert [path for path in asked if path.startswith("/x/") and path != "/x/1/save"] == ["/x/1/start"]


def test_start_by_the_code_of_the_room(site: Site, phone: Device) -> None:
    phone.sign_in(site.fresh_pupil())
    expect_ready(phone.page)
    address = phone.page.locator("main a[href^='/sit/']").first.get_attribute("href")
    assert address is not None
    sitting = address.rstrip("/").rsplit("/", 1)[1]
    code = code_of_the_room(site, sitting)
    wait_until_ready_for_no_network(phone.page)

    with phone.offline():
        # Opened anew, from the page that says that there is no connection.
        phone.page.goto("/")
        phone.page.locator("a[data-sitting]").tap()
        field = phone.page.locator("#unlock-code")
        expect(field).to_be_visible()
        examine(phone.page, "unlock-code")
        field.fill(code[:-1] + ("Y" if code[-1] == "Z" else "Z"))
        phone.page.locator(".unlock button").tap()
        expect(phone.page.locator("#unlock-error")).to_be_visible()
        examine(phone.page, "unlock-code-wrong")
        field.fill(code.lower().replace("-", " "))
        phone.page.locator(".unlock button").tap()
        player = Player(phone.page)
        player.wait_for_item(1)
        items = site.items(sitting)
        player.go_to(20)
        player.respond(items[19], {"1": True})
        player.expect_kept()
        examine(phone.page, "unlocked-offline")
        assert site.state(sitting) == "ready"
        phone.page.reload()
        player.wait_for_item(20)

    player.expect_saved()
    assert site.state(sitting) == "started"
    assert site.sitting_events(sitting) == ["started_by_code"]
    journal = site.journal(sitting)
    assert journal[0]["kind"] == "unlocked"
    assert {event["verdict"] for event in journal} == {"counted"}
    given = [event for event in journal if event["kind"] == "response"]
    assert [(event["item"], event["value"]) for event in given] == [(items[19].ref, {"1": True})]


def expect_ready(page: Page) -> None:
    """The home page says that everything is on this phone."""
    expect(page.locator("[data-when=ready]")).to_be_visible(timeout=60_000)


def code_of_the_room(site: Site, sitting: str) -> str:
    """What the invigilator reads out: the first 55 bits of a MAC of the room under the content key."""
    ((key, room),) = site.rows(
        "SELECT k.content_key, g.public_id FROM exams_sitting s"
        " JOIN exams_administrationsecret k ON k.administration_id = s.administration_id"
        " JOIN accounts_enrollment e ON e.person_id = s.candidate_id AND e.role = 'pupil'"
        " JOIN accounts_classgroup g ON g.id = e.class_group_id WHERE s.public_id = ?",
        sitting.replace("-", ""),
    )
    dashed = "-".join((room[:8], room[8:12], room[12:16], room[16:20], room[20:]))
    bits = int.from_bytes(hmac.new(key, f"unlock:{dashed}".encode(), hashlib.sha256).digest()[:7], "big") >> 1
    code = "".join(ALPHABET[(bits >> shift) & 31] for shift in range(50, -1, -5))
    return f"{code[:4]}-{code[4:8]}-{code[8:]}"
