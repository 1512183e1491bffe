"""Can a table be read aloud cell by cell, and scrolled by keyboard?"""

from scoring.irt.report.markup import text
from scoring.irt.report.table import Column, table, with_error
from tests.scoring.irt.report.reading import check

COLUMNS = [Column("Item", words=True), Column("b", "location"), Column("Remark", words=True)]


def test_headers_name_columns_and_rows():
    written = table("t", "Two items.", COLUMNS, [[text(name), text("1"), text("")] for name in "xy"])
    reading = check(written)
    assert [(cell["scope"], cell.get("title")) for cell in reading.all("th")] == [
        ("col", None), ("col", "location"), ("col", None), ("row", None), ("row", None),
    ]  # fmt: skip
    (region,) = (a for a in reading.all("div") if a.get("role") == "region")
    assert (region["tabindex"], region["aria-labelledby"]) == ("0", "t-caption")
    assert reading.texts[0] == "Two items."
    assert "sticky" not in written
    assert 'class="sticky"' in table("t", "", COLUMNS, [], sticky=True)


def test_an_error_stands_back():
    assert with_error("1.02", "0.05") == '1.02 <span class="se">±0.05</span>'
