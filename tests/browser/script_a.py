"""What does the scripted pupil put down in form A, item by item?

Some of it is right, some wrong, some only partly filled; one item stays empty. Written as a pupil would:
commas, a unit behind the number, a grouped thousand, signs from the keys beside the field.
"""

from typing import Any, Final

# In the order of the form; None: looked at and left.
SCRIPT: Final[tuple[tuple[str, Any], ...]] = (
    ("ma-201.1", {"1": "d", "2": "f", "3": "b", "4": "c"}),
    ("ma-102.1", "b"),
    ("ma-203.1", {"1": "14", "2": "4"}),
    ("ma-204.1", {"x": "5,0"}),
    ("ma-205.1", "a"),
    ("ma-106.1", {"1": True, "2": False, "3": True, "4": True}),
    ("ma-207.1", "b"),
    ("ma-108.1", None),
    ("ma-209.1", {"difference": "14", "mean": "12,5 km"}),
    ("ma-210.1", ["c", "b", "d", "a"]),
    ("ma-211.1", {"value": "23"}),
    ("ma-112.1", {"x": "15", "y": "−3/4"}),
    ("ma-213.1", {"1": "e", "2": "b"}),
    ("ma-114.1", "c"),
    ("ma-215.1", {"volume": "3,6"}),
    ("ma-116.1", {"price": "4.080"}),
    ("ma-117.1", {"length": "12 km"}),
    ("ma-218.1", {"distance": "90"}),
    ("ma-119.1", {"area": "64"}),
    ("ma-220.1", {"1": False, "2": True, "3": True}),
)
