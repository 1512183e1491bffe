"""Who may decide, what does the page say of both sides, and what does a word leave behind?"""

from __future__ import annotations

import json
import re
from uuid import uuid4

import pytest
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation

from accounts.enums import Role
from accounts.models import AuditEntry, ClassGroup, Person
from exams.actions.decisions import decide_all
from exams.actions.responses import read_projection
from exams.models import Decision, Sitting
from tests.exams.intake.phone import Device
from tests.factories.accounts import NOW, make_class, make_member, make_pupil, make_school, make_teacher
from tests.factories.clients import client_of
from tests.factories.exams import make_administration
from tests.factories.phones import MINUTE, begin, deliver, respond, sealed_while_asleep

pytestmark = pytest.mark.django_db

BEFORE = {"ma-102.1": "a"}
ASLEEP = {"ma-102.1": "b", "ma-112.1": {"x": "3,5"}}


@pytest.fixture
def room() -> ClassGroup:
    return make_class(name="8-1")


@pytest.fixture
def sitting(room: ClassGroup) -> Sitting:
    make_pupil(room, given_name="Ђурђа", family_name="Љубић")
    return make_administration([room]).sittings.get()


@pytest.fixture
def asleep(sitting: Sitting) -> Device:
    return sealed_while_asleep(sitting, BEFORE, ASLEEP)[1]


@pytest.fixture
def invigilator(room: ClassGroup) -> Person:
    return make_member(room.school, Role.INVIGILATOR)


