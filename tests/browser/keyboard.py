"""How does somebody work who has only a keyboard? By Tab until the thing has the focus, and seeing it."""

from __future__ import annotations

from playwright.sync_api import Page

FURTHEST = 80
SETTLED_MS = 400


def tab_to(page: Page, selector: str) -> None:
    """Presses Tab until an element that matches has the focus; every stop on the way must be visible."""
    for _ in range(FURTHEST):
        page.keyboard.press("Tab")
        stop = page.evaluate(
            """(selector) => {
              const here = document.activeElement;
              if (!here || here === document.body) return { matches: false, visible: true, what: "page" };
              const around = [here, here.nextElementSibling, here.closest("label, li, summary")];
              const visible = around.filter(Boolean).some((one) => {
                const style = getComputedStyle(one);
                return (style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2)
                  || style.boxShadow.includes("0px 0px 0px");
              });
              const box = here.getBoundingClientRect();
              return { matches: here.matches(selector), visible, what: here.outerHTML.slice(0, 120),
                onScreen: box.bottom > 0 && box.top < window.innerHeight };
            }""",
            selector,
        )
        assert stop["visible"], f"the focus cannot be seen on {stop['what']}"
        if stop["matches"]:
            assert stop["onScreen"], f"the focus is outside the window on {stop['what']}"
            return
    raise AssertionError(f"{selector} is not reached by {FURTHEST} times Tab")


def press(page: Page, selector: str, key: str = "Enter") -> None:
    tab_to(page, selector)
    if selector.startswith(".bottom__"):
        page.wait_for_timeout(SETTLED_MS)  # a new screen does not take a key that is still held
    page.keyboard.press(key)
