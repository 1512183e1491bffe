"""Is every wrong tick worth explaining explained, and nothing that is right?"""

from __future__ import annotations

from typing import Any

import pytest

from exams.item_misconception_checks import misconception_problems

CHOICES = {"a": "један", "b": "два", "c": "три", "d": "четири"}
TEXT = "[[word:1|Пас]] [[word:2|брзо]] [[word:3|трчи]]."


def document(interaction: str, correct: list[str], named: list[str], **texts: Any) -> dict[str, Any]:
    filed = {"misconceptions": dict.fromkeys(named, "Зато.")}
    return {
        "interaction": interaction,
        "key": {"correct": correct},
        "sr": {**texts, **filed},
        "en": {**texts, **filed},
    }


def problems(source: dict[str, Any]) -> list[str]:
    return [f"{place}: {message}" for place, message, _remedy in misconception_problems(source)]


@pytest.mark.parametrize(
    "source",
    [
        document("multiple_choice", ["a", "d"], ["b", "c"], choices=CHOICES),
        document("hotspot", ["a"], ["b"], choices=CHOICES),
        document("hotspot", ["a", "b"], ["c", "d"], choices=CHOICES),
        document("select_words", ["2"], ["3"], text=TEXT),
    ],
)
def test_sound_items(source: dict[str, Any]) -> None:
    assert problems(source) == []


def test_every_distractor_of_several_choices_is_explained() -> None:
    source = document("multiple_choice", ["a", "d"], ["b"], choices=CHOICES)
    assert problems(source) == ["[sr.misconceptions] c: is missing", "[en.misconceptions] c: is missing"]


@pytest.mark.parametrize(
    ("interaction", "texts", "name"),
    [
        ("multiple_choice", {"choices": CHOICES}, "a"),
        ("multiple_choice", {"choices": CHOICES}, "z"),
        ("hotspot", {"choices": CHOICES}, "a"),
        ("hotspot", {"choices": CHOICES}, "h"),
        ("select_words", {"text": TEXT.replace("word:1|", "word:a|")}, "a"),
        ("select_words", {"text": TEXT}, "9"),
        ("select_words", {"text": TEXT}, "трчи"),
    ],
)
def test_what_is_named_exists_and_is_wrong(interaction: str, texts: dict[str, Any], name: str) -> None:
    named = ["b", "c", "d", name] if "choices" in texts else ["2", name]
    source = document(interaction, ["a"], named, **texts)
    assert problems(source) == [
        f"[{language}.misconceptions] {name}: is nothing that is wrong to tick" for language in ("sr", "en")
    ]


@pytest.mark.parametrize("interaction", ["select_words", "hotspot"])
def test_at_least_one_wrong_tick_is_explained(interaction: str) -> None:
    source = document(interaction, ["2"], [], text=TEXT, choices=CHOICES)
    assert problems(source) == [
        "[sr.misconceptions]: is missing or empty",
        "[en.misconceptions]: is missing or empty",
    ]


def test_what_is_named_in_one_language_only() -> None:
    source = document("select_words", ["2"], ["3"], text=TEXT)
    source["sr"] = source["sr"] | {"misconceptions": {"3": "Зато.", "1": "Зато."}}
    assert problems(source) == ["[en.misconceptions] 1: is in the other language only"]


def test_written_text_has_none() -> None:
    bare = {"interaction": "extended_text", "key": {"longest": 600}, "sr": {}, "en": {}}
    assert problems(bare) == []
    named = {**bare, "sr": {"misconceptions": {"a": "Зато."}}, "en": {"misconceptions": {"a": "So."}}}
    assert [one.partition(": ")[2] for one in problems(named)] == [
        "people mark this text and say what is behind it"
    ] * 2


def test_a_wrong_word_is_wrong_under_the_rules_of_its_field() -> None:
    field = {"accept": "text", "values_sr": ["Нови Сад"], "case": "exact"}
    texts = {"misconceptions": {"x:нови сад": "Велико слово."}}
    source = {"interaction": "text_entry", "key": {"fields": {"x": field}}, "sr": texts, "en": texts}
    assert problems(source) == []
    source["key"] = {"fields": {"x": {**field, "case": "exact", "values_sr": ["нови сад"]}}}
    assert problems(source) == [
        f"[{language}.misconceptions] x:нови сад: is accepted as correct" for language in ("sr", "en")
    ]
