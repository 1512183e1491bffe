"""Can the newer kinds of items be answered by touch and by keyboard, and does everything given stay given?

Ticks of several choices, words of a text, places in a figure and a text of one's own, two of them about the
same passage with a table.
"""

from __future__ import annotations

import re
from typing import Any

from playwright.sync_api import Page, expect

from tests.browser.conftest import MakeDevice
from tests.browser.devices import Device
from tests.browser.keyboard import press, tab_to
from tests.browser.looks import examine
from tests.browser.player import Player, wait_until_ready_for_no_network
from tests.browser.site import Site, eventually

TEXT = "48 - 12 = 36\n36 : 3 = 12\nМила је замислила број 12."
MORE = " Провера: 12 · 3 + 12 = 48."
GIVEN: dict[str, Any] = {
    "ma-991.1": ["a", "d"],
    "ma-992.1": ["3", "6", "9"],
    "ma-993.1": ["b", "c"],
    "ma-994.1": TEXT + MORE,
}
# WCAG 2.2, 2.5.8: a target of 24 by 24 px, or as much room around it as it lacks.
SMALL_TARGETS = """(selector) => Array.from(document.querySelectorAll(selector))
  .map((one) => [one.textContent, one.getBoundingClientRect()])
  .filter(([, box]) => box.width < 24 || box.height < 24)
  .map(([text, box]) => `${text}: ${box.width} × ${box.height}`)"""
# One script after the other before the browser draws a frame: the figure of the first is never seen.
IN_ONE_FRAME = """(names) => names.forEach((name) => {
  const buttons = Array.from(document.querySelectorAll("details.menu button"));
  buttons.find((one) => one.textContent.trim() === name).click();
})"""


def test_by_touch_through_a_dead_network_and_a_reload(site: Site, make_device: MakeDevice) -> None:
    phone = make_device(language="sr")
    page = phone.page
    sittings = site.call("tests.browser.newer_forms", "new_pupil")
    phone.sign_in({"url": f"{site.url}/sign-in/#{sittings['code']}"})
    player = begin(page, sittings["trial"])
    items = site.items(player.sitting)
    assert [item.ref for item in items] == list(GIVEN)
    wait_until_ready_for_no_network(page)

    player.respond(items[0], ["d", "b", "a"])
    player.respond(items[0], ["b"])  # taken back
    table_scrolls_inside(page)
    examine(page, "multiple-choice")
    page.locator(".stimulus summary").tap()
    player.next()
    player.wait_for_item(2)
    expect(page.locator(".stimulus__text")).to_be_hidden()  # as it was left
    player.respond(items[1], ["9", "3"])
    expect(page.locator(".words__count")).to_contain_text("2")
    assert page.evaluate(SMALL_TARGETS, ".word") == []
    examine(page, "select-words")
    player.expect_saved()

    with phone.offline():
        player.respond(items[1], ["6"])
        player.next()
        player.respond(items[2], ["b", "d", "c"])
        expect(page.locator(".options input[value=d]")).to_be_checked()
        page.locator(".options .option:has(input[value=d])").tap()
        expect(page.locator("[data-region=d]")).to_have_attribute("data-state", "")
        examine(page, "hotspot")
        player.next()
        player.respond(items[3], TEXT)
        expect(page.locator(".long-text__count")).to_contain_text(f"{len(TEXT)} ")
        player.expect_kept()
        page.reload()
        player.wait_for_item(4)
        expect(page.locator(".long-text__field")).to_have_value(TEXT)
        page.locator(".long-text__field").press("Control+End")
        page.locator(".long-text__field").press_sequentially(MORE)
        examine(page, "extended-text")
        page.reload()  # in the middle of a word, as it were
        shows_what_was_given(page, player)
    player.expect_saved()

    photograph_in_other_scripts(page, player)
    player.finish()
    expect(page.locator(".todo")).to_have_count(0)
    player.hand_in()
    expect(page.locator(".receipt__status.tone-success")).to_be_visible()
    expect(page.locator(".receipt__count")).to_contain_text("4")
    sitting = player.sitting
    assert eventually(lambda: site.current_responses(sitting), lambda found: found == GIVEN) == GIVEN
    # Written down now and then, not at every letter: each of them carries the whole text.
    texts = [
        one for one in site.journal(sitting) if one.get("item") == "ma-994.1" and one["kind"] == "response"
    ]
    assert len(texts) <= 20


def test_cleared_again_is_not_answered(site: Site, phone: Device) -> None:
    page = phone.page
    sittings = site.call("tests.browser.newer_forms", "new_pupil")
    phone.sign_in({"url": f"{site.url}/sign-in/#{sittings['code']}"})
    player = begin(page, sittings["trial"])
    items = site.items(player.sitting)
    for item in items[:3]:
        ids = GIVEN[item.ref][:1]
        player.respond(item, ids)
        player.respond(item, ids)
        player.next()
    player.respond(items[3], "Не знам")
    page.locator(".long-text__field").fill("  \n")
    player.finish()
    expect(page.locator(".todo .cell")).to_have_count(4)
    player.hand_in()
    expect(page.locator(".receipt__count")).to_contain_text("0")
    sitting = player.sitting
    given = eventually(lambda: site.current_responses(sitting), lambda found: len(found) == 4)
    assert given == dict.fromkeys(GIVEN)


