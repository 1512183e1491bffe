"""Are columns that were not calibrated left out, and faults still named by their place in the table?"""

from dataclasses import dataclass, field

import numpy as np
import pytest

from scoring.irt.ability.scorable import populations_of, scorable
from scoring.irt.calibration.result import Population
from scoring.irt.types import BoolArray, ItemParameters, MissingRule

ITEMS = ItemParameters.dichotomous([1.0, 2.0], [0.0, 1.0])


@dataclass(frozen=True)
class Outcome:
    calibrated: BoolArray
    items: ItemParameters
    omitted: MissingRule = MissingRule.CATEGORY_ZERO
    not_reached: MissingRule = MissingRule.NOT_PRESENTED
    population: Population = field(default_factory=lambda: Population.fixed(2.0, 3.0))


THREE_COLUMNS = Outcome(calibrated=np.array([True, False, True]), items=ITEMS)


def test_parameters_alone_take_every_column():
    codes, items = scorable([[1, -2], [-3, 0]], ITEMS)
    assert codes.tolist() == [[1, 0], [-1, 0]]
    assert items is ITEMS


def test_missing_rules_are_passed_on():
    codes, _ = scorable(
        [[-2, -3]], ITEMS, omitted=MissingRule.NOT_PRESENTED, not_reached=MissingRule.CATEGORY_ZERO
    )
    assert codes.tolist() == [[-1, 0]]


def test_columns_without_parameters_are_left_out_whatever_they_hold():
    codes, items = scorable([[1, 7, 0], [-1, -1, 1]], THREE_COLUMNS)
    assert codes.tolist() == [[1, 0], [-1, 1]]
    assert items.b.tolist() == [0.0, 1.0]


@pytest.mark.parametrize(
    ("responses", "message"),
    [
        ([[0, 0, 1], [0, 0, 2]], "candidate 1, item 2: no category 2"),
        ([[0, 1]], r"shape \(1, 2\), expected \(N, 3\)"),
    ],
)
def test_places_are_those_of_the_table(responses, message):
    with pytest.raises(ValueError, match=message):
        scorable(responses, THREE_COLUMNS)


def test_populations_are_those_given_before_those_of_the_calibration():
    assert populations_of(ITEMS, None, None, n_candidates=2) is None
    for items, mean, sd, expected in (
        (ITEMS, 4.0, None, ([4.0], [1.0])),
        (THREE_COLUMNS, None, None, ([2.0], [3.0])),
        (THREE_COLUMNS, [0.0, 1.0], None, ([0.0, 1.0], [3.0])),
        (THREE_COLUMNS, None, [0.5, 0.7], ([2.0], [0.7])),
    ):
        found = populations_of(items, mean, sd, n_candidates=2)
        assert found is not None
        assert (found.mean.tolist(), found.sd.tolist()) == expected
    with pytest.raises(ValueError, match="candidate 1: prior_sd must be finite and positive"):
        populations_of(THREE_COLUMNS, None, [1.0, 0.0], n_candidates=2)
