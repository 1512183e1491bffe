"""Do pictures of the form say where it tells most?"""

import numpy as np

from scoring.irt import ItemParameters, item_information
from scoring.irt.report.form_curves import error_picture, information_picture
from tests.scoring.irt.report.reading import Reading

ITEMS = ItemParameters.dichotomous(2.0, [0.95, 1.0, 1.05])


def test_information_peaks_where_the_items_are():
    reading = Reading(information_picture("i", ITEMS, np.array([0.0, 0.1, 2.0])))
    peak = float(item_information([1.0], ITEMS).sum())
    assert f"Highest at ability 1.0, where it is {peak:.1f}. Behind: candidates." in reading.texts
    assert len(reading.all("svg")) == 2
    assert reading.ids[::2] == ["picture-i-title", "picture-i-wide-title"]


def test_errors_are_least_there_and_cut_off_elsewhere():
    reading = Reading(error_picture("e", ITEMS))
    least = float(item_information([1.0], ITEMS).sum()) ** -0.5
    assert f"Smallest at ability 1.0, where it is {least:.2f}; curve cut off at 2.5." in reading.texts
    (curve, _) = [a["d"] for a in reading.all("path") if a["class"].startswith("curve")]
    assert curve.count("M") == 1


def test_nobody():
    assert Reading(information_picture("i", ITEMS, np.zeros(0))).all("rect") == []
