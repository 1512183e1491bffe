"""Is a damaged paper found before the start, and does the exam begin when the server cannot be reached?"""

from __future__ import annotations

import base64
import re
from uuid import UUID

import pytest
from playwright.sync_api import Page, expect

from exams.delivery import locking
from tests.browser.devices import NO_NETWORK, Device
from tests.browser.mishaps import answers
from tests.browser.player import Player, wait_until_ready_for_no_network
from tests.browser.site import Site, eventually, room_of
from tests.faults.browser.conftest import LinkedPhone
from tests.faults.browser.links import Link
from tests.faults.browser.test_networks import answer

pytestmark = pytest.mark.long
READY = ".check__line--ready"
DAMAGE = """async (how) => {
  const cache = await caches.open("proba-papers");
  const [key] = await cache.keys();
  const bytes = new Uint8Array(await (await cache.match(key)).arrayBuffer());
  bytes[bytes.length >> 1] ^= 1;
  await cache.put(key, new Response(how === "flipped" ? bytes : bytes.slice(0, bytes.length >> 1)));
  return new URL(key.url).pathname;
}"""


@pytest.mark.parametrize("how", ["flipped", "truncated"])
def test_damaged_paper_is_fetched_again(site: Site, link: Link, linked: LinkedPhone, how: str) -> None:
    player = waiting(site, linked)
    fetched = set(link.fetched)
    assert len(fetched) == len(link.fetched) > 1  # each file once
    damaged = linked.page.evaluate(DAMAGE, how)
    link.fetched.clear()

    link.go_down()
    linked.page.reload()
    expect(linked.page.locator(".check")).to_contain_text("The exam is not on this phone yet")
    link.come_up()
    linked.page.reload()
    expect(linked.page.locator(READY)).to_be_visible()
    assert link.fetched == [damaged]
    player.start()
    assert not [path for path in link.fetched if "/papers/" in path]
    assert answered(site, player) == "b"


def answered(site: Site, player: Player) -> str:
    items = site.items(player.sitting)
    answer(player, items, 2, "b")
    player.expect_saved()
    return str(answers(site, player.sitting)[items[1].ref])


def waiting(site: Site, phone: Device) -> Player:
    """In the waiting room, on a phone that has said that it is ready."""
    phone.sign_in(site.fresh_pupil())
    wait_until_ready_for_no_network(phone.page)
    player = Player(phone.page)
    player.open_from_home()
    expect(phone.page.locator(READY)).to_be_visible()
    return player


def test_server_is_gone_at_the_start(site: Site, phone: Device) -> None:
    """Killed while the room waits: the code that is read out begins the exam; the server learns it later."""
    player = waiting(site, phone)
    items = site.items(player.sitting)
    code = unlock_code(site, player.sitting)
    phone.expect_complaints(NO_NETWORK)
    site.kill()
    try:
        phone.page.locator(".start__button").tap()
        form = phone.page.locator("form.unlock")
        expect(form).to_be_visible()
        unlock(form.page, "2222-2222-222")
        expect(form.locator(".field__error")).to_contain_text("not the code of your room")
        unlock(form.page, code.lower())
        player.wait_for_item(1)
        answer(player, items, 2, "b")
        player.expect_kept()
        phone.page.reload()
        player.wait_for_item(2)
        answer(player, items, 5, "c")
    finally:
        site.start()
    player.expect_saved()
    assert eventually(lambda: site.state(player.sitting), lambda state: state == "started") == "started"
    assert "started_by_code" in site.sitting_events(player.sitting)
    assert answers(site, player.sitting) == {items[1].ref: "b", items[4].ref: "c"}
    assert {event["verdict"] for event in site.journal(player.sitting)} == {"counted"}


def unlock(page: Page, code: str) -> None:
    page.locator("#unlock-code").fill(code)
    page.locator("form.unlock button").tap()


def unlock_code(site: Site, sitting: str) -> str:
    """What the invigilator reads out; the board shows the same."""
    key = site.value(
        "SELECT k.content_key FROM exams_administrationsecret k JOIN exams_sitting s"
        " ON s.administration_id = k.administration_id WHERE s.public_id = ?",
        sitting.replace("-", ""),
    )
    raw = base64.b64decode(key) if isinstance(key, str) else bytes(key)
    code = locking.unlock_code(raw, str(UUID(str(room_of(site, sitting)))))
    assert re.fullmatch(r"[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{3}", code)
    return code
