"""How is an item of any kind answered rightly with nothing but a keyboard?"""

from __future__ import annotations

from typing import Any

from playwright.sync_api import Page

from tests.browser.keyboard import press, tab_to
from tests.browser.site import Item

TEXT = "x = 4, jer je 3x = 12."


def respond_rightly(page: Page, item: Item) -> None:
    """From wherever the focus is, by Tab, Enter, Space, arrows and letters."""
    _WAYS[item.interaction](page, item)


def _choice(page: Page, item: Item) -> None:
    tab_to(page, ".options input[type=radio]")
    place = [choice["id"] for choice in item.content["choices"]].index(item.key["correct"])
    if place == 0:
        page.keyboard.press("Space")
    for _ in range(place):
        page.keyboard.press("ArrowDown")


def _ticks(page: Page, item: Item) -> None:
    for name in item.key["correct"]:
        press(page, f".options input[value={name}]", "Space")


def _words(page: Page, item: Item) -> None:
    for name in item.key["correct"]:
        press(page, f'.word[data-word="{name}"]', "Space")


def _truths(page: Page, item: Item) -> None:
    for place, statement in enumerate(item.content["statements"], start=1):
        tab_to(page, f".statement:nth-child({place}) input[value=true]")
        page.keyboard.press("Space" if item.key["correct"][statement["id"]] else "ArrowRight")


def _fields(page: Page, item: Item) -> None:
    for place, field in enumerate(item.content["fields"], start=1):
        tab_to(page, f".fields > :nth-child({place}) .entry__input")
        page.keyboard.type(_typed(item.key["fields"][field["id"]]))


def _gaps(page: Page, item: Item) -> None:
    for name, gap in item.content["gaps"].items():
        tab_to(page, ".cloze .entry__input, .cloze .cloze__select")
        if gap["kind"] != "choice":
            page.keyboard.type(_typed(item.key["gaps"][name]))
            continue
        ids = [choice["id"] for choice in gap["choices"]]
        for _ in range(ids.index(item.key["gaps"][name]["correct"]) + 1):  # what stands first is no choice
            page.keyboard.press("ArrowDown")


def _typed(entry: dict[str, Any]) -> str:
    return str(entry["value"] if entry["accept"] == "number" else entry["values"][0])


def _pairs(page: Page, item: Item) -> None:
    ids = [choice["id"] for choice in item.content["choices"]]
    for row in item.content["rows"]:
        press(page, f".match__slot[aria-controls='match-1-{row['id']}']")
        place = ids.index(item.key["correct"][row["id"]]) + 1
        press(page, f"#match-1-{row['id']} .option:nth-child({place})", "Space")


def _order(page: Page, item: Item) -> None:
    """Each line is picked up and put where it belongs, from the top down."""
    order = [choice["id"] for choice in item.content["choices"]]
    if order == item.key["correct"]:
        press(page, ".ordering > .button")
    for place, name in enumerate(item.key["correct"]):
        at = order.index(name)
        if at != place:
            press(page, f".order__row:nth-child({at + 1}) .order__line")
            press(page, f".order__row:nth-child({place + 1}) .order__line")
            order.insert(place, order.pop(at))


def _text(page: Page, item: Item) -> None:
    tab_to(page, ".long-text__field")
    page.keyboard.type(TEXT)


_WAYS = {
    "choice": _choice,
    "multiple_choice": _ticks,
    "hotspot": _ticks,
    "select_words": _words,
    "true_false": _truths,
    "text_entry": _fields,
    "cloze": _gaps,
    "match": _pairs,
    "order": _order,
    "extended_text": _text,
}
