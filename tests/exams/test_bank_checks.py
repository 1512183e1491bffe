"""Is each fault of a bank found, named with its place, and nothing said of a sound one?"""

import re
import tomllib
from pathlib import Path

import pytest

from exams.bank_checks import bank_faults, domains_without_items, standards_without_items
from exams.bank_coverage import coverage, coverage_table
from exams.bank_files import BankFileError, SubjectSource, read_bank

STANDARDS = """
subject = "biology"
[[domains]]
code = "BI.1"
sr = "Живи свет"
en = "Living things"
[[domains]]
code = "BI.2"
sr = "Грађа"
en = "Structure"
[[standards]]
code = "BI.1.1.1"
sr = "Разлике"
en = "Differences"
[[standards]]
code = "BI.1.2.1"
sr = "Ћелија"
en = "The cell"
"""
ITEM = """
id = "bi-501"
version = 1
standard = "BI.1.1.1"
interaction = "order"
security = "released"
half_points = [0, 0, 0, 0, 2]

[key]
correct = ["b", "a", "d", "c"]

[sr]
stem = "Поређај ступњеве развоја жабе од најранијег."
explanation = "Из јајета излази пуноглавац."

[sr.choices]
a = "пуноглавац"
b = "јаје"
c = "одрасла жаба"
d = "пуноглавац са ногама"

[sr.misconceptions]
"a,b,c,d" = "Развој почиње јајетом."

[en]
stem = "Put the stages of a frog's life in order, the earliest first."
explanation = "A tadpole hatches from the egg."

[en.choices]
a = "tadpole"
b = "egg"
c = "adult frog"
d = "tadpole with legs"

[en.misconceptions]
"a,b,c,d" = "It begins with the egg."
"""
TRIAL = (
    ITEM.replace('"released"', '"trial"')
    .replace("bi-501", "bi-101")
    .replace("жабе", "лептира и мољца у врту")
)
CHOICE = """
id = "bi-502"
version = 1
standard = "BI.1.2.1"
interaction = "choice"
security = "released"
half_points = [0, 2]
[key]
correct = "c"
[sr]
stem = "Шта даје енергију свакој ћелији нашег тела?"
explanation = "У митохондријама."
[sr.choices]
a = "једро"
b = "мембрана"
c = "митохондрија"
[sr.misconceptions]
a = "Једро чува упутства."
b = "Мембрана је граница."
[en]
stem = "What supplies each cell of our body with energy?"
explanation = "In mitochondria."
[en.choices]
a = "nucleus"
b = "membrane"
c = "mitochondrion"
[en.misconceptions]
a = "The nucleus keeps the instructions."
b = "The membrane is a border."
"""
FORM = """
id = "bi-a"
subject = "biology"
title_sr = "Биологија, форма А"
title_en = "Biology, form A"
items = ["bi-101"]
anchors = []
"""


@pytest.fixture
def root(tmp_path: Path) -> Path:
    for folder in ("standards", "forms", "items/biology"):
        (tmp_path / folder).mkdir(parents=True)
    (tmp_path / "standards" / "biology.toml").write_text(STANDARDS, "utf-8")
    for text in (ITEM, TRIAL, CHOICE):
        name = tomllib.loads(text)["id"]
        (tmp_path / "items" / "biology" / f"{name}.toml").write_text(text, "utf-8")
    return tmp_path


def faults(root: Path) -> list[str]:
    return [str(fault) for fault in bank_faults(read_bank(root))]


def spoil(root: Path, name: str, old: str, new: str) -> None:
    path = root / "items" / "biology" / f"{name}.toml"
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new), "utf-8")


def only(root: Path) -> SubjectSource:
    (subject,) = read_bank(root)
    return subject


def test_a_sound_bank_has_no_faults(root: Path) -> None:
    assert faults(root) == []
    assert standards_without_items(only(root)) == []
    assert domains_without_items(only(root)) == []


@pytest.mark.parametrize(
    ("name", "old", "new", "fault"),
    [
        (
            "bi-502",
            'correct = "c"',
            'correct = "e"',
            "biology/bi-502.toml key.correct: 'e' is none of the choices",
        ),
        (
            "bi-501",
            "[0, 0, 0, 0, 2]",
            "[0, 0, 0, 1, 2]",
            "bi-501 half_points: 1 half-points for 3 places right",
        ),
        (
            "bi-502",
            '"једро"',
            '"б"',
            "bi-502 [sr.choices] a: the lone letter 'б' would change with the script",
        ),
        (
            "bi-502",
            "BI.1.2.1",
            "BI.1.1.7",
            "bi-502: the standard BI.1.1.7 is unknown (add it to the framework)",
        ),
        ("bi-502", "Шта даје", "реч " * 96, "words (at most 95)"),
        ("bi-502", "нашег тела", "тела " + "и тела " * 16, "bi-502 [sr] stem: a sentence of 38 words"),
        ("bi-502", "У митохондријама", "У cунцу", "mixes scripts"),
        ("bi-502", "[en]", "[hu]", "biology/bi-502.toml [en] stem: is missing or empty"),
        (
            "bi-501",
            "half_points",
            'figure = "frog.svg"\nhalf_points',
            "figure: 'frog.svg' is not beside the item",
        ),
    ],
)
def test_faults_of_one_item(root: Path, name: str, old: str, new: str, fault: str) -> None:
    spoil(root, name, old, new)
    assert any(fault in one for one in faults(root)), faults(root)


