"""Can an exam be sat with the keyboard alone: every interaction, from the card's code to the result?"""

from __future__ import annotations

from playwright.sync_api import Page, expect

from tests.browser.devices import Device
from tests.browser.keyboard import press, tab_to
from tests.browser.player import Player
from tests.browser.site import Item, Site, eventually


def test_a_sitting_by_keyboard(site: Site, desk: Device) -> None:
    page = desk.page
    page.goto("/sign-in/")
    tab_to(page, "input[name=code]")
    page.keyboard.type(site.fresh_pupil()["code"].lower().replace("-", ""))
    page.keyboard.press("Enter")
    page.wait_for_url(f"{site.url}/")
    press(page, "main a[href^='/sit/']")
    expect(page.locator(".start__button")).to_be_visible()
    press(page, ".start__button")
    player = Player(page)
    player.wait_for_item(1)
    items = site.items(player.sitting)

    respond_to_each_kind(page, player, items)
    press(page, ".topbar__place")
    expect(player.heading).to_be_focused()
    press(page, "#stage .actions .button:last-child")
    press(page, "#stage .actions .button--big")
    expect(page.locator(".receipt__status.tone-success")).to_be_visible()
    sitting = player.sitting
    press(page, "#stage .actions a:first-child")
    page.wait_for_url("**/result/")
    assert eventually(lambda: site.half_points(sitting), lambda found: found is not None) is not None
    given = {ref: value for ref, value in site.current_responses(sitting).items() if value is not None}
    assert given == {
        items[0].ref: {"1": "d", "2": "f", "3": "b"},
        items[1].ref: "b",
        items[2].ref: {"1": "14", "2": "4", "3": "2"},
        items[3].ref: {"x": "5,5"},
        items[5].ref: {"1": True, "2": False, "3": False},
        items[9].ref: ["c", "a", "d", "b"],
    }


def respond_to_each_kind(page: Page, player: Player, items: list[Item]) -> None:
    """One item of every interaction of form A, and one flag."""
    assert items[0].interaction == "match"
    for row, choice in (("1", "d"), ("2", "f"), ("3", "b")):
        press(page, f".match__slot[aria-controls='match-1-{row}']")
        press(page, f"#match-1-{row} .option:nth-child({'abcdef'.index(choice) + 1})", "Space")
    onward(page, player, 2)

    assert items[1].interaction == "choice"
    tab_to(page, ".options input[value=a]")
    page.keyboard.press("ArrowDown")
    onward(page, player, 3)

    assert items[2].interaction == "cloze"
    for gap, text in enumerate(("14", "4", "2")):
        tab_to(page, f"input[aria-label='Gap {gap + 1}']")
        page.keyboard.type(text)
    press(page, ".flag")
    onward(page, player, 4)

    assert items[3].interaction == "text_entry"
    tab_to(page, ".fields input")
    page.keyboard.type("5,5")
    by_grid(page, player, 6)

    assert items[5].interaction == "true_false"
    for statement in ("1", "2", "3"):
        tab_to(page, f".statement:nth-child({statement}) input[value=true]")
        page.keyboard.press("Space" if statement == "1" else "ArrowRight")
    by_grid(page, player, 10)

    assert items[9].interaction == "order"
    ids = dict(zip(page.locator(".order__line .option__text").all_inner_texts(), "abcd", strict=True))
    press(page, ".order__row:nth-child(3) .order__line")  # picks c up
    press(page, ".order__row:nth-child(1) .order__line")  # and puts it first: c a b d
    press(page, ".order__row:nth-child(4) .order__arrow--up")  # c a d b
    shown = [ids[text] for text in page.locator(".order__line .option__text").all_inner_texts()]
    assert shown == ["c", "a", "d", "b"]


def onward(page: Page, player: Player, number: int) -> None:
    press(page, ".bottom__next")
    player.wait_for_item(number)
    expect(player.heading).to_be_focused()


def by_grid(page: Page, player: Player, number: int) -> None:
    press(page, ".topbar__place")
    press(page, f"#stage .cells li:nth-child({number}) .cell")
    player.wait_for_item(number)
    expect(player.heading).to_be_focused()
