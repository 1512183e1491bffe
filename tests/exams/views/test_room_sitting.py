"""What can an invigilator do for one pupil, what does it leave behind, and for whom is the door closed?"""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.enums import Role
from accounts.models import AuditEntry, ClassGroup, Person
from exams.actions.interruptions import Scope, begin_pause
from exams.actions.sittings import open_practice_sitting
from exams.enums import FormPurpose, HandInCause
from exams.models import Administration, Pause, Sitting, TimeGrant
from tests.factories.accounts import make_class, make_member, make_pupil, make_teacher
from tests.factories.exams import RELEASED_ITEMS, make_administration, make_form
from tests.factories.journal import sit

pytestmark = pytest.mark.django_db
ACTS = ("grant_time", "pause_sitting", "go_on_sitting", "hand_in_for_pupil", "reopen")


@pytest.fixture
def room() -> ClassGroup:
    return make_class(name="8-1")


@pytest.fixture
def pupil(room: ClassGroup) -> Person:
    return make_pupil(room, given_name="Ђурђа", family_name="Љубић")


@pytest.fixture
def administration(room: ClassGroup, pupil: Person) -> Administration:
    return make_administration([room], now=timezone.now())


@pytest.fixture
def sitting(administration: Administration) -> Sitting:
    return Sitting.objects.get(administration=administration)


@pytest.fixture
def invigilator(room: ClassGroup) -> Person:
    return make_member(room.school, Role.INVIGILATOR)


def begun(sitting: Sitting) -> Sitting:
    """Started three minutes ago, one response, still writing."""
    started_at = timezone.now() - timedelta(minutes=3)
    return sit(sitting, {"ma-102.1": "b"}, started_at=started_at, minutes=1, hand_in=False)


def page_of(client: Client, invigilator: Person, sitting: Sitting) -> str:
    client.force_login(invigilator)
    client.cookies["django_language"] = "en"
    response = client.get(reverse("room_sitting", args=[sitting.public_id]))
    assert response.status_code == 200
    return response.content.decode()


def do(client: Client, invigilator: Person, name: str, sitting: Sitting, **data: str) -> str:
    """The page that comes after it."""
    client.force_login(invigilator)
    client.cookies["django_language"] = "en"
    response = client.post(reverse(name, args=[sitting.public_id]), data, follow=True)
    assert response.status_code == 200
    return response.content.decode()


def test_nobody_else_may_do_anything(client: Client, room: ClassGroup, sitting: Sitting) -> None:
    before = Sitting.objects.values().get()
    elsewhere = make_member(make_class().school, Role.INVIGILATOR)
    for person in (elsewhere, make_teacher(room), make_member(room.school, Role.ANALYST)):
        client.force_login(person)
        for name in ACTS:
            data = {"minutes": "5", "reason": "network"}
            assert client.post(reverse(name, args=[sitting.public_id]), data).status_code == 404
    assert Sitting.objects.values().get() == before
    assert not (TimeGrant.objects.exists() or Pause.objects.exists() or AuditEntry.objects.exists())


def test_practice_belongs_to_the_pupil_alone(client: Client, invigilator: Person, pupil: Person) -> None:
    form = make_form(RELEASED_ITEMS, purpose=FormPurpose.PRACTICE)
    own = open_practice_sitting(form=form, candidate=pupil, now=timezone.now())
    client.force_login(invigilator)
    assert client.get(reverse("room_sitting", args=[own.public_id])).status_code == 404
    assert client.post(reverse("grant_time", args=[own.public_id]), {"minutes": "5"}).status_code == 404


# ---- time --------------------------------------------------------------------------------------------
def test_given_time_moves_the_end_and_is_recorded(
    client: Client, invigilator: Person, room: ClassGroup, administration: Administration, sitting: Sitting
) -> None:
    sit(
        sitting,
        {"ma-102.1": "b"},
        started_at=timezone.now() - timedelta(minutes=3),
        minutes=1,
        hand_in=False,
    )
    sitting.refresh_from_db()
    before = sitting.ends_at
    assert before is not None
    client.force_login(invigilator)
    client.cookies["django_language"] = "en"
    response = client.post(
        reverse("grant_time", args=[sitting.public_id]),
        {"minutes": "7", "reason": "Network failed"},
        follow=True,
    )
    expected = f"{reverse('room_board', args=[room.public_id])}?administration={administration.public_id}"
    assert response.redirect_chain == [(expected, 302)]
    assert ": 7 minutes given." in response.content.decode()
    sitting.refresh_from_db()
    assert sitting.ends_at == before + timedelta(minutes=7)
    grant = TimeGrant.objects.get()
    assert (grant.seconds, grant.reason, grant.granted_by) == (420, "Network failed", invigilator)
    entry = AuditEntry.objects.get()
    assert (entry.actor, entry.action, entry.subject) == (invigilator, "grant_time", sitting.candidate)


@pytest.mark.parametrize("name", ["grant_time", "reopen"])
@pytest.mark.parametrize(
    ("minutes", "reason", "message"),
    [
        ("0", "network", "Give at least 1 minute."),
        ("121", "network", "Give at most 120 minutes at once."),
        ("five", "network", "Write the minutes as a whole number."),
        ("", "network", "Say how many minutes."),
        ("5", " ", "Say why: the reason stays in the record of this sitting."),
        ("5", "x" * 201, "Keep the reason to 200 characters."),
    ],
)
def test_what_cannot_be_given_is_said_and_changes_nothing(
    client: Client, invigilator: Person, sitting: Sitting, name: str, minutes: str, reason: str, message: str
) -> None:
    client.force_login(invigilator)
    client.cookies["django_language"] = "en"
    data = {"minutes": minutes, "reason": reason}
    page = client.post(reverse(name, args=[sitting.public_id]), data, follow=True).content.decode()
    assert message in page
    assert not TimeGrant.objects.exists()


