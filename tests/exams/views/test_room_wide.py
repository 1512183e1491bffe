"""What can an invigilator do to a whole room, and never beyond the own school?"""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.enums import Role
from accounts.models import AuditEntry, ClassGroup, Person
from exams.actions.interruptions import EVERYBODY, begin_pause
from exams.models import Administration, AdministrationSecret, Announcement, Pause, Sitting
from exams.queries.unlock_codes import unlock_code_for
from tests.factories.accounts import make_class, make_member, make_pupil
from tests.factories.exams import make_administration

pytestmark = pytest.mark.django_db
PAGES = ("pause_room", "go_on_room", "announce", "unlock_code")


@pytest.fixture
def room() -> ClassGroup:
    return make_class(name="8-1")


@pytest.fixture
def neighbour(room: ClassGroup) -> ClassGroup:
    return make_class(name="8-2", school=room.school)


@pytest.fixture
def elsewhere() -> ClassGroup:
    return make_class()


@pytest.fixture
def administration(room: ClassGroup, neighbour: ClassGroup, elsewhere: ClassGroup) -> Administration:
    """Everybody has started ten minutes ago: А in the room, Б in the neighbour's, В in another school."""
    for name, group in (("А", room), ("Б", neighbour), ("В", elsewhere)):
        make_pupil(group, family_name=name)
    now = timezone.now()
    made = make_administration([room, neighbour, elsewhere], now=now)
    started_at = now - timedelta(minutes=10)
    Sitting.objects.update(state="started", started_at=started_at, ends_at=started_at + timedelta(hours=1))
    return made


@pytest.fixture
def invigilator(room: ClassGroup) -> Person:
    return make_member(room.school, Role.INVIGILATOR)


@pytest.fixture
def staff(client: Client, invigilator: Person) -> Client:
    client.force_login(invigilator)
    client.cookies["django_language"] = "en"
    return client


def post(
    staff: Client, name: str, room: ClassGroup, administration: Administration, **data: str
) -> HttpResponse:
    data["administration"] = str(administration.public_id)
    response: HttpResponse = staff.post(reverse(name, args=[room.public_id]), data, follow=True)
    return response


def paused() -> str:
    rows = Sitting.objects.exclude(paused_at=None).order_by("candidate__family_name")
    return "".join(rows.values_list("candidate__family_name", flat=True))


def board_of(staff: Client, room: ClassGroup) -> str:
    return staff.get(reverse("room_board", args=[room.public_id]), {"fragment": "1"}).content.decode()


@pytest.mark.parametrize("name", PAGES)
def test_an_invigilator_of_another_school_gets_nowhere(
    client: Client, administration: Administration, room: ClassGroup, elsewhere: ClassGroup, name: str
) -> None:
    client.force_login(make_member(elsewhere.school, Role.INVIGILATOR))
    data = {"administration": str(administration.public_id), "scope": "school", "reason": "x", "text_sr": "x"}
    assert client.post(reverse(name, args=[room.public_id]), data).status_code == 404
    assert not (Pause.objects.exists() or Announcement.objects.exists() or AuditEntry.objects.exists())


@pytest.mark.parametrize("name", PAGES)
def test_a_room_without_a_trial_has_none_of_it(staff: Client, room: ClassGroup, name: str) -> None:
    assert staff.post(reverse(name, args=[room.public_id])).status_code == 404


# ---- pause -------------------------------------------------------------------------------------------
@pytest.mark.parametrize(("scope", "held"), [("room", "А"), ("school", "АБ")])
def test_time_stands_still_and_goes_on(
    staff: Client, administration: Administration, room: ClassGroup, scope: str, held: str
) -> None:
    page = post(staff, "pause_room", room, administration, scope=scope, reason="Power cut").content.decode()
    assert "Time stands still." in page
    assert paused() == held
    board = board_of(staff, room)
    assert "Power cut" in board
    assert "csrfmiddlewaretoken" in board
    assert board.count("Paused") == 1
    page = post(staff, "go_on_room", room, administration, scope=scope).content.decode()
    assert "Time goes on." in page
    assert paused() == ""
    assert (
        "There is no such pause"
        in post(staff, "go_on_room", room, administration, scope=scope).content.decode()
    )


