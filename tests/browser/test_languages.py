"""Can language and script be changed in the middle of an exam, without a network, and nothing is lost?"""

from __future__ import annotations

import re

from playwright.sync_api import expect

from tests.browser.conftest import MakeDevice
from tests.browser.devices import Device
from tests.browser.looks import examine
from tests.browser.player import Player, wait_until_ready_for_no_network
from tests.browser.site import Site

CYRILLIC = re.compile(r"[Ѐ-ӿ]")


def test_three_languages_in_one_sitting(site: Site, make_device: MakeDevice) -> None:
    phone = make_device(language="sr")
    phone.sign_in(site.fresh_pupil())
    player = Player(phone.page)
    player.open_from_home()
    player.start()
    items = site.items(player.sitting)
    page = player.page
    wait_until_ready_for_no_network(page)
    page.wait_for_function(  # both papers are on the phone
        """() => new Promise((resolve) => {
          const opening = indexedDB.open("proba-player");
          opening.onsuccess = () => {
            const count = opening.result.transaction("papers").objectStore("papers").count();
            count.onsuccess = () => { opening.result.close(); resolve(count.result === 2); };
          };
        })"""
    )
    stem = page.locator("#stage .stem")
    cyrillic = stem.inner_text()
    assert CYRILLIC.search(cyrillic)
    player.respond(items[0], {"1": "d", "2": "f"})

    player.speak("Latinica")
    expect(stem).not_to_have_text(cyrillic)
    latin = stem.inner_text()
    assert not CYRILLIC.search(page.locator("#stage").inner_text())
    expect(page.locator("html")).to_have_attribute("lang", "sr-Latn")
    player.go_to(4)
    player.page.locator(".fields input").press_sequentially("3,5")

    with phone.offline():
        # Half a number has been typed when the language changes.
        player.speak("English")
        expect(page.locator("html")).to_have_attribute("lang", "en")
        expect(page.locator(".fields input")).to_have_value("3,5")
        player.go_to(1)
        assert stem.inner_text() not in (cyrillic, latin)
        assert not CYRILLIC.search(page.locator("#stage").inner_text())
        examine(page, "item-match-english")
        player.respond(items[0], {"3": "b"})
        page.reload()
        expect(page.locator("html")).to_have_attribute("lang", "en")
        player.speak("Ћирилица")
        player.wait_for_item(1)
        expect(stem).to_have_text(cyrillic)
        player.respond(items[0], {"4": "c"})
        examine(page, "item-match-serbian")

    player.expect_saved()
    responses = {
        event["item"]: event["value"] for event in site.journal(player.sitting) if event["kind"] == "response"
    }
    assert responses == {
        items[0].ref: {"1": "d", "2": "f", "3": "b", "4": "c"},
        items[3].ref: {"x": "3,5"},
    }


def test_pages_follow_the_language(site: Site, phone: Device) -> None:
    """Outside the player: a pupil's home in the language that was chosen on the sign-in page."""
    page = phone.page
    page.goto("/sign-in/")
    for language, tag in (("Latinica", "sr-Latn"), ("Ћирилица", "sr-Cyrl"), ("English", "en")):
        page.get_by_role("button", name=language, exact=True).tap()
        expect(page.locator("html")).to_have_attribute("lang", tag)
    page.get_by_role("button", name="Latinica", exact=True).tap()
    expect(page.locator("html")).to_have_attribute("lang", "sr-Latn")
    phone.sign_in(site.pupil_who_sat(1))
    expect(page.locator("html")).to_have_attribute("lang", "sr-Latn")
    visible = page.locator("main").inner_text()
    assert CYRILLIC.findall(visible) == []


def test_the_page_without_a_network_changes_its_language_where_it_is(
    site: Site, make_device: MakeDevice
) -> None:
    """To ask the server would lead to a page of the browser's own; the server hears of it later."""
    phone = make_device(language="sr")
    phone.sign_in(site.pupil_who_sat(1))
    page = phone.page
    page.goto("/readiness/")
    # Whoever rules the page has kept the shell before.
    page.wait_for_function("() => navigator.serviceWorker.controller !== null")
    said = {"English": ("en", "No connection"), "Latinica": ("sr-Latn", "Nema veze")}
    said["Ћирилица"] = ("sr-Cyrl", "Нема везе")
    with phone.offline():
        page.goto("/practice/")
        expect(page.locator("h1")).to_have_text("Нема везе")
        for name, (tag, title) in [*said.items(), *said.items()]:
            page.get_by_role("button", name=name, exact=True).tap()
            expect(page.locator("h1")).to_have_text(title)
            expect(page.locator("html")).to_have_attribute("lang", tag)
            expect(page.get_by_role("button", name=name, exact=True)).to_have_attribute(
                "aria-pressed", "true"
            )
            expect(page).to_have_url(re.compile("/practice/$"))
            shown = page.locator("main").inner_text()
            assert bool(CYRILLIC.search(shown)) == (tag == "sr-Cyrl")
        page.get_by_role("button", name="Latinica", exact=True).tap()
        examine(page, "offline-latin")
        page.reload()
        expect(page.locator("h1")).to_have_text("Nema veze")
    page.goto("/practice/")
    expect(page.locator("html")).to_have_attribute("lang", "sr-Latn")
    expect(page.locator("h1")).to_have_text("Vežbanje")