def test_a_sitting_that_is_over_gets_no_time(client: Client, invigilator: Person, sitting: Sitting) -> None:
    sit(sitting, {"ma-102.1": "b"}, started_at=timezone.now() - timedelta(minutes=3), minutes=1)
    client.force_login(invigilator)
    client.cookies["django_language"] = "en"
    data = {"minutes": "5", "reason": "network"}
    page = client.post(reverse("grant_time", args=[sitting.public_id]), data, follow=True).content.decode()
    assert "The time was not given: this sitting is already over." in page
    assert not TimeGrant.objects.exists()


# ---- pause -------------------------------------------------------------------------------------------
def test_one_pupil_is_paused_and_goes_on(client: Client, invigilator: Person, sitting: Sitting) -> None:
    begun(sitting)
    assert "Љубић" not in do(client, invigilator, "pause_sitting", sitting, reason="Nosebleed")
    held = Pause.objects.get()
    assert (held.sitting, held.reason, held.begun_by) == (sitting, "Nosebleed", invigilator)
    page = page_of(client, invigilator, sitting)
    assert "Time stands still." in page
    assert "Nosebleed" in page
    assert "Stop the time of this pupil" not in page
    assert "time goes on." in do(client, invigilator, "go_on_sitting", sitting)
    sitting.refresh_from_db()
    assert sitting.paused_at is None
    assert "There is no such pause any more." in do(client, invigilator, "go_on_sitting", sitting)


def test_a_pupil_of_a_paused_room_waits_for_the_room(
    client: Client, invigilator: Person, room: ClassGroup, administration: Administration, sitting: Sitting
) -> None:
    begun(sitting)
    do(client, invigilator, "pause_sitting", sitting, reason="Nosebleed")
    begin_pause(
        administration=administration, scope=Scope(class_group=room), reason="fire", actor=invigilator,
        now=timezone.now(),
    )  # fmt: skip
    assert "the whole room is paused too" in do(client, invigilator, "go_on_sitting", sitting)
    sitting.refresh_from_db()
    assert sitting.paused_at is not None


@pytest.mark.parametrize("name", ["pause_sitting", "hand_in_for_pupil"])
def test_without_a_reason_nothing_happens(
    client: Client, invigilator: Person, sitting: Sitting, name: str
) -> None:
    begun(sitting)
    assert "Say why" in do(client, invigilator, name, sitting, reason=" ")
    sitting.refresh_from_db()
    assert (sitting.state, sitting.paused_at) == ("started", None)


def test_what_is_over_is_not_paused(client: Client, invigilator: Person, sitting: Sitting) -> None:
    sit(sitting, {"ma-102.1": "b"}, started_at=timezone.now() - timedelta(minutes=3), minutes=1)
    assert "already over" in do(client, invigilator, "pause_sitting", sitting, reason="late")
    assert not Pause.objects.exists()


# ---- closing and opening -----------------------------------------------------------------------------
def test_hand_in_for_a_pupil_and_undo_it(client: Client, invigilator: Person, sitting: Sitting) -> None:
    ends_at = begun(sitting).ends_at
    assert ends_at is not None
    page = do(client, invigilator, "hand_in_for_pupil", sitting, reason="Went home ill")
    assert "Đurđa Ljubić: handed in." in page
    sitting.refresh_from_db()
    assert (sitting.state, sitting.handed_in_cause) == ("handed_in", HandInCause.INVIGILATOR)
    page = page_of(client, invigilator, sitting)
    assert "handed in by an invigilator" in page
    assert "Open again" in page
    page = do(client, invigilator, "reopen", sitting, minutes="10", reason="Came back")
    assert "open again" in page
    sitting.refresh_from_db()
    assert (sitting.state, sitting.ends_at) == ("started", ends_at + timedelta(minutes=10))
    assert [entry.action for entry in AuditEntry.objects.order_by("at", "pk")] == ["hand_in", "reopen"]
    page = page_of(client, invigilator, sitting)
    for words in ("Opened again", "Came back", "Handed in by an invigilator", "Started"):
        assert words in page


def test_who_has_not_started_cannot_be_handed_in(
    client: Client, invigilator: Person, sitting: Sitting
) -> None:
    assert "this pupil is not writing" in do(client, invigilator, "hand_in_for_pupil", sitting, reason="ill")


def test_what_the_pupil_handed_in_is_not_offered_again(
    client: Client, invigilator: Person, sitting: Sitting
) -> None:
    sit(sitting, {"ma-102.1": "b"}, started_at=timezone.now() - timedelta(minutes=3), minutes=1)
    assert reverse("reopen", args=[sitting.public_id]) not in page_of(client, invigilator, sitting)
    assert "It stays closed" in do(client, invigilator, "reopen", sitting, minutes="5", reason="please")


@pytest.mark.parametrize("state", ["ready", "started", "sealed", "voided"])
def test_the_page_offers_only_what_can_be_done(
    client: Client, invigilator: Person, sitting: Sitting, state: str
) -> None:
    now: datetime = timezone.now()
    if state != "ready":
        begun(sitting)
        Sitting.objects.update(state=state, handed_in_at=now if state == "sealed" else None)
    page = page_of(client, invigilator, sitting)
    offered = {name for name in ACTS if reverse(name, args=[sitting.public_id]) in page}
    assert offered == {
        "ready": {"grant_time", "pause_sitting"},
        "started": {"grant_time", "pause_sitting", "hand_in_for_pupil"},
    }.get(state, set())
