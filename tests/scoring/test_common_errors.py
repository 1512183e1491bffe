"""Is the commonest wrong response found, however it is written, and the misconception behind it?"""

from __future__ import annotations

from typing import Any

from scoring.common_errors import CommonError, common_error, wrong_parts
from scoring.item_review import Shown
from tests.factories.exams import compiled
from tests.factories.newer_items import PLACES, SEVERAL, WORDS, WRITTEN, newer

NEWER = (SEVERAL, WORDS, PLACES, WRITTEN)


def commonest(identifier: str, *values: Any) -> CommonError | None:
    item = newer(identifier) if identifier in NEWER else compiled(identifier)
    text = item.texts["en"]
    return common_error(item.key, text["content"], text["solution"]["misconceptions"], values, "en")


def filed(identifier: str, name: str) -> str:
    misconception: str = compiled(identifier).texts["en"]["solution"]["misconceptions"][name]
    return misconception


def test_choice() -> None:
    error = commonest("ma-102", "b", "c", "c", "a", None)
    choices = {
        choice["id"]: choice["html"] for choice in compiled("ma-102").texts["en"]["content"]["choices"]
    }
    assert error == CommonError(2, "choice", Shown(html=choices["c"]), (), False, (filed("ma-102", "c"),))


def test_equal_counts_are_settled_by_the_response_and_not_by_who_came_first() -> None:
    assert commonest("ma-102", "d", "d", "a", "a") == commonest("ma-102", "a", "d", "a", "d")


def test_numbers_written_differently_are_one_response() -> None:
    error = commonest("ma-116", {"price": "720"}, {"price": "720 RSD"}, {"price": "720,0"}, {"price": "720"})
    assert error is not None
    assert (error.n, error.lines[0].own.text, error.of_several) == (4, "720", False)
    assert error.misconceptions == (filed("ma-116", "price:720"),)


def test_only_the_wrong_part_of_several_is_shown() -> None:
    error = commonest("ma-112", {"x": "20", "y": "15"}, {"x": "20", "y": "20"}, {"x": "15", "y": "5"})
    assert error is not None
    assert (error.n, [line.own.text for line in error.lines], error.of_several) == (2, ["20"], True)
    assert error.misconceptions == (filed("ma-112", "x:20"),)


def test_statements() -> None:
    right = {"1": True, "2": False, "3": False, "4": True}
    error = commonest("ma-106", right | {"3": True}, right | {"3": True, "1": False})
    assert error is not None
    assert [(line.own.truth, line.is_right) for line in error.lines] == [(True, False)]
    assert error.misconceptions == (filed("ma-106", "3"),)


def test_pairs() -> None:
    error = commonest("ma-213", {"1": "b", "2": "a"}, {"1": "b", "2": "b"})
    assert error is not None
    assert (error.n, len(error.lines), error.misconceptions) == (2, 1, (filed("ma-213", "1:b"),))


def test_an_order_is_shown_whole() -> None:
    key = compiled("ma-210").key["correct"]
    swapped = [key[1], key[0], *key[2:]]
    error = commonest("ma-210", swapped, swapped, key)
    assert error is not None
    assert (error.n, len(error.lines)) == (2, len(key))


def test_a_wrong_tick_counts_for_itself_whatever_else_was_ticked() -> None:
    error = commonest(SEVERAL, ["a", "b"], ["b", "d"], ["a", "c"], ["a", "b", "c", "d"], ["a", "d"])
    text = newer(SEVERAL).texts["en"]
    assert error == CommonError(
        3,
        "multiple_choice",
        Shown(html=text["content"]["choices"][1]["html"]),
        (),
        False,
        (text["solution"]["misconceptions"]["b"],),
    )


def test_words_and_places_are_named() -> None:
    word = commonest(WORDS, ["3", "6"], ["6"], ["2", "3"])
    place = commonest(PLACES, ["a", "b"], ["a"], ["e"])
    assert word is not None
    assert place is not None
    assert (word.n, word.choice.html, len(word.misconceptions)) == (2, "seven hours", 1)
    assert (place.n, place.choice.html, len(place.misconceptions)) == (2, "place 1", 1)


def test_what_was_not_ticked_is_no_common_error() -> None:
    assert commonest(SEVERAL, ["a"], ["a"], ["d"], None) is None
    assert commonest(SEVERAL, ["a", "a"], ["a", "a"]) is None


def test_written_text_has_no_common_error() -> None:
    assert commonest(WRITTEN, "исто", "исто", "исто", ["x"], ["x"]) is None
    assert wrong_parts(newer(WRITTEN).key, "текст") == ()


def test_what_only_one_pupil_put_stays_theirs() -> None:
    assert commonest("ma-102", "a", "c", "b", None) is None


def test_right_omitted_and_foreign_responses_have_no_wrong_parts() -> None:
    key = compiled("ma-112").key
    assert wrong_parts(key, {"x": "15", "y": "20"}) == ()
    assert wrong_parts(key, None) == ()
    assert wrong_parts(key, ["15", "20"]) == ()
    assert wrong_parts(compiled("ma-102").key, {"a": 1}) == ()
    assert wrong_parts(compiled("ma-210").key, "abcd") == ()


def test_what_no_phone_sends_is_survived() -> None:
    assert commonest("ma-213", {"1": ["b"]}, {"1": ["b"]}) is None
    assert commonest("ma-102", "zz", "zz") is None
    assert commonest(PLACES, ["b", 1], ["b", 1]) is None
    assert commonest(PLACES, {"a": True}, {"a": True}) is None
    assert commonest(WORDS, ["77"], ["77"]) is None
