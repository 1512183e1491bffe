"""Do a response and the key stand side by side as the item was laid out, whatever arrived?"""

from __future__ import annotations

import re
from typing import Any

import pytest

from scoring.item_review import Line, Option, Review, Shown, review
from tests.factories.exams import compiled
from tests.factories.newer_items import PLACES, SEVERAL, WORDS, WRITTEN, newer

NEWER = (SEVERAL, WORDS, PLACES, WRITTEN)


def reviewed(identifier: str, value: object, language: Any = "sr") -> Review:
    item = newer(identifier) if identifier in NEWER else compiled(identifier)
    text = item.texts[language]
    return review(item.key, text["content"], text["solution"]["misconceptions"], value, language)


def plain(html: str) -> str:
    """The words, with ordinary blanks."""
    return re.sub(r"<[^>]+>", "", html).replace("\u00a0", " ")


def said(line: Line) -> tuple[str, str, str, bool | None]:
    def words(shown: Shown) -> str:
        return str(shown.truth) if shown.truth is not None else plain(shown.html) or shown.text

    return plain(line.label), words(line.own), words(line.right), line.is_right


def test_choice_names_what_was_taken_and_what_is_right() -> None:
    shown = reviewed("ma-102", "c")
    assert [(plain(one.html), one.is_own, one.is_right) for one in shown.options] == [
        ("3,5", False, False),
        ("0,6", False, True),
        ("0,35", True, False),
        ("0,3", False, False),
    ]
    assert len(shown.misconceptions) == 1
    assert plain(shown.misconceptions[0]).startswith("Тако се добије кад се бројилац и именилац препишу")
    assert (shown.lines, shown.sentence, shown.unreadable) == ((), "", False)


def test_a_match_knows_under_which_letters_its_choices_stood() -> None:
    shown = reviewed("ma-201", {"1": "d", "2": "zzz"})
    content = compiled("ma-201").texts["sr"]["content"]
    names = [choice["id"] for choice in content["choices"]]
    key = compiled("ma-201").key["correct"]
    own = [line.own.place for line in shown.lines]
    assert own[:2] == [names.index("d"), None]
    assert [line.right.place for line in shown.lines] == [
        names.index(key[row["id"]]) for row in content["rows"]
    ]
    assert {line.own.place for line in reviewed("ma-112", {"x": "1"}).lines} == {None}


def test_right_choice_has_no_misconception() -> None:
    shown = reviewed("ma-102", "b", "en")
    assert Option(shown.options[1].html, is_own=True, is_right=True) == shown.options[1]
    assert shown.misconceptions == ()


def test_true_false_line_by_line() -> None:
    shown = reviewed("ma-106", {"1": True, "2": True, "4": True}, "en")
    assert [said(line)[1:] for line in shown.lines] == [
        ("True", "True", True),
        ("True", "False", False),
        ("", "False", None),
        ("True", "True", True),
    ]
    assert [plain(html) for html in shown.misconceptions] == [
        "It is not enough that two lines cross: they are perpendicular only if they make a right angle."
    ]


def test_match_shows_the_wrong_pair_and_what_is_behind_it() -> None:
    shown = reviewed("ma-201", {"1": "d", "2": "e", "3": "b", "4": "c"})
    assert [said(line) for line in shown.lines] == [
        ("три хиљаде пет", "3005", "3005", True),
        ("три цела и пет стотих", "3,5", "3,05", False),
        ("три петине", "35", "35", True),
        ("минус три цела и пет десетих", "−3,5", "−3,5", True),
    ]
    assert [plain(html)[:19] for html in shown.misconceptions] == ["Број 3,5 има пет де"]


def test_order_place_by_place() -> None:
    shown = reviewed("ma-210", ["a", "c", "b", "d"])
    assert [said(line) for line in shown.lines] == [
        ("1", "Искра: 3,2 m", "Комета: 29 dm", False),
        ("2", "Комета: 29 dm", "Гром: 308 cm", False),
        ("3", "Гром: 308 cm", "Зврк: 3150 mm", False),
        ("4", "Зврк: 3150 mm", "Искра: 3,2 m", False),
    ]
    assert plain(shown.misconceptions[0]).startswith("Тако се добије кад се пореде само бројеви")


def test_text_entry_as_typed_beside_the_number_in_the_readers_notation() -> None:
    shown = reviewed("ma-112", {"x": " 20,0 ", "y": "<b>20</b>"})
    assert [said(line) for line in shown.lines] == [
        ("x=", "20,0", "15", False),
        ("y=", "<b>20</b>", "20", False),
    ]
    assert shown.lines[1].own.html == ""
    assert [plain(html)[:22] for html in shown.misconceptions] == ["Вредности су замењене:"]


