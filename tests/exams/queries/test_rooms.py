"""Does the board show the room as it is, trouble first, in the same number of queries for any class?"""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from pytest_django import DjangoAssertNumQueries

from accounts.enums import Role
from accounts.models import ClassGroup, Person
from accounts.queries.people import classes_invigilated_by
from exams.actions.administrations import grant_accommodation
from exams.actions.sealing import seal_due
from exams.actions.sittings import grant_time, void
from exams.models import Administration, Sitting, SittingDevice
from exams.queries.rooms import (
    RoomBoard,
    Standing,
    Tile,
    busy_administration,
    chosen_administration,
    room_administrations,
    room_board,
    rooms_of,
)
from tests.factories.accounts import NOW, make_class, make_member, make_pupil
from tests.factories.exams import make_administration, make_form
from tests.factories.journal import sit

pytestmark = pytest.mark.django_db
MINUTE = timedelta(minutes=1)


@pytest.fixture
def room() -> ClassGroup:
    return make_class()


def pupil(room: ClassGroup, family_name: str) -> Person:
    return make_pupil(room, family_name=family_name)


def sitting_of(administration: Administration, candidate: Person) -> Sitting:
    return Sitting.objects.get(administration=administration, candidate=candidate)


def board(room: ClassGroup, administration: Administration, now: datetime) -> RoomBoard:
    return room_board(room, administration, now=now, latin=False)


def only_tile(room: ClassGroup, administration: Administration, now: datetime) -> Tile:
    (tile,) = board(room, administration, now).tiles
    return tile


def test_a_pupil_who_has_not_come(room: ClassGroup) -> None:
    candidate = pupil(room, "Антић")
    administration = make_administration([room])
    tile = only_tile(room, administration, NOW)
    assert tile.standing is Standing.NOT_STARTED
    assert (tile.candidate, tile.responses, tile.n_items) == (candidate, 0, 4)
    assert (tile.last_contact, tile.minutes_since, tile.ends_at, tile.minutes_left) == (
        None,
        None,
        None,
        None,
    )
    assert tile.can_be_granted


def test_a_pupil_who_writes(room: ClassGroup) -> None:
    candidate = pupil(room, "Антић")
    administration = make_administration([room])
    sit(
        sitting_of(administration, candidate),
        {"ma-102.1": "b", "ma-116.1": {"price": "1"}},
        seen=["ma-106.1"],
        minutes=10,
        hand_in=False,
    )
    tile = only_tile(room, administration, NOW + 12 * MINUTE + timedelta(seconds=30))
    assert tile.standing is Standing.WRITING
    assert (tile.responses, tile.last_contact, tile.minutes_since) == (2, NOW + 10 * MINUTE, 2)
    # 47 minutes and a half are left: the half still counts as a minute to write in.
    assert (tile.ends_at, tile.minutes_left) == (NOW + 60 * MINUTE, 48)


def test_what_waits_for_a_decision_is_no_response_yet_but_a_sign_of_life(room: ClassGroup) -> None:
    candidate = pupil(room, "Антић")
    administration = make_administration([room])
    sit(sitting_of(administration, candidate), {"ma-999.1": "b"}, minutes=10, hand_in=False)
    tile = only_tile(room, administration, NOW + 11 * MINUTE)
    assert (tile.responses, tile.last_contact) == (0, NOW + 10 * MINUTE)


def test_silence_and_the_end_of_time(room: ClassGroup) -> None:
    candidate = pupil(room, "Антић")
    administration = make_administration([room])
    sit(sitting_of(administration, candidate), {"ma-102.1": "b"}, minutes=10, hand_in=False)
    assert only_tile(room, administration, NOW + 14 * MINUTE).standing is Standing.WRITING
    quiet = only_tile(room, administration, NOW + 15 * MINUTE)
    assert (quiet.standing, quiet.minutes_since, quiet.needs_a_look) == (Standing.QUIET, 5, True)
    over = only_tile(room, administration, NOW + 61 * MINUTE)
    assert (over.standing, over.minutes_left, over.can_be_granted) == (Standing.OVERDUE, 0, True)


def test_a_device_that_owes_events_and_one_that_has_not_said(room: ClassGroup) -> None:
    candidate = pupil(room, "Антић")
    administration = make_administration([room])
    handed_in = sit(sitting_of(administration, candidate), {"ma-102.1": "b"}, minutes=10)
    complete = only_tile(room, administration, NOW + 11 * MINUTE)
    assert (complete.standing, complete.missing, complete.is_over) == (Standing.HANDED_IN, 0, True)

    device = SittingDevice.objects.get(sitting=handed_in)
    assert device.last_seq == 3
    SittingDevice.objects.filter(pk=device.pk).update(last_seq=5)
    owing = only_tile(room, administration, NOW + 11 * MINUTE)
    assert (owing.standing, owing.missing) == (Standing.WAITING, 2)
    assert [(one.number, one.missing) for one in owing.owing] == [(1, 2)]

    # One that only fetched the paper ahead owes nothing.
    other = SittingDevice.objects.create(sitting=handed_in, device="other", epoch=2, opened_at=NOW)
    assert only_tile(room, administration, NOW + 11 * MINUTE).missing == 2
    SittingDevice.objects.filter(pk=other.pk).update(entered=True)
    silent = only_tile(room, administration, NOW + 11 * MINUTE)
    assert (silent.standing, silent.missing) == (Standing.WAITING, None)
    assert [(one.number, one.missing) for one in silent.owing] == [(1, 2), (2, None)]
    assert silent.several_devices


