"""Is a page fit to be shown: for a screen reader, on the narrowest phone, in light and dark?

Axe looks at both themes and both widths; a picture of each is left for people, who see what no rule does.
"""

from __future__ import annotations

import functools
import json
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from tests.browser.results import SCREENS

WIDTHS = {"phone": {"width": 360, "height": 640}, "desk": {"width": 1280, "height": 800}}
NARROWEST = {"width": 320, "height": 568}
# What depends on colours is looked at in every theme and width, everything else once in each width.
_ONLY_COLOURS = {"runOnly": {"type": "rule", "values": ["color-contrast", "link-in-text-block"]}}


def examine(page: Page, name: str) -> None:
    """Zero axe violations, no sideways scrolling at 320 px, and a picture in each theme and width."""
    before = page.viewport_size
    found: list[str] = []
    for width, size in WIDTHS.items():
        page.set_viewport_size(size)  # type: ignore[arg-type]
        for theme in ("light", "dark"):
            page.emulate_media(color_scheme=theme)  # type: ignore[arg-type]
            options = {} if theme == "light" else _ONLY_COLOURS
            found += [f"{name}, {width}, {theme}: {problem}" for problem in violations(page, options)]
            page.screenshot(
                path=SCREENS / f"{name}-{width}-{theme}.png", full_page=True, animations="disabled"
            )
    page.emulate_media(color_scheme="light")
    page.set_viewport_size(NARROWEST)  # type: ignore[arg-type]
    found += [f"{name} at 320 px: {element} reaches {reach} px" for element, reach in overflowing(page)]
    if before:
        page.set_viewport_size(before)
    if found:
        pytest.fail("\n".join(found), pytrace=False)


def violations(page: Page, options: dict[str, Any]) -> list[str]:
    """Each violated rule with the elements that violate it."""
    if not page.evaluate("() => 'axe' in window"):
        page.evaluate(_axe())
    settings = json.dumps({"resultTypes": ["violations"]} | options)
    report = page.evaluate(f"() => axe.run(document, {settings})")
    return [
        f"{rule['id']} ({rule['help']}): " + "; ".join(node["html"][:160] for node in rule["nodes"][:5])
        for rule in report["violations"]
    ]


def overflowing(page: Page) -> list[tuple[str, int]]:
    """Elements that make the whole page wider than its window."""
    found = page.evaluate(
        """() => {
          const width = document.documentElement.clientWidth;
          if (Math.max(document.documentElement.scrollWidth, document.body.scrollWidth) <= width) return [];
          return Array.from(document.querySelectorAll("body *"))
            .map((one) => [`${one.tagName}.${one.className}`, Math.ceil(one.getBoundingClientRect().right)])
            .filter(([, right]) => right > width).slice(0, 5);
        }"""
    )
    return [(element, reach) for element, reach in found]


@functools.cache
def _axe() -> str:
    return str(Axe().axe_script)
