"""Does the ledger find what is not there any more, and nothing else?"""

from __future__ import annotations

import json
from typing import Any

import pytest

from examsite.rehearsal.ledger import Ledger, canonical, plain_id, read_journal

SITTING = "5f0c2f0e52f54f6b8a430f1f1f0a7c11"


def ledger_of(*made: tuple[str, Any], acknowledged: int) -> Ledger:
    """All of `made` came from one phone in this order, and the first so many were acknowledged."""
    ledger = Ledger()
    for item, value in made:
        ledger.made(SITTING, item, value)
    for item, _ in made[:acknowledged]:
        ledger.acknowledged(SITTING, item)
    return ledger


def found(**values: Any) -> dict[str, dict[str, str]]:
    return {SITTING: {item: canonical(value) for item, value in values.items()}}


def row(seq: int, item: str, value: Any, **other: Any) -> tuple[Any, ...]:
    fields = {"epoch": 1, "kind": "response", "verdict": "counted", "device": "d"} | other
    body = json.dumps({"seq": seq, "value": value})
    public_id = "5f0c2f0e-52f5-4f6b-8a43-0f1f1f0a7c11"
    return public_id, fields["device"], seq, fields["epoch"], fields["kind"], item, body, fields["verdict"]


def test_what_is_there_is_not_lost() -> None:
    ledger = ledger_of(("one", "a"), ("two", {"x": "3,5", "y": None}), ("one", "b"), acknowledged=3)
    assert list(ledger.losses(found(one="b", two={"y": None, "x": "3,5"}), "open")) == []
    assert ledger.n_acknowledged == 3


@pytest.mark.parametrize("shown", [None, "a", "c"])
def test_another_value_or_none_is_a_loss(shown: str | None) -> None:
    ledger = ledger_of(("one", "a"), ("one", "b"), acknowledged=2)
    (loss,) = ledger.losses(found(one=shown) if shown else {}, "journal")
    assert (loss.sitting, loss.item, loss.acknowledged, loss.road) == (SITTING, "one", '"b"', "journal")
    assert loss.found == (canonical(shown) if shown else None)


def test_a_later_value_that_arrived_without_a_word_back_is_no_loss() -> None:
    ledger = ledger_of(("one", "a"), ("one", "b"), ("one", "c"), acknowledged=1)
    assert list(ledger.losses(found(one="c"), "open")) == []
    assert list(ledger.losses(found(one="a"), "open")) == []
    assert len(list(ledger.losses(found(one="d"), "open"))) == 1


def test_what_was_never_acknowledged_may_be_missing() -> None:
    assert list(ledger_of(("one", "a"), acknowledged=0).losses({}, "open")) == []


def test_journal_is_read_by_a_rule_of_its_own() -> None:
    rows = [
        row(2, "one", "second"),
        row(1, "one", "first"),
        row(1, "one", "newer device", epoch=2, device="e"),
        row(3, "two", "kept aside", verdict="quarantined"),
        row(4, "three", True, kind="flag"),
    ]
    journal = read_journal(rows)
    assert journal.values == {SITTING: {"one": '"newer device"'}}
    assert journal.lengths == {(SITTING, "d"): (4, 4), (SITTING, "e"): (1, 1)}
    assert (journal.n_events, journal.n_quarantined) == (5, 1)


def test_deleted_row_is_missing_although_a_later_one_hides_it() -> None:
    ledger = ledger_of(("one", "a"), ("one", "b"), acknowledged=2)
    ledger.account(SITTING).highest["d"] = 2
    whole, torn = read_journal([row(1, "one", "a"), row(2, "one", "b")]), read_journal([row(2, "one", "b")])
    assert (whole.missing(ledger), list(ledger.losses(whole.values, "journal"))) == ([], [])
    assert list(ledger.losses(torn.values, "journal")) == []
    assert torn.missing(ledger) == [f"{SITTING}/d: 1 of 2 events"]
    assert read_journal([]).missing(ledger) == [f"{SITTING}/d: 0 of 2 events"]


def test_ids_of_both_databases_are_one() -> None:
    assert plain_id("5f0c2f0e-52f5-4f6b-8a43-0f1f1f0a7c11") == plain_id(SITTING) == SITTING
