"""A first sitting from sign-in to result, with every byte that comes down counted."""

from __future__ import annotations

import re
from dataclasses import dataclass

import brotli
from playwright.sync_api import expect

from tests.browser.devices import Device
from tests.browser.player import Player, wait_until_ready_for_no_network
from tests.browser.script_a import SCRIPT
from tests.browser.site import Site, eventually
from tests.browser.traffic import Figures, Meter

KB = 1024
COLD_GOAL = 150 * KB
WARM_GOAL = 25 * KB
# The goals are for what is not an image, and all images are inline: figures of items, and icons.
IMAGE = re.compile(rb"<svg.*?</svg>", re.DOTALL)


@dataclass(frozen=True, slots=True)
class SittingBytes:
    """`images`: about how many of the bodies' bytes."""

    figures: Figures
    images: int

    @property
    def without_images(self) -> int:
        return self.figures.body_bytes() - self.images

    def lines(self, title: str, goal: int) -> list[str]:
        return [
            *self.figures.lines(title),
            f"  bodies {self.figures.body_bytes():,} B, of which images about {self.images:,} B;"
            f" without them {self.without_images:,} B; goal {goal:,} B",
        ]


def first_sittings(site: Site, phone: Device) -> tuple[SittingBytes, SittingBytes]:
    """On a phone that was never here, and of the next pupil on the same phone."""
    cold = _sitting(site, phone)
    phone.page.goto("/")
    phone.page.locator("main form[action$='/sign-out/'] button").tap()
    phone.page.wait_for_url("**/sign-in/")
    # A page of the site, so that the meter hears the worker from its first request on.
    phone.page.goto("/offline/")
    warm = _sitting(site, phone)
    # The locked papers stay on the phone: the next pupil's images are those of the result page.
    warm_images = _share(phone.page.request.get(phone.page.url).body(), 7)
    return SittingBytes(cold, warm_images + _images_of_papers(site)), SittingBytes(warm, warm_images)


def _sitting(site: Site, phone: Device) -> Figures:
    meter = Meter(phone.page)
    phone.sign_in(site.fresh_pupil())
    # While the pupil reads the page the worker comes and fetches the shell; leaving at once would cut it off.
    wait_until_ready_for_no_network(phone.page)
    player = Player(phone.page)
    player.open_from_home()
    player.start()
    items = site.items(player.sitting)
    for item, (_, value) in zip(items, SCRIPT, strict=True):
        if value is not None:
            player.respond(item, value)
        player.next()
    player.hand_in()
    expect(player.page.locator(".receipt__status.tone-success")).to_be_visible()
    # The points are counted while the pupil reads the receipt; else a page in between says so, for 1.7 KB.
    sitting = player.sitting
    eventually(lambda: site.half_points(sitting), lambda found: found is not None)
    player.page.locator("#stage .actions a").first.tap()
    expect(player.page.locator("#items")).to_be_visible()
    return meter.stop()


def _images_of_papers(site: Site) -> int:
    """By how many compressed bytes the papers of this sitting would be smaller without their images."""
    papers = site.rows(
        "SELECT p.body FROM exams_paper p JOIN exams_form f ON f.id = p.form_id WHERE f.identifier = 'ma-a'"
    )
    return sum(_share(row["body"], 11) for row in papers)


def _share(body: bytes, quality: int) -> int:
    without = IMAGE.sub(b"", body)
    assert without != body
    return len(brotli.compress(body, quality=quality)) - len(brotli.compress(without, quality=quality))