def test_prerequisites_that_make_no_sense(root: Path) -> None:
    path = root / "standards" / "biology.toml"
    path.write_text(STANDARDS.replace('en = "The cell"', 'en = "The cell"\nrequires = ["BI.9.9.9"]'), "utf-8")
    assert faults(root) == [
        "standards/biology.toml BI.1.2.1: requires BI.9.9.9, which is no standard of this subject "
        "(correct the code)"
    ]


def test_choices_shown_in_the_order_of_the_key(root: Path) -> None:
    spoil(root, "bi-501", '"a,b,c,d"', '"d,c,b,a"')
    spoil(root, "bi-501", '["b", "a", "d", "c"]', '["a", "b", "c", "d"]')
    assert faults(root) == ["bi-501 [sr.choices]: the choices stand in the order of the key (mix them)"]


def test_choices_that_only_cyrillic_tells_apart(root: Path) -> None:
    spoil(root, "bi-502", '"једро"', '"инјекција"')
    spoil(root, "bi-502", '"мембрана"', '"ињекција"')
    assert faults(root) == ["bi-502 [sr.choices]: 2 texts read 'injekcija' in Latin (tell them apart)"]


def test_choices_that_english_does_not_tell_apart(root: Path) -> None:
    spoil(root, "bi-502", '"nucleus"', '"membrane"')
    assert faults(root) == ["bi-502 [en.choices]: 2 read 'membrane' (tell them apart)"]


def test_two_items_that_ask_the_same(root: Path) -> None:
    (root / "items" / "biology" / "bi-503.toml").write_text(CHOICE.replace("bi-502", "bi-503"), "utf-8")
    assert faults(root) == ["bi-502: asks nearly the same as bi-503 (change or remove one of them)"]


def test_variants_of_one_family_may_be_alike(root: Path) -> None:
    family = CHOICE.replace("bi-502", "bi-701").replace("[key]", "[[cases]]\nn = 1\n[[cases]]\nn = 2\n[key]")
    (root / "items" / "biology" / "bi-701.toml").write_text(family.replace("нашег", "[[n]]."), "utf-8")
    assert faults(root) == []


def test_files_that_nothing_uses(root: Path) -> None:
    (root / "items" / "biology" / "old.svg").write_text("<svg/>", "utf-8")
    assert faults(root) == ["biology/old.svg: no item uses it (remove the file or name it)"]


def test_faults_of_a_form(root: Path) -> None:
    (root / "forms" / "biology-a.toml").write_text(
        FORM.replace('["bi-101"]', '["bi-101", "bi-101", "bi-501", "bi-999"]').replace("[]", '["bi-102"]'),
        "utf-8",
    )
    assert faults(root) == [
        "forms/biology-a.toml: bi-999 is no item of biology that reads (correct the name)",
        "forms/biology-a.toml: has 4 items: 3 basic, 0 intermediate, 0 advanced (20 items: 9, 7 and 4)",
        "forms/biology-a.toml: bi-501 is released (a form holds trial items only)",
        "forms/biology-a.toml: bi-101 stands 2 times (keep it once)",
        "forms/biology-a.toml: the anchor bi-102 is not among the items (correct the name)",
    ]


def test_a_form_holds_one_variant_of_a_family(root: Path) -> None:
    family = CHOICE.replace("bi-502", "bi-701").replace("released", "trial")
    family = family.replace("[key]", "[[cases]]\nn = 1\n[[cases]]\nn = 2\n[key]")
    family = family.replace("нашег", "[[n]]. нашег")
    (root / "items" / "biology" / "bi-701.toml").write_text(family, "utf-8")
    form = FORM.replace('["bi-101"]', '["bi-701-1", "bi-701-2"]')
    (root / "forms" / "biology-a.toml").write_text(form, "utf-8")
    assert "forms/biology-a.toml: 2 variants of bi-701 (one of a family in a form)" in faults(root)


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ('subject = "biology"', 'subject = "botany"', "the subject 'botany' has no standards"),
        ("title_sr", "title_hu", "lacks title_sr"),
        ("[]", "[", "it must be readable UTF-8 TOML"),
    ],
)
def test_a_form_that_cannot_be_used_is_named(root: Path, old: str, new: str, message: str) -> None:
    (root / "forms" / "biology-a.toml").write_text(FORM.replace(old, new), "utf-8")
    with pytest.raises(BankFileError, match=re.escape("forms/biology-a.toml: ") + ".*" + re.escape(message)):
        read_bank(root)


def test_what_practice_does_not_reach(root: Path) -> None:
    (root / "items" / "biology" / "bi-502.toml").unlink()
    assert standards_without_items(only(root)) == ["BI.1.2.1"]
    assert domains_without_items(only(root)) == ["BI.2"]


def test_coverage_counts_five_variants_of_a_family(root: Path) -> None:
    cases = "".join(f"[[cases]]\nn = {number}\n" for number in range(1, 9))
    family = (
        CHOICE.replace("bi-502", "bi-701").replace("[key]", f"{cases}[key]").replace("нашег", "[[n]]. нашег")
    )
    (root / "items" / "biology" / "bi-701.toml").write_text(family, "utf-8")
    cells = {
        (row.domain, row.level, row.language): (row.practice, row.trial) for row in coverage([only(root)])
    }
    assert cells["BI.1", 1, "sr"] == (1, 1)
    assert cells["BI.2", 1, "en"] == (6, 0)
    assert cells["BI.2", 3, "sr"] == (0, 0)
    assert coverage_table([only(root)])[-1].split() == [
        "biology,", "all", "7+1", "7+1", "0+0", "0+0", "0+0", "0+0", "7+1",
    ]  # fmt: skip
