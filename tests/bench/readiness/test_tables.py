"""Does everything that was measured stand in the tables, and is a missed goal told?"""

from dataclasses import replace

import numpy as np
import pytest

from tests.bench.readiness import tables
from tests.bench.readiness.judged import Judged
from tests.bench.readiness.predictions import EXACT, GATED, PARAMETERS, READINESS, UNBLURRED, Cell, measure


@pytest.fixture(scope="module")
def cells():
    return measure(80, 1, lambda line: None)


def test_every_length_kind_and_rival_has_its_line(cells):
    text = tables.readiness_table(cells, with_goals=False)
    assert [line.split()[0] for line in text.splitlines()[1::5]] == ["5", "10", "20", "40", "60"]
    assert all(text.count(f"{'':<11}{kind} ") == 5 for kind in PARAMETERS)
    beside = tables.beside_table(cells)
    assert [beside.count(name) for name in tables.BESIDE] == [5, 5, 3, 5, 5]
    narrow = tables.narrow_table(cells).splitlines()
    assert [line[:36].strip() for line in narrow[1:]] == ["oracle", READINESS, UNBLURRED, EXACT]
    assert len(tables.group_table(cells).splitlines()) == 1 + 5 * 2 * 2
    assert len(tables.parts_table(cells).splitlines()) == 1 + 5 * 3


def test_only_readiness_with_calibrated_items_has_goals(cells):
    marked = [
        line
        for line in tables.readiness_table(cells, with_goals=True).splitlines()
        if "MISSED" in line or "reached" in line
    ]
    assert len(marked) == tables.ROWS == 5 * len(GATED)
    assert not any("oracle" in line or "assumed" in line for line in marked)


def test_a_prediction_that_is_off_is_told_with_its_row_and_its_group(cells):
    cell = Cell("20", "N=250", READINESS)
    found = cells[cell]
    shifted = Judged(np.roll(found.pmf, 12, axis=1), replace(found.truth))
    told = [
        line for line in tables.misses({**cells, cell: shifted}) if line.startswith("20 responses, N=250")
    ]
    assert any("KS" in line for line in told)
    assert any("group A: coverage of 70%" in line for line in told)
    assert any("group B: coverage of 70%" in line for line in told)