def words(html: str) -> str:
    """What a reader sees, in one line."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html))


def page_of(person: Person, room: ClassGroup, language: str = "en") -> str:
    response = client_of(person, language).get(reverse("decisions", args=[room.public_id]))
    assert response.status_code == 200
    return response.content.decode()


def decide_as(person: Person, room: ClassGroup, sitting: Sitting, **fields: str) -> str:
    """The page after the decision; what is asked for by default is that everything counts."""
    data = {"sitting": str(sitting.public_id), "counts": "yes", "reason": "slept offline"} | fields
    response = client_of(person).post(reverse("decisions", args=[room.public_id]), data, follow=True)
    assert response.redirect_chain == [(reverse("decisions", args=[room.public_id]), 302)]
    return words(response.content.decode())


def test_an_empty_page_says_what_would_come(room: ClassGroup, invigilator: Person) -> None:
    assert "Nothing waits for a decision" in page_of(invigilator, room)


def test_both_sides_and_what_would_change(
    room: ClassGroup, sitting: Sitting, asleep: Device, invigilator: Person
) -> None:
    page = words(page_of(invigilator, room))
    assert "Đurđa Ljubić" in page
    assert "Came after everything was closed 2 entries" in page
    assert "Item 1 a b" in page
    assert "Item 3 no response x = 3,5" in page
    # The factories' nine o'clock is ten in Belgrade; 32 minutes later the phone took the responses.
    assert "Its own clock showed: 20 Nov, 10:32:00 " in page
    assert "Last heard of this phone before: 20 Nov, 10:02:00" in page
    assert "Arrived: 22 Nov, 10:00:00" in page
    assert "3 Item 3: x = 3,5 20 Nov, 10:32:00 22 Nov, 10:00:00" in page


def test_looking_stays_on_record(
    room: ClassGroup, sitting: Sitting, asleep: Device, invigilator: Person
) -> None:
    page_of(invigilator, room)
    entry = AuditEntry.objects.get(action="view_decisions")
    assert (entry.actor, entry.subject) == (invigilator, sitting.candidate)


def test_all_at_once_and_then_the_record_of_it(
    room: ClassGroup, sitting: Sitting, asleep: Device, invigilator: Person
) -> None:
    page = decide_as(invigilator, room, sitting, device=asleep.device, why="after_seal", seq="")
    assert "Đurđa Ljubić: 2 entries count now." in page
    assert "Nothing waits for a decision" in page
    assert "Đurđa Ljubić Came after everything was closed 2 Counts slept offline" in page
    assert read_projection(sitting).responses == ASLEEP


def test_one_of_several(room: ClassGroup, sitting: Sitting, asleep: Device, invigilator: Person) -> None:
    page = decide_as(invigilator, room, sitting, device=asleep.device, why="after_seal", seq="3", counts="no")
    assert "Đurđa Ljubić: 1 entry does not count." in page
    assert Decision.objects.get().event.seq == 3  # type: ignore[union-attr]
    assert "1 entry" in page


def test_a_conflict(room: ClassGroup, sitting: Sitting, invigilator: Person) -> None:
    phone = begin(sitting)
    (line,) = respond(phone, BEFORE)
    deliver(sitting, phone, [line], at=NOW + 2 * MINUTE)
    other = json.dumps(json.loads(line) | {"value": "<b>c"})
    deliver(sitting, phone, [other], at=NOW + 3 * MINUTE)
    page = page_of(invigilator, room)
    assert "This one counts, in place of the first" in page
    assert "&lt;b&gt;c" in page
    key = re.findall(r'name="conflict" value="(\d+)"', page)
    assert "1 entry counts now" in decide_as(invigilator, room, sitting, conflict=key[0])
    assert read_projection(sitting).responses == {"ma-102.1": "<b>c"}


def test_somebody_was_quicker(
    room: ClassGroup, sitting: Sitting, asleep: Device, invigilator: Person
) -> None:
    decide_all(
        sitting=sitting, device=asleep.device, why_waiting="after_seal", counts=False, reason="x",
        actor=invigilator, now=NOW,
    )  # fmt: skip
    page = decide_as(invigilator, room, sitting, device=asleep.device, why="after_seal")
    assert "Nothing was changed: somebody has decided this already." in page
    assert not Decision.objects.filter(counts=True).exists()


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"reason": " "}, "Say why: the reason stays in the record of this sitting."),
        ({"reason": "x" * 201}, "Keep the reason to 200 characters."),
        ({"counts": ""}, "Say whether it counts."),
        ({"counts": "perhaps"}, "Say whether it counts."),
    ],
)
def test_what_is_missing_is_said_and_nothing_decided(
    room: ClassGroup,
    sitting: Sitting,
    asleep: Device,
    invigilator: Person,
    fields: dict[str, str],
    message: str,
) -> None:
    page = decide_as(invigilator, room, sitting, **{"device": asleep.device, "why": "after_seal", **fields})
    assert message in page
    assert not Decision.objects.exists()


def test_only_invigilators_of_the_school_look_and_decide(
    room: ClassGroup, sitting: Sitting, asleep: Device
) -> None:
    outsiders = [
        make_member(make_school(), Role.INVIGILATOR),
        make_teacher(room),
        make_member(room.school, Role.ANALYST),
    ]
    address = reverse("decisions", args=[room.public_id])
    data = {
        "sitting": str(sitting.public_id), "device": asleep.device, "why": "after_seal", "counts": "yes",
        "reason": "x",
    }  # fmt: skip
    for person in outsiders:
        assert client_of(person).get(address).status_code == 404
        assert client_of(person).post(address, data).status_code == 404
    assert not Decision.objects.exists()


def test_a_sitting_of_another_room_is_not_found(
    room: ClassGroup, sitting: Sitting, asleep: Device, invigilator: Person
) -> None:
    other_room = make_class(school=room.school)
    address = reverse("decisions", args=[other_room.public_id])
    for known in (str(sitting.public_id), str(uuid4())):
        data = {
            "sitting": known, "device": asleep.device, "why": "after_seal", "counts": "yes", "reason": "x",
        }  # fmt: skip
        assert client_of(invigilator).post(address, data).status_code == 404
    assert not Decision.objects.exists()


@pytest.mark.parametrize(
    ("why", "expected"),
    [
        ("not_started", "The sitting had not begun"),
        ("voided", "The sitting was taken out"),
        ("after_seal", "Came after everything was closed"),
        ("no_clock", "No usable time"),
        ("before_start", "Dated before the start"),
        ("clock_contradiction", "Two clocks disagree"),
        ("after_end", "Given after the end"),
        ("broken_chain", "Does not follow from the entry before"),
        ("unknown_epoch", "From a turn this phone was never given"),
        ("unknown_item", "For an item that is not on this paper"),
    ],
)
def test_every_cause_has_words(why: str, expected: str) -> None:
    with translation.override("en"):
        explained = render_to_string("exams/decisions/_explained.html", {"why": why})
        assert expected in words(render_to_string("exams/decisions/_why.html", {"why": why}))
    assert len(words(explained)) > 40
