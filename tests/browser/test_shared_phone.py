"""Does a phone that goes from hand to hand keep anything readable of the pupil before?"""

from __future__ import annotations

import json
from typing import Any

from playwright.sync_api import Page, expect

from accounts.transliteration import to_latin
from tests.browser.devices import Device
from tests.browser.looks import examine
from tests.browser.player import Player, wait_until_ready_for_no_network
from tests.browser.site import Site, eventually

# A response nobody else gives, to be looked for afterwards.
SECRET = "271828"


def test_this_is_not_me(site: Site, phone: Device) -> None:
    """Before the start, on the waiting room: one tap, and the phone asks for a card again."""
    pupil = site.fresh_pupil()
    phone.sign_in(pupil)
    player = Player(phone.page)
    player.open_from_home()
    player.page.get_by_role("button", name="This is not me").tap()
    player.page.wait_for_url("**/sign-in/")
    assert kept_on(player.page)["keys"] == []
    player.page.goto("/")
    player.page.wait_for_url("**/sign-in/")
    # The card is as good as new.
    phone.sign_in(pupil)
    player.open_from_home()
    player.start()
    player.expect_saved()


def test_the_next_pupil_finds_nothing(site: Site, phone: Device) -> None:
    first, second = site.fresh_pupil(), site.fresh_pupil()
    page = phone.page
    phone.sign_in(first)
    player = Player(page)
    player.open_from_home()
    player.start()
    sitting = player.sitting
    items = site.items(sitting)
    wait_until_ready_for_no_network(page)
    player.go_to(4)
    player.expect_saved()

    with phone.offline():
        player.page.locator(".fields input").press_sequentially(SECRET)
        player.expect_kept()
        player.page.locator("details.menu summary").tap()
        player.page.get_by_role("button", name="Sign out").tap()
        expect(page.locator("#notice")).to_contain_text("Not everything is sent yet")
        examine(page, "sign-out-with-unsent")
        page.get_by_role("button", name="Sign out anyway").tap()
        page.wait_for_url("**/sign-in/")
        left = kept_on(page)
        assert left["keys"] == [] and left["papers"] == []
        assert [(row["opened"], row["place"]) for row in left["sittings"]] == [(None, None)]
        assert len(left["events"]) > 0
        readable = json.dumps(left, ensure_ascii=False)
        for private in (SECRET, *first["name"].split(), *to_latin(first["name"]).split(), first["code"]):
            assert private not in readable, private

    page.goto("/")  # what stands there is the page without a network
    phone.sign_in(second)
    expect(page.locator("main h1")).not_to_contain_text(to_latin(first["name"]))
    player.open_from_home()
    assert player.sitting != sitting
    expect(page.locator(".me__name")).to_be_visible()
    # The address of the other's exam leads nowhere, in the player and outside.
    phone.expect_complaints("status of 404")
    page.goto(f"/sit/{sitting}/")
    expect(page.locator("#stage h1")).to_have_text("This exam is not yours")
    examine(page, "exam-of-somebody-else")
    assert page.request.get(f"/sittings/{sitting}/result/").status == 404
    assert items[3].ref not in given(site, sitting)

    # What had not been sent was promised to be: it is, once its owner is signed in here again.
    page.goto("/")
    page.locator("main form[action$='/sign-out/'] button").tap()
    page.wait_for_url("**/sign-in/")
    phone.sign_in(first)
    arrived = eventually(lambda: given(site, sitting), lambda found: items[3].ref in found)
    assert arrived[items[3].ref] == {"x": SECRET}


def given(site: Site, sitting: str) -> dict[str, Any]:
    return {event["item"]: event["value"] for event in site.journal(sitting) if event["kind"] == "response"}


def kept_on(page: Page) -> dict[str, Any]:
    """Everything this browser keeps for the site, bytes as text: IndexedDB, both storages, cached pages."""
    found: dict[str, Any] = page.evaluate(
        """async () => {
          const request = (one) => new Promise((resolve, reject) => {
            one.onsuccess = () => resolve(one.result);
            one.onerror = () => reject(one.error);
          });
          const text = (bytes) => new TextDecoder().decode(bytes);
          const readable = (name, value) => value instanceof ArrayBuffer ? text(value) : value;
          const found = { local: { ...localStorage }, session: { ...sessionStorage }, cached: [] };
          const database = await request(indexedDB.open("proba-player"));
          for (const name of Array.from(database.objectStoreNames)) {
            const rows = await request(database.transaction(name).objectStore(name).getAll());
            found[name] = rows.map((row) => JSON.parse(JSON.stringify(row, readable)));
          }
          database.close();
          for (const name of await caches.keys()) {
            const cache = await caches.open(name);
            for (const key of await cache.keys()) {
              if (new URL(key.url).pathname.startsWith("/static/")) continue;
              found.cached.push(await (await cache.match(key)).text());
            }
          }
          return found;
        }"""
    )
    return found
