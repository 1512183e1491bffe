"""How many bytes does a first sitting cost, from sign-in to result, on a new phone and again?"""

from __future__ import annotations

from tests.browser.devices import Device
from tests.browser.first_sitting import COLD_GOAL, WARM_GOAL, first_sittings
from tests.browser.results import report
from tests.browser.site import Site
from tests.browser.traffic import HEARTBEAT


def test_bytes_of_a_first_sitting(site: Site, phone: Device) -> None:
    cold, warm = first_sittings(site, phone)
    told = [
        *cold.lines("Bytes down, first sitting on a phone that was never here:", COLD_GOAL),
        *warm.lines("Bytes down, the next pupil's first sitting on the same phone:", WARM_GOAL),
    ]
    report("bytes-of-a-first-sitting.txt", told)
    # Sign-in, home, player, result, and the two that the service worker keeps: its own requests were heard.
    assert cold.figures.requests["pages"] >= 6
    assert cold.without_images <= COLD_GOAL
    assert warm.without_images <= WARM_GOAL
    # Both languages, fetched ahead, and nothing once more in clear; who lingers on the home page has one or
    # both of the class's other exam too.
    assert 2 <= cold.figures.requests["papers"] <= 4
    assert warm.figures.requests["papers"] == 0
    # A phone that is used has no reason to say that it is there.
    assert cold.figures.requests[HEARTBEAT] + warm.figures.requests[HEARTBEAT] <= 6
