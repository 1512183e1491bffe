"""Does the check find each thing that was tampered with, exactly that, and nothing where all is right?"""

from __future__ import annotations

import hashlib
import io
import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection

from accounts.enums import Role
from accounts.models import Person
from accounts.queries.people import class_of
from exams.actions.decisions import decide_all
from exams.actions.sealing import seal_due
from exams.actions.sittings import grant_time
from exams.models import (
    CurrentResponse,
    Decision,
    ItemVersion,
    ResponseEvent,
    Sitting,
    SittingDevice,
    TimeGrant,
)
from scoring.actions.score import score_sittings
from scoring.models import ItemOutcomeRow, SittingScore
from tests.factories.accounts import NOW, make_class, make_member, make_pupil
from tests.factories.exams import make_administration
from tests.factories.phones import MINUTE, begin, deliver, fresh, respond, sealed_while_asleep
from tests.factories.scoring import REFERENCE_ITEMS, make_reference_form, responses, sit_form

pytestmark = pytest.mark.django_db


@pytest.fixture
def pupil() -> Person:
    return make_pupil(make_class())


@pytest.fixture
def sitting(pupil: Person) -> Sitting:
    """Sealed and scored, with time given; from its only device come ten looks, ten responses, the hand-in."""
    group = class_of(pupil)
    assert group is not None
    administration = make_administration([group], form=make_reference_form())
    actor = make_member(group.school, Role.INVIGILATOR)
    grant_time(
        sitting=administration.sittings.get(), seconds=300, reason="bell", actor=actor, now=NOW - MINUTE
    )
    sat = sit_form(administration, pupil, correct=REFERENCE_ITEMS[:6])
    seal_due(now=NOW + timedelta(hours=1))
    score_sittings(now=NOW + timedelta(hours=1))
    return fresh(sat)


def verify(*options: str) -> tuple[int, dict[str, Any]]:
    """Exit code, and what it says as JSON."""
    said = io.StringIO()
    try:
        call_command("verify", "--json", *options, stdout=said, stderr=io.StringIO())
    except SystemExit as end:
        return int(end.code or 0), json.loads(said.getvalue() or "{}")
    return 0, json.loads(said.getvalue())


def wrong(found: dict[str, Any]) -> list[tuple[str, int | None]]:
    return sorted(
        {(one["code"], one["seq"]) for one in found["findings"] if one["wrong"]},
        key=lambda pair: (pair[0], pair[1] or 0),
    )


def told(found: dict[str, Any]) -> list[tuple[str, str]]:
    return [(one["code"], one["what"]) for one in found["findings"] if not one["wrong"]]


def unlock_journal() -> None:
    """What somebody with the database in hand would do first."""
    table = " ON exams_responseevent" if connection.vendor == "postgresql" else ""
    with connection.cursor() as cursor:
        cursor.execute(f"DROP TRIGGER exams_journal_append_only{table}")


def change(seq: int, /, **columns: Any) -> Callable[[Sitting], None]:
    def tamper(sitting: Sitting) -> None:
        unlock_journal()
        assert ResponseEvent.objects.filter(sitting=sitting, seq=seq).update(**columns) == 1

    return tamper


def rewrite(seq: int, *, digest: bool, **fields: Any) -> Callable[[Sitting], None]:
    """Another text in the journal, with or without its own digest."""

    def tamper(sitting: Sitting) -> None:
        event = ResponseEvent.objects.get(sitting=sitting, seq=seq)
        body = json.dumps(json.loads(event.body) | fields, ensure_ascii=False, separators=(",", ":"))
        columns: dict[str, Any] = {"body": body}
        if digest:
            columns["digest"] = hashlib.sha256(body.encode()).digest()
        change(seq, **columns)(sitting)

    return tamper


def remove(seq: int) -> Callable[[Sitting], None]:
    return lambda sitting: void(ResponseEvent.objects.filter(sitting=sitting, seq=seq).delete())


def void(_: object) -> None:
    """A lambda that returns nothing."""


def of_sitting(**columns: Any) -> Callable[[Sitting], None]:
    return lambda sitting: void(Sitting.objects.filter(pk=sitting.pk).update(**columns))


def of_device(**columns: Any) -> Callable[[Sitting], None]:
    return lambda sitting: void(SittingDevice.objects.filter(sitting=sitting).update(**columns))


def of_first_outcome(**columns: Any) -> Callable[[Sitting], None]:
    def tamper(sitting: Sitting) -> None:
        first = ItemOutcomeRow.objects.filter(score__sitting=sitting).order_by("position").first()
        assert first is not None
        ItemOutcomeRow.objects.filter(pk=first.pk).update(**columns)

    return tamper


def foreign_response(sitting: Sitting) -> None:
    other = ItemVersion.objects.exclude(form_items__form=sitting.form).first()
    if other is None:
        of_form = ItemVersion.objects.filter(form_items__form=sitting.form).first()
        assert of_form is not None
        of_form.pk, of_form.number, of_form.ref = None, 99, "elsewhere.99"
        of_form.save()
        other = of_form
    CurrentResponse.objects.create(sitting=sitting, version=other, value="b")


