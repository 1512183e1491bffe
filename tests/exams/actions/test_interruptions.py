"""Does time stand still exactly as long as somebody has stopped it, for exactly those they stopped?"""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.enums import Role
from accounts.models import AuditEntry, ClassGroup, Enrollment, Person
from exams.actions.interruptions import EVERYBODY, Scope, announce, begin_pause, end_pause
from exams.actions.sealing import seal_due
from exams.actions.sittings import grant_time, hand_in
from exams.enums import HandInCause
from exams.errors import IllegalTransition
from exams.models import Administration, Announcement, Pause, Sitting, SittingEvent, TimeGrant
from tests.factories.accounts import NOW, make_class, make_member, make_pupil
from tests.factories.exams import make_administration

pytestmark = pytest.mark.django_db
MINUTE = timedelta(minutes=1)
END = NOW + 60 * MINUTE


@pytest.fixture
def room() -> ClassGroup:
    return make_class()


@pytest.fixture
def neighbour(room: ClassGroup) -> ClassGroup:
    return make_class(school=room.school)


@pytest.fixture
def elsewhere() -> ClassGroup:
    return make_class()


@pytest.fixture
def administration(room: ClassGroup, neighbour: ClassGroup, elsewhere: ClassGroup) -> Administration:
    """Two pupils in the room, one in each of the other classes; all started at NOW with an hour to go."""
    for name, group in (("А", room), ("Б", room), ("В", neighbour), ("Г", elsewhere)):
        make_pupil(group, family_name=name)
    made = make_administration([room, neighbour, elsewhere])
    Sitting.objects.update(state="started", started_at=NOW, ends_at=END)
    return made


@pytest.fixture
def staff(room: ClassGroup) -> Person:
    return make_member(room.school, Role.INVIGILATOR)


def of(name: str) -> Sitting:
    return Sitting.objects.get(candidate__family_name=name)


def paused() -> str:
    rows = Sitting.objects.exclude(paused_at=None).order_by("candidate__family_name")
    return "".join(rows.values_list("candidate__family_name", flat=True))


