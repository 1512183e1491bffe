"""Is a sound item compiled into what the contract promises, and is each fault named with its place?"""

import json
from fractions import Fraction
from pathlib import Path

import pytest

from exams.item_source import (
    ItemSourceError,
    ItemSourceErrors,
    compile_item,
    find_problems,
    read_item,
    read_items,
)
from tests.exams.items.samples import CHOICE, CLOZE, MATCH, SVG


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "ma-900.toml").write_text(CHOICE, "utf-8")
    (tmp_path / "ma-900.svg").write_text(SVG, "utf-8")
    (tmp_path / "ma-901.toml").write_text(CLOZE, "utf-8")
    (tmp_path / "ma-902.toml").write_text(MATCH, "utf-8")
    return tmp_path


def faults(folder: Path, name: str, *changes: tuple[str, str]) -> list[str]:
    """What is found in one of the sound items after replacing some of its text."""
    path = folder / f"{name}.toml"
    text = path.read_text("utf-8")
    for old, new in changes:
        assert old in text
        text = text.replace(old, new, 1)
    path.write_text(text, "utf-8")
    return [str(error) for error in find_problems(path)]


def test_read_item_gives_what_is_written(folder: Path) -> None:
    source = read_item(folder / "ma-900.toml")
    assert (source.identifier, source.version, source.ref) == ("ma-900", 2, "ma-900.2")
    assert (source.standard, source.subject, source.level, source.domain) == ("MA.2.3.2", "MA", 2, "MA.3")
    assert (source.interaction, source.security, source.half_points) == ("choice", "trial", (0, 2))
    assert source.data == {
        "width": Fraction(5, 2),
        "height": Fraction(-3),
        "price": Fraction(12500),
        "share": Fraction(3, 8),
        "town": "Ниш",
    }
    assert source.choices("sr") == {"a": "$-3$", "b": "2,5", "c": "**пет**"}
    assert source.choices("en") == {"a": "$-3$", "b": "2.5", "c": "**five**"}
    assert source.text("sr", "explanation") == "Зато што је 3/8 од −3."


def test_compiled_choice(folder: Path) -> None:
    item = compile_item(read_item(folder / "ma-900.toml"))
    assert item.ref == "ma-900.2"
    assert item.key == {"interaction": "choice", "half_points": [0, 2], "correct": "b"}
    serbian, english = (item.texts[language]["content"] for language in ("sr", "en"))
    assert list(serbian) == ["stem", "choices"]
    assert "то јест 2,5\u00a0m? Цена је 12.500\u00a0динара." in serbian["stem"]
    assert "that is 2.5\u00a0m? The price is 12,500\u00a0dinars." in english["stem"]
    assert "<mn>2,5</mn>" in serbian["stem"]
    assert serbian["choices"][1:] == [{"id": "b", "html": "2,5"}, {"id": "c", "html": "<strong>пет</strong>"}]
    assert serbian["stem"].endswith(
        '<figure class="figure"><svg viewBox="0 0 320 200" role="img" aria-label="Правоугаоник ширине 2,5 m">'
        '<rect x="10" y="10" width="250" height="100" fill="none" stroke="currentColor"></rect>'
        '<text x="20" y="130" font-size="16" fill="currentColor">страница a = 2,5 m</text></svg></figure>'
    )
    assert item.texts["en"]["solution"] == {
        "explanation": "<p>Because it is 3/8 of −3.</p>",
        "misconceptions": {"a": "<p>The sign was ignored.</p>", "c": "<p>The numbers were added.</p>"},
        "key_text": "2.5",
    }