def decide_what_was_judged(sitting: Sitting) -> None:
    actor = make_member(class_of(sitting.candidate).school, Role.INVIGILATOR)  # type: ignore[union-attr]
    event = ResponseEvent.objects.get(sitting=sitting, seq=1)
    Decision.objects.create(event=event, counts=False, reason="x", decided_by=actor, decided_at=NOW)


TAMPERS: dict[str, tuple[Callable[[Sitting], None], list[tuple[str, int | None]]]] = {
    # Events 1 to 10 are looks at the items, 11 to 20 the responses, 21 is the hand-in.
    "bytes": (rewrite(3, digest=False, mono=5), [("digest", 3)]),
    "bytes with their digest": (rewrite(3, digest=True, mono=5), [("chain", 4)]),
    "a value": (
        rewrite(11, digest=False, value="z"),
        [("digest", 11), ("outcome", None), ("responses", None)],
    ),
    "nonsense": (change(3, body="no event"), [("digest", 3), ("unreadable", 3)]),
    "digest": (change(21, digest=b"d" * 32), [("digest", 21)]),
    "digest in the middle": (change(3, digest=b"d" * 32), [("chain", 4), ("digest", 3)]),
    "the first link": (rewrite(1, digest=True, prev="A" * 43), [("chain", 1), ("chain", 2)]),
    "kind": (change(3, kind="flag"), [("columns", 3)]),
    "epoch": (change(3, epoch=2), [("columns", 3), ("epoch", 3)]),
    "item": (change(3, item_ref="ma-999.1"), [("columns", 3), ("item", 3)]),
    "number": (change(21, seq=30), [("columns", 30), ("sealed", None)]),
    "no verdict": (change(3, verdict=""), [("verdict", 3)]),
    "a reason without need": (change(3, reason="after_end"), [("verdict", 3)]),
    "quarantined without a reason": (
        change(11, verdict="quarantined"),
        [("outcome", None), ("responses", None), ("verdict", 11)],
    ),
    "quarantined": (
        change(11, verdict="quarantined", reason="no_clock"),
        [("outcome", None), ("responses", None)],
    ),
    "an event is gone": (remove(3), [("sealed", None)]),
    "the last event is gone": (remove(21), [("sealed", None)]),
    "device gone": (
        lambda sitting: void(SittingDevice.objects.filter(sitting=sitting).delete()),
        [("device", None)],
    ),
    "device's epoch": (of_device(epoch=0), [("epoch", seq) for seq in range(1, 22)]),
    "device open": (of_device(closed=False), [("sealed", None)]),
    "decided without need": (decide_what_was_judged, [("decision", 1)]),
    "no cause": (of_sitting(handed_in_cause=""), [("times", None)]),
    "no time of sealing": (of_sitting(sealed_at=None), [("times", None)]),
    "sealed before the hand-in": (of_sitting(sealed_at=NOW - MINUTE), [("times", None)]),
    "end": (of_sitting(ends_at=NOW), [("end", None)]),
    "granted": (of_sitting(granted_seconds=0), [("grants", None)]),
    "grant gone": (lambda _: void(TimeGrant.objects.all().delete()), [("end", None), ("grants", None)]),
    "time percent": (of_sitting(time_percent=150), [("end", None)]),
    "paused": (of_sitting(paused_at=NOW), [("pause", None)]),
    "response": (
        lambda sitting: void(CurrentResponse.objects.filter(sitting=sitting).update(value="z")),
        [("responses", None)],
    ),
    "response late": (
        lambda sitting: void(CurrentResponse.objects.filter(sitting=sitting).update(late=True)),
        [("responses", None)],
    ),
    "responses gone": (
        lambda sitting: void(CurrentResponse.objects.filter(sitting=sitting).delete()),
        [("responses", None)],
    ),
    "response to another form": (foreign_response, [("responses", None)]),
    "scored value": (of_first_outcome(value="z"), [("outcome", None)]),
    "status": (of_first_outcome(status="omitted"), [("outcome", None)]),
    "points of an item": (of_first_outcome(half_points=9), [("outcome", None), ("score", None)]),
    "outcomes gone": (
        lambda _: void(ItemOutcomeRow.objects.all().delete()),
        [("outcome", None), ("score", None)],
    ),
    "points": (
        lambda sitting: void(SittingScore.objects.filter(sitting=sitting).update(half_points=39)),
        [("score", None)],
    ),
}


def test_a_right_world_is_right(sitting: Sitting) -> None:
    code, found = verify()
    assert (code, found["findings"]) == (0, [])
    assert (found["sittings"], found["events"], found["scored"], found["not_yet_scored"]) == (1, 21, 1, 0)


