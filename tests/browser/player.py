"""How does a pupil work in the player by tapping? Elements are found by what they are, in every language."""

from __future__ import annotations

import re
from typing import Any

from playwright.sync_api import CDPSession, Locator, Page, expect

from tests.browser.site import Item

SAVED = re.compile(r"saving--saved")
SETTLED_MS = 400
KEPT = re.compile(r"saving--kept")


class Player:
    def __init__(self, page: Page, *, order_ids: dict[str, dict[str, str]] | None = None) -> None:
        self.page = page
        self.order_ids = order_ids or {}  # by item ref: text of a line → id

    # ---- Screens -----------------------------------------------------------------------------------

    @property
    def sitting(self) -> str:
        return self.page.url.rstrip("/").rsplit("/", 1)[1]

    @property
    def heading(self) -> Locator:
        return self.page.locator("#stage h1")

    @property
    def saving(self) -> Locator:
        return self.page.locator(".saving")

    def open_from_home(self) -> None:
        """The one button of a pupil's home."""
        self.page.locator("main a[href^='/sit/']").first.tap()
        expect(self.page.locator("#stage h1")).to_be_visible()

    def start(self) -> None:
        self.page.locator(".start__button").tap()
        self.wait_for_item(1)

    def wait_for_item(self, number: int) -> None:
        expect(self.page.locator(".item__title")).to_have_text(re.compile(rf"\D{number}\b"))

    def shown_ref(self) -> str:
        return str(self.page.locator("article.item").get_attribute("data-item"))

    def number(self) -> int:
        """Of the item shown, from the top bar."""
        shown = self.page.locator(".topbar__place .number").inner_text()
        return int(shown.split("/")[0])

    def next(self) -> None:
        self.let_settle()
        self.page.locator(".bottom__next").tap()

    def back(self) -> None:
        self.let_settle()
        self.page.locator(".bottom__back").tap()

    def let_settle(self) -> None:
        """A new screen does not take the second half of a double tap; a pupil needs longer to read it."""
        self.page.wait_for_timeout(SETTLED_MS)

    def go_to(self, number: int) -> None:
        """By the grid of all items."""
        self.page.locator(".topbar__place").tap()
        self.page.locator("#stage .cells .cell").nth(number - 1).tap()
        self.wait_for_item(number)

    def finish(self) -> None:
        """From the last item to the page before handing in."""
        self.next()
        expect(self.page.locator("#stage .actions .button--big")).to_be_visible()

    def hand_in(self) -> None:
        self.page.locator("#stage .actions .button--big").tap()

    def expect_saved(self) -> None:
        # After a time without network the phone tries again every 15 seconds at the latest.
        expect(self.saving).to_have_class(SAVED, timeout=30_000)

    def expect_kept(self) -> None:
        expect(self.saving).to_have_class(KEPT)

    def receipt_code(self) -> str:
        return self.page.locator(".receipt__digits").inner_text()

    def speak(self, language: str) -> None:
        """In the menu: Ћирилица, Latinica or English."""
        menu = self.page.locator("details.menu")
        menu.locator("summary").tap()
        menu.get_by_role("button", name=language, exact=True).tap()
        menu = self.page.locator("details.menu")
        if menu.get_attribute("open") is not None:
            menu.locator("summary").tap()

    # ---- Responses, by tap -------------------------------------------------------------------------

    def respond(self, item: Item, value: Any) -> None:
        """Puts down a value of the wire; parts that are not in it stay as they are."""
        getattr(self, f"_{item.interaction}")(item, value)

    def _choice(self, item: Item, value: str) -> None:
        self.page.locator(f".options .option:has(input[value='{value}'])").tap()

    def _true_false(self, item: Item, value: dict[str, bool]) -> None:
        for statement, truth in value.items():
            group = self.page.locator(f".statement:has([id$='-{statement}'].statement__text)")
            group.locator(f".pill:has(input[value='{str(truth).lower()}'])").tap()

    def _text_entry(self, item: Item, value: dict[str, str]) -> None:
        for field, text in value.items():
            self.type_into(self.page.locator(f".fields input[id$='-{field}']"), text)

    def _cloze(self, item: Item, value: dict[str, str]) -> None:
        gaps = re.findall(r'data-gap="(\w+)"', item.content["text"])
        for gap, given in value.items():
            field = self.page.locator(".cloze select, .cloze input").nth(gaps.index(gap))
            if field.evaluate("element => element.tagName") == "SELECT":
                field.select_option(given)
            else:
                self.type_into(field, given)

    def _multiple_choice(self, item: Item, value: list[str]) -> None:
        self._tap_each(value, ".options .option:has(input[value='{}'])")

    def _select_words(self, item: Item, value: list[str]) -> None:
        self._tap_each(value, ".word[data-word='{}']")

    def _hotspot(self, item: Item, value: list[str]) -> None:
        """In the figure; the list below it follows."""
        self._tap_each(value, "[data-region='{}']")

    def _tap_each(self, ids: list[str], selector: str) -> None:
        for one in ids:
            self.page.locator(selector.format(one)).first.tap()

    def _extended_text(self, item: Item, value: str) -> None:
        self.page.locator(".long-text__field").tap()
        self.page.locator(".long-text__field").press_sequentially(value)

    def type_into(self, field: Locator, text: str) -> None:
        """Sign by sign as on a phone: minus and fraction bar by the keys beside the field."""
        field.tap()
        field.fill("")
        for sign in text:
            if sign in "−/" and field.get_attribute("inputmode"):
                key = field.locator("xpath=..").locator(".entry__key", has_text=sign)
                key.tap()
            else:
                field.press_sequentially(sign)

    def _match(self, item: Item, value: dict[str, str]) -> None:
        choices = [choice["id"] for choice in item.content["choices"]]
        for row, choice in value.items():
            shown = self.page.locator(
                f".match__row:has([id$='-{row}'].match__slot, [id^='row-'][id$='-{row}'])"
            )
            shown.locator(".match__slot").tap()
            shown.locator(".match__choices .option").nth(choices.index(choice)).tap()

    def shown_order(self, item: Item) -> list[str]:
        """Ids of an ordering's lines from the top down; when first seen they stand as in the paper."""
        lines = self.page.locator(".order__line .option__text")
        expect(lines.first).to_be_visible()
        texts = lines.all_inner_texts()
        ids = self.order_ids.setdefault(
            item.ref, dict(zip(texts, [choice["id"] for choice in item.content["choices"]], strict=True))
        )
        return [ids[text] for text in texts]

    def _order(self, item: Item, value: list[str]) -> None:
        """Taps a line and then its new place, from the top down."""
        current = self.shown_order(item)
        if current == value:
            self.page.locator(".ordering > .button--secondary").tap()
        for place, choice in enumerate(value):
            at = current.index(choice)
            if at != place:
                lines = self.page.locator(".order__line")
                lines.nth(at).tap()
                lines.nth(place).tap()
                current.insert(place, current.pop(at))


def cdp(page: Page) -> CDPSession:
    return page.context.new_cdp_session(page)


def wait_until_ready_for_no_network(page: Page) -> None:
    """The service worker rules the page and has kept the shell."""
    page.wait_for_function(
        """async () => navigator.serviceWorker.controller !== null
           && Boolean(await caches.match("/sit/shell/")) && Boolean(await caches.match("/offline/"))"""
    )
