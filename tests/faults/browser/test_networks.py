"""What does a pupil notice of a bad network, and what gets lost? A notice at most, and nothing."""

from __future__ import annotations

import time

import pytest
from playwright.sync_api import Page, expect

from tests.browser.mishaps import answers, begun, server_left, shown_left
from tests.browser.player import Player, wait_until_ready_for_no_network
from tests.browser.site import Item, Site, eventually
from tests.faults.browser.conftest import LinkedPhone
from tests.faults.browser.links import Cut, Link
from tests.faults.conftest import Seen

pytestmark = pytest.mark.long


def answer(player: Player, items: list[Item], number: int, value: str) -> None:
    player.go_to(number)
    player.respond(items[number - 1], value)
    expect(player.page.locator(f".options input[value={value}]")).to_be_checked()


def once_each(site: Site, sitting: str) -> None:
    """One device, one unbroken chain, everything counted, one start."""
    events = site.journal(sitting)
    assert sorted(event["seq"] for event in events) == list(range(1, len(events) + 1))
    assert {event["verdict"] for event in events} == {"counted"}
    assert site.sitting_events(sitting) == ["started"]


@pytest.mark.parametrize("cut", list(Cut), ids=[cut.name.lower() for cut in Cut])
def test_connection_breaks_in_a_save(
    site: Site, link: Link, linked: LinkedPhone, cut: Cut, seen: Seen
) -> None:
    """Twice in the same exam, with a pupil who types on meanwhile; then the time shown is still right."""
    linked.sign_in(site.fresh_pupil())
    player = begun(site, linked.page, seconds=290)
    items = site.items(player.sitting)
    wait_until_ready_for_no_network(linked.page)
    for round_, value in enumerate("ab"):
        link.tear = cut
        answer(player, items, 2, value)
        eventually(lambda: len(link.torn), lambda found, wanted=round_ + 1: found == wanted)
        if cut is not Cut.SILENT:
            link.go_down()
        answer(player, items, 5, value)
        player.go_to(4)
        linked.page.locator(".fields input").press("End")
        linked.page.locator(".fields input").press_sequentially(str(round_))
        linked.page.wait_for_timeout(3_000)
        link.come_up()
        back = time.monotonic()
        player.expect_saved()
        seen("until everything was saved again", time.monotonic() - back)
    assert link.torn == [cut, cut]
    assert abs(shown_left(linked.page) - server_left(site, player.sitting)) <= 2
    wanted = {items[1].ref: "b", items[4].ref: "b", items[3].ref: {"x": "01"}}
    assert answers(site, player.sitting) == wanted
    once_each(site, player.sitting)


COUNT_NOTICES = """() => {
  window.said = [];
  const live = document.getElementById("live");
  const notice = document.getElementById("notice");
  new MutationObserver(() => live.textContent && window.said.push(live.textContent))
    .observe(live, { childList: true, characterData: true, subtree: true });
  new MutationObserver(() => !notice.hidden && window.said.push(`over the page: ${notice.textContent}`))
    .observe(notice, { attributes: true });
}"""


def test_network_that_comes_and_goes(site: Site, link: Link, linked: LinkedPhone, seen: Seen) -> None:
    """Roaming: at most one notice for each drop, nothing over the page, nothing lost."""
    linked.sign_in(site.fresh_pupil())
    player = begun(site, linked.page)
    items = site.items(player.sitting)
    player.go_to(2)
    player.expect_saved()
    linked.page.evaluate(COUNT_NOTICES)
    drops = (1.0, 3.0, 6.0, 0.3, 9.0)
    for number, seconds in enumerate(drops):
        link.go_down()
        before = len(said(linked.page))
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            for value in ("a", "b", "abcd"[number % 4]):
                player.respond(items[1], value)
            linked.page.wait_for_timeout(250)
        link.come_up()
        player.expect_saved()
        new = said(linked.page)[before:]
        assert sum("No network" in one for one in new) <= 1
    everything = said(linked.page)
    assert not [one for one in everything if one.startswith("over the page")]
    seen("spoken notices for a drop, with the one that it is over", len(everything) / len(drops))
    assert answers(site, player.sitting) == {items[1].ref: "a"}
    once_each(site, player.sitting)


def said(page: Page) -> list[str]:
    return list(page.evaluate("() => window.said"))


def test_second_generation_network(site: Site, link: Link, linked: LinkedPhone, seen: Seen) -> None:
    """1 s round trips, 50 kbit/s, every tenth packet lost: every answer is acknowledged all the same."""
    linked.sign_in(site.fresh_pupil())
    player = begun(site, linked.page, seconds=290)
    items = site.items(player.sitting)
    player.go_to(2)
    player.expect_saved()
    link.cut()
    link.delay, link.rate, link.loss = 0.5, 50_000 / 8, 0.1
    took = []
    for number in range(20):
        given = time.monotonic()
        player.respond(items[1], "abcd"[number % 4])
        expect(player.saving).not_to_have_class("saving saving--saved")
        expect(player.saving).to_have_class("saving saving--saved", timeout=60_000)
        took.append(time.monotonic() - given)
    took.sort()
    seen("median from tap to saved", took[len(took) // 2])
    seen("p95 from tap to saved", took[round(0.95 * len(took)) - 1])
    assert abs(shown_left(linked.page) - server_left(site, player.sitting)) <= 2
    assert [event["value"] for event in site.journal(player.sitting) if event["kind"] == "response"] == list(
        "abcd" * 5
    )
    once_each(site, player.sitting)


def test_new_release_in_the_middle_of_an_exam(site: Site, link: Link, linked: LinkedPhone) -> None:
    """Another service worker waits outside, caches are emptied: the exam keeps the files it began with."""
    linked.sign_in(site.fresh_pupil())
    player = begun(site, linked.page)
    items = site.items(player.sitting)
    wait_until_ready_for_no_network(linked.page)
    answer(player, items, 2, "a")
    files = player.page.evaluate(
        "() => performance.getEntriesByType('resource').map((one) => one.name).sort()"
    )
    (release,) = player.page.evaluate(
        "async () => (await caches.keys()).filter((name) => name !== 'proba-papers')"
    )
    version = release.removeprefix("proba-").encode()
    link.replace = (version, version[::-1])
    waiting = linked.page.evaluate(
        """async () => {
          const registration = await navigator.serviceWorker.ready;
          await registration.update();
          const next = registration.installing || registration.waiting;
          if (!next) return "";
          if (next.state !== "installed") await new Promise((done) => { next.onstatechange = done; });
          return next.state;
        }"""
    )
    assert waiting == "installed"
    answer(player, items, 5, "b")
    linked.page.reload()
    player.wait_for_item(5)
    names = linked.page.evaluate("() => caches.keys()")
    assert release in names and f"proba-{version[::-1].decode()}" in names
    again = player.page.evaluate(
        "() => performance.getEntriesByType('resource').map((one) => one.name).sort()"
    )
    assert {one for one in again if "/static/" in one} <= {one for one in files if "/static/" in one}

    linked.page.evaluate("async () => { for (const name of await caches.keys()) await caches.delete(name); }")
    link.go_down()
    answer(player, items, 7, "c")
    player.expect_kept()
    player.speak("Latinica")
    player.speak("English")
    answer(player, items, 14, "d")
    link.come_up()
    player.expect_saved()
    linked.page.reload()
    player.wait_for_item(14)
    wanted = zip((2, 5, 7, 14), "abcd", strict=True)
    assert answers(site, player.sitting) == {items[number - 1].ref: value for number, value in wanted}
    once_each(site, player.sitting)
