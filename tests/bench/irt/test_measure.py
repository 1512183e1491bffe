"""Is a goal only reached by who is fast enough and as exact, and do programs take fair turns?"""

import pytest

from scoring.irt.calibration import fit
from tests.bench.irt.data import draw
from tests.bench.irt.measure import Outcome, Quality, take_turns
from tests.bench.irt.process import Measured
from tests.bench.irt.rows import POINTS, ROWS, Row
from tests.bench.irt.table import Limit, limits, notes, table


def outcome(
    ours: float, theirs: float, *, goal: float | None, at_most: bool = False, below: float = 0.0
) -> Outcome:
    row = Row(part="2pl", title="2PL", peer="mirt", data="2pl", goal=goal, at_most=at_most)
    took = [Measured([2 * seconds, seconds], [2 * seconds, seconds]) for seconds in (ours, theirs)]
    return Outcome(row, "10 × 5", *took, Quality(below, 0.5, 0.01, "remark"))


@pytest.mark.parametrize(
    ("found", "ratio", "verdict"),
    [
        (outcome(0.1, 3.0, goal=25), 30, "reached"),
        (outcome(0.1, 2.0, goal=25), 20, "MISSED"),
        (outcome(0.1, 3.0, goal=25, below=0.02), 30, "INEXACT"),
        (outcome(0.1, 3.0, goal=None), 30, ""),
        (outcome(2.0, 1.0, goal=3, at_most=True), 2, "reached"),
        (outcome(4.0, 1.0, goal=3, at_most=True), 4, "MISSED"),
    ],
)
def test_the_ratio_is_of_the_best_runs_and_the_verdict_asks_for_exactness(found, ratio, verdict):
    assert found.ratio == pytest.approx(ratio)
    assert found.verdict == verdict
    assert found.figures()["ours"]["best"] == min(found.ours.seconds)


class Turns:
    def __init__(self, name: str, taken: list[str]) -> None:
        self.name, self.taken = name, taken

    def turn(self) -> None:
        self.taken.append(self.name)


@pytest.mark.parametrize(
    ("turns", "expected"), [(1, "ours peer ours ours"), (3, "ours peer peer ours ours peer")]
)
def test_turns_are_taken_in_pairs_that_begin_with_either(turns, expected):
    taken: list[str] = []
    take_turns(Turns("ours", taken), Turns("peer", taken), turns)
    assert taken == expected.split()


def test_every_row_stands_in_the_table_once():
    text = table([outcome(0.1, 3.0, goal=25)])
    assert "2PL, 10 × 5" in text
    assert "≥ 25  reached  remark" in text
    assert "≤ 50  MISSED" in limits([Limit("next item", 51.2, "µs", 50)])
    keys = [(row.title, row.peer, row.data) for row in ROWS]
    assert len(set(keys)) == len(keys)


def test_the_floor_has_as_many_points_as_a_calibration():
    result = fit(draw("2pl", 300, 6, seed=1)[0], model="2pl", standard_errors=False)
    assert result.grid.size == POINTS


def test_a_busy_machine_and_a_second_thread_are_told():
    found = outcome(0.1, 3.0, goal=25)
    assert notes([found]) == []
    found.theirs.cpu_seconds[:] = [9.0, 9.0]
    assert notes([found]) == ["2PL: mirt used more than one thread"]
    found.theirs.cpu_seconds[:] = [3.0, 1.5]
    assert notes([found]) == [
        "The programs had the processor 75 % of the time: repeat it on a quiet machine."
    ]
