"""Who may open a room, and what does its page say?"""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from accounts.enums import Role
from accounts.models import ClassGroup, Person
from exams.models import Administration, DeviceCheck, Sitting
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


def test_the_page_has_tiles_and_links_that_work_without_scripts(
    client: Client, invigilator: Person, room: ClassGroup, sitting: Sitting
) -> None:
    page = board_of(invigilator, room, client)
    assert "Đurđa Ljubić" in page
    assert "Not started" in page
    assert f'href="/rooms/sittings/{sitting.public_id}/"' in page
    assert "exams/room/room.js" in page


def test_the_fragment_is_the_tiles_alone(
    client: Client, invigilator: Person, room: ClassGroup, sitting: Sitting
) -> None:
    fragment = board_of(invigilator, room, client, fragment="1")
    assert "Đurđa Ljubić" in fragment
    assert "<html" not in fragment


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


def test_strangers_are_sent_to_sign_in(client: Client, room: ClassGroup) -> None:
    response = client.get(reverse("room_board", args=[room.public_id]))
    assert (response.status_code, response["Location"]) == (302, reverse("sign_in"))


@pytest.mark.parametrize("n_pupils", [1, 3])
def test_queries_of_the_page(
    client: Client, invigilator: Person, room: ClassGroup, n_pupils: int,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:  # fmt: skip
    for _ in range(n_pupils):
        make_pupil(room)
    make_administration([room], now=timezone.now())
    client.force_login(invigilator)
    # Session and person, room and right, administrations, six of the board, three of what waits for a
    # decision, whether the world is simulated.
    with django_assert_num_queries(15):
        client.get(reverse("room_board", args=[room.public_id]))


# ---- before the start --------------------------------------------------------------------------------
def check(sitting: Sitting, *problems: str, days: int = 0, fit: bool | None = None) -> None:
    DeviceCheck.objects.create(
        sitting=sitting,
        device="d" * 22,
        at=timezone.now() - timedelta(days=days, minutes=5),
        fit=not problems if fit is None else fit,
        report={"browser": "Chrome 96", "problems": list(problems)},
    )


def test_without_a_check_nobody_is_ready(
    client: Client, invigilator: Person, room: ClassGroup, sitting: Sitting
) -> None:
    page = board_of(invigilator, room, client)
    assert "0 of 1 phone ready" in page
    assert "No device check yet." in page


def test_a_phone_that_is_ready(
    client: Client, invigilator: Person, room: ClassGroup, sitting: Sitting
) -> None:
    check(sitting)
    page = board_of(invigilator, room, client)
    assert "1 of 1 phone ready" in page
    assert "All ready" in page
    assert "Chrome 96" in page


@pytest.mark.parametrize(
    ("problem", "words"),
    [
        ("no_storage", "This phone keeps nothing"),
        ("little_space", "Almost no space is left"),
        ("no_crypto", "cannot keep a locked paper"),
        ("no_papers", "The paper is not on this phone yet"),
        ("old_browser", "The browser is too old"),
        ("slow_network", "The network is slow here"),
        ("of_tomorrow", "The device check reports: of_tomorrow."),
    ],
)
def test_every_problem_is_said_in_words(
    client: Client, invigilator: Person, room: ClassGroup, sitting: Sitting, problem: str, words: str
) -> None:
    check(sitting, problem)
    page = board_of(invigilator, room, client)
    assert "0 of 1 phone ready" in page
    assert words in page


def test_an_unfit_phone_without_a_reason_and_an_old_check(
    client: Client, invigilator: Person, room: ClassGroup, sitting: Sitting
) -> None:
    check(sitting, fit=False)
    assert "The device check has failed." in board_of(invigilator, room, client)
    DeviceCheck.objects.all().delete()
    check(sitting, days=8)
    page = board_of(invigilator, room, client)
    assert "more than a week ago" in page
    assert "0 of 1 phone ready" in page


def test_once_somebody_has_begun_phones_are_counted_no_more(
    client: Client, invigilator: Person, room: ClassGroup, sitting: Sitting
) -> None:
    sit(
        sitting, {"ma-102.1": "b"}, started_at=timezone.now() - timedelta(minutes=3), minutes=1, hand_in=False
    )
    assert "phone ready" not in board_of(invigilator, room, client)


def test_what_waits_for_a_decision_is_said(
    client: Client, invigilator: Person, room: ClassGroup, sitting: Sitting
) -> None:
    assert "wait for a decision" not in board_of(invigilator, room, client)
    sit(
        sitting, {"ma-999.1": "b"}, started_at=timezone.now() - timedelta(minutes=3), minutes=1, hand_in=False
    )
    page = board_of(invigilator, room, client)
    assert "The responses of 1 pupil in this class wait for a decision." in page
    assert reverse("decisions", args=[room.public_id]) in page
