"""What does a pupil lose when the server dies in the middle of an exam? Nothing."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.browser.devices import NO_NETWORK, Device
from tests.browser.player import Player
from tests.browser.script_a import SCRIPT
from tests.browser.site import Site, eventually


def test_server_killed_and_started_again(site: Site, phone: Device) -> None:
    phone.sign_in(site.fresh_pupil())
    player = Player(phone.page)
    player.open_from_home()
    player.start()
    sitting = player.sitting
    items = site.items(sitting)
    given = {}

    def work(first: int, last: int) -> None:
        for number in range(first, last + 1):
            player.wait_for_item(number)
            ref, value = SCRIPT[number - 1]
            if value is not None:
                player.respond(items[number - 1], value)
            given[ref] = value
            player.next()

    work(1, 3)
    player.wait_for_item(4)
    player.expect_saved()
    player.respond(items[3], {"x": "1"})
    phone.expect_complaints(NO_NETWORK)
    site.kill()
    work(4, 7)
    player.expect_kept()
    site.start()
    work(8, 10)
    player.expect_saved()
    player.page.locator(".topbar__place").tap()
    player.page.locator("#stage .actions .button").last.tap()
    player.hand_in()

    expect(player.page.locator(".receipt__status.tone-success")).to_be_visible()
    assert eventually(lambda: site.half_points(sitting), lambda found: found is not None) is not None
    seen_last = SCRIPT[10][0]
    assert site.current_responses(sitting) == given | {seen_last: None}
    assert {event["verdict"] for event in site.journal(sitting)} == {"counted"}
