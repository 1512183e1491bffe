"""Does everything a pupil gives arrive, value by value, when the network and the phone fail in between?"""

from __future__ import annotations

import hashlib
from contextlib import suppress

from playwright.sync_api import Error, expect

from exams.response_processing import score_response
from tests.browser.conftest import MakeDevice
from tests.browser.devices import Device
from tests.browser.looks import examine
from tests.browser.player import Player, cdp, wait_until_ready_for_no_network
from tests.browser.script_a import SCRIPT
from tests.browser.site import Site, eventually

CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"


def test_what_the_pupil_gave_is_what_the_server_has(site: Site, make_device: MakeDevice) -> None:
    phone = make_device(language="sr")
    phone.sign_in(site.fresh_pupil())
    player = Player(phone.page)
    player.open_from_home()
    player.start()
    sitting = player.sitting
    items = site.items(sitting)
    assert [item.ref for item in items] == [ref for ref, _ in SCRIPT]
    wait_until_ready_for_no_network(player.page)

    def work(first: int, last: int) -> None:
        for number in range(first, last + 1):
            player.wait_for_item(number)
            value = SCRIPT[number - 1][1]
            if value is not None:
                player.respond(items[number - 1], value)
            player.next()

    # A first thought that is changed, and an answer that is to be changed later without a network.
    player.next()
    player.respond(items[1], "d")
    player.back()
    work(1, 4)
    player.wait_for_item(5)
    player.expect_saved()

    with phone.offline():
        seen_by_server = len(site.journal(sitting))
        work(5, 9)
        player.respond(items[9], ["b", "a", "c", "d"])
        player.expect_kept()
        assert not reaches_server(phone)
        player = killed_and_reopened(phone, player)
        player.wait_for_item(10)
        assert player.shown_order(items[9]) == ["b", "a", "c", "d"]
        player.go_to(9)
        expect(player.page.locator(".fields input").nth(1)).to_have_value("12,5 km")
        player.next()
        work(10, 15)
        player.expect_kept()
        assert len(site.journal(sitting)) == seen_by_server
    player.wait_for_item(16)
    player.expect_saved()
    work(16, 19)
    player.respond(items[19], SCRIPT[19][1])
    player.finish()
    player.hand_in()

    expect(player.page.locator(".receipt__status.tone-success")).to_be_visible()
    code = player.receipt_code()
    expected = sum(
        score_response(item.key, value).half_points for item, (_, value) in zip(items, SCRIPT, strict=True)
    )
    compare_with_server(site, sitting, code=code, half_points=expected)
    player.page.locator("#stage .actions a").first.tap()
    player.page.wait_for_url(f"**/sittings/{sitting}/result/")
    expect(player.page.locator("main")).to_contain_text(code)
    expect(player.page.locator("main")).to_contain_text(f"{expected / 2:g}".replace(".", ","))
    examine(player.page, "result-after-form-a")


def compare_with_server(site: Site, sitting: str, *, code: str, half_points: int) -> None:
    """What is in the database once the worker in the server has sealed, projected and scored it."""
    assert eventually(lambda: site.half_points(sitting), lambda found: found is not None) == half_points
    assert site.state(sitting) == "sealed"
    assert site.current_responses(sitting) == dict(SCRIPT)
    events = site.journal(sitting)
    assert {event["verdict"] for event in events} == {"counted"}
    assert code == receipt_code(next(event for event in events if event["kind"] == "hand_in")["body"])


def receipt_code(line: str) -> str:
    """First six Crockford base32 characters of the SHA-256 of the hand-in's exact bytes."""
    number = int.from_bytes(hashlib.sha256(line.encode()).digest()[:4], "big") >> 2
    signs = "".join(CROCKFORD[number >> shift & 31] for shift in range(25, -1, -5))
    return f"{signs[:3]}-{signs[3:]}"


def reaches_server(phone: Device) -> bool:
    """Whether the page or its service worker gets an answer from the server."""
    asked = "() => fetch('/healthz', {cache: 'no-store'}).then(() => true, () => false)"
    (worker,) = phone.context.service_workers
    return bool(worker.evaluate(asked)) or bool(phone.page.evaluate(asked))


def killed_and_reopened(phone: Device, player: Player) -> Player:
    """The renderer is gone without a goodbye; the pupil opens the address again, still without a network."""
    page = player.page
    address = page.url
    with page.expect_event("crash"), suppress(Error):
        cdp(page).send("Page.crash", timeout=1_000)
    page.close()
    phone.page = phone.another_page()
    phone.page.goto(address)
    return Player(phone.page, order_ids=player.order_ids)
