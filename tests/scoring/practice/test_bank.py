"""Are the tables of a bank what its items say?"""

import numpy as np
import pytest

from scoring.irt.quadrature import DEFAULT_GRID
from scoring.irt.types import ItemParameters
from scoring.practice.bank import BankItem, PracticeBank
from tests.scoring.practice.small import bank_of, logistic

ROWS = [("a1", "numbers", "N1", 0.0), ("b1", "algebra", "A1", 1.0), ("a2", "numbers", "N2", -1.0)]
ZERO = int(np.flatnonzero(DEFAULT_GRID.points == 0)[0])


def test_share_and_chance_of_all_points():
    parts = PracticeBank.of(
        [BankItem("p", "algebra", "A1")], ItemParameters.partial_credit([1.0], [[-1.0, 1.0]]), [[0, 1, 3]]
    )
    weights = np.array([1.0, np.e, 1.0])
    p = weights / weights.sum()
    np.testing.assert_allclose(parts.probabilities[0, :, ZERO], p, rtol=1e-12)
    assert parts.share[0, ZERO] == pytest.approx((p[1] + 3 * p[2]) / 3, rel=1e-12)
    assert parts.whole[0, ZERO] == pytest.approx(p[2], rel=1e-12)


def test_items_are_grouped_by_domain_and_standard():
    bank = bank_of([*ROWS, ("a3", "numbers", "N1", 2.0)])
    assert bank.domain_codes == ("algebra", "numbers")
    assert bank.standard_codes == ("A1", "N1", "N2")
    assert bank.domain_of.tolist() == [1, 0, 1, 1]
    assert bank.standard_of.tolist() == [1, 0, 2, 1]
    assert bank.standard_domain.tolist() == [0, 1, 1]
    assert bank.standard_homes == (("A1", "algebra"), ("N1", "numbers"), ("N2", "numbers"))
    assert [rows.tolist() for rows in bank.standard_rows] == [[1], [0, 3], [2]]
    assert bank.standard_mean[1, ZERO] == pytest.approx((0.5 + logistic(-2)) / 2, rel=1e-12)
    assert bank.standard_shares[1][:, ZERO].tolist() == pytest.approx([0.5, logistic(-2)], rel=1e-12)
    assert [own.shape[0] for own in bank.standard_shares] == [1, 2, 1]
    assert bank.standard_index == {"A1": 0, "N1": 1, "N2": 2}
    assert bank.index == {"a1": 0, "b1": 1, "a2": 2, "a3": 3}
    assert bank.size == 4


def test_prerequisites_without_items_have_no_say():
    bank = bank_of(
        ROWS, prerequisites={"N2": ("N1", "elsewhere", "N1", "N2"), "A1": ("N2",), "gone": ("N1",)}
    )
    assert bank.builds.tolist() == [[0, 2], [2, 1]]


def test_variants_are_remembered_under_their_family():
    bank = bank_of(ROWS, families={"a1": "sums", "a2": "sums"})
    assert bank.places == {"sums": (0, 2), "b1": (1,)}
    assert bank.family_of.tolist() == [0, -1, 0]


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        ([*ROWS, ("a1", "numbers", "N1", 0.0)], "an identifier comes twice"),
        ([*ROWS, ("c1", "algebra", "N1", 0.0)], "standard N1 lies in two domains"),
    ],
)
def test_what_does_not_fit_together_is_refused(rows, message):
    with pytest.raises(ValueError, match=message):
        bank_of(rows)


def test_every_item_needs_its_parameters():
    with pytest.raises(ValueError, match="2 items with parameters for 1"):
        PracticeBank.of(
            [BankItem("a", "d", "s"), BankItem("b", "d", "s")],
            ItemParameters.dichotomous(1.0, [0.0]),
            [[0, 2]],
        )


def test_an_empty_bank_can_be_made():
    bank = bank_of([])
    assert bank.size == 0
    assert bank.standard_mean.shape == (0, DEFAULT_GRID.size)
    assert bank.standard_rows == bank.standard_shares == ()
