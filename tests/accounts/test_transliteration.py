"""Does Latin come out as schools write it, and do typed texts meet across scripts?"""

import json
import random
import re
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accounts.transliteration import (
    fold_script,
    fold_script_keeping_case,
    html_to_latin,
    to_latin,
    without_diacritics,
)
from tests.browser_twin import in_browser

VECTORS: dict[str, list[Any]] = json.loads(
    (Path(__file__).resolve().parents[2] / "fixtures" / "vectors" / "transliteration.json").read_text("utf-8")
)
CORPUS = [vector["text"] for vector in VECTORS["to_latin"]]
SERBIAN = "абвгдђежзијклљмнњопрстћуфхцчџшАБВГДЂЕЖЗИЈКЛЉМНЊОПРСТЋУФХЦЧЏШ"


@pytest.mark.parametrize("vector", VECTORS["to_latin"], ids=lambda vector: vector["text"])
def test_to_latin(vector: dict[str, str]) -> None:
    assert to_latin(vector["text"]) == vector["latin"]


@pytest.mark.parametrize("vector", VECTORS["fold"], ids=lambda vector: vector["folded"])
def test_fold_script_brings_texts_together(vector: dict[str, Any]) -> None:
    assert {text: fold_script(text) for text in vector["texts"]} == dict.fromkeys(
        vector["texts"], vector["folded"]
    )


@pytest.mark.parametrize("vector", VECTORS["keep_case"], ids=lambda vector: vector["folded"])
def test_capitals_are_kept_where_they_count(vector: dict[str, Any]) -> None:
    assert {text: fold_script_keeping_case(text) for text in vector["texts"]} == dict.fromkeys(
        vector["texts"], vector["folded"]
    )


@pytest.mark.parametrize("vector", VECTORS["without_diacritics"], ids=lambda vector: vector["plain"])
def test_diacritics_are_left_off_where_they_do_not_count(vector: dict[str, Any]) -> None:
    assert {text: without_diacritics(text) for text in vector["texts"]} == dict.fromkeys(
        vector["texts"], vector["plain"]
    )


@pytest.mark.parametrize(("one", "other"), VECTORS["differ"])
def test_fold_script_keeps_letters_apart(one: str, other: str) -> None:
    assert fold_script(one) != fold_script(other)


@pytest.mark.parametrize("vector", [*VECTORS["html"], *VECTORS["pages"]], ids=lambda vector: vector["html"])
def test_html_to_latin(vector: dict[str, str]) -> None:
    assert html_to_latin(vector["html"]) == vector["latin"]


def _in_latin(text: str) -> None:
    """What holds of every text, the traps among them."""
    latin = to_latin(text)
    assert not set(latin) & set(SERBIAN)
    assert to_latin(latin) == latin
    assert len(latin) == len(text) + sum(text.count(letter) for letter in "љњџЉЊЏ")
    others = str.maketrans("", "", SERBIAN + "".join(set(to_latin(SERBIAN))))
    assert latin.translate(others) == text.translate(others)
    assert fold_script(latin) == fold_script(text) or _is_mixed(text)


def _is_mixed(text: str) -> bool:
    """With a word in two scripts at once, as when a keyboard was switched half-way."""
    words = re.findall(r"[^\W\d_]+", text)
    return any(set(word) & set(SERBIAN) and set(word) - set(SERBIAN) for word in words)


@pytest.mark.parametrize("text", CORPUS)
def test_what_holds_of_every_text_holds_of_each_trap(text: str) -> None:
    _in_latin(text)
    _in_latin(text.upper())
    _in_latin(text.lower())
    _in_latin(f"{text} {text[::-1]}")


@given(st.text(alphabet=SERBIAN + "ABCxyzšđőű 12.,-–:()₂²°€/@", max_size=40))
def test_what_holds_of_every_text(text: str) -> None:
    _in_latin(text)


@given(st.lists(st.sampled_from(CORPUS), max_size=4))
def test_traps_next_to_each_other(texts: list[str]) -> None:
    together = " ".join(texts)
    assert to_latin(together) == " ".join(map(to_latin, texts))


@given(st.text(alphabet=SERBIAN + "čćžšđČĆŽŠĐabcő 1.", max_size=40))
def test_foldings_agree_with_each_other(text: str) -> None:
    kept = fold_script_keeping_case(text)
    assert kept.casefold() == fold_script(text)
    assert fold_script_keeping_case(kept) == kept
    plain = without_diacritics(fold_script(text))
    assert without_diacritics(plain) == plain
    assert not set(plain) & set("čćžšđő")


def test_phone_and_server_agree() -> None:
    rng = random.Random(2026)
    letters = SERBIAN + "čćžšđČĆŽŠĐðÐabcdjnlABCDJNLőűéßςǆ 12.,-–()₂²°\n\u00a0\u00ad\u0301"
    texts = ["".join(rng.choices(letters, k=rng.randrange(16))) for _ in range(1_500)]
    texts += [*CORPUS, *(text.upper() for text in CORPUS), *(text.lower() for text in CORPUS)]
    twins = {
        "toLatin": to_latin,
        "foldScript": fold_script,
        "foldKeepingCase": fold_script_keeping_case,
        "withoutDiacritics": without_diacritics,
    }
    for name, server in twins.items():
        phone = in_browser("transliterate.js", name, [[text] for text in texts])
        assert dict(zip(texts, phone, strict=True)) == {text: server(text) for text in texts}, name


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