def test_sealed_and_voided(room: ClassGroup) -> None:
    administration_staff = make_member(room.school, Role.INVIGILATOR)
    first, second = pupil(room, "Антић"), pupil(room, "Бајић")
    administration = make_administration([room])
    sit(sitting_of(administration, first), {"ma-102.1": "b"}, minutes=10)
    seal_due(now=NOW + 11 * MINUTE)
    void(sitting=sitting_of(administration, second), reason="ill", actor=administration_staff, now=NOW)
    tiles = board(room, administration, NOW + 12 * MINUTE).tiles
    assert [tile.standing for tile in tiles] == [Standing.SEALED, Standing.VOIDED]
    assert [tile.can_be_granted for tile in tiles] == [False, False]


def test_grants_and_accommodations_show(room: ClassGroup) -> None:
    staff = make_member(room.school, Role.INVIGILATOR)
    candidate = pupil(room, "Антић")
    administration = make_administration([room])
    grant_accommodation(candidate=candidate, time_percent=150)
    sitting = sitting_of(administration, candidate)
    grant_time(sitting=sitting, seconds=600, reason="network", actor=staff, now=NOW)
    sit(sitting, {"ma-102.1": "b"}, minutes=1, hand_in=False)
    tile = only_tile(room, administration, NOW + 2 * MINUTE)
    assert (tile.granted_minutes, tile.time_percent) == (10, 150)
    assert (tile.ends_at, tile.minutes_left) == (NOW + 100 * MINUTE, 98)


def test_trouble_comes_first_and_then_names_by_the_alphabet(room: ClassGroup) -> None:
    people = [pupil(room, name) for name in ("Шобић", "Ђурић", "Антић", "Јовић", "Бајић")]
    shobic, djuric, antic, jovic, bajic = people
    administration = make_administration([room])
    sit(sitting_of(administration, shobic), {"ma-102.1": "b"}, minutes=2, hand_in=False)
    sit(sitting_of(administration, bajic), {"ma-102.1": "b"}, minutes=10)
    found = board(room, administration, NOW + 11 * MINUTE)
    assert [tile.candidate for tile in found.tiles] == [shobic, antic, djuric, jovic, bajic]
    assert (found.n_to_look_at, found.n_writing, found.n_not_started, found.n_handed_in) == (1, 1, 3, 1)


def test_pupils_of_other_classes_are_not_in_the_room(room: ClassGroup) -> None:
    other = make_class(school=room.school)
    pupil(other, "Антић")
    administration = make_administration([room, other])
    assert board(room, administration, NOW).tiles == ()


@pytest.mark.parametrize("n_pupils", [1, 3])
def test_queries_do_not_grow_with_the_class(
    room: ClassGroup, n_pupils: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    people = [pupil(room, f"Антић {number}") for number in range(n_pupils)]
    administration = make_administration([room])
    for candidate in people:
        sit(sitting_of(administration, candidate), {"ma-102.1": "b"}, minutes=5)
    with django_assert_num_queries(6):
        assert len(board(room, administration, NOW).tiles) == n_pupils


def test_which_administration_is_shown(room: ClassGroup) -> None:
    form = make_form()
    past = make_administration([room], form=form, opens_at=NOW - timedelta(days=30))
    current = make_administration([room], form=form, opens_at=NOW - MINUTE)
    coming = make_administration([room], form=form, opens_at=NOW + MINUTE)
    found = room_administrations(room)
    assert found == [coming, current, past]
    assert chosen_administration(found, "", now=NOW) == current
    assert chosen_administration(found, str(past.public_id), now=NOW) == past
    assert chosen_administration(found, "nonsense", now=NOW) == current
    assert chosen_administration([coming], "", now=NOW) == coming
    assert chosen_administration([], "", now=NOW) is None


def test_the_trial_that_is_being_written_comes_before_a_newer_one(room: ClassGroup) -> None:
    writer = pupil(room, "Антић")
    older = make_administration([room], opens_at=NOW - timedelta(days=30))
    make_administration([room], opens_at=NOW - MINUTE)
    assert busy_administration(room) == ""
    sit(sitting_of(older, writer), {"ma-102.1": "b"}, minutes=5)
    assert busy_administration(room) == str(older.public_id)


@pytest.mark.parametrize("n_pupils", [1, 3])
def test_rooms_on_the_home_page(
    room: ClassGroup, n_pupils: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    staff = make_member(room.school, Role.INVIGILATOR)
    make_pupil(make_class())
    people = [pupil(room, f"Антић {number}") for number in range(n_pupils)]
    administration = make_administration([room])
    for candidate in people:
        sit(
            sitting_of(administration, candidate),
            {"ma-102.1": "b"},
            minutes=5,
            hand_in=candidate != people[0],
        )
    with django_assert_num_queries(1):
        (found,) = rooms_of(classes_invigilated_by(staff))
    assert (found.class_group, found.n_pupils, found.n_writing, found.n_waiting) == (
        room,
        n_pupils,
        1,
        n_pupils - 1,
    )