def test_compiled_cloze(folder: Path) -> None:
    item = compile_item(read_item(folder / "ma-901.toml"))
    assert item.key == {
        "interaction": "cloze",
        "half_points": [0, 0, 1, 2],
        "gaps": {
            "1": {"accept": "choice", "correct": "b"},
            "2": {"accept": "number", "value": "12.5", "units": ["cm"]},
            "3": {"accept": "text", "values": ["призма", "prism"]},
        },
    }
    assert item.texts["sr"]["content"] == {
        "stem": "<p>Допуни.</p>",
        "text": '<p>Дужина је <span data-gap="1"></span> од <span data-gap="2"></span>. '
        'Тело је <span data-gap="3"></span>.</p>',
        "gaps": {
            "1": {"kind": "choice", "choices": [{"id": "a", "html": "мања"}, {"id": "b", "html": "већа"}]},
            "2": {"kind": "number", "unit": "cm"},
            "3": {"kind": "text"},
        },
    }
    assert item.texts["sr"]["solution"]["key_text"] == "већа; 12,5\u00a0cm; призма"


def test_compiled_match(folder: Path) -> None:
    item = compile_item(read_item(folder / "ma-902.toml"))
    assert list(item.texts["en"]["content"]) == ["stem", "rows", "choices"]
    assert item.texts["en"]["solution"]["key_text"] == "one – eleven; two – twelve"


def test_compilation_is_repeatable_and_plain_data(folder: Path) -> None:
    first, second = (compile_item(read_item(folder / "ma-901.toml")) for _ in range(2))
    assert first == second
    assert json.loads(json.dumps([first.key, first.texts])) == [first.key, first.texts]