@pytest.mark.parametrize("name", TAMPERS)
def test_each_thing_that_was_tampered_with(sitting: Sitting, name: str) -> None:
    tamper, expected = TAMPERS[name]
    tamper(sitting)
    code, found = verify()
    assert (code, wrong(found)) == (1, expected)
    assert {one["sitting"] for one in found["findings"]} == {str(sitting.public_id)}
    assert all(one["remedy"] for one in found["findings"])


def test_what_waits_is_told_and_not_wrong(pupil: Person) -> None:
    group = class_of(pupil)
    assert group is not None
    administration = make_administration([group], form=make_reference_form())
    rightly = responses(administration.form, REFERENCE_ITEMS)
    first, second, third = list(rightly)[:3]
    found, phone = sealed_while_asleep(
        administration.sittings.get(), {first: rightly[first]}, {second: rightly[second]}
    )
    phone.event("response", third, rightly[third])
    deliver(found, phone, [phone.event("flag", third, True)], at=NOW + timedelta(hours=49))
    deliver(found, phone, [phone.lines[1].replace(phone.clock, "other")], at=NOW + timedelta(hours=50))
    code, said = verify()
    assert code == 0
    assert said["not_yet_scored"] == 1
    assert told(said) == [
        ("missing", "1 not here: 3"),
        ("quarantined", "after_seal"),
        ("quarantined", "after_seal"),
        ("conflict", "came twice with different bytes"),
    ]
    score_sittings(now=NOW)
    code, said = verify()
    assert (code, said["scored"], said["not_yet_scored"]) == (0, 1, 0)
    actor = make_member(group.school, Role.INVIGILATOR)
    decide_all(
        sitting=found, device=phone.device, why_waiting="after_seal", counts=True, reason="slept",
        actor=actor, now=NOW,
    )  # fmt: skip
    code, said = verify()
    assert (code, said["scored"], said["not_yet_scored"]) == (0, 0, 1)
    score_sittings(now=NOW)
    code, said = verify()
    assert (code, said["scored"], wrong(said)) == (0, 1, [])
    assert [code for code, _ in told(said)] == ["missing", "conflict"]


def test_not_yet_is_not_wrong(pupil: Person) -> None:
    group = class_of(pupil)
    assert group is not None
    administration = make_administration([group], form=make_reference_form())
    assert verify()[1]["not_yet_scored"] == 0
    ready = administration.sittings.get()
    phone = begin(ready)
    rightly = responses(administration.form, REFERENCE_ITEMS)
    ref = next(iter(rightly))
    deliver(ready, phone, respond(phone, {ref: rightly[ref]}), at=NOW + 2 * MINUTE)
    deliver(ready, phone, [phone.event("hand_in", value="candidate")], at=NOW + 3 * MINUTE)
    code, said = verify()
    assert (code, said["scored"], said["not_yet_scored"], said["findings"]) == (0, 0, 1, [])
    score_sittings(now=NOW)
    assert verify()[1]["scored"] == 1
    seal_due(now=NOW + timedelta(hours=1))
    code, said = verify()
    assert (code, said["scored"], said["not_yet_scored"]) == (0, 0, 1)


def test_one_administration_and_one_sitting(sitting: Sitting) -> None:
    other = make_administration([class_of(sitting.candidate)], form=sitting.form)  # type: ignore[list-item]
    of_sitting(granted_seconds=7)(sitting)
    assert verify()[0] == 1
    assert verify("--administration", str(sitting.administration.public_id))[0] == 1  # type: ignore[union-attr]
    assert verify("--administration", str(other.public_id))[0] == 0
    assert verify("--sitting", str(sitting.public_id))[0] == 1
    assert verify("--sitting", str(other.sittings.get().public_id))[0] == 0
    assert verify("--sitting", "00000000-0000-4000-8000-000000000000")[0] == 2


def test_chunks_change_nothing(sitting: Sitting) -> None:
    group = make_class()
    pupils = [make_pupil(group) for _ in range(4)]
    administration = make_administration([group], form=sitting.form)
    for one in pupils:
        sit_form(administration, one, correct=REFERENCE_ITEMS[:2])
    of_sitting(granted_seconds=7)(sitting)
    small, large = verify("--chunk", "1")[1], verify("--chunk", "100")[1]
    assert small["findings"] == large["findings"]
    assert (small["sittings"], small["events"]) == (large["sittings"], large["events"]) == (5, 5 * 21)


def test_lines_for_people(sitting: Sitting) -> None:
    change(3, verdict="")(sitting)
    said = io.StringIO()
    with pytest.raises(SystemExit):
        call_command("verify", stdout=said)
    first, last = said.getvalue().splitlines()
    device = SittingDevice.objects.get().device
    assert first.startswith(f"WRONG verdict: sitting {sitting.public_id} {device} 3: verdict '' with reason")
    assert "Remedy: the journal was changed outside of Proba" in first
    assert last.startswith("1 sittings, 21 events, 1 scored, 0 not yet: 1 wrong, 0 waiting.")
