"""Is everything in the bank found that fits, counted once, and nothing else?"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.errors import AccessDenied
from exams.actions.items import import_items
from exams.enums import FormPurpose, Security
from exams.models import Item, ItemVersion
from exams.queries.bank import (
    Wanted,
    bank_rows,
    coverage,
    get_form_to_print,
    get_version,
    standing_of,
    stems_of,
    trial_forms,
    variants_of,
    versions_of,
)
from tests.factories.bank import FAMILY, NEWER, OLDER, make_bank, make_printed_form, variants
from tests.factories.exams import compiled, make_form

pytestmark = pytest.mark.django_db


@pytest.fixture
def bank() -> dict[str, ItemVersion]:
    return make_bank()


def found(**wanted: Any) -> list[str]:
    return [row.name for row in bank_rows(Wanted(**wanted))]


def second_version(identifier: str) -> None:
    """The same item once more, as a correction of it comes."""
    once = compiled(identifier)
    import_items(items=[replace(once, ref=f"{identifier}.2", version=2)], subject="mathematics")


@pytest.mark.usefixtures("bank")
def test_everything_by_identifier_and_a_family_in_one_row() -> None:
    rows = bank_rows(Wanted())
    assert [row.name for row in rows] == sorted([*OLDER, "ma-501", "ma-502", FAMILY, *NEWER])
    (family,) = [row for row in rows if row.is_family]
    assert [version.item.identifier for version in family.versions] == [
        f"{FAMILY}-{n}" for n in range(1, len(variants()) + 1)
    ]
    assert all(len(row.versions) == 1 for row in rows if not row.is_family)


@pytest.mark.usefixtures("bank")
@pytest.mark.parametrize(
    ("wanted", "expected"),
    [
        ({"interaction": "hotspot"}, ["ma-993"]),
        ({"interaction": "cloze"}, ["ma-203"]),
        ({"security": "released"}, ["ma-501", "ma-502", FAMILY]),
        ({"domain": "MA.5"}, ["ma-991", "ma-992"]),
        ({"level": 2}, ["ma-112", "ma-210"]),
        ({"subject": "mathematics", "interaction": "order"}, ["ma-210", "ma-502"]),
        ({"subject": "history"}, []),
        ({"standard": "MA.1.1.2"}, ["ma-102", "ma-501", "ma-994"]),
        ({"standard": " ма.1.5"}, ["ma-991", "ma-992"]),
        ({"standard": "MA.1.1.2", "security": "trial"}, ["ma-102", "ma-994"]),
    ],
)
def test_filters(wanted: dict[str, Any], expected: list[str]) -> None:
    assert found(**wanted) == expected


@pytest.mark.usefixtures("bank")
@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("ma-99", ["ma-991", "ma-992", "ma-993", "ma-994"]),
        ("MA-702-3", [FAMILY]),
        ("права угла", ["ma-993"]),
        ("ПРАВА угла", ["ma-993"]),
        ("prava ugla", ["ma-993"]),
        ("four right angles", ["ma-993"]),
        ("straight angle", ["ma-106"]),  # in a statement
        ("MA.1.3.1", ["ma-106"]),
        ("угла права", ["ma-993"]),
        ("права кугла", []),
    ],
)
def test_words_of_what_is_read_in_any_script_and_language(words: str, expected: list[str]) -> None:
    assert found(words=words) == expected


@pytest.mark.usefixtures("bank")
def test_a_family_shows_only_the_variants_that_fit() -> None:
    (row,) = bank_rows(Wanted(words=f"{FAMILY}-2"))
    assert [version.item.identifier for version in row.versions] == [f"{FAMILY}-2"]


@pytest.mark.usefixtures("bank")
def test_only_the_newest_version_is_listed() -> None:
    second_version("ma-102")
    (row,) = bank_rows(Wanted(words="ma-102"))
    assert [version.ref for version in row.versions] == ["ma-102.2"]
    assert [version.ref for version in versions_of(get_version("ma-102.1"))] == ["ma-102.2", "ma-102.1"]


def queries(run: Callable[[], object]) -> int:
    with CaptureQueriesContext(connection) as seen:
        run()
    return len(seen)


@pytest.mark.usefixtures("bank")
def test_queries_do_not_grow() -> None:
    def read(wanted: Wanted) -> list[Any]:
        return [(row.first.item, row.first.standard.domain.code) for row in bank_rows(wanted)]

    assert queries(lambda: read(Wanted())) == 1
    assert queries(lambda: read(Wanted(words="ma"))) == 2
    assert queries(coverage) == 4


def test_stems_come_without_figures(bank: dict[str, ItemVersion]) -> None:
    stems = stems_of([bank["ma-106"].pk, bank["ma-993"].pk], "en")
    assert stems.keys() == {bank["ma-106"].pk, bank["ma-993"].pk}
    assert stems[bank["ma-993"].pk] == "<p>Tap the shapes that have exactly four right angles.</p>"


def test_variants(bank: dict[str, ItemVersion]) -> None:
    assert len(variants_of(bank[f"{FAMILY}-2"])) == len(variants())
    assert variants_of(bank["ma-102"]) == []


def test_where_an_item_stands(bank: dict[str, ItemVersion]) -> None:
    form = make_printed_form(bank)
    make_form(("ma-501",), purpose=FormPurpose.PRACTICE)
    standing = standing_of(bank["ma-106"])
    assert [(row.form, row.position) for row in standing.trials] == [(form, 2)]
    assert standing.n_practice == 0
    assert standing_of(bank["ma-501"]).n_practice == 1


def test_forms_to_print(bank: dict[str, ItemVersion]) -> None:
    form = make_printed_form(bank)
    practice = make_form(("ma-501",), purpose=FormPurpose.PRACTICE)
    assert [(one, one.n_items) for one in trial_forms()] == [(form, 10)]
    printed, versions = get_form_to_print(form.public_id)
    assert printed == form
    assert [version.item.identifier for version in versions] == [*OLDER, *NEWER]
    for closed in (practice.public_id, uuid4()):
        with pytest.raises(AccessDenied):
            get_form_to_print(closed)


def test_an_item_that_is_not_there() -> None:
    with pytest.raises(AccessDenied):
        get_version("ma-000.1")


@pytest.mark.usefixtures("bank")
def test_coverage_counts_newest_items_that_are_not_retired() -> None:
    second_version("ma-102")
    Item.objects.filter(identifier="ma-210").update(security=Security.RETIRED)
    rows = {row.domain.code: row for row in coverage()}
    assert list(rows) == ["MA.1", "MA.2", "MA.3", "MA.4", "MA.5"]
    expected = {
        code: [
            (level, number_of(code, level, "released"), number_of(code, level, "trial"))
            for level in (1, 2, 3)
        ]
        for code in rows
    }
    assert {code: list(row.levels) for code, row in rows.items()} == expected
    assert rows["MA.1"].levels[0][1] == 2 + len(variants())
    assert rows["MA.5"].levels == ((1, 0, 2), (2, 0, 0), (3, 0, 0))
    assert (rows["MA.5"].practice, rows["MA.5"].trial) == (0, 2)
    assert rows["MA.1"].n_covered == len({"MA.1.1.2", "MA.1.1.3", "MA.1.1.4"})
    assert rows["MA.1"].n_standards > rows["MA.1"].n_covered


def number_of(domain: str, level: int, security: str) -> int:
    """Items, whatever their versions."""
    return Item.objects.filter(
        security=security,
        versions__number=1,
        versions__standard__domain__code=domain,
        versions__standard__standard_level=level,
    ).count()


@pytest.mark.usefixtures("bank")
def test_of_a_family_no_more_than_five_variants_count() -> None:
    before = next(row for row in coverage() if row.domain.code == "MA.1").practice
    one = variants()[0]
    more = [replace(one, ref=f"{FAMILY}-{n}.1", identifier=f"{FAMILY}-{n}") for n in (8, 9)]
    import_items(items=more, subject="mathematics")
    after = next(row for row in coverage() if row.domain.code == "MA.1").practice
    assert len(variants()) == 5
    assert after == before
