"""How long does a child wait on a slow phone with a slow network, and how much comes down?

Chromium slows itself down: its processor to a quarter, its network to 400 kbit/s with 400 ms there and back.
Beside it in the same run one bare request of the same page, which nothing that asks a server can undercut.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Page

from examsite.rehearsal.tally import quantiles
from tests.browser.devices import Device, open_chromium
from tests.browser.first_sitting import first_sittings
from tests.browser.player import Player, cdp, wait_until_ready_for_no_network
from tests.browser.site import Site
from tests.services import find_chromium

STARTS = 7
ROUND_TRIP_MS, BYTES_PER_SECOND, SLOWER = 400, 50_000, 4
# From the finger's touch to the frame after the one in which the first item stands.
TIMED_START = """
() => {
  let touched = 0;
  const touch = (event) => { touched = event.timeStamp; };
  document.addEventListener("pointerdown", touch, { once: true, capture: true });
  self.firstItem = new Promise((resolve) => {
    const shown = () => requestAnimationFrame(() => setTimeout(() => resolve(performance.now() - touched)));
    const watch = new MutationObserver(() => {
      if (document.querySelector(".item__title")) { watch.disconnect(); shown(); }
    });
    watch.observe(document.body, { childList: true, subtree: true });
  });
}
"""
BARE = """
async () => {
  const begun = performance.now();
  await (await fetch("/x/1/sign-out", { method: "POST" })).arrayBuffer();
  return performance.now() - begun;
}
"""


def measure_phone(say: Callable[[str], None]) -> dict[str, Any]:
    """Every figure of the phone, by name."""
    with tempfile.TemporaryDirectory(prefix="proba-bench-phone-") as folder:
        site = Site(Path(folder))
        say("making the demo world …")
        site.start()
        try:
            site.read_accounts()
            with open_chromium(find_chromium()) as chromium:
                starts, bare = zip(*(_start(chromium, site) for _ in range(STARTS)), strict=True)
                say(f"tap to first item {[round(ms) for ms in starts]} ms, bare {[round(ms) for ms in bare]}")
                cold, warm = first_sittings(site, Device(chromium, site, phone=True))
        finally:
            site.stop()
    return {
        "start": quantiles([ms / 1000 for ms in starts]),
        "bare": quantiles([ms / 1000 for ms in bare]),
        "cold": cold.without_images / 1024,
        "warm": warm.without_images / 1024,
        "cold_headers": sum(cold.figures.headers.values()) / 1024,
        "warm_headers": sum(warm.figures.headers.values()) / 1024,
    }


def _start(chromium: Browser, site: Site) -> tuple[float, float]:
    """Of a pupil whose paper lies on the phone: tap to first item, and one bare request, both in ms."""
    phone = Device(chromium, site, phone=True)
    try:
        phone.sign_in(site.fresh_pupil())
        wait_until_ready_for_no_network(phone.page)
        player = Player(phone.page)
        player.open_from_home()
        phone.page.locator(".start__button").wait_for()
        _slow_down(phone.page)
        phone.page.evaluate(TIMED_START)
        phone.page.locator(".start__button").tap()
        tapped: float = phone.page.evaluate("() => self.firstItem")
        return tapped, phone.page.evaluate(BARE)
    finally:
        phone.context.close()


def _slow_down(page: Page) -> None:
    session = cdp(page)
    session.send("Network.enable")
    session.send(
        "Network.emulateNetworkConditions",
        {
            "offline": False,
            "latency": ROUND_TRIP_MS,
            "downloadThroughput": BYTES_PER_SECOND,
            "uploadThroughput": BYTES_PER_SECOND,
        },
    )
    session.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
