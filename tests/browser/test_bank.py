"""Does an author find an item of every kind, see it as pupils do, answer it, and get forms onto paper?"""

from __future__ import annotations

import json
import re
from urllib.parse import quote

import pytest
from playwright.sync_api import Page, expect

from exams.enums import InteractionType
from tests.browser.by_keyboard import respond_rightly
from tests.browser.conftest import MakeDevice
from tests.browser.devices import Device
from tests.browser.keyboard import press
from tests.browser.looks import NARROWEST, WIDTHS, examine, overflowing, violations
from tests.browser.site import Item, Site
from tests.browser.test_languages import CYRILLIC

READINGS = ("sr", "sr-latn", "en")
# What does not fit into its box: words that a printer would cut off or set over their neighbours.
CLIPPED = """() => Array.from(document.querySelectorAll(".paper *"))
  .filter((one) => one.clientWidth > 0 && !one.closest(".visually-hidden") && !one.closest("svg, math"))
  .filter((one) => one.scrollWidth > one.clientWidth + 1 && getComputedStyle(one).display !== "inline")
  .map((one) => [one.closest("[id]").id, one.className, one.scrollWidth, one.clientWidth].join(" "))"""
A4_BETWEEN_MARGINS = {"width": 688, "height": 1000}


def test_pages_of_the_bank(desk: Device) -> None:
    page = desk.page
    desk.sign_in_staff("author")
    examine(page, "author-home")
    page.get_by_role("link", name="What the bank covers").click()
    examine(page, "bank-coverage")
    page.locator(".coverage__cell").first.click()
    page.wait_for_url("**level=1**")
    expect(page.locator(".bank-row").first).to_be_visible()
    page.get_by_role("link", name="Show all items").first.click()
    expect(page.locator(".bank-row")).to_have_count(50)
    page.locator(".pages a").last.click()
    page.wait_for_url("**page=**")
    examine(page, "bank-list")
    page.locator("input[name=q]").fill("no such words in any item")
    page.keyboard.press("Enter")
    expect(page.locator(".empty h2")).to_have_text("No item fits")
    examine(page, "bank-list-empty")


def test_an_item_in_its_frame(site: Site, desk: Device) -> None:
    page = desk.page
    desk.sign_in_staff("author")
    item = open_item(site, page, "hotspot")
    examine(page, "bank-item")
    frame = page.frame_locator(".phone-frame")
    expect(frame.locator(".stem")).to_be_visible()
    assert page.locator(".phone-frame").evaluate("(frame) => frame.contentWindow.innerWidth") == 360 - 2
    frame.locator(f".option:has(input[value={item.key['correct'][0]}])").click()
    expect(frame.locator("[data-preview-value]")).to_have_text(json.dumps(item.key["correct"][:1]))
    for position, width in (("320", 320), ("Full", 1000)):
        page.locator(".switch").get_by_role("link", name=position, exact=True).click()
        expect(frame.locator(".stem")).to_be_visible()
        assert abs(page.locator(".phone-frame").bounding_box()["width"] - width) <= max(0, width - 320)  # type: ignore[index]
    page.locator(".switch").get_by_role("link", name="Dark").click()
    expect(frame.locator("html")).to_have_attribute("data-theme", "dark")
    page.locator(".switch").get_by_role("link", name="Ћирилица").click()
    expect(frame.locator("html")).to_have_attribute("lang", "sr-Cyrl")
    page.locator(".switch").get_by_role("link", name="Pupil").click()
    expect(frame.locator(".stem")).to_be_visible()
    expect(frame.locator(".author-strip")).to_have_count(0)
    seen = site.rows("SELECT count(*) AS n FROM accounts_auditentry WHERE action = 'view_item'")[0]["n"]
    assert seen >= 12  # each page and each frame of it


@pytest.mark.parametrize("interaction", InteractionType.values)
def test_every_interaction_by_keyboard_alone(site: Site, make_device: MakeDevice, interaction: str) -> None:
    device = make_device(phone=False)
    page = device.page
    device.sign_in_staff("author")
    item = open_item(site, page, interaction)
    answered_in = READINGS[InteractionType.values.index(interaction) % len(READINGS)]
    for reading in READINGS:
        look_at(page, item, reading)
        if reading != answered_in:
            continue
        respond_rightly(page, item)
        expect(page.locator("[data-preview-value]")).not_to_have_text("null")
        earned = r"\b1\b" if interaction == "extended_text" else r"^1 \S+ 1$"
        expect(page.locator("[data-preview-earns]")).to_have_text(re.compile(earned))
        press(page, "[data-preview-check]")
        expect(page.locator(".feedback__title")).to_be_focused()
        assert violations(page, {}) == []


def test_forms_on_paper(desk: Device) -> None:
    page = desk.page
    desk.sign_in_staff("author")
    forms = page.locator("a[href$='/print/']").evaluate_all("(links) => links.map((one) => one.pathname)")
    assert len(forms) >= 6
    page.goto(f"{forms[0]}?language=en")
    examine(page, "bank-print")
    page.get_by_role("link", name="The sheet with the key").click()
    examine(page, "bank-key")
    page.set_viewport_size(A4_BETWEEN_MARGINS)  # type: ignore[arg-type]
    page.emulate_media(media="print")
    for number, form in enumerate(forms):
        for key in ("", "&key=1"):
            page.goto(f"{form}?language={READINGS[number % len(READINGS)]}{key}")
            expect(page.locator(".header")).to_be_hidden()
            assert page.evaluate(CLIPPED) == [], (form, key)
            assert overflowing(page) == []


def open_item(site: Site, page: Page, interaction: str) -> Item:
    """The first of its kind in the list, opened from there."""
    page.goto(f"/bank/?interaction={quote(interaction)}")
    page.locator(".bank-row a").first.click()
    page.wait_for_url("**/bank/items/**")
    ref = page.url.rstrip("/").rsplit("/", 1)[1]
    expect(page.locator(".facts")).to_be_visible()
    (row,) = site.rows(
        "SELECT v.ref, v.interaction, v.key, t.content FROM exams_itemversion v"
        " JOIN exams_itemtext t ON t.version_id = v.id AND t.language = 'sr' WHERE v.ref = ?",
        ref,
    )
    assert row["interaction"] == interaction
    return Item(ref, interaction, json.loads(row["key"]), json.loads(row["content"]))


def look_at(page: Page, item: Item, reading: str) -> None:
    """As on a phone: it fits, it can be read by everybody, and Latin letters are Latin."""
    for theme in ("light", "dark"):
        page.set_viewport_size(WIDTHS["phone"])  # type: ignore[arg-type]
        page.goto(f"/bank/items/{item.ref}/phone/?language={reading}&theme={theme}&role=author")
        expect(page.locator("[data-preview] .stem")).to_be_visible()
        expect(page.locator("[data-preview-value]")).to_have_text("null")
        assert violations(page, {}) == [], (reading, theme)
    page.set_viewport_size(NARROWEST)  # type: ignore[arg-type]
    assert overflowing(page) == []
    if reading == "sr-latn":
        assert CYRILLIC.findall(page.locator("[data-preview]").inner_text()) == []