@pytest.mark.parametrize(
    ("name", "old", "new", "fault"),
    [
        ("ma-900", 'id = "ma-900"', 'id = "ma-999"', "id: is 'ma-999'"),
        ("ma-900", "version = 2", "version = 0", "version: is not a whole number from 1"),
        ("ma-900", "MA.2.3.2", "MA.4.3.2", "standard: 'MA.4.3.2' is no code"),
        ("ma-900", '"choice"', '"drag"', "interaction: 'drag' is unknown"),
        ("ma-900", '"trial"', '"secret"', "security: 'secret' is unknown"),
        ("ma-900", "[0, 2]", "[0, 1, 2]", "half_points: has 3 numbers for 1 part(s)"),
        ("ma-900", "[0, 2]", "[0, 1]", "half_points: [0, 1] does not rise from 0 to 2"),
        ("ma-900", "[0, 2]", "[1, 2]", "half_points: [1, 2] does not rise"),
        ("ma-901", "[0, 0, 1, 2]", "[0, 1, 0, 2]", "half_points: [0, 1, 0, 2] does not rise"),
        ("ma-900", "ma-900.svg", "ma-899.svg", "figure: 'ma-899.svg' is not beside the item"),
        ("ma-900", "ma-900.svg", "../ma-900.svg", "figure: '../ma-900.svg' is not beside the item"),
        ("ma-900", "height = -3", "height = -3.5", "[data] height: -3.5 is not exact"),
        ("ma-900", "figure_alt", "figure_text", "[sr] figure_alt: is missing or empty"),
        ("ma-900", "explanation", "explanations", "[sr] explanations: unknown name"),
        ("ma-900", '"**five**"', '" "', "[en.choices] c: is not a text or empty"),
        ("ma-900", 'correct = "b"', 'correct = "e"', "key.correct: 'e' is none of the choices"),
        ("ma-900", 'correct = "b"', 'corect = "b"', "key: correct is missing"),
        ("ma-900", 'correct = "b"', 'correct = "b"\nfields = 1', "key.fields: has no meaning for choice"),
        (
            "ma-900",
            'c = "**five**"',
            'd = "**five**"',
            "[sr.choices], [en.choices]: c, d is in one language only",
        ),
        ("ma-900", 'c = "The numbers', 'b = "The numbers', "[en.misconceptions] b: is no distractor"),
        ("ma-902", '"2:c" = "Too', '"2:b" = "Too', "[en.misconceptions] 2:c: is in the other language only"),
        (
            "ma-900",
            '"Знак је занемарен."',
            '"[[depth]]"',
            "[sr.misconceptions] a: nothing in [data] is called [[depth]]",
        ),
        ("ma-900", '"**пет**"', '"$\\\\text{пет}$"', "[sr.choices] c: the command \\text"),
        ("ma-900", '"**пет**"', '"$с + 1$"', "[sr.choices] c: a Cyrillic letter stands in $с + 1$"),
        ("ma-900", '"**пет**"', '"пеt"', "[sr.choices] c: 'пеt' mixes scripts (Cyrillic: пе)"),
        ("ma-900", '"**пет**"', '"5 cм"', "[sr.choices] c: 'cм' mixes scripts"),
        ("ma-900", '"**пет**"', '"пять"', "[sr.choices] c: 'я' in 'пять' is no Serbian letter"),
        (
            "ma-900",
            '"**пет**"',
            '"тачка А је"',
            "[sr.choices] c: a Cyrillic 'А' stands alone like a variable",
        ),
        ("ma-900", '"**пет**"', '"в) пет"', "[sr.choices] c: the text begins with a label"),
        ("ma-900", '"**five**"', '"fivе"', "[en.choices] c: the Cyrillic letter 'е' stands in English"),
        ("ma-900", '"**five**"', '"$5"', "[en.choices] c: a dollar sign has no partner"),
        (
            "ma-900",
            "Зато што је [[share]] од [[height]].",
            "Zato.",
            "[sr] explanation: holds no Cyrillic letter",
        ),
        ("ma-901", 'correct = "b"', 'correct = "c"', "[sr.gaps.1]: lacks the correct choice"),
        ("ma-901", "од [[gap:2]]", "од", "[sr] text: has the gaps ['1', '3']"),
        ("ma-901", "Допуни.", "Допуни [[gap:1]].", "[sr] stem: [[gap:1]] cannot stand here"),
        ("ma-901", "од [[gap:2]]", "од $[[gap:2]]$", "[sr] text: [[gap:2]] cannot stand here"),
        (
            "ma-901",
            'value = "12.5"',
            "value = 12.5",
            "key.gaps.2.value: 12.5 is no number in quotation marks",
        ),
        ("ma-901", 'value = "12.5"', 'value = "12,5"', "key.gaps.2.value: '12,5' is no number"),
        ("ma-901", 'value = "12.5"', 'value = "12.5"\nform = "mixed"', "key.gaps.2.form: 'mixed' is unknown"),
        (
            "ma-901",
            'value = "12.5"',
            'value = "12.5"\nform = "reduced_fraction"',
            "key.gaps.2.form: the value '12.5' itself is not in the form",
        ),
        ("ma-901", 'unit = "cm"', 'units = "cm"', "key.gaps.2.units: has no meaning"),
        ("ma-901", 'unit = "cm"', 'unit = "динара"', "key 2.unit: the unit 'динара' is Cyrillic"),
        ("ma-901", 'values_sr = ["призма"]', "", "key.gaps.3.values_sr: is missing"),
        ("ma-901", 'value = "125"', 'value = "126"', "[sr.misconceptions] 2:126: is missing"),
        (
            "ma-901",
            '"2:125" = "Зарез',
            '"2:12,5" = "Зарез',
            "[sr.misconceptions] 2:12,5: is accepted as correct",
        ),
        (
            "ma-901",
            '"1:a" = "Поређење',
            '"1:b" = "Поређење',
            "[sr.misconceptions] 1:b: is no distractor of its gap",
        ),
        ("ma-902", '2 = "a" }', '2 = "b" }', "key.correct: names a choice that is missing or used twice"),
        ("ma-902", '2 = "a" }', '3 = "a" }', "key.correct: does not name exactly the rows"),
        ("ma-902", '"2:c" = "Додато', '"2:a" = "Додато', "[sr.misconceptions] 2:a: is no wrong pair"),
        ("ma-902", '"2:c" = "Додато', '"1:a" = "Додато', "nothing is said of a wrong response to 2"),
    ],
)
def test_fault_is_named_with_its_place(folder: Path, name: str, old: str, new: str, fault: str) -> None:
    found = faults(folder, name, (old, new))
    assert any(line.startswith(f"{name}.toml: ") and fault in line for line in found), found