def test_a_typed_word_is_recognised_in_either_script_unless_capitals_are_asked() -> None:
    fields = {
        "x": {"accept": "text", "values": ["слатка"]},
        "y": {"accept": "text", "values": ["Ниш"], "case": "exact"},
    }
    key = {"interaction": "text_entry", "half_points": [0, 1, 2], "fields": fields}
    content = {"fields": [{"id": name, "label": name, "kind": "text"} for name in fields]}
    filed = {"x:сладка": "by sound", "y:ниш": "capital"}
    for value, behind in (
        ({"x": " Sladka.", "y": "niš"}, ("by sound", "capital")),
        ({"x": "slatki", "y": "NIŠ"}, ()),
    ):
        assert review(key, content, filed, value, "sr").misconceptions == behind


def test_cloze_shows_the_sentence_as_it_should_read() -> None:
    shown = reviewed("ma-203", {"1": "15", "2": "4"}, "en")
    assert [said(line) for line in shown.lines] == [
        ("1", "15", "14", False),
        ("2", "4", "4", True),
        ("3", "", "2", None),
    ]
    assert re.findall(r'<b class="gap">([^<]*)</b>', shown.sentence) == ["14", "4", "2"]
    assert "data-gap" not in shown.sentence


def test_several_choices_say_of_each_tick_how_it_went() -> None:
    shown = reviewed(SEVERAL, ["b", "a"], "en")
    assert [(plain(one.html)[:12], one.tick) for one in shown.options] == [
        ("They rode fu", "right"),
        ("Wednesday wa", "wrong"),
        ("On Friday th", ""),
        ("On Wednesday", "missed"),
    ]
    assert shown.ticks == ("right", "wrong", "missed")
    assert [plain(html)[:22] for html in shown.misconceptions] == ["It was 29 °C on Wednes"]
    assert (shown.stimulus_title, "<table>" in shown.stimulus) == ("Cycling across Serbia", True)
    assert (shown.lines, shown.text, shown.written, shown.unreadable) == ((), (), "", False)


def test_places_of_a_figure_are_a_list_with_marks() -> None:
    shown = reviewed(PLACES, ["d", "e"])
    assert [(one.html, one.tick) for one in shown.options] == [
        ("поље 1", ""), ("поље 2", "missed"), ("поље 3", ""), ("поље 4", "right"), ("поље 5", "wrong"),
    ]  # fmt: skip
    assert len(shown.misconceptions) == 1


def test_a_text_is_cut_at_its_words() -> None:
    shown = reviewed(WORDS, ["9", "6"])
    assert [(one.html, one.tick) for one in shown.words if one.tick] == [
        ("у четвртак", "missed"),
        ("седам сати", "wrong"),
        ("тридесет један степен", "right"),
    ]
    whole = "".join(piece if isinstance(piece, str) else piece.html for piece in shown.text)
    assert plain(whole).startswith("„Јутрос смо из Новог Сада кренули у четвртак, а у Београд смо стигли")
    assert whole.endswith("!“</p>")
    assert "data-word" not in whole


def test_a_word_may_hold_markup_of_its_own() -> None:
    key = {"interaction": "select_words", "half_points": [0, 2], "correct": ["1"]}
    latin = '<span lang="la" translate="no">Homo</span> <strong>sapiens</strong>'
    content = {"text": f'<p>А <span data-word="1">{latin}</span> <span data-word="2">и</span></p>'}
    shown = review(key, content, {}, ["1"], "sr")
    assert shown.text == ("<p>А ", Option(latin, True, True), " ", Option("и", False, False), "</p>")


def test_written_text_stays_as_it_was_typed() -> None:
    shown = reviewed(WRITTEN, "Прво <b>48 - 12</b>.\n\nОнда 36 : 3.")
    assert shown.written == "Прво <b>48 - 12</b>.\n\nОнда 36 : 3."
    assert (shown.options, shown.lines, shown.misconceptions, shown.unreadable) == ((), (), (), False)


@pytest.mark.parametrize("identifier", ["ma-102", "ma-106", "ma-112", "ma-201", "ma-203", "ma-210", *NEWER])
def test_nothing_given_is_nothing_shown(identifier: str) -> None:
    shown = reviewed(identifier, None)
    assert not any(option.is_own for option in (*shown.options, *shown.words))
    assert shown.written == ""
    assert not any(line.own.given or line.is_right for line in shown.lines)
    assert (shown.misconceptions, shown.unreadable) == ((), False)


@pytest.mark.parametrize("identifier", ["ma-102", "ma-106", "ma-112", "ma-201", "ma-203", "ma-210", *NEWER])
@pytest.mark.parametrize(
    "value",
    ["\ufffd", "zz", True, ["q"], {"q": "q"}, {"q": True}, ["a", "a", "a", "a", "a"], ["3", 4], [["a"]]],
)
def test_whatever_arrives_can_be_shown(identifier: str, value: object) -> None:
    shown = reviewed(identifier, value)
    on_the_page = any(one.is_own for one in (*shown.options, *shown.words)) or bool(shown.written)
    on_the_page = on_the_page or any(line.own.given for line in shown.lines)
    assert shown.unreadable is not on_the_page
