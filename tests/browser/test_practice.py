"""Does practice explain itself: a reason for each item, feedback at once and offline, growth at the end?"""

from __future__ import annotations

from typing import Any

from playwright.sync_api import Page, expect

from tests.browser.devices import Device
from tests.browser.looks import examine
from tests.browser.player import Player, wait_until_ready_for_no_network
from tests.browser.site import Item, Site, eventually

ESTIMATE = (
    "SELECT e.theta, e.n_sittings FROM scoring_subjectestimate e"
    " JOIN exams_sitting s ON s.candidate_id = e.person_id"
    " WHERE s.public_id = ? ORDER BY e.id DESC LIMIT 1"
)


def test_a_practice_set(site: Site, phone: Device) -> None:
    page = phone.page
    phone.sign_in(site.pupil_who_sat(0))
    examine(page, "home-after-trial")
    page.goto("/readiness/")
    examine(page, "readiness")
    page.goto("/practice/")
    examine(page, "practice-set")
    player = start_practice(page, "quick")
    sitting = player.sitting
    items = site.items(sitting)[:5]  # behind them are those for whoever misses one
    (before,) = site.rows(ESTIMATE, sitting.replace("-", ""))
    wait_until_ready_for_no_network(page)

    with phone.offline():
        for number, item in enumerate(items, 1):
            player.wait_for_item(number)
            expect(page.locator(".why")).to_contain_text("in 10")
            if number == 2:
                player.next()  # nothing given: asked once whether that is meant
                expect(page.locator("#notice")).to_contain_text("No answer yet")
                player.next()
            else:
                player.respond(item, right_response(item))
                # Twice within one moment: checked once, and the feedback is not skipped.
                player.let_settle()
                page.locator(".bottom__next").evaluate("element => { element.click(); element.click(); }")
            title = "Here is how it works" if number == 2 else "Correct"
            expect(page.locator(".feedback__title")).to_have_text(title)
            expect(page.locator(".feedback .prose").last).not_to_be_empty()
            if number in (1, 2):
                examine(page, f"practice-feedback-{number}")
            player.next()
        expect(player.heading).to_have_text("4 items solved")
        expect(page.locator(".results li")).to_have_count(5)
        examine(page, "practice-summary")
        page.locator("#stage .actions .button--big").tap()
        expect(page.locator(".receipt__status")).to_be_visible()

    expect(page.locator(".receipt__status.tone-success")).to_be_visible()
    points = eventually(lambda: site.half_points(sitting), lambda found: found is not None)
    assert points == 8
    checks = [event["item"] for event in site.journal(sitting) if event["kind"] == "check"]
    assert checks == [item.ref for item in items]
    page.locator("#stage .actions a").first.tap()
    page.wait_for_url("**/result/")
    examine(page, "practice-result")
    page.goto("/")
    expect(page.locator("#results")).to_contain_text("4 of 5")
    # Moved, if not always up: one item of the set was left.
    (now,) = site.rows(ESTIMATE, sitting.replace("-", ""))
    assert now["n_sittings"] == before["n_sittings"] + 1
    assert now["theta"] != before["theta"]


def test_an_open_set_is_ended_from_the_page_of_practice(site: Site, phone: Device) -> None:
    page = phone.page
    phone.sign_in(site.pupil_who_sat(2))
    player = start_practice(page, "quick")
    sitting = player.sitting
    player.wait_for_item(1)
    hint = page.get_by_role("button", name="Hint")
    if hint.count():
        player.next()
        expect(page.locator("#notice")).to_be_visible()
        hint.tap()
        expect(page.locator("#notice")).to_be_hidden()
    page.goto("/practice/?subject=biology")
    page.get_by_role("link", name="End this set").tap()
    page.wait_for_url(f"**/sit/{sitting}/")
    expect(page.locator("#stage .results")).to_be_visible()
    page.get_by_role("button", name="Go on practising").tap()
    player.wait_for_item(1)
    player.let_settle()
    page.reload()
    player.wait_for_item(1)  # only the way here led to the end, and only once
    page.goto("/practice/")
    page.get_by_role("link", name="End this set").tap()
    page.get_by_role("button", name="Finish practice").tap()
    expect(page.locator(".receipt__status.tone-success")).to_be_visible()
    page.goto("/practice/")
    expect(page.get_by_role("link", name="End this set")).to_have_count(0)


def start_practice(page: Page, kind: str) -> Player:
    """From the practice page into a set of this kind."""
    page.goto("/practice/")
    page.locator(f"form:has(input[name=kind][value={kind}]) button[type=submit]").first.tap()
    player = Player(page)
    expect(page.locator(".start__button")).to_be_visible()
    player.start()
    return player


def right_response(item: Item) -> Any:
    """What the key asks for, written as a pupil would."""
    if "correct" in item.key:
        return item.key["correct"]
    entries = item.key["fields"] if item.interaction == "text_entry" else item.key["gaps"]
    return {part: _written(entry) for part, entry in entries.items()}


def _written(entry: dict[str, Any]) -> str:
    if entry["accept"] == "choice":
        return str(entry["correct"])
    if entry["accept"] == "text":
        return str(entry["values"][0])
    return str(entry["value"]).replace(".", ",").replace("-", "−")