def test_missing_language_is_named(folder: Path) -> None:
    path = folder / "ma-900.toml"
    path.write_text(CHOICE.partition("[en]")[0], "utf-8")
    fault = "ma-900.toml: [en]: the language is missing (write the item in both languages)"
    assert [str(error) for error in find_problems(path)] == [fault]


def test_missing_misconception_of_both_languages_is_named(folder: Path) -> None:
    found = faults(folder, "ma-900", ('c = "Бројеви су сабрани."', ""), ('c = "The numbers were added."', ""))
    assert found == [
        "ma-900.toml: [sr.misconceptions] c: is missing (say what is behind this response)",
        "ma-900.toml: [en.misconceptions] c: is missing (say what is behind this response)",
    ]


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        ("<rect", "<script>alert(1)</script><rect", "the element <script> is not allowed"),
        ("<rect", '<rect onclick="alert(1)"', "the attribute onclick of <rect> is not allowed"),
        ("<rect", '<rect style="fill:red"', "the attribute style"),
        ("<rect", '<rect id="r"', "the attribute id"),
        ('fill="none"', 'fill="url(http://example.org)"', "the value of fill"),
        ('viewBox="0 0 320 200"', 'viewBox="0 0 320 200" width="320"', "a width or height"),
        ('viewBox="0 0 320 200"', "", "with a viewBox"),
        ("[[side]]", "[[edge]]", "nothing is called [[edge]]"),
        ("<svg", '<!DOCTYPE svg [<!ENTITY a "b">]><svg', "document type"),
        ("</svg>", "", "not well-formed"),
    ],
)
def test_faults_of_a_figure_are_named(folder: Path, old: str, new: str, fault: str) -> None:
    assert old in SVG
    (folder / "ma-900.svg").write_text(SVG.replace(old, new, 1), "utf-8")
    found = [str(error) for error in find_problems(folder / "ma-900.toml")]
    assert len(found) == 1
    assert found[0].startswith("ma-900.toml: figure: ")
    assert fault in found[0]


@pytest.mark.parametrize(
    "text", ["", "id = ", "[key]\ncorrect = 1", "sr = 1\nen = []", 'key = "b"\ndata = 3']
)
def test_half_written_files_have_faults_and_do_not_crash(folder: Path, text: str) -> None:
    (folder / "ma-900.toml").write_text(text, "utf-8")
    assert find_problems(folder / "ma-900.toml")
    with pytest.raises(ItemSourceError):
        read_item(folder / "ma-900.toml")


def test_every_line_may_be_missing_without_a_crash(folder: Path) -> None:
    """Writers save in the middle of their work."""
    for name, text in (("ma-900", CHOICE), ("ma-901", CLOZE), ("ma-902", MATCH)):
        path = folder / f"{name}.toml"
        lines = text.splitlines()
        for index in range(len(lines)):
            path.write_text("\n".join(lines[:index] + lines[index + 1 :]), "utf-8")
            find_problems(path)
            path.write_text("\n".join(lines[:index]), "utf-8")
            assert find_problems(path) or index > len(lines) - 2
        path.write_text(text, "utf-8")


def test_read_items_lists_the_faults_of_all_files(folder: Path) -> None:
    assert [source.identifier for source in read_items(folder)] == ["ma-900", "ma-901", "ma-902"]
    faults(folder, "ma-900", ("version = 2", "version = 0"))
    faults(folder, "ma-902", ("[0, 1, 2]", "[0, 2]"))
    with pytest.raises(ItemSourceErrors) as raised:
        read_items(folder)
    assert [error.path.name for error in raised.value.errors] == ["ma-900.toml", "ma-902.toml"]
    assert str(raised.value).count("\n") == 1


