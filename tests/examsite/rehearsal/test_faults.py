"""Are faults read as they are meant, and happen when they should?"""

from __future__ import annotations

import random

import pytest

from examsite.rehearsal.faults import Fault, parse_fault, random_faults


def test_fault_with_settings() -> None:
    fault = parse_fault("freeze-app:at=20,for=2.5")
    assert fault == Fault("freeze-app", {"at": 20.0, "for": 2.5})
    assert str(fault) == "freeze-app:at=20,for=2.5"
    assert parse_fault(str(fault)) == fault


@pytest.mark.parametrize(
    ("text", "moments"),
    [("kill-app:every=20", [20.0, 40.0]), ("kill-app:at=7", [7.0]), ("kill-app", [20.0])],
)
def test_moments(text: str, moments: list[float]) -> None:
    assert list(parse_fault(text).moments(60.0)) == moments


@pytest.mark.parametrize(
    "text", ["", "kill-db", "kill-app:often=1", "kill-app:every=0", "kill-app:every=soon", "drop:share"]
)
def test_what_cannot_be_done_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"\w"):
        parse_fault(text)


def test_random_faults_can_be_said_again_and_suit_the_database() -> None:
    drawn = [random_faults(random.Random(seed), 100.0, sqlite=False) for seed in range(100)]
    assert all(parse_fault(str(fault)) == fault for faults in drawn for fault in faults)
    assert {fault.name for faults in drawn for fault in faults} == {"kill-app", "freeze-app", "drop"}
    on_file = [random_faults(random.Random(seed), 100.0, sqlite=True) for seed in range(100)]
    assert "restore" in {fault.name for faults in on_file for fault in faults}
    assert random_faults(random.Random(7), 50.0, sqlite=True) == random_faults(
        random.Random(7), 50.0, sqlite=True
    )
