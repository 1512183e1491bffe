"""Does practice help without a network: put on the phone ahead, begun, chosen, finished and told there?

A set with the network first; then without one a whole pool, through a reload, a second tab, a page that dies;
and once the network is back everything is in the journal and the estimate has moved.
"""

from __future__ import annotations

import re
from typing import Any

from playwright.sync_api import Page, expect

from tests.browser.devices import Device
from tests.browser.looks import examine
from tests.browser.player import Player, wait_until_ready_for_no_network
from tests.browser.site import Site, eventually
from tests.browser.test_practice import right_response, start_practice

ESTIMATE = (
    "SELECT e.theta, e.n_sittings FROM scoring_subjectestimate e"
    " JOIN exams_sitting s ON s.candidate_id = e.person_id JOIN exams_form f ON f.id = s.form_id"
    " WHERE s.public_id = ? AND e.subject = f.subject ORDER BY e.id DESC LIMIT 1"
)
SIZE = 10


def test_practice_without_a_network(site: Site, phone: Device) -> None:
    page = phone.page
    phone.sign_in(site.pupil_who_sat(1))
    page.goto("/readiness/")
    expect(page.locator("h1")).to_be_visible()
    wait_until_ready_for_no_network(page)
    online = _a_set_with_the_network(site, page)

    page.goto("/practice/")
    expect(page.locator("[data-pocket]")).to_be_visible()
    with phone.offline():
        page.goto("/readiness/")
        offered = page.locator("[data-pockets] a")
        expect(offered).to_have_text(re.compile("^Practise without a network: "))
        examine(page, "offline-practice")
        offered.tap()
        player = Player(page)
        expect(page.locator(".start__button")).to_be_visible()
        player.start()
        sitting = player.sitting
        before = _estimate(site, sitting)
        assert site.state(sitting) == "ready"
        refs = [_solve(site, player, right=True)]
        refs += _miss_until_a_similar_one_can_be_tried(site, player)
        _reload(page, len(refs))
        phone = _second_tab(phone, sitting)
        page = _dies_and_comes_back(phone, page, sitting, refs)
        player = Player(page)
        for number in range(len(refs) + 1, SIZE + 1):
            player.next()
            player.wait_for_item(number)
            refs.append(_solve(site, player, right=number % 3 > 0))
        assert len(set(refs)) == SIZE
        player.next()
        expect(player.heading).to_have_text(re.compile("items solved$"))
        expect(page.locator(".moved__bands")).to_contain_text("most likely")
        expect(page.locator(".results li")).to_have_count(SIZE + 1)
        examine(page, "practice-offline-summary")
        page.locator("#stage .actions .button--big").tap()
        expect(page.locator(".receipt__status.tone-warning")).to_be_visible()
        # The page that died may have got a farewell out: the emulation of no network ends with its page.
        assert all(event["kind"] != "hand_in" for event in site.journal(sitting))

    expect(page.locator(".receipt__status.tone-success")).to_be_visible(timeout=60_000)
    _check(site, sitting, refs)
    assert site.half_points(online) is not None
    now = _estimate(site, sitting)
    assert now["n_sittings"] == before["n_sittings"] + 1
    assert now["theta"] != before["theta"]


def _estimate(site: Site, sitting: str) -> dict[str, Any]:
    (row,) = site.rows(ESTIMATE, sitting.replace("-", ""))
    return dict(row)


def _a_set_with_the_network(site: Site, page: Page) -> str:
    """Five items, one of them with a hint if it has one; scored before it goes on."""
    player = start_practice(page, "quick")
    sitting = player.sitting
    for number in range(1, 6):
        player.wait_for_item(number)
        hint = page.get_by_role("button", name="Hint")
        if hint.count():
            hint.tap()
            expect(page.locator(".hint .prose")).not_to_be_empty()
        _solve(site, player, right=True)
        player.next()
    page.locator("#stage .actions .button--big").tap()
    expect(page.locator(".receipt__status.tone-success")).to_be_visible()
    assert eventually(lambda: site.half_points(sitting), lambda found: found is not None) is not None
    return sitting


def _solve(site: Site, player: Player, *, right: bool) -> str:
    """Responds to what is shown and checks it; without a response nothing is right."""
    ref = player.shown_ref()
    item = next(one for one in site.items(player.sitting) if one.ref == ref)
    if right:
        player.respond(item, right_response(item))
    player.next()
    if not right:
        expect(player.page.locator("#notice")).to_contain_text("No answer yet")
        player.next()
    expect(player.page.locator(".feedback__title")).to_be_visible()
    return ref


def _miss_until_a_similar_one_can_be_tried(site: Site, player: Player) -> list[str]:
    """Not every item that the phone chooses has a parallel one in the pool: some standards have but one."""
    missed: list[str] = []
    button = player.page.get_by_role("button", name="Try a similar one")
    while not button.count():
        number = len(missed) + 2
        assert number < SIZE
        player.next()
        player.wait_for_item(number)
        missed.append(_solve(site, player, right=False))
    button.tap()
    expect(player.heading).to_have_text(f"One more like item {number}")
    expect(player.page.locator(".topbar__place")).to_contain_text(f"{number} / {SIZE}")
    assert _solve(site, player, right=True) not in missed
    return missed


def _reload(page: Page, number: int) -> None:
    page.reload()
    expect(page.locator(".item__title")).to_have_text(f"One more like item {number}")
    expect(page.locator(".feedback__title")).to_have_text("Correct")


def _second_tab(phone: Device, sitting: str) -> Device:
    """It may look, and takes nothing away."""
    other = phone.another_page()
    other.goto(f"/sit/{sitting}/")
    expect(other.locator("h1")).to_have_text("Open in another tab")
    other.close()
    return phone


def _dies_and_comes_back(phone: Device, page: Page, sitting: str, refs: list[str]) -> Page:
    fresh = phone.another_page()
    page.close()
    fresh.goto(f"/sit/{sitting}/")
    expect(fresh.locator(".item__title")).to_have_text(f"One more like item {len(refs)}")
    player = Player(fresh)
    for ref in reversed(refs):
        player.back()
        expect(fresh.locator(f"article.item[data-item='{ref}']")).to_be_visible()
        expect(fresh.locator(".feedback__title")).to_be_visible()
    for _ in refs:
        player.next()
    expect(fresh.locator(".item__title")).to_have_text(f"One more like item {len(refs)}")
    return fresh


def _check(site: Site, sitting: str, refs: list[str]) -> None:
    """The whole chain once and in order, begun without a network; and nothing of what was never shown."""
    assert eventually(lambda: site.half_points(sitting), lambda found: found is not None) is not None
    events = site.journal(sitting)
    assert [event["seq"] for event in events] == list(range(1, len(events) + 1))
    assert {event["verdict"] for event in events} == {"counted"}
    assert events[0]["kind"] == "unlocked"
    seen = [event for event in events if event["kind"] == "seen"]
    assert [event["item"] for event in seen if "for" not in event["value"]] == refs
    assert [event["value"]["place"] for event in seen if "for" not in event["value"]] == list(range(SIZE))
    assert all(0 < event["value"]["propensity"] <= 1 for event in seen if "for" not in event["value"])
    assert len(site.items(sitting)) > len(seen)
    assert set(site.current_responses(sitting)) == {event["item"] for event in seen}
