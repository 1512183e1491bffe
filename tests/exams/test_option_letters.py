"""Do options have the same letters here and on phones?"""

from __future__ import annotations

import re

from accounts.transliteration import to_latin
from exams.option_letters import LETTERS, READINGS, option_letter
from tests.architecture.source import text


def test_letters() -> None:
    assert [option_letter(2, reading) for reading in READINGS] == ["в", "v", "c"]
    assert [to_latin(letter) for letter in LETTERS["sr"]] == list(LETTERS["sr-latn"])
    assert {len(letters) for letters in LETTERS.values()} == {9}


def test_phones_have_the_same() -> None:
    source = text("exams/static/exams/js/player/labels.js")
    found = re.search(r'LETTERS = \{ sr: "(\w+)", "sr-latn": \[([^\]]*)\], en: "(\w+)" \}', source)
    assert found is not None
    serbian, latin, english = found.groups()
    assert tuple(serbian) == LETTERS["sr"]
    assert tuple(re.findall(r'"(.)"', latin)) == LETTERS["sr-latn"]
    assert tuple(english) == LETTERS["en"]
