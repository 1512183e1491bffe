"""Does Latin come out as schools write it, and do typed texts meet across scripts?"""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accounts.transliteration import fold_script, html_to_latin, to_latin

VECTORS: dict[str, list[Any]] = json.loads(
    (Path(__file__).resolve().parents[2] / "fixtures" / "vectors" / "transliteration.json").read_text("utf-8")
)
SERBIAN = "абвгдђежзијклљмнњопрстћуфхцчџшАБВГДЂЕЖЗИЈКЛЉМНЊОПРСТЋУФХЦЧЏШ"


@pytest.mark.parametrize("vector", VECTORS["to_latin"], ids=lambda vector: vector["text"])
def test_to_latin(vector: dict[str, str]) -> None:
    assert to_latin(vector["text"]) == vector["latin"]


@pytest.mark.parametrize("vector", VECTORS["fold"], ids=lambda vector: vector["folded"])
def test_fold_script_brings_texts_together(vector: dict[str, Any]) -> None:
    assert {text: fold_script(text) for text in vector["texts"]} == dict.fromkeys(
        vector["texts"], vector["folded"]
    )


@pytest.mark.parametrize(("one", "other"), VECTORS["differ"])
def test_fold_script_keeps_letters_apart(one: str, other: str) -> None:
    assert fold_script(one) != fold_script(other)


@pytest.mark.parametrize("vector", VECTORS["html"], ids=lambda vector: vector["html"])
def test_html_to_latin(vector: dict[str, str]) -> None:
    assert html_to_latin(vector["html"]) == vector["latin"]


@given(st.text(alphabet=SERBIAN + "ABCxyz 12.,-", max_size=40))
def test_to_latin_leaves_no_serbian_cyrillic(text: str) -> None:
    latin = to_latin(text)
    assert not set(latin) & set(SERBIAN)
    assert to_latin(latin) == latin


@given(st.text(max_size=60))
def test_fold_script_is_stable(text: str) -> None:
    assert fold_script(fold_script(text)) == fold_script(text)


@given(st.text(alphabet=SERBIAN + "ABCxyz ", max_size=40))
def test_fold_script_does_not_depend_on_the_script(text: str) -> None:
    words = [word for word in text.split() if not (set(word) & set(SERBIAN) and set(word) & set("ABCxyz"))]
    assert fold_script(" ".join(words)) == fold_script(to_latin(" ".join(words)))


@given(st.text(max_size=60))
def test_plain_text_as_html_is_transliterated_whole(text: str) -> None:
    plain = text.replace("<", "").replace("&", "").replace("\r", "").replace("\x00", "")
    assert html_to_latin(plain) == to_latin(plain)
