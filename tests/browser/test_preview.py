"""Does an author see an item as pupils do, with what is given as a value, and what practice would say?"""

from __future__ import annotations

import json
from html import escape
from pathlib import Path
from typing import Any

from playwright.sync_api import Page, expect

from exams.item_source import CompiledItem, compile_item, read_item, read_items
from tests.browser.conftest import MakeDevice
from tests.browser.looks import overflowing, violations
from tests.browser.newer_forms import ITEMS, TRIAL
from tests.browser.site import Site

STYLES = (
    "examsite/css/tokens.css",
    "examsite/css/base.css",
    "examsite/css/components.css",
    "exams/css/player.css",
)
TAPS = {
    "ma-991": (".option:has(input[value=b])", ["b"]),
    "ma-992": ("[data-word='3']", ["3"]),
    "ma-993": ("[data-region=b]", ["b"]),
}
CHEMISTRY = Path(__file__).parents[2] / "fixtures" / "items" / "chemistry"
TEXT = "Уназад: 48 - 12 = 36."


def test_every_newer_kind_in_each_language(site: Site, make_device: MakeDevice) -> None:
    phone = make_device()
    page = phone.page
    for identifier in TRIAL:
        for language in ("sr", "sr-latn", "en"):
            show(site, page, identifier, language)
            expect(page.locator("[data-preview-value]")).to_have_text("null")
            if identifier in TAPS:
                selector, value = TAPS[identifier]
                page.locator(selector).tap()
            else:
                value = TEXT
                page.locator("textarea").fill(TEXT)
            expect(page.locator("[data-preview-value]")).to_have_text(json.dumps(value, ensure_ascii=False))
            assert violations(page, {}) == []
            page.locator("[data-preview-check]").tap()
            expect(page.locator(".feedback__title")).to_be_focused()
            expect(
                page.locator(".option input:enabled, .word:enabled, textarea:not([readonly])")
            ).to_have_count(0)
            assert violations(page, {}) == []
            assert overflowing(page) == []
            page.locator("[data-preview-check]").tap()
            expect(page.locator(".feedback")).to_have_count(0)
            expect(page.locator("[data-preview-value]")).to_have_text(json.dumps(value, ensure_ascii=False))


def test_without_a_solution_there_is_nothing_to_check(site: Site, make_device: MakeDevice) -> None:
    page = make_device().page
    show(site, page, "ma-991", "sr-latn", solution=False)
    expect(page.locator(".stimulus__title")).to_have_text("Biciklom kroz Srbiju")
    expect(page.locator("article")).to_have_attribute("lang", "sr-Latn")
    expect(page.locator("[data-preview-check]")).to_be_hidden()


def test_equations_with_their_marks_fit_the_narrowest_phone(site: Site, make_device: MakeDevice) -> None:
    page = make_device().page
    page.set_viewport_size({"width": 320, "height": 568})
    variants = [compile_item(one) for one in read_items(CHEMISTRY) if one.identifier.startswith("he-715-")]
    assert len(variants) == 5
    for compiled in variants:
        show_compiled(site, page, compiled, "sr-latn")
        for field in page.locator(".cloze input").all():
            field.fill("12345")
        assert overflowing(page) == []
        page.locator("[data-preview-check]").tap()
        expect(page.locator(".cloze .is-wrong")).to_have_count(4)
        assert overflowing(page) == []


def show(site: Site, page: Page, identifier: str, language: str, *, solution: bool = True) -> None:
    show_compiled(
        site, page, compile_item(read_item(ITEMS / f"{identifier}.toml")), language, solution=solution
    )


def show_compiled(
    site: Site, page: Page, compiled: CompiledItem, language: str, *, solution: bool = True
) -> None:
    """The page around the module, as small as it can be, at an address of the site."""
    text = compiled.texts["en" if language == "en" else "sr"]
    item: dict[str, Any] = {
        "ref": compiled.ref,
        "n": 1,
        "interaction": compiled.interaction,
        "max": 2,
        "content": text["content"],
    }
    if solution:
        item["solution"] = {"key": compiled.key} | text["solution"]
    page.route(
        "**/preview-of-an-item/",
        lambda route: route.fulfill(content_type="text/html", body=_page(site.folder, item, language)),
    )
    page.goto("/preview-of-an-item/")
    expect(page.locator(".stem")).to_be_visible()


def _page(folder: Path, item: dict[str, Any], language: str) -> str:
    names = json.loads((folder / "static" / "staticfiles.json").read_text(encoding="utf-8"))["paths"]
    styles = "".join(f'<link rel="stylesheet" href="/static/{names[name]}">' for name in STYLES)
    source = json.dumps(item, ensure_ascii=False).replace("<", "\\u003c")
    return f"""<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{escape(item["ref"])}</title>
      <meta name="viewport" content="width=device-width, initial-scale=1"><link rel="icon" href="data:,">
      {styles}<script type="application/json" id="player-config">{{"catalog": {{}}}}</script>
      <script type="application/json" id="item">{source}</script></head>
      <body class="player"><main class="stage"><h1>{escape(item["ref"])}</h1>
      <div data-preview="{language}"></div><p><output data-preview-value></output></p>
      <button type="button" class="button" data-preview-check>Check</button></main>
      <div class="visually-hidden" id="live" role="status" aria-live="polite"></div>
      <script type="module" src="/static/{names["exams/js/preview.js"]}"></script></body></html>"""
