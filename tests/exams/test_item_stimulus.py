"""Is what several items share read, checked and compiled like the items themselves?"""

from pathlib import Path

import pytest

from exams.item_source import compile_item, find_problems, read_item
from exams.item_stimulus import compile_stimulus, read_stimulus
from tests.exams.items.samples import CLOZE

PASSAGE = """
id = "ma-s01"
material = ["text"]

[sr]
title = "Њива и **џак**"
text = '''
Њива је {la:ager}. Цена је $x$ динара.

| дан | kg |
| --- | --- |
| уторак | 2,5 |
'''

[en]
title = "A field"
"""


@pytest.fixture
def passage(tmp_path: Path) -> Path:
    path = tmp_path / "ma-s01.stimulus.toml"
    path.write_text(PASSAGE, "utf-8")
    return path


def test_material_reaches_english_readers_in_latin_letters(passage: Path) -> None:
    source, faults = read_stimulus(passage)
    assert faults == []
    assert source is not None
    serbian, english = compile_stimulus(source, "sr"), compile_stimulus(source, "en")
    assert (serbian["id"], serbian["title"], english["title"]) == (
        "ma-s01",
        "Њива и <strong>џак</strong>",
        "A field",
    )
    assert serbian["html"].startswith('<p>Њива је <span lang="la" translate="no">ager</span>.')
    assert english["html"].startswith(
        '<div lang="sr-Latn" translate="no"><p>Njiva je <span lang="la" translate="no">ager'
    )
    assert "<td>utorak</td>" in english["html"]


def test_an_item_carries_its_stimulus_in_each_language(passage: Path) -> None:
    item = passage.with_name("ma-901.toml")
    item.write_text(CLOZE.replace("version = 1", 'version = 1\nstimulus = "ma-s01"'), "utf-8")
    assert find_problems(item) == []
    texts = compile_item(read_item(item)).texts
    assert texts["sr"]["content"]["stimulus"]["title"] == "Њива и <strong>џак</strong>"
    assert texts["en"]["content"]["stimulus"]["title"] == "A field"


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        ('id = "ma-s01"', 'id = "ma-s02"', "ma-s01 id: is 'ma-s02'"),
        ('title = "A field"', "", "ma-s01 [en] title: is missing or empty"),
        ('material = ["text"]', "", "ma-s01 [en] text: is missing or empty"),
        ("[en]", "[hu]", "ma-s01 [en]: the language is missing"),
        ('title = "A field"', 'title = "A field"\nnote = "x"', "ma-s01 [en] note: unknown name"),
        ("$x$", "$x", "ma-s01 [sr]: a dollar sign has no partner"),
        ("Њива је", "реч " * 300, "ma-s01 [sr] text: has 3"),
        ("Њива је", "Њuва је", "ma-s01 [sr] text: 'Њuва' mixes scripts"),
        ("Њива је", "<b>Њива</b> је", "ma-s01 [sr] text: <b> would be read as it stands"),
        ("Њива је", "[[x]] је", "ma-s01 [sr] text: [[x]] stands for nothing"),
        ('title = "A field"', 'title = "Њива"', "ma-s01 [en] title: the Cyrillic letter"),
        ('material = ["text"]', 'material = ["txet"]', "ma-s01 material: ['txet'] is no list of texts"),
        ('material = ["text"]', 'material = "text"', "ma-s01 material: 'text' is no list of texts"),
        ('material = ["text"]', 'material = [["text"]]', "ma-s01 material: [['text']] is no list of texts"),
        ('title = "A field"', 'title = "A field"\nlabels = "x"', "ma-s01 [en.labels]: is no table of texts"),
        ('id = "ma-s01"', 'id = "ma-s01"\nfigure = "map.svg"', "ma-s01 figure: 'map.svg' is not beside"),
    ],
)
def test_faults_of_a_stimulus_are_named_in_its_items(passage: Path, old: str, new: str, fault: str) -> None:
    assert old in PASSAGE
    passage.write_text(PASSAGE.replace(old, new, 1), "utf-8")
    item = passage.with_name("ma-901.toml")
    item.write_text(CLOZE.replace("version = 1", 'version = 1\nstimulus = "ma-s01"'), "utf-8")
    faults = [str(one) for one in find_problems(item)]
    assert any(fault in one for one in faults), faults


def test_a_stimulus_that_is_not_there(tmp_path: Path) -> None:
    item = tmp_path / "ma-901.toml"
    item.write_text(CLOZE.replace("version = 1", 'version = 1\nstimulus = "ma-s09"'), "utf-8")
    assert [str(fault) for fault in find_problems(item)] == [
        "ma-901.toml: ma-s09 stimulus: ma-s09.stimulus.toml is not beside the item "
        "(add the file or correct the name)"
    ]
