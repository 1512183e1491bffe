"""Does every style sheet keep to what phones of the winter of 2020 (Chrome 80) understand?

What they do not know, they pass over: one word spoils its declaration, one selector its whole rule, one
@-rule everything inside. That may happen only where nothing is missing afterwards, and HARMLESS says why.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from tests.architecture.source import files, text

FLOOR = 80
_BOX = "(?:margin|padding|border|inset|scroll-margin|scroll-padding)"

# (what, shape, the Chrome that brought it)
PROPERTIES = [
    ("gap between flex items", r"(?:row-|column-)?gap", 84),  # in a grid it is written grid-gap
    ("inset", r"inset(?:-(?:inline|block)(?:-(?:start|end))?)?", 87),
    ("shorthand of logical sides", rf"{_BOX}-(?:inline|block)(?:-(?:color|style|width))?", 87),
    ("aspect-ratio", "aspect-ratio", 88),
    ("content-visibility", "content-visibility|contain-intrinsic-.*", 85),
    ("accent-color", "accent-color", 93),
    ("colour scheme", "color-scheme", 81),
    ("transform of its own", "translate|rotate|scale", 104),
    ("container", "container(?:-type|-name)?", 105),
    ("text-wrap", "text-wrap.*|white-space-collapse", 114),
    ("underline's place and thickness", "text-underline-offset|text-decoration-thickness", 89),
    ("appearance", "appearance", 84),
    ("scrollbar", "scrollbar-(?:width|color|gutter)", 94),
    (
        "offset path, anchor, timeline",
        "anchor-name|position-anchor|animation-timeline|view-transition-name",
        111,
    ),
    ("mask", "mask(?:-.*)?", 120),
    ("field-sizing", "field-sizing|interpolate-size", 123),
    ("counter-set", "counter-set", 85),
    ("print-color-adjust", "print-color-adjust", 136),
]
VALUES = [
    ("units of the visible window", r"(?<![\w-])[\d.]+(?:[dsl]v(?:h|w|min|max)|cq\w+)\b", 108),
    ("newer colours", r"\b(?:color-mix|lab|lch|oklab|oklch|hwb|color|light-dark)\(", 101),
    ("newer arithmetic", r"(?<![\w-])(?:round|mod|rem|abs|sign|sin|cos|tan|pow|sqrt|hypot|linear)\(", 125),
    ("overflow: clip", r"^clip$", 90),
    ("revert", r"\brevert\b", 84),
    ("subgrid", r"\bsubgrid\b", 117),
]
SELECTORS = [
    ("list of alternatives", r":(?:is|where)\(", 88),
    (":has", r":has\(", 105),
    (":not of several", r":not\([^()]*,", 88),
    (":focus-visible", ":focus-visible", 86),
    (":nth-child of", r":nth-(?:last-)?child\([^)]* of ", 111),
    ("states of forms and dialogues", r":(?:user-(?:in)?valid|modal|popover-open|open|state\(|dir\()", 105),
    ("::marker", "::marker", 86),
    ("::part, ::details-content", "::(?:details-content|file-selector-button)", 89),
]
AT_RULES = [
    ("@layer", r"@layer\b", 99),
    ("@container", r"@container\b", 105),
    ("@property", r"@property\b", 85),
    ("@scope, @starting-style", r"@(?:scope|starting-style|position-try|view-transition)\b", 117),
    ("comparison in a media query", r"@media[^{]*[<>]", 104),
    ("forced colours", r"@media[^{]*forced-colors", 89),
    ("more contrast", r"@media[^{]*prefers-(?:contrast|reduced-transparency|reduced-data)", 96),
    ("selector in @supports", r"@supports[^{]*selector\(", 83),
]

PREFIXED = {
    "appearance",
    "print-color-adjust",
}  # known for long as -webkit-…, which then has to stand there too
HARMLESS = {
    "colour scheme": "scroll bars stay light; fields have colours of their own",
    "accent-color": "a ticked box keeps the browser's own colour",
    "text-wrap": "lines break where they did before",
    "underline's place and thickness": "the browser's own underline",
    "::marker": "bullets are as dark as the text",
    ":focus-visible": "the ring is also shown after a tap, as in every browser then",
    "forced colours": "such phones had no forced colours",
    "more contrast": "such phones could not ask for it",
    "container": "see @container",
    "@container": "charts keep the layout of a phone, which is what these are",
}


@dataclass(frozen=True)
class Rule:
    """`within`: the @-rules and, where rules are nested, the selectors around it."""

    selector: str
    declarations: tuple[tuple[str, str], ...]
    within: tuple[str, ...] = ()


def rules_of(css: str) -> Iterator[Rule]:
    """Every rule of a sheet, @font-face and the like included."""
    bare = re.sub(r"/\*.*?\*/", "", css, flags=re.DOTALL)
    bare = re.sub(r"\"[^\"\n]*\"|'[^'\n]*'", '""', bare)
    yield from _rules(re.split(r"([{};])", bare))


def _rules(parts: list[str]) -> Iterator[Rule]:
    open_blocks: list[tuple[str, list[tuple[str, str]]]] = [("", [])]
    for content, mark in zip(parts[::2], [*parts[1::2], ""], strict=True):
        said = " ".join(content.split())
        if mark == "{":
            open_blocks.append((said, []))
            continue
        if said:
            name, _, value = said.partition(":")
            open_blocks[-1][1].append((name.strip().lower(), value.strip()))
        if mark == "}":
            selector, declarations = open_blocks.pop()
            yield Rule(selector, tuple(declarations), tuple(block for block, _ in open_blocks[1:]))


def newer_in(css: str) -> set[str]:
    """What of it the floor does not know."""
    found: set[str] = set()
    for rule in rules_of(css):
        around = (*rule.within, rule.selector)
        found |= {name for name, shape, _ in AT_RULES for block in around if re.search(shape, block)}
        found |= {"nested rule (112)" for block in rule.within if not block.startswith("@")}
        if not rule.selector.startswith("@"):
            found |= _in_selector(rule.selector)
        before: set[str] = set()
        for name, value in rule.declarations:
            # What an older browser passes over may stand below a declaration that it understands.
            spoiled = {what for what, shape, _ in VALUES if re.search(shape, value)}
            found |= set() if name in before else spoiled
            found |= {what for what, shape, _ in PROPERTIES if re.fullmatch(shape, name)}
            before |= {name} if not spoiled else set()
        found -= {name for name in PREFIXED if f"-webkit-{name}" in before}
    return found


def _in_selector(selector: str) -> set[str]:
    alternatives = re.split(r",(?![^(]*\))", selector)
    found: set[str] = set()
    for name, shape, _ in SELECTORS:
        hit = [bool(re.search(shape, one)) for one in alternatives]
        if any(hit):
            # A selector that is not understood takes its neighbours along.
            found.add(name if all(hit) else f"{name} beside older selectors")
    return found


def test_every_entry_is_newer_than_the_floor() -> None:
    every = [*PROPERTIES, *VALUES, *SELECTORS, *AT_RULES]
    assert [name for name, _, version in every if version <= FLOOR] == []
    assert {name for name in HARMLESS if name not in {known for known, _, _ in every}} == set()


def test_sheets_need_nothing_newer_than_the_floor() -> None:
    sheets = files(".css")
    assert "exams/static/exams/css/player.css" in sheets
    found = {path: newer_in(text(path)) - set(HARMLESS) for path in sheets}
    assert {path: names for path, names in found.items() if names} == {}


def test_what_is_called_harmless_is_used() -> None:
    used = {name for path in files(".css") for name in newer_in(text(path))}
    assert set(HARMLESS) - used == set(), "no longer needed"


@pytest.mark.parametrize(
    ("css", "expected"),
    [
        ("a { display: flex; gap: 1rem; }", {"gap between flex items"}),
        ("a { grid-gap: 1rem; /* gap: 1rem */ }", set()),
        ("a { inset: 0 }", {"inset"}),
        ("a { margin-inline: auto; margin-inline-start: 0; }", {"shorthand of logical sides"}),
        ("a:is(.b, .c) { top: 0; }", {"list of alternatives"}),
        ("a:focus-visible { top: 0; }", {":focus-visible"}),
        ("a:hover, a:focus-visible { top: 0; }", {":focus-visible beside older selectors"}),
        ("a { height: 100dvh; }", {"units of the visible window"}),
        ("a { height: 100vh; height: 100dvh; }", set()),
        ("a { width: max(1rem, 2vw); color: rgb(0 0 0 / 50%); }", set()),
        ("a { background: color-mix(in srgb, red, blue); }", {"newer colours"}),
        ("@layer base { a { top: 0; } }", {"@layer"}),
        ("@media (width >= 30em) { a { top: 0; } }", {"comparison in a media query"}),
        ("@media (min-width: 30em) { a { top: 0; } }", set()),
        ("a { top: 0; .b { top: 1px; } }", {"nested rule (112)"}),
        ("a { -webkit-appearance: none; appearance: none; }", set()),
        ("a { appearance: none; }", {"appearance"}),
        ('a::after { content: "gap: 1px; inset: 0"; }', set()),
        ("a:not(.b, .c) { top: 0; }", {":not of several"}),
        ("a { text-wrap: balance; overflow: clip; }", {"text-wrap", "overflow: clip"}),
    ],
)
def test_newer_styles_are_recognised(css: str, expected: set[str]) -> None:
    assert newer_in(css) == expected
