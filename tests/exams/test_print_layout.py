"""Does every interaction come onto paper so that it can be worked on with a pencil?"""

from __future__ import annotations

import re

import pytest

from exams.item_compilation import CompiledItem
from exams.item_key_lines import key_lines, paper_language
from exams.markup import to_plain
from exams.option_letters import READINGS, Reading
from exams.print_layout import (
    FEWEST_LINES,
    MOST_LINES,
    ItemToPrint,
    Option,
    PrintedItem,
    PrintedPart,
    lay_out,
    ruled_lines,
)
from tests.factories.bank import NEWER, OLDER
from tests.factories.exams import compiled
from tests.factories.newer_items import PLACES, SEVERAL, WORDS, WRITTEN, newer

CYRILLIC = re.compile(r"[\u0400-\u04ff]")


def to_print(item: CompiledItem, reading: Reading) -> ItemToPrint:
    text = item.texts[paper_language(reading)]
    return ItemToPrint(item.ref, item.interaction, item.key, text["content"], text["solution"])


def laid_out(item: CompiledItem, reading: Reading) -> PrintedItem:
    (part,) = lay_out([to_print(item, reading)], reading)
    return part.item


def form(reading: Reading) -> tuple[PrintedPart, ...]:
    items = [*map(compiled, OLDER), *map(newer, NEWER)]
    return lay_out([to_print(item, reading) for item in items], reading)


@pytest.mark.parametrize("reading", READINGS)
def test_a_whole_form(reading: Reading) -> None:
    parts = form(reading)
    assert [part.item.number for part in parts] == list(range(1, 11))
    assert [part.item.name for part in parts] == [f"{name}.1" for name in (*OLDER, *NEWER)]
    found = CYRILLIC.search(str(parts))
    assert bool(found) == (reading == "sr")


def test_a_stimulus_stands_once_before_the_first_item_about_it() -> None:
    about = [(part.item.name, part.stimulus.numbers) for part in form("sr-latn") if part.stimulus]
    assert about == [("ma-991.1", (7, 8))]
    (shown,) = [part.stimulus for part in form("sr-latn") if part.stimulus]
    assert shown.title == "Biciklom kroz Srbiju"
    assert "<table" in shown.html


def test_options_have_letters_in_the_reader_s_script_and_places_none() -> None:
    assert [option.sign for option in laid_out(newer(SEVERAL), "sr").options] == list("абвг")
    assert [option.sign for option in laid_out(newer(SEVERAL), "sr-latn").options] == list("abvg")
    assert laid_out(newer(PLACES), "en").options[0] == Option("", "place 1")


def test_statements_and_rows() -> None:
    truths = laid_out(compiled("ma-106"), "sr-latn")
    assert len(truths.rows) == 4
    assert truths.truth == ("T", "N")
    pairs = laid_out(compiled("ma-201"), "sr")
    assert len(pairs.rows) == len(compiled("ma-201").key["correct"])
    assert len(pairs.options) >= len(pairs.rows)


def test_lines_to_write_on() -> None:
    entry = laid_out(compiled("ma-112"), "sr")
    assert [(to_plain(field.label), field.unit, field.wide) for field in entry.fields] == [
        ("x =", "", False), ("y =", "", False),
    ]  # fmt: skip
    assert [field.unit for field in laid_out(compiled("ma-119"), "sr").fields] == ["m²"]
    gaps = laid_out(compiled("ma-203"), "sr")
    assert gaps.text.count('<span class="blank"></span>') == 3
    assert "data-gap" not in gaps.text
    assert (gaps.circled, gaps.has_lines, gaps.gaps) == (False, True, ())


def test_text_of_one_s_own() -> None:
    assert laid_out(newer(WRITTEN), "sr").lines == 10
    assert [ruled_lines(longest) for longest in (1, 300, 5000)] == [FEWEST_LINES, 5, MOST_LINES]
    assert laid_out(newer(WRITTEN), "sr-latn").rubric
    assert laid_out(newer(WRITTEN), "sr-latn").key == ()


def test_the_key_goes_along() -> None:
    item = newer(WORDS)
    assert laid_out(item, "sr").key == key_lines(item.key, item.texts["sr"]["content"], "sr")


def cloze(*choices: str) -> PrintedItem:
    """A number, a word with a unit, and one of `choices`."""
    offered = [{"id": name, "html": html} for name, html in zip("abcd", choices, strict=False)]
    gaps = {
        "1": {"kind": "number", "unit": "<m>"},
        "2": {"kind": "text"},
        "3": {"kind": "choice", "choices": offered},
    }
    spans = " ".join(f'<span data-gap="{gap}"></span>' for gap in gaps)
    key = {
        "interaction": "cloze",
        "half_points": [0, 0, 1, 2],
        "gaps": {
            "1": {"accept": "number", "value": "2"},
            "2": {"accept": "text", "values": ["два"]},
            "3": {"accept": "choice", "correct": "a"},
        },
    }
    content = {"stem": "<p>Допуни.</p>", "text": f"<p>{spans}</p>", "gaps": gaps}
    (part,) = lay_out([ItemToPrint("ma-1.1", "cloze", key, content, {})], "sr-latn")
    return part.item


def test_short_choices_of_a_gap_stand_in_brackets() -> None:
    item = cloze("мање", "<math><mi>x</mi></math>")
    assert item.text == (
        '<p><span class="blank"></span>\u00a0&lt;m&gt; <span class="blank blank--wide"></span>'
        ' <b class="brackets">( manje / <math><mi>x</mi></math> )</b></p>'
    )
    assert (item.circled, item.has_lines) == (True, True)


def test_long_choices_of_a_gap_are_listed_below() -> None:
    long = "једначење сугласника по месту изговора"
    item = cloze(long, f"{long} и звучности")
    assert '<b class="brackets">(3)</b>\u00a0<span class="blank"></span>' in item.text
    ((number, options),) = item.gaps
    assert (number, [option.sign for option in options]) == (3, ["a", "b"])
    assert options[0].html == "jednačenje suglasnika po mestu izgovora"
    assert not item.circled