def test_a_practice_set_by_keyboard(site: Site, desk: Device) -> None:
    page = desk.page
    sittings = site.call("tests.browser.newer_forms", "new_pupil")
    desk.sign_in({"url": f"{site.url}/sign-in/#{sittings['code']}"})
    page.goto(f"/sit/{sittings['practice']}/")
    press(page, ".start__button")
    player = Player(page)
    player.wait_for_item(1)
    beside = page.locator(".stimulus").bounding_box()
    task = page.locator(".item__task").bounding_box()
    assert beside and task and beside["x"] + beside["width"] <= task["x"]

    for choice in ("a", "b"):
        press(page, f".options input[value={choice}]", "Space")
    check(page, "Not yet")
    marks(page, ".option", ["Correct", "Wrong", "", "Missed"])
    expect(page.locator(".feedback__misconception")).to_have_count(1)
    expect(page.locator(".feedback__key")).to_have_count(0)
    examine(page, "multiple-choice-checked")
    press(page, ".bottom__next")
    player.wait_for_item(2)

    press(page, "[data-word='3']", "Space")
    press(page, "[data-word='6']")
    press(page, "[data-word='9']", "Space")
    check(page, "Partly correct")
    expect(page.locator(".word.is-right")).to_have_text([re.compile("Thursday"), re.compile("thirty-one")])
    expect(page.locator(".word.is-wrong")).to_contain_text("Wrong")
    expect(page.locator(".words__legend")).to_have_text("CorrectWrong")
    examine(page, "select-words-checked")
    press(page, ".bottom__next")
    player.wait_for_item(3)

    tab_to(page, ".options input")
    expect(page.locator(".options input[value=a]")).to_be_focused()  # no shape is a stop
    page.evaluate(IN_ONE_FRAME, ["Latinica", "English"])
    for choice in ("b", "d"):
        press(page, f".options input[value={choice}]", "Space")
    check(page, "Correct")
    marks(page, ".option", ["", "Correct", "", "Correct", ""])
    expect(page.locator(".place-sign.is-right")).to_have_count(2)
    examine(page, "hotspot-checked")
    press(page, ".bottom__next")
    press(page, "#stage .actions .button--big")
    expect(page.locator(".receipt__status.tone-success")).to_be_visible()
    expected = {"ma-995.1": ["a", "b"], "ma-996.1": ["3", "6", "9"], "ma-997.1": ["b", "d"]}
    sitting = player.sitting
    assert eventually(lambda: site.current_responses(sitting), lambda found: found == expected) == expected
    assert eventually(lambda: site.half_points(sitting), lambda found: found is not None) == 3


def begin(page: Page, sitting: str) -> Player:
    page.goto(f"/sit/{sitting}/")
    player = Player(page)
    player.start()
    return player


def check(page: Page, verdict: str) -> None:
    press(page, ".bottom__next")
    expect(page.locator(".feedback__title")).to_have_text(verdict)
    expect(page.locator(".feedback__title")).to_be_focused()


def marks(page: Page, rows: str, words: list[str]) -> None:
    """The word at each row; "" where there is none."""
    for row, word in zip(page.locator(rows).all(), words, strict=True):
        expect(row.locator(".option__mark")).to_have_text([word] if word else [])


def shows_what_was_given(page: Page, player: Player) -> None:
    expect(page.locator(".long-text__field")).to_have_value(TEXT + MORE)
    player.back()
    expect(page.locator(".options input:checked")).to_have_count(2)
    expect(page.locator("[data-region][data-state=on]")).to_have_count(2)
    player.back()
    expect(page.locator(".stimulus__text")).to_be_hidden()
    expect(page.locator(".word[aria-pressed=true]")).to_have_count(3)
    player.back()
    expect(page.locator(".options input:checked")).to_have_count(2)


def photograph_in_other_scripts(page: Page, player: Player) -> None:
    for language, name in (("Latinica", "latin"), ("English", "english")):
        player.speak(language)
        for number, screen in enumerate(("multiple-choice", "select-words", "hotspot", "extended-text"), 1):
            player.go_to(number)
            examine(page, f"{screen}-{name}")


def table_scrolls_inside(page: Page) -> None:
    """A wide table of a passage moves in its own frame, and by keyboard too."""
    frame = page.locator(".stimulus .table-scroll")
    assert frame.evaluate("element => element.scrollWidth > element.clientWidth && element.tabIndex === 0")
