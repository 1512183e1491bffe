"""Do items and candidates stand where they belong on one scale?"""

import numpy as np
import pytest

from scoring.irt import ItemParameters
from scoring.irt.report.wright_map import wright_map
from tests.scoring.irt.report.reading import Reading

ITEMS = ItemParameters.partial_credit([1.0, 1.0, 1.0], [[-1.1], [0.6], [-0.4, 1.4]])
NAMES = ["easy", "hard", "both"]


def places(reading: Reading) -> dict[str, float]:
    """Heights of the texts, of which each stands in the narrow and in the wide drawing."""
    found: dict[str, list[float]] = {}
    for (_, attributes), text in zip(
        [e for e in reading.elements if e[0] in ("title", "desc", "text")], reading.texts, strict=True
    ):
        found.setdefault(text, []).append(float(attributes.get("y", "nan")))
    return {text: heights[-1] for text, heights in found.items()}


def test_steps_stand_apart_and_harder_means_higher():
    height = places(Reading(wright_map("m", NAMES, ITEMS, np.array([-1.0, 0.0, 1.0]))))
    assert height["both.2"] < height["hard"] < height["both.1"] < height["easy"]
    # A row is a quarter of the scale and 15 pixels high: 1.4 and 0.6 are three rows apart.
    assert height["hard"] - height["both.2"] == 45
    assert height["0"] - height["1"] == 60


def test_candidates_are_shares_of_the_fullest_row():
    reading = Reading(wright_map("m", NAMES, ITEMS, np.array([0.1, 0.1, 0.2, 1.1])))
    bars = [float(bar["width"]) for bar in reading.all("rect")]
    assert len(bars) == 4  # two rows in each drawing
    assert [bars[1] / bars[0], bars[3] / bars[2]] == pytest.approx([1 / 3, 1 / 3], abs=0.01)
    assert "4 candidates, on average at 0.38; 4 items and steps." in reading.texts


def test_what_lies_beyond_the_map_stands_at_its_end():
    items = ItemParameters.dichotomous(1.0, [-9.0, 8.0])
    height = places(Reading(wright_map("m", ["low", "high"], items, np.array([-7.0, 0.0, 7.0]))))
    assert height["high"] < height["5"] + 15
    assert height["low"] > height["−5"] - 15


def test_rows_that_are_too_full_say_how_many_more():
    items = ItemParameters.dichotomous(1.0, np.full(40, 0.1))
    reading = Reading(wright_map("m", [f"MATHEMATICS-2026-{n:02d}" for n in range(40)], items, np.zeros(1)))
    more = [text for text in reading.texts if text.startswith("+")]
    assert more == ["+39", "+37"]
    assert "…ATICS-2026-00 " in " ".join(reading.texts)


def test_nobody():
    reading = Reading(wright_map("m", NAMES, ITEMS, np.zeros(0)))
    assert reading.all("rect") == []
    assert "0 candidates, on average at 0.00; 4 items and steps." in reading.texts