def ends() -> dict[str, int]:
    """Minutes by which each end has moved."""
    rows = Sitting.objects.order_by("candidate__family_name").values_list("candidate__family_name", "ends_at")
    return {name: (ends_at - END) // MINUTE for name, ends_at in rows}


def pause(
    administration: Administration,
    staff: Person,
    at: datetime,
    scope: Scope = EVERYBODY,
    reason: str = "fire",
) -> Pause:
    return begin_pause(administration=administration, scope=scope, reason=reason, actor=staff, now=at)


def test_who_is_in_scope(
    administration: Administration, staff: Person, room: ClassGroup, elsewhere: ClassGroup
) -> None:
    scopes = {
        "Б": Scope(sitting=of("Б")),
        "АБ": Scope(class_group=room),
        "АБВ": Scope(school=room.school),
        "Г": Scope(school=elsewhere.school),
        "АБВГ": EVERYBODY,
    }
    for number, (expected, scope) in enumerate(scopes.items()):
        begun = NOW + number * 10 * MINUTE
        held = pause(administration, staff, begun, scope)
        assert paused() == expected
        end_pause(pause=held, actor=staff, now=begun + MINUTE)
        assert paused() == ""
    assert ends() == {"А": 3, "Б": 4, "В": 2, "Г": 2}


def test_a_scope_is_one_thing(room: ClassGroup) -> None:
    with pytest.raises(ValueError, match="one sitting, one class, one school or everybody"):
        Scope(class_group=room, school=room.school)


def test_a_sitting_of_another_administration_is_refused(
    administration: Administration, staff: Person, room: ClassGroup
) -> None:
    own = of("А")
    other = make_administration([room], form=administration.form)
    with pytest.raises(ValueError, match="is not in"):
        pause(other, staff, NOW, Scope(sitting=own))
    assert not Pause.objects.exists()


def test_everything_is_written_down(administration: Administration, staff: Person, room: ClassGroup) -> None:
    held = pause(administration, staff, NOW + MINUTE, Scope(class_group=room), reason="  Fire drill ")
    ended = end_pause(pause=held, actor=staff, now=NOW + 8 * MINUTE)
    assert (ended.reason, ended.begun_by, ended.begun_at) == ("Fire drill", staff, NOW + MINUTE)
    assert (ended.ended_by, ended.ended_at) == (staff, NOW + 8 * MINUTE)
    rows = SittingEvent.objects.filter(sitting=of("А"))
    assert [(row.kind, row.at, row.actor, row.detail) for row in rows] == [
        ("paused", NOW + MINUTE, staff, {"pause": held.pk, "reason": "Fire drill"}),
        ("resumed", NOW + 8 * MINUTE, staff, {"pause": held.pk, "reason": "Fire drill"}),
    ]
    assert SittingEvent.objects.count() == 4
    audited = AuditEntry.objects.order_by("at").values_list("action", "actor", "place", "detail__sittings")
    assert list(audited) == [
        ("pause", staff.pk, str(room.public_id), 2),
        ("end_pause", staff.pk, str(room.public_id), 2),
    ]


def test_a_pause_of_one_pupil_is_audited_with_the_pupil(
    administration: Administration, staff: Person
) -> None:
    pause(administration, staff, NOW, Scope(sitting=of("А")))
    assert AuditEntry.objects.get().subject == of("А").candidate


@pytest.mark.parametrize("reason", ["", "  "])
def test_without_a_reason_nothing_is_paused(
    administration: Administration, staff: Person, reason: str
) -> None:
    with pytest.raises(ValueError, match="reason"):
        pause(administration, staff, NOW, reason=reason)
    assert paused() == ""


def test_twice_is_once(administration: Administration, staff: Person) -> None:
    first = pause(administration, staff, NOW)
    assert pause(administration, staff, NOW + MINUTE) == first
    end_pause(pause=first, actor=staff, now=NOW + 5 * MINUTE)
    again = end_pause(pause=first, actor=staff, now=NOW + 9 * MINUTE)
    assert again.ended_at == NOW + 5 * MINUTE
    assert set(ends().values()) == {5}
    assert (Pause.objects.count(), SittingEvent.objects.count(), AuditEntry.objects.count()) == (1, 8, 2)


def test_room_inside_country_and_beyond_it(
    administration: Administration, staff: Person, room: ClassGroup
) -> None:
    inner = pause(administration, staff, NOW + 10 * MINUTE, Scope(class_group=room))
    outer = pause(administration, staff, NOW + 15 * MINUTE)
    end_pause(pause=inner, actor=staff, now=NOW + 20 * MINUTE)
    assert paused() == "АБВГ"
    # The room's events say that its time stood still from the first pause to the end of the last.
    end_pause(pause=outer, actor=staff, now=NOW + 30 * MINUTE)
    assert ends() == {"А": 20, "Б": 20, "В": 15, "Г": 15}
    kinds = SittingEvent.objects.filter(sitting=of("А")).values_list("kind", "at")
    assert list(kinds) == [("paused", NOW + 10 * MINUTE), ("resumed", NOW + 30 * MINUTE)]


def test_two_pauses_at_the_same_moment(
    administration: Administration, staff: Person, room: ClassGroup
) -> None:
    one, other = pause(administration, staff, NOW, Scope(class_group=room)), pause(administration, staff, NOW)
    assert SittingEvent.objects.filter(sitting=of("А")).count() == 1
    for held in (other, one):
        end_pause(pause=held, actor=staff, now=NOW + MINUTE)
    assert set(ends().values()) == {1}


def test_a_sitting_that_was_handed_in_stays_as_it_is(administration: Administration, staff: Person) -> None:
    hand_in(sitting=of("А"), cause=HandInCause.CANDIDATE, at=NOW + MINUTE, actor=None)
    held = pause(administration, staff, NOW + 2 * MINUTE)
    hand_in(sitting=of("Б"), cause=HandInCause.CANDIDATE, at=NOW + 3 * MINUTE, actor=None)
    end_pause(pause=held, actor=staff, now=NOW + 7 * MINUTE)
    assert ends() == {"А": 0, "Б": 0, "В": 5, "Г": 5}
    assert paused() == ""
    with pytest.raises(IllegalTransition, match="'handed_in' to 'paused'"):
        pause(administration, staff, NOW + 8 * MINUTE, Scope(sitting=of("А")))
    assert Pause.objects.count() == 1


def test_nobody_is_closed_while_time_stands_still(administration: Administration, staff: Person) -> None:
    held = pause(administration, staff, END - MINUTE)
    assert seal_due(now=END + 10 * MINUTE) == 0
    end_pause(pause=held, actor=staff, now=END + 10 * MINUTE)
    assert seal_due(now=END + 10 * MINUTE) == 0
    assert set(ends().values()) == {11}


def test_started_by_code_during_the_pause(administration: Administration, staff: Person) -> None:
    Sitting.objects.filter(pk=of("А").pk).update(state="ready", started_at=None, ends_at=None)
    held = pause(administration, staff, NOW)
    begun = NOW + 4 * MINUTE
    Sitting.objects.filter(pk=of("А").pk).update(
        state="started", started_at=begun, ends_at=begun + 60 * MINUTE
    )
    end_pause(pause=held, actor=staff, now=NOW + 10 * MINUTE)
    # It stood still for the six minutes that it knew of.
    assert ends() == {"А": 10, "Б": 10, "В": 10, "Г": 10}


def test_a_pupil_who_changes_class_is_not_left_behind(
    administration: Administration, staff: Person, room: ClassGroup, elsewhere: ClassGroup
) -> None:
    held = pause(administration, staff, NOW, Scope(class_group=room))
    Enrollment.objects.filter(person=of("А").candidate).update(class_group=elsewhere)
    end_pause(pause=held, actor=staff, now=NOW + 5 * MINUTE)
    assert paused() == ""
    assert ends()["А"] == 5


def test_a_clock_that_runs_behind_takes_nothing_away(administration: Administration, staff: Person) -> None:
    held = pause(administration, staff, NOW + MINUTE)
    ended = end_pause(pause=held, actor=staff, now=NOW)
    assert ended.ended_at == held.begun_at
    assert set(ends().values()) == {0}


def test_the_close_of_the_window_does_not_eat_a_pause(administration: Administration, staff: Person) -> None:
    Administration.objects.update(closes_at=END)
    administration.refresh_from_db()
    end_pause(pause=pause(administration, staff, NOW), actor=staff, now=NOW + 30 * MINUTE)
    assert set(ends().values()) == {30}


@pytest.mark.parametrize(
    ("closes", "begun", "ended", "percent", "granted"),
    [
        (None, 0, 30, 100, 0),  # no close
        (120, 0, 30, 100, 0),  # the close is far
        (70, 0, 30, 100, 20),  # 60 minutes before the pause, 40 after it
        (70, 0, 90, 100, 80),  # the window closed during the pause
        (70, 0, 30, 150, 30),  # extra time had been cut by the close already: 70 before, 40 after
        (70, -90, -60, 100, 0),  # over before the window opened
        (70, -90, 30, 100, 20),  # counts from the opening on
        (70, 71, 80, 100, 0),  # too late to start anyway
    ],
)
def test_who_waits_through_a_pause_keeps_the_time_before_the_close(
    administration: Administration, staff: Person, closes: int | None, begun: int, ended: int,
    percent: int, granted: int,
) -> None:  # fmt: skip
    Administration.objects.update(opens_at=NOW, closes_at=None if closes is None else NOW + closes * MINUTE)
    administration.refresh_from_db()
    Sitting.objects.update(state="ready", started_at=None, ends_at=None, time_percent=percent)
    held = pause(administration, staff, NOW + begun * MINUTE, reason="power cut")
    end_pause(pause=held, actor=staff, now=NOW + ended * MINUTE)
    assert set(Sitting.objects.values_list("granted_seconds", "ends_at")) == {(granted * 60, None)}
    grants = set(TimeGrant.objects.values_list("seconds", "reason", "granted_by"))
    assert grants == ({(granted * 60, "power cut", staff.pk)} if granted else set())


def test_a_grant_during_the_pause_adds_up(administration: Administration, staff: Person) -> None:
    held = pause(administration, staff, NOW)
    grant_time(sitting=of("А"), seconds=300, reason="", actor=staff, now=NOW + MINUTE)
    end_pause(pause=held, actor=staff, now=NOW + 10 * MINUTE)
    assert ends() == {"А": 15, "Б": 10, "В": 10, "Г": 10}


@pytest.mark.parametrize("n_pupils", [1, 40])
def test_a_country_is_paused_in_as_many_statements_as_one_pupil(
    administration: Administration, staff: Person, room: ClassGroup, n_pupils: int
) -> None:
    for _ in range(n_pupils):
        pupil = make_pupil(room)
        Sitting.objects.create(
            administration=administration, form=administration.form, candidate=pupil, created_at=NOW
        )
    with CaptureQueriesContext(connection) as begun:
        held = pause(administration, staff, NOW)
    with CaptureQueriesContext(connection) as ended:
        end_pause(pause=held, actor=staff, now=NOW + MINUTE)
    changes = [
        query["sql"].split()[0] + " " + query["sql"].split()[2].strip('"').removeprefix("exams_")
        for query in (*begun, *ended)
        if query["sql"].startswith(("UPDATE", "INSERT"))
    ]
    assert [one for one in changes if "itting" in one] == ["INSERT sittingevent", "INSERT sittingevent"]
    updates = [
        query["sql"] for query in (*begun, *ended) if query["sql"].startswith('UPDATE "exams_sitting"')
    ]
    assert len(updates) == 2
    assert SittingEvent.objects.count() == 2 * (4 + n_pupils)


# ---- announcements -----------------------------------------------------------------------------------
def test_an_announcement_reaches_whoever_still_sits(
    administration: Administration, staff: Person, room: ClassGroup
) -> None:
    hand_in(sitting=of("А"), cause=HandInCause.CANDIDATE, at=NOW, actor=None)
    first = announce(
        administration=administration, scope=Scope(class_group=room), text_sr=" Још 5 минута. ", text_en="",
        actor=staff, now=NOW,
    )  # fmt: skip
    assert (first.text_sr, first.text_en, first.by) == ("Још 5 минута.", "Још 5 минута.", staff)
    rows = Sitting.objects.order_by("candidate__family_name").values_list("announcement", flat=True)
    assert list(rows) == [None, first.pk, None, None]
    second = announce(
        administration=administration, scope=EVERYBODY, text_sr="Тише.", text_en="Quiet.",
        actor=staff, now=NOW + MINUTE,
    )  # fmt: skip
    assert list(rows.all()) == [None, second.pk, second.pk, second.pk]
    assert second.text_en == "Quiet."
    assert AuditEntry.objects.filter(action="announce").count() == 2


def test_an_announcement_needs_words(administration: Administration, staff: Person) -> None:
    with pytest.raises(ValueError, match="words"):
        announce(
            administration=administration,
            scope=EVERYBODY,
            text_sr=" ",
            text_en="Quiet.",
            actor=staff,
            now=NOW,
        )
    assert not Announcement.objects.exists()
