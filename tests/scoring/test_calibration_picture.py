"""Do dots lie where their numbers say, and never with a decimal comma?"""

from __future__ import annotations

from scoring.calibration_picture import Compared, scatter


def item(before: float, now: float, **fields: object) -> Compared:
    usual = {"name": "ma-1", "se": 0.5, "flagged": False}
    return Compared(before=before, now=now, **(usual | fields))  # type: ignore[arg-type]


def test_the_middle_is_the_middle_and_up_is_harder() -> None:
    picture = scatter([item(0.0, 0.0), item(-2.0, 2.0)])
    assert (picture.dots[0].x, picture.dots[0].y) == ("160.0", "160.0")
    assert (picture.dots[1].x, picture.dots[1].y) == ("28.0", "28.0")
    assert (picture.start, picture.end) == ("28.0", "292.0")


def test_intervals_are_95_percent_and_end_where_the_picture_ends() -> None:
    (dot,) = scatter([item(0.0, 1.5)]).dots
    # 1.5 - 0.98 = 0.52 of a scale from -2 to 2 over 264 units; 2.48 is cut at 2.
    assert (dot.low, dot.high) == ("125.7", "28.0")


def test_the_scale_grows_in_whole_steps() -> None:
    assert [tick.label for tick in scatter([item(-2.4, 0.1)]).ticks] == [
        "\u22123", "\u22122", "\u22121", "0", "1", "2", "3",
    ]  # fmt: skip
    assert [tick.label for tick in scatter([item(4.2, 0.0)]).ticks] == [
        "\u22125", "\u22123", "\u22121", "1", "3", "5",
    ]  # fmt: skip


def test_flagged_items_are_drawn_on_top_and_a_held_one_has_no_interval() -> None:
    picture = scatter([item(0, 0, name="a", flagged=True), item(0, 0, name="b", se=None)])
    assert [dot.name for dot in picture.dots] == ["b", "a"]
    assert picture.dots[0].low == picture.dots[0].high == picture.dots[0].y
