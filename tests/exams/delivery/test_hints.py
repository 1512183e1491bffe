"""Does a hint help with the first step, whole and in both languages, and never say what is right?"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from functools import cache
from html.parser import HTMLParser
from typing import Any

import pytest
from django.conf import settings

from exams.bank_files import read_bank
from exams.delivery.hints import LONGEST, SHORTEST, first_steps
from exams.delivery.sentences import sentences
from exams.item_compilation import CompiledItem, compile_item
from exams.markup import to_plain
from tests.factories.exams import compiled


def texts(item: CompiledItem) -> dict[str, tuple[Any, Any]]:
    return {language: (text["content"], text["solution"]) for language, text in item.texts.items()}


def hints(identifier: str) -> dict[str, str]:
    item = compiled(identifier)
    return {language: to_plain(html) for language, html in first_steps(item.key, texts(item)).items()}


@cache
def bank() -> tuple[tuple[str, CompiledItem, dict[str, str]], ...]:
    """Subject, item and its hints, of every released item."""
    items = [
        (subject.name, compile_item(source))
        for subject in read_bank(settings.FIXTURES_DIR)
        for source in subject.items
        if source.security == "released"
    ]
    return tuple((subject, item, first_steps(item.key, texts(item))) for subject, item in items)


def hinted() -> Iterator[tuple[CompiledItem, str, str]]:
    for _, item, found in bank():
        for language, html in found.items():
            yield item, language, html


def test_a_hint_is_the_first_sentence_of_the_explanation() -> None:
    assert hints("ma-541") == {
        "sr": "Кров чине 4 једнака троугла.",
        "en": "The roof is made of 4 equal triangles.",
    }


@pytest.mark.parametrize(
    ("identifier", "why"),
    [
        ("bi-501", "its first sentence is the right choice in other words"),
        ("bi-507", "it says what one of the rows does"),
        ("bi-503", "it names what comes first"),
        ("bi-518", "it decides one of the statements"),
        ("bi-513", "it describes the place in the figure"),
        ("bi-508", "it lists the words to be marked"),
        ("bi-505", ""),
    ],
)
def test_what_would_tell_is_no_hint(identifier: str, why: str) -> None:
    assert bool(hints(identifier)) is (not why), why


@pytest.mark.parametrize(
    ("first", "key", "content"),
    [
        ("The result is 12 · 2 = 24, which is a lot.", {"value": "24"}, {}),
        ("By then 18 centuries were full, so 18 + 1 = 19 it is.", {"values": ["XIX"], "accept": "text"}, {}),
        ("Take the word apart: го-ра, and look at it.", {"values": ["гора"], "accept": "text"}, {}),
        ("There are seven of them in every single row.", {"value": "7"}, {}),
    ],
)
def test_numbers_and_words_of_the_key_tell_in_whatever_dress(
    first: str, key: dict[str, Any], content: dict[str, Any]
) -> None:
    entry = {"accept": "number", **key}
    whole = {"interaction": "text_entry", "fields": {"x": entry}}
    text = ({"stem": "<p>How many?</p>", **content}, {"explanation": f"<p>{first} Then go on.</p>"})
    assert first_steps(whole, {"sr": text, "en": text}) == {}
    other = {"interaction": "text_entry", "fields": {"x": {"accept": "number", "value": "5555"}}}
    assert first_steps(other, {"sr": text, "en": text}) == {"sr": f"<p>{first}</p>", "en": f"<p>{first}</p>"}


def test_languages_that_part_their_sentences_differently_have_none() -> None:
    key = {"interaction": "text_entry", "fields": {"x": {"accept": "number", "value": "5"}}}
    one = ({"stem": ""}, {"explanation": "<p>First find the whole of it all. Then the part.</p>"})
    other = ({"stem": ""}, {"explanation": "<p>First find the whole of it all, then the part.</p>"})
    assert first_steps(key, {"sr": one, "en": other}) == {}
    assert first_steps(key, {"sr": one, "en": one}) != {}


@pytest.mark.slow
def test_of_the_bank_both_languages_have_a_hint_or_neither() -> None:
    assert {frozenset(found) for _, _, found in bank()} == {frozenset(), frozenset({"sr", "en"})}


@pytest.mark.slow
def test_of_the_bank_each_hint_is_a_whole_sentence_that_leaves_more_to_say() -> None:
    for item, language, html in hinted():
        explanation = item.texts[language]["solution"]["explanation"]
        sentence = html.removeprefix("<p>").removesuffix("</p>")
        assert explanation.startswith(f"<p>{sentence}"), item.ref
        assert len(sentences(explanation)) > 1, item.ref
        plain = to_plain(html)
        assert SHORTEST <= len(plain) <= LONGEST, item.ref
        assert plain.rstrip('”“"»)')[-1] in ".!?…", (item.ref, plain)
        assert plain.lstrip("„“(«")[0].isupper() or not plain[0].isalpha(), (item.ref, plain)
        page = Balanced(item.ref)
        page.feed(html)
        page.close()


@pytest.mark.slow
def test_of_the_bank_no_hint_holds_what_is_right() -> None:
    for item, language, html in hinted():
        key, content = item.key, item.texts[language]["content"]
        said = f" {' '.join(to_plain(html).lower().split())} "
        if item.interaction in ("choice", "multiple_choice"):
            right = [key["correct"]] if isinstance(key["correct"], str) else key["correct"]
            options = {row["id"]: to_plain(row["html"]).lower().rstrip(".") for row in content["choices"]}
            assert not [name for name in right if f" {options[name]} " in said], item.ref
        for entry in key.get("fields", key.get("gaps", {})).values():
            values = [str(value) for value in entry.get("values", [entry.get("value", "")])]
            assert not [value for value in values if value and f" {value.lower()} " in said], item.ref


def test_every_subject_of_the_bank_has_hints() -> None:
    """A rule that grew too careful would leave the button without use."""
    items = Counter(subject for subject, _, _ in bank())
    helped = Counter(subject for subject, _, found in bank() if found)
    assert all(helped[subject] * 6 >= items[subject] for subject in items), helped
    assert helped["mathematics"] * 3 >= items["mathematics"] * 2
    assert helped.total() * 2 > items.total()


class Balanced(HTMLParser):
    """Every tag is closed, in order."""

    def __init__(self, ref: str) -> None:
        super().__init__()
        self.ref, self.open = ref, list[str]()

    def handle_starttag(self, tag: str, attrs: Any) -> None:
        self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag, self.ref

    def close(self) -> None:
        super().close()
        assert self.open == [], self.ref
