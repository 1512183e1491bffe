"""How many bytes does a first sitting cost, from sign-in to result, on a new phone and again?"""

from __future__ import annotations

import re

import brotli
from playwright.sync_api import expect

from tests.browser.devices import Device
from tests.browser.player import Player, wait_until_ready_for_no_network
from tests.browser.results import report
from tests.browser.script_a import SCRIPT
from tests.browser.site import Site, eventually
from tests.browser.traffic import HEARTBEAT, Figures, Meter

KB = 1024
COLD_GOAL = 150 * KB
WARM_GOAL = 25 * KB
# The goals are for what is not an image, and all images are inline: figures of items, and icons.
IMAGE = re.compile(rb"<svg.*?</svg>", re.DOTALL)


def test_bytes_of_a_first_sitting(site: Site, phone: Device) -> None:
    cold = measured(site, phone)
    phone.page.goto("/")
    phone.page.locator("main form[action$='/sign-out/'] button").tap()
    phone.page.wait_for_url("**/sign-in/")
    # A page of the site, so that the meter hears the worker from its first request on.
    phone.page.goto("/offline/")
    warm = measured(site, phone)

    # The locked papers stay on the phone: the next pupil's images are those of the result page.
    warm_images = _share(phone.page.request.get(phone.page.url).body(), 7)
    cold_images = warm_images + images_of_papers(site)
    cold_without = cold.body_bytes() - cold_images
    warm_without = warm.body_bytes() - warm_images

    told = [
        *cold.lines("Bytes down, first sitting on a phone that was never here:"),
        f"  bodies {cold.body_bytes():,} B, of which images about {cold_images:,} B;"
        f" without them {cold_without:,} B; goal {COLD_GOAL:,} B",
        *warm.lines("Bytes down, the next pupil's first sitting on the same phone:"),
        f"  bodies {warm.body_bytes():,} B, of which images about {warm_images:,} B;"
        f" without them {warm_without:,} B; goal {WARM_GOAL:,} B",
    ]
    report("bytes-of-a-first-sitting.txt", told)
    assert cold_without <= COLD_GOAL
    assert warm_without <= WARM_GOAL
    # Both languages, fetched ahead, and nothing once more in clear; who lingers on the home page has those
    # of the class's other exam too.
    assert cold.requests["papers"] in (2, 4)
    assert warm.requests["papers"] == 0
    # A phone that is used has no reason to say that it is there.
    assert cold.requests[HEARTBEAT] + warm.requests[HEARTBEAT] <= 6


def measured(site: Site, phone: Device) -> Figures:
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


def images_of_papers(site: Site) -> int:
    """By how many compressed bytes the papers of this sitting would be smaller without their images."""
    papers = site.rows(
        "SELECT p.body FROM exams_paper p JOIN exams_form f ON f.id = p.form_id WHERE f.identifier = 'ma-a'"
    )
    return sum(_share(row["body"], 11) for row in papers)


def _share(body: bytes, quality: int) -> int:
    without = IMAGE.sub(b"", body)
    assert without != body
    return len(brotli.compress(body, quality=quality)) - len(brotli.compress(without, quality=quality))