def test_error_tells_place_message_and_remedy(folder: Path) -> None:
    faults(folder, "ma-900", ("MA.2.3.2", "geometry"))
    with pytest.raises(ItemSourceError) as raised:
        read_item(folder / "ma-900.toml")
    error = raised.value
    assert (error.path.name, error.place) == ("ma-900.toml", "standard")
    assert (error.message, error.remedy) == ("'geometry' is no code of a standard", 'write e.g. "MA.1.3.2"')


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('interaction = "choice"', 'interaction = ["choice"]'),
        ('interaction = "choice"', 'interaction = "extended_text"'),
        ("half_points = [0, 2]", "half_points = 2"),
        ('figure = "ma-900.svg"', 'figure = ""'),
        ('security = "trial"', 'security = "trial"\nmaterial = [["text"]]'),
        ('security = "trial"', 'security = "trial"\nstimulus = ["x"]'),
        ('security = "trial"', 'security = "trial"\nvariants = 3'),
        ('security = "trial"', 'security = "trial"\ncases = [1]'),
        ('security = "trial"', 'security = "trial"\nparameters = [2]'),
        ('correct = "b"', "correct = {a = 1}"),
    ],
)
def test_whatever_shape_a_file_has_its_faults_are_named(folder: Path, old: str, new: str) -> None:
    found = faults(folder, "ma-900", (old, new))
    assert found
    assert all(fault.startswith("ma-900.toml: ") for fault in found)


def test_a_figure_that_is_no_text(folder: Path) -> None:
    (folder / "ma-900.svg").write_bytes(b"\xff\xfe<svg/>")
    assert faults(folder, "ma-900") == [
        "ma-900.toml: figure: ma-900.svg is not readable UTF-8 (save it as SVG text)"
    ]


WORDS = """
id = "sj-903"
version = 1
standard = "SJ.1.3.4"
interaction = "select_words"
security = "released"
half_points = [0, 2]
material = ["text"]
[key]
correct = ["2"]
[sr]
stem = "Означи именицу."
text = '''[[word:1|Брзо]] тече [[word:2|река]].'''
explanation = "Река је именица."
[sr.misconceptions]
1 = "Брзо је прилог."
[en]
stem = "Select the noun."
explanation = "{sr:Reka} is a noun."
[en.misconceptions]
1 = "{sr:Brzo} is an adverb."
"""


def test_words_to_be_selected_may_stand_on_two_lines(folder: Path) -> None:
    (folder / "sj-903.toml").write_text(WORDS.replace("|река", "|велика\nрека"), "utf-8")
    item = compile_item(read_item(folder / "sj-903.toml"))
    assert item.texts["sr"]["content"]["text"] == (
        '<p><span data-word="1">Брзо</span> тече <span data-word="2">велика\nрека</span>.</p>'
    )
    assert item.texts["en"]["content"]["text"].startswith(
        '<div lang="sr-Latn" translate="no"><p><span data-word="1">Brzo</span>'
    )
    assert item.texts["en"]["solution"]["key_text"] == "velika reka"


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        ("word:2|река", "word:б|река", "the word 'б' has no number"),
        ("word:2|река", "word:2|$x$ река", "holds a formula or half of something bold"),
        ("[[word:2|река]]", "[[word:2|**река]] лети**", "holds a formula or half of something bold"),
        ('correct = ["2"]', 'correct = ["1", "2"]', "has 2 of 2"),
        ('correct = ["2"]', 'correct = ["3"]', "is not among"),
    ],
)
def test_faults_of_words_to_be_selected(folder: Path, old: str, new: str, fault: str) -> None:
    (folder / "sj-903.toml").write_text(WORDS, "utf-8")
    assert any(fault in one for one in faults(folder, "sj-903", (old, new)))
