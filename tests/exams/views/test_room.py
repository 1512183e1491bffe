"""Who may open a room, what does the page say, and what does giving time leave behind?"""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from accounts.enums import Role
from accounts.models import AuditEntry, ClassGroup, Person
from exams.models import Administration, Sitting, TimeGrant
from tests.factories.accounts import make_class, make_member, make_pupil, make_teacher
from tests.factories.exams import make_administration
from tests.factories.journal import sit

pytestmark = pytest.mark.django_db


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


def board_of(person: Person, room: ClassGroup, client: Client, **query: str) -> str:
    client.force_login(person)
    client.cookies["django_language"] = "en"
    response = client.get(reverse("room_board", args=[room.public_id]), query)
    assert response.status_code == 200
    return response.content.decode()


def test_the_page_has_tiles_and_a_form_that_works_without_scripts(
    client: Client, invigilator: Person, room: ClassGroup, sitting: Sitting
) -> None:
    page = board_of(invigilator, room, client)
    assert "Đurđa Ljubić" in page
    assert "Not started" in page
    assert f'action="/rooms/sittings/{sitting.public_id}/grant/"' in page
    assert "exams/room/room.js" in page


def test_the_fragment_is_the_tiles_alone(
    client: Client, invigilator: Person, room: ClassGroup, sitting: Sitting
) -> None:
    fragment = board_of(invigilator, room, client, fragment="1")
    assert "Đurđa Ljubić" in fragment
    assert "<html" not in fragment
    assert "csrfmiddlewaretoken" in fragment


def test_names_follow_the_script(
    client: Client, invigilator: Person, room: ClassGroup, sitting: Sitting
) -> None:
    client.force_login(invigilator)
    client.cookies["django_language"] = "sr-latn"
    page = client.get(reverse("room_board", args=[room.public_id])).content.decode()
    assert "Đurđa Ljubić" in page
    assert "Ђурђа" not in page


def test_a_class_without_trials_says_what_comes(
    client: Client, invigilator: Person, room: ClassGroup
) -> None:
    assert "No trial exam for this class yet" in board_of(invigilator, room, client)


def test_only_invigilators_of_the_school_get_in(client: Client, room: ClassGroup, sitting: Sitting) -> None:
    elsewhere = make_member(make_class().school, Role.INVIGILATOR)
    for person in (elsewhere, make_teacher(room), make_member(room.school, Role.ANALYST)):
        client.force_login(person)
        assert client.get(reverse("room_board", args=[room.public_id])).status_code == 404
        data = {"minutes": "5", "reason": "network"}
        assert client.post(reverse("grant_time", args=[sitting.public_id]), data).status_code == 404
    assert not TimeGrant.objects.exists()


def test_strangers_are_sent_to_sign_in(client: Client, room: ClassGroup) -> None:
    response = client.get(reverse("room_board", args=[room.public_id]))
    assert (response.status_code, response["Location"]) == (302, reverse("sign_in"))


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
    client: Client, invigilator: Person, sitting: Sitting, minutes: str, reason: str, message: str
) -> None:
    client.force_login(invigilator)
    client.cookies["django_language"] = "en"
    data = {"minutes": minutes, "reason": reason}
    page = client.post(reverse("grant_time", args=[sitting.public_id]), data, follow=True).content.decode()
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


@pytest.mark.parametrize("n_pupils", [1, 3])
def test_queries_of_the_page(
    client: Client, invigilator: Person, room: ClassGroup, n_pupils: int,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:  # fmt: skip
    for _ in range(n_pupils):
        make_pupil(room)
    make_administration([room], now=timezone.now())
    client.force_login(invigilator)
    # Session and person, room and right, administrations, four of the board, whether the world is simulated.
    with django_assert_num_queries(10):
        client.get(reverse("room_board", args=[room.public_id]))
