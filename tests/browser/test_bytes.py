"""How many bytes does a first sitting cost, from sign-in to result, on a new phone and again?"""

from __future__ import annotations

from playwright.sync_api import expect

from tests.browser.devices import Device
from tests.browser.player import Player, wait_until_ready_for_no_network
from tests.browser.results import report
from tests.browser.script_a import SCRIPT
from tests.browser.site import Site
from tests.browser.traffic import HEARTBEAT, Figures, Meter

COLD_GOAL = 150_000
WARM_GOAL = 25_000


def test_bytes_of_a_first_sitting(site: Site, phone: Device) -> None:
    cold = measured(site, phone)
    phone.page.goto("/")
    phone.page.locator("main form[action$='/sign-out/'] button").tap()
    phone.page.wait_for_url("**/sign-in/")
    # A page of the site, so that the meter hears the worker from its first request on.
    phone.page.goto("/offline/")
    warm = measured(site, phone)

    told = [
        *cold.lines("Bytes down, first sitting on a phone that was never here:"),
        f"  bodies {cold.body_bytes():,} B; goal {COLD_GOAL:,} B",
        *warm.lines("Bytes down, the next pupil's first sitting on the same phone:"),
        f"  bodies {warm.body_bytes():,} B; goal {WARM_GOAL:,} B",
    ]
    report("bytes-of-a-first-sitting.txt", told)
    assert cold.body_bytes() <= COLD_GOAL
    assert warm.body_bytes() <= WARM_GOAL
    assert cold.requests["papers"] == warm.requests["papers"] == 2
    # A phone that is used has no reason to say that it is there.
    assert cold.requests[HEARTBEAT] + warm.requests[HEARTBEAT] <= 6


def measured(site: Site, phone: Device) -> Figures:
    meter = Meter(phone.page)
    phone.sign_in(site.fresh_pupil())
    player = Player(phone.page)
    player.open_from_home()
    player.start()
    wait_until_ready_for_no_network(player.page)
    items = site.items(player.sitting)
    for item, (_, value) in zip(items, SCRIPT, strict=True):
        if value is not None:
            player.respond(item, value)
        player.next()
    player.hand_in()
    expect(player.page.locator(".receipt__status.tone-success")).to_be_visible()
    player.page.locator("#stage .actions a").first.tap()
    expect(player.page.locator("#items")).to_be_visible()
    return meter.stop()
