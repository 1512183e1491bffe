"""Does the key of every interaction read rightly, on screen and paper, in each language and script?"""

from __future__ import annotations

from typing import Any

import pytest

from exams.item_compilation import CompiledItem
from exams.item_key_lines import KeyLine, KnownMistake, key_lines, known_mistakes, paper_language
from exams.markup import to_plain
from exams.option_letters import READINGS, Reading
from tests.factories.bank import NEWER, OLDER
from tests.factories.exams import compiled
from tests.factories.newer_items import PLACES, SEVERAL, WORDS, WRITTEN, newer

_ITEMS = [*map(compiled, (*OLDER, "ma-501", "ma-502")), *map(newer, NEWER)]


def lines(item: CompiledItem, reading: Reading) -> list[tuple[str, str]]:
    content = item.texts[paper_language(reading)]["content"]
    return [(line.sign, to_plain(line.html)) for line in key_lines(item.key, content, reading)]


@pytest.mark.parametrize("reading", READINGS)
@pytest.mark.parametrize("item", _ITEMS, ids=lambda item: item.ref)
def test_every_part_has_its_line(item: CompiledItem, reading: Reading) -> None:
    correct = item.key.get("correct", item.key.get("fields", item.key.get("gaps", ())))
    expected = 1 if isinstance(correct, str) else len(correct)
    found = lines(item, reading)
    assert len(found) == expected
    assert all(words for _, words in found)
    if reading != "sr":
        assert not any("а" <= letter <= "ш" for line in found for letter in "".join(line).lower())


def test_letters_of_options() -> None:
    assert lines(newer(SEVERAL), "sr")[1][0] == "г"
    assert lines(newer(SEVERAL), "sr-latn")[1][0] == "g"
    assert lines(newer(SEVERAL), "en")[1][0] == "d"


def test_letters_of_truth() -> None:
    signs = [[sign for sign, _ in lines(compiled("ma-106"), reading)] for reading in READINGS]
    assert signs == [["1 Т", "2 Н", "3 Н", "4 Т"], ["1 T", "2 N", "3 N", "4 T"], ["1 T", "2 F", "3 F", "4 T"]]


def test_places_words_and_pairs() -> None:
    assert lines(newer(PLACES), "sr-latn") == [("", "polje 2"), ("", "polje 4")]
    assert lines(newer(WORDS), "sr") == [("", "у четвртак"), ("", "тридесет један степен")]
    item = compiled("ma-501")
    signs = [sign for sign, _ in lines(item, "en")]
    ids = [choice["id"] for choice in item.texts["en"]["content"]["choices"]]
    assert signs == [
        f"{place} → {'abcdefgh'[ids.index(name)]}"
        for place, name in enumerate(item.key["correct"].values(), start=1)
    ]


def test_a_pair_does_not_read_as_subtraction() -> None:
    key = {"interaction": "match", "correct": {"1": "b"}}
    rows, choices = [{"id": "1", "html": "8/7"}], [{"id": "a", "html": "2"}, {"id": "b", "html": "−4"}]
    content = {"rows": rows, "choices": choices}
    assert key_lines(key, content, "en") == (KeyLine("1 → b", "8/7 → −4"),)
    assert known_mistakes(key, content, {"1:a": "Why?"}, "en") == (KnownMistake("1 → a", "2", "Why?"),)


def test_an_order_gets_the_numbers_of_its_places() -> None:
    item = compiled("ma-502")
    choices = {choice["id"]: choice["html"] for choice in item.texts["sr"]["content"]["choices"]}
    assert list(key_lines(item.key, item.texts["sr"]["content"], "sr")) == [
        KeyLine(str(place), choices[name]) for place, name in enumerate(item.key["correct"], start=1)
    ]


def test_what_people_mark_has_no_lines() -> None:
    assert lines(newer(WRITTEN), "sr") == []


def _words(**more: Any) -> tuple[dict[str, Any], dict[str, Any]]:
    entry = {"accept": "text", "values": ["будилица", "сат <1>", "alarm clock"], **more}
    key = {"interaction": "text_entry", "half_points": [0, 2], "fields": {"x": entry}}
    return key, {"fields": [{"id": "x", "label": "Шта?", "kind": "text"}]}


def test_everything_that_is_taken_for_right() -> None:
    key, content = _words()
    assert key_lines(key, content, "sr") == (
        KeyLine("", 'Шта? <b translate="no">будилица</b>', ("сат <1>", "alarm clock")),
    )
    (latin,) = key_lines(key, content, "sr-latn")
    assert (latin.html, latin.also) == (
        'Šta? <b translate="no">budilica</b>', ("sat <1>", "alarm clock"),
    )  # fmt: skip
    (english,) = key_lines(key, content, "en")
    assert (english.html, english.also) == (
        'Шта? <b translate="no">alarm clock</b>', ("будилица", "сат <1>"),
    )  # fmt: skip


def test_numbers_have_their_sign_and_unit() -> None:
    key = {"fields": {"x": {"accept": "number", "value": "3.5"}}, "interaction": "text_entry"}
    content = {"fields": [{"id": "x", "label": "x =", "kind": "number", "unit": "динара"}]}
    shown = [to_plain(key_lines(key, content, reading)[0].html) for reading in READINGS]
    assert shown == ["x = 3,5 динара", "x = 3,5 dinara", "x = 3.5 динара"]


def test_gaps_that_choose() -> None:
    key = {"interaction": "cloze", "gaps": {"2": {"accept": "choice", "correct": "b"}}}
    choices = [{"id": "a", "html": "веће"}, {"id": "b", "html": "мање"}]
    content = {"text": "", "gaps": {"2": {"kind": "choice", "choices": choices}}}
    assert key_lines(key, content, "sr-latn") == (KeyLine("1", "manje"),)
    assert known_mistakes(key, content, {"2:a": "Зашто?"}, "sr-latn") == (
        KnownMistake("1", "veće", "Zašto?"),
    )


@pytest.mark.parametrize("reading", READINGS)
@pytest.mark.parametrize("item", _ITEMS, ids=lambda item: item.ref)
def test_every_mistake_is_named(item: CompiledItem, reading: Reading) -> None:
    text = item.texts[paper_language(reading)]
    filed = text["solution"]["misconceptions"]
    found = known_mistakes(item.key, text["content"], filed, reading)
    assert len(found) == len(filed)
    assert all(mistake.wrong and mistake.html for mistake in found)


def test_how_mistakes_are_named() -> None:
    item = compiled("ma-112")
    text = item.texts["sr"]
    named = known_mistakes(item.key, text["content"], text["solution"]["misconceptions"], "sr")
    assert [to_plain(mistake.wrong) for mistake in named] == ["x = 20", "x = -5", "y = 15", "y = 5"]
    item = newer(WORDS)
    text = item.texts["sr"]
    (named_word,) = known_mistakes(item.key, text["content"], text["solution"]["misconceptions"], "sr-latn")
    assert named_word.wrong == "sedam sati"
