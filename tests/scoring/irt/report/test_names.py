"""Are items told by name where the engine counts them?"""

from scoring.irt.report.names import named

NAMES = ["M01", "M02"]


def test_numbers_become_names():
    assert named("candidate 0, item 1: no category 3", NAMES) == 'candidate 0, item "M02": no category 3'
    assert named("item 0: every response is that of item 1", NAMES) == (
        'item "M01": every response is that of item "M02"'
    )


def test_what_is_no_item_stays():
    assert named("item 7: x; items 1 and 2; 1 item", NAMES) == "item 7: x; items 1 and 2; 1 item"
