"""Can every colour of tokens.css be read, and told apart, in both appearances?

Ratios by WCAG 2.2 (relative luminance of sRGB): 4.5 for text (1.4.3), 3 for edges, focus, graphics (1.4.11).
Colour-vision deficiencies by Machado, Oliveira and Fernandes (2009), severity 1; distances are CIE 1976 ΔE.
"""

from __future__ import annotations

import re
from functools import cache
from itertools import combinations, pairwise
from pathlib import Path
from typing import Final

import numpy as np
import pytest

TOKENS: Final = Path(__file__).parents[2] / "examsite/static/examsite/css/tokens.css"
APPEARANCES: Final = ("light", "dark")
GROUNDS: Final = ("paper", "surface", "raised", "accent-soft")
STATES: Final = ("success", "warning", "danger", "info")
TEXT_PAIRS: Final = [
    *((text, ground) for text in ("text", "muted", "accent", "accent-strong", *STATES) for ground in GROUNDS),
    *((state, f"{state}-soft") for state in STATES),
    *(("text", f"{state}-soft") for state in STATES),
    ("accent-contrast", "accent"),
    ("accent-contrast", "accent-strong"),
    ("danger-contrast", "danger"),
    ("hero-text", "hero"),
    ("hero-muted", "hero"),
    *((f"on-seq-{step}", f"seq-{step}") for step in range(1, 6)),
]
GRAPHIC_PAIRS: Final = [
    *((mark, ground) for mark in ("edge", "focus") for ground in GROUNDS),
    *((f"cat-{number}", ground) for number in range(1, 6) for ground in ("paper", "surface")),
    *((f"seq-{step}", "surface") for step in (3, 4, 5)),
    ("hero-text", "hero"),
]
_DEFICIENCIES: Final = {
    "none": np.eye(3),
    "protan": np.array(
        [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]]
    ),
    "deutan": np.array(
        [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]]
    ),
    "tritan": np.array(
        [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.303900]]
    ),
}


def _block(css: str, opening: str) -> dict[str, str]:
    body = css.split(opening, 1)[1].split("}", 1)[0]
    return dict(re.findall(r"--([\w-]+):\s*(#[0-9a-f]{6})\b", body))


@cache
def palette(appearance: str) -> dict[str, str]:
    css = TOKENS.read_text(encoding="utf-8")
    light = _block(css, ":root {")
    return light if appearance == "light" else {**light, **_block(css, ':root[data-theme="dark"] {')}


def linear(colour: str) -> np.ndarray:
    channels = np.array([int(colour[at : at + 2], 16) for at in (1, 3, 5)]) / 255
    return np.where(channels <= 0.04045, channels / 12.92, ((channels + 0.055) / 1.055) ** 2.4)


def luminance(colour: str) -> float:
    return float(linear(colour) @ np.array([0.2126, 0.7152, 0.0722]))


def contrast(one: str, other: str) -> float:
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def lab(colour: str, deficiency: str) -> np.ndarray:
    seen = np.clip(_DEFICIENCIES[deficiency] @ linear(colour), 0, 1)
    to_xyz = np.array([[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]])
    relative = to_xyz @ seen / np.array([0.9505, 1.0, 1.089])
    root = np.where(relative > 216 / 24389, np.cbrt(relative), (24389 / 27 * relative + 16) / 116)
    return np.array([116 * root[1] - 16, 500 * (root[0] - root[1]), 200 * (root[1] - root[2])])


def distance(one: str, other: str, deficiency: str) -> float:
    return float(np.linalg.norm(lab(one, deficiency) - lab(other, deficiency)))


def test_contrast_is_computed_as_wcag_defines_it() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.005)


def test_colour_vision_is_simulated() -> None:
    assert distance("#ff0000", "#ff0000", "protan") == 0
    assert distance("#808000", "#c06000", "deutan") < distance("#808000", "#c06000", "none") / 2


@pytest.mark.parametrize("appearance", APPEARANCES)
@pytest.mark.parametrize(("text", "ground"), TEXT_PAIRS)
def test_text_is_readable(appearance: str, text: str, ground: str) -> None:
    colours = palette(appearance)
    assert contrast(colours[text], colours[ground]) >= 4.5


@pytest.mark.parametrize("appearance", APPEARANCES)
@pytest.mark.parametrize(("mark", "ground"), GRAPHIC_PAIRS)
def test_graphics_stand_out(appearance: str, mark: str, ground: str) -> None:
    colours = palette(appearance)
    assert contrast(colours[mark], colours[ground]) >= 3


@pytest.mark.parametrize("deficiency", _DEFICIENCIES)
@pytest.mark.parametrize("appearance", APPEARANCES)
def test_colours_of_charts_can_be_told_apart(appearance: str, deficiency: str) -> None:
    colours = palette(appearance)
    categories = [colours[f"cat-{number}"] for number in range(1, 6)]
    closest = min(distance(one, other, deficiency) for one, other in combinations(categories, 2))
    assert closest >= 20
    steps = [colours[f"seq-{step}"] for step in range(1, 6)]
    assert all(distance(one, other, deficiency) >= 12 for one, other in pairwise(steps))


@pytest.mark.parametrize("appearance", APPEARANCES)
def test_sequence_runs_one_way(appearance: str) -> None:
    away = [
        contrast(palette(appearance)[f"seq-{step}"], palette(appearance)["surface"]) for step in range(1, 6)
    ]
    assert away == sorted(away)


def test_dark_is_the_same_by_device_and_by_choice() -> None:
    css = TOKENS.read_text(encoding="utf-8")
    by_device = _block(css, ':root:not([data-theme="light"]) {')
    assert by_device == _block(css, ':root[data-theme="dark"] {')
    assert len(by_device) >= 40
