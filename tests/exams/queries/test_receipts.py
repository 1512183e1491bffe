"""Do pages show the receipt that the phone shows?"""

from __future__ import annotations

from datetime import timedelta

import pytest

from exams.actions.sealing import seal_due
from exams.intake.borrowed import borrowed_store
from exams.intake.protocol import receipt_code
from exams.models import ResponseEvent, Sitting
from exams.queries.receipts import Receipt, receipt_of
from tests.factories.accounts import NOW, make_class, make_pupil
from tests.factories.exams import make_administration
from tests.factories.journal import sit

pytestmark = pytest.mark.django_db


@pytest.fixture
def sitting() -> Sitting:
    group = make_class()
    make_pupil(group)
    return make_administration([group]).sittings.get()


def from_the_intake(sitting: Sitting) -> dict[str, object]:
    store = borrowed_store()
    receipt = store.receipt(store.facts(sitting.pk))
    assert receipt is not None
    return receipt


def as_the_intake_says(receipt: Receipt) -> dict[str, object]:
    return {
        "answered": receipt.answered,
        "of": receipt.of,
        "code": receipt.code,
        "handed_in_at": round(receipt.handed_in_at.timestamp() * 1000),
        "final": receipt.final,
    }


def test_same_receipt_as_the_intake(sitting: Sitting) -> None:
    sat = sit(sitting, {"ma-102.1": "b", "ma-112.1": {"x": "15"}, "ma-116.1": None}, seen=["ma-106.1"])
    receipt = receipt_of(sat)
    assert receipt is not None
    assert (receipt.answered, receipt.of, receipt.final) == (2, 4, False)
    assert as_the_intake_says(receipt) == from_the_intake(sat)
    seal_due(now=NOW)
    sat.refresh_from_db()
    sealed = receipt_of(sat)
    assert sealed is not None
    assert (sealed.final, sealed.code) == (True, receipt.code)


def test_no_receipt_before_the_hand_in(sitting: Sitting) -> None:
    assert receipt_of(sitting) is None
    assert receipt_of(sit(sitting, {"ma-102.1": "b"}, hand_in=False)) is None


def test_time_that_ran_out_gives_the_code_of_the_last_event(sitting: Sitting) -> None:
    sat = sit(sitting, {"ma-102.1": "b"}, hand_in=False)
    assert sat.ends_at is not None
    seal_due(now=sat.ends_at + timedelta(minutes=1))
    sat.refresh_from_db()
    assert sat.handed_in_cause == "time"
    receipt = receipt_of(sat)
    assert receipt is not None
    assert as_the_intake_says(receipt) == from_the_intake(sat)


def test_a_forged_hand_in_does_not_decide_the_code(sitting: Sitting) -> None:
    sat = sit(sitting, {"ma-102.1": "b"}, forged_hand_in=True)
    forged, genuine = ResponseEvent.objects.filter(sitting=sat, kind="hand_in").order_by("seq")
    assert forged.reason == "broken_chain"
    receipt = receipt_of(sat)
    assert receipt is not None
    assert receipt.code == receipt_code(bytes(genuine.digest)) != receipt_code(bytes(forged.digest))
    assert as_the_intake_says(receipt) == from_the_intake(sat)
