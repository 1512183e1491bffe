"""Is handing in safe: without a network, tapped twice, reloaded at a bad moment, in two tabs?"""

from __future__ import annotations

from playwright.sync_api import Locator, expect

from tests.browser.devices import Device
from tests.browser.looks import examine
from tests.browser.player import Player, wait_until_ready_for_no_network
from tests.browser.site import Site, eventually


def test_hand_in_without_a_network(site: Site, phone: Device) -> None:
    phone.sign_in(site.fresh_pupil())
    player = Player(phone.page)
    player.open_from_home()
    examine(player.page, "waiting-room")
    tap_twice(player.page.locator(".start__button"))
    player.wait_for_item(1)
    sitting = player.sitting
    items = site.items(sitting)
    wait_until_ready_for_no_network(player.page)

    # Reloaded in the middle of a word: what stood in the field is there again.
    player.go_to(4)
    player.page.locator(".fields input").press_sequentially("12,7")
    player.page.reload()
    player.wait_for_item(4)
    expect(player.page.locator(".fields input")).to_have_value("12,7")

    player = two_tabs(phone, player)
    with phone.offline():
        player.go_to(20)
        player.respond(items[19], {"1": True})
        player.finish()
        tap_twice(player.page.locator("#stage .actions .button--big"))
        expect(player.page.locator(".receipt__status.tone-warning")).to_be_visible()
        code = player.receipt_code()
        # Looked at before the reload: Chromium lets what a leaving page sends through its offline emulation.
        assert site.state(sitting) == "started"
        examine(player.page, "receipt-offline")
        player.page.reload()
        expect(player.page.locator(".receipt__status.tone-warning")).to_be_visible()
        assert player.receipt_code() == code

    expect(player.page.locator(".receipt__status.tone-success")).to_be_visible()
    assert player.receipt_code() == code
    examine(player.page, "receipt")
    assert eventually(lambda: site.half_points(sitting), lambda found: found is not None) is not None
    given = {ref: value for ref, value in site.current_responses(sitting).items() if value is not None}
    assert given == {items[3].ref: {"x": "12,7"}, items[19].ref: {"1": True}}
    kinds = [event["kind"] for event in site.journal(sitting)]
    assert kinds.count("hand_in") == 1
    assert site.sitting_events(sitting) == ["started", "handed_in", "sealed"]


def two_tabs(phone: Device, first: Player) -> Player:
    """The sitting opened in a second tab: only one of the two can write, and the pupil chooses which."""
    second = phone.another_page()
    second.goto(first.page.url)
    expect(second.locator("#stage h1")).to_have_text("Open in another tab")
    examine(second, "open-in-another-tab")
    second.get_by_role("button", name="Continue here").tap()
    player = Player(second)
    player.wait_for_item(4)
    expect(second.locator(".fields input")).to_have_value("12,7")
    expect(first.page.locator("#stage h1")).to_have_text("Open in another tab")
    first.page.close()
    phone.page = second
    return player


def tap_twice(button: Locator) -> None:
    """So fast that nothing can have happened in between."""
    button.evaluate("element => { element.click(); element.click(); }")