@pytest.mark.parametrize(
    ("data", "message"),
    [
        ({"scope": "room", "reason": " "}, "Say why"),
        ({"scope": "everybody", "reason": "fire"}, "Say for whom"),
        ({"reason": "fire"}, "Say for whom"),
    ],
)
def test_what_is_missing_is_said(
    staff: Client, administration: Administration, room: ClassGroup, data: dict[str, str], message: str
) -> None:
    response = post(staff, "pause_room", room, administration, **data)
    assert (response.status_code, message in response.content.decode()) == (422, True)
    assert paused() == ""


def test_the_country_is_not_released_from_a_room(
    staff: Client, administration: Administration, room: ClassGroup, invigilator: Person
) -> None:
    begin_pause(
        administration=administration, scope=EVERYBODY, reason="Storm", actor=invigilator,
        now=timezone.now() - timedelta(hours=3, minutes=1),
    )  # fmt: skip
    board = board_of(staff, room)
    assert "Time stands still everywhere" in board
    assert "Was it forgotten?" in board
    assert reverse("go_on_room", args=[room.public_id]) not in board
    post(staff, "go_on_room", room, administration, scope="everybody")
    assert paused() == "АБВ"


# ---- announcements -----------------------------------------------------------------------------------
def test_words_to_the_room(staff: Client, administration: Administration, room: ClassGroup) -> None:
    page = post(staff, "announce", room, administration, text_sr="Још пет минута.").content.decode()
    assert "Sent." in page
    told = Announcement.objects.get()
    assert (told.class_group, told.text_sr, told.text_en) == (room, "Још пет минута.", "Још пет минута.")
    assert Sitting.objects.filter(announcement=told).count() == 1
    page = staff.get(reverse("announce", args=[room.public_id])).content.decode()
    assert "Još pet minuta." in page


@pytest.mark.parametrize("words", ["", " ", "х" * 301])
def test_words_that_will_not_do(
    staff: Client, administration: Administration, room: ClassGroup, words: str
) -> None:
    assert post(staff, "announce", room, administration, text_sr=words, text_en="Hi").status_code == 422
    assert not Announcement.objects.exists()


# ---- the unlock code ---------------------------------------------------------------------------------
@pytest.fixture
def secret(administration: Administration) -> AdministrationSecret:
    made, _ = AdministrationSecret.objects.get_or_create(
        administration=administration,
        defaults={"content_key": b"k" * 32, "hand_in_private": b"", "hand_in_public": b""},
    )
    return made


def test_the_code_is_shown_on_asking_and_that_is_written_down(
    staff: Client, administration: Administration, room: ClassGroup, secret: AdministrationSecret,
    invigilator: Person,
) -> None:  # fmt: skip
    code = unlock_code_for(administration, room)
    address = reverse("unlock_code", args=[room.public_id])
    assert code not in staff.get(address).content.decode()
    assert not AuditEntry.objects.exists()
    assert f">{code}</p>" in post(staff, "unlock_code", room, administration).content.decode()
    entry = AuditEntry.objects.get()
    assert (entry.actor, entry.action, entry.place) == (invigilator, "read_unlock_code", address)
    assert entry.detail == {"administration": str(administration.public_id)}


def test_too_early_for_the_code(
    staff: Client, administration: Administration, room: ClassGroup, secret: AdministrationSecret
) -> None:
    Administration.objects.update(opens_at=timezone.now() + timedelta(hours=1, minutes=1))
    page = post(staff, "unlock_code", room, administration).content.decode()
    assert unlock_code_for(administration, room) not in page
    assert "an hour before the window opens" in page
    assert not AuditEntry.objects.exists()
    Administration.objects.update(opens_at=timezone.now() + timedelta(minutes=59))
    assert (
        unlock_code_for(administration, room)
        in post(staff, "unlock_code", room, administration).content.decode()
    )


def test_where_nothing_is_locked(staff: Client, administration: Administration, room: ClassGroup) -> None:
    AdministrationSecret.objects.all().delete()
    assert "Nothing is locked" in post(staff, "unlock_code", room, administration).content.decode()
