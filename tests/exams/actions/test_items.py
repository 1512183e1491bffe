"""Sources come into the bank once, and what was seen never changes afterwards."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from django.conf import settings

from exams.actions.items import ImportRefused, import_items, import_standards
from exams.models import Domain, Item, ItemText, ItemVersion, Standard
from tests.factories.exams import compiled

pytestmark = pytest.mark.django_db
STANDARDS = settings.FIXTURES_DIR / "standards" / "mathematics.toml"
FRAMEWORK = """
subject = "mathematics"
domains = [{ code = "MA.1", sr = "Бројеви", en = "Numbers" }]
standards = [
  { code = "MA.1.1.2", sr = "упоређује", en = "compares" },
  { code = "MA.3.1.4", sr = "користи", en = "uses" },
]
"""


def test_standards_are_read_and_titles_mended(tmp_path: Path) -> None:
    path = tmp_path / "standards.toml"
    path.write_text(FRAMEWORK, encoding="utf-8")
    assert import_standards(path=path) == 2
    path.write_text(FRAMEWORK.replace("Numbers", "Number").replace("упоређује", "пореди"), encoding="utf-8")
    assert import_standards(path=path) == 2
    assert list(Domain.objects.values_list("code", "subject", "number", "title_en")) == [
        ("MA.1", "mathematics", 1, "Number")
    ]
    rows = Standard.objects.values_list("code", "domain__code", "standard_level", "number", "title_sr")
    assert list(rows) == [("MA.1.1.2", "MA.1", 1, 2, "пореди"), ("MA.3.1.4", "MA.1", 3, 4, "користи")]


def prerequisites() -> dict[str, list[str]]:
    return {
        standard.code: [before.code for before in standard.prerequisites.order_by("code")]
        for standard in Standard.objects.all()
    }


def test_prerequisites_are_those_of_the_file_at_every_import(tmp_path: Path) -> None:
    path = tmp_path / "standards.toml"
    needs = 'en = "uses", requires = ["MA.1.1.2"]'
    path.write_text(FRAMEWORK.replace('en = "uses"', needs), encoding="utf-8")
    for _ in range(2):
        import_standards(path=path)
        assert prerequisites() == {"MA.1.1.2": [], "MA.3.1.4": ["MA.1.1.2"]}
    path.write_text(FRAMEWORK, encoding="utf-8")
    import_standards(path=path)
    assert prerequisites() == {"MA.1.1.2": [], "MA.3.1.4": []}


def test_prerequisites_that_make_no_sense_are_refused_and_nothing_is_written(tmp_path: Path) -> None:
    path = tmp_path / "standards.toml"
    wrong = FRAMEWORK.replace('en = "uses"', 'en = "uses", requires = ["MA.1.1.9"]').replace(
        'en = "compares"', 'en = "compares", requires = ["MA.3.1.4"]'
    )
    path.write_text(wrong, encoding="utf-8")
    with pytest.raises(ImportRefused) as refused:
        import_standards(path=path)
    assert str(refused.value) == (
        "standards.toml MA.1.1.2: requires MA.3.1.4, which is of a higher level "
        "(turn it round, or leave it out); "
        "standards.toml MA.3.1.4: requires MA.1.1.9, which is no standard of this subject (correct the code)"
    )
    assert Standard.objects.count() == 0


def test_the_framework_of_mathematics_has_its_prerequisites() -> None:
    import_standards(path=STANDARDS)
    assert prerequisites()["MA.2.3.2"] == ["MA.1.3.2", "MA.2.2.2", "MA.2.3.1"]
    assert sum(map(len, prerequisites().values())) == 86


def test_item_comes_in_with_both_languages_once() -> None:
    import_standards(path=STANDARDS)
    item = compiled("ma-102")
    assert import_items(items=[item], subject="mathematics") == 1
    assert import_items(items=[item], subject="mathematics") == 0
    version = ItemVersion.objects.get()
    assert (version.ref, version.number, version.interaction) == ("ma-102.1", 1, item.interaction)
    assert (version.standard.code, version.key) == (item.standard, item.key)
    assert {text.language: text.content for text in version.texts.all()} == {
        language: item.texts[language]["content"] for language in ("sr", "en")
    }
    assert Item.objects.values_list("identifier", "subject", "security").get() == (
        "ma-102",
        "mathematics",
        item.security,
    )


def test_changed_content_needs_a_new_version() -> None:
    import_standards(path=STANDARDS)
    item = compiled("ma-102")
    import_items(items=[item], subject="mathematics")
    changed = replace(item, key=item.key | {"half_points": [0, 4]})
    with pytest.raises(ImportRefused, match=r"ma-102\.1 or its stimulus has changed since it was imported"):
        import_items(items=[compiled("ma-106"), changed], subject="mathematics")
    assert list(ItemVersion.objects.values_list("ref", flat=True)) == ["ma-102.1"]
    second = replace(changed, ref="ma-102.2", version=2)
    assert import_items(items=[second], subject="mathematics") == 1
    assert Item.objects.get().versions.count() == 2 and ItemText.objects.count() == 4


def test_security_follows_the_source_without_a_new_version() -> None:
    import_standards(path=STANDARDS)
    item = compiled("ma-102")
    import_items(items=[item], subject="mathematics")
    for security in ("released", "retired"):
        assert import_items(items=[replace(item, security=security)], subject="mathematics") == 0
        assert Item.objects.get().security == security


def test_unknown_standard_is_named() -> None:
    with pytest.raises(ImportRefused, match=r"ma-102\.1: standard MA\.\S+ is not in the framework; add it"):
        import_items(items=[compiled("ma-102")], subject="mathematics")
    assert not Item.objects.exists()
