"""Does what staff carry in become the same journal as what phones send: once, whole, by the same rules?"""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
from django.conf import settings
from django.db import connection

from accounts.enums import Role
from accounts.models import AuditEntry, Person
from exams.actions.carried import CarriedResult, import_envelope
from exams.actions.sealing import seal_due
from exams.delivery.envelope import EnvelopeError, Fault, envelope_for, frames_of, join_frames
from exams.intake.ticket import LIFETIME_MS, Ticket, mint_ticket
from exams.models import AdministrationSecret, ConflictingEvent, ResponseEvent, Sitting, SittingEvent
from exams.queries.hand_ins import sittings_of_room
from exams.queries.receipts import receipt_of
from exams.signals import sitting_handed_in
from tests.exams.intake.desk import MINUTE, NINE, Desk, moment, verdicts
from tests.exams.intake.phone import Device
from tests.factories.accounts import make_class, make_member, make_pupil
from tests.factories.exams import TRIAL_ITEMS, hand_in_keys, make_administration, make_form

FIRST, SECOND = (f"{identifier}.1" for identifier in TRIAL_ITEMS[:2])


@pytest.fixture
def desk(both_databases: None) -> Iterator[Desk]:
    desk = Desk(connection.settings_dict)
    yield desk
    desk.db.close()


@pytest.fixture
def trial(both_databases: None) -> Sitting:
    """A sitting of an hour that can be started at NINE, in a window without end."""
    group = make_class()
    make_pupil(group)
    return make_administration([group], now=moment(NINE)).sittings.get()


@pytest.fixture
def staff(trial: Sitting) -> Person:
    return make_member(room_of(trial).school, Role.INVIGILATOR)


def room_of(sitting: Sitting):
    return sitting.administration.class_groups.get()


def begun(desk: Desk, trial: Sitting) -> Device:
    """A phone that has started at NINE, told its clocks once, and lost the network."""
    device = desk.open(trial)
    desk.start(trial)
    desk.save(trial, device, at=NINE)
    return device


def ticket_of(sitting: Sitting, device: Device, *, at: int = NINE, **changed: object) -> str:
    fields = {
        "key": sitting.pk,
        "sitting": str(sitting.public_id),
        "device": device.device,
        "epoch": device.epoch,
    }
    secret = settings.SECRETS["TICKET_SECRET"]
    return mint_ticket(Ticket(**(fields | changed)), secret=secret, now=at)  # type: ignore[arg-type]


def packed(
    sitting: Sitting, device: Device, *lines: str, ticket: str = "", clear: bool = False, **header: object
) -> str:
    """As the phone makes it now."""
    return envelope_for(
        sitting=str(sitting.public_id),
        device=device.device,
        ticket=ticket or ticket_of(sitting, device),
        body=device.body(*(lines or device.lines), **header),
        public_der=None if clear else hand_in_keys()[1],
    )


def bring(text: str, trial: Sitting, staff: Person, at: datetime | None = None) -> CarriedResult:
    allowed = sittings_of_room(room_of(trial))
    return import_envelope(text=text, by=staff, now=at or moment(NINE + 50 * MINUTE), allowed=allowed)


def refused(text: str, trial: Sitting, staff: Person) -> Fault:
    with pytest.raises(EnvelopeError) as wrong:
        bring(text, trial, staff)
    assert not ResponseEvent.objects.exists() and not AuditEntry.objects.exists()
    assert not SittingEvent.objects.filter(kind="imported").exists()
    return wrong.value.fault


def sat(device: Device) -> Device:
    """Two items, then the hand-in in the fortieth minute."""
    device.pass_time(60)
    device.event("response", FIRST, "b")
    device.pass_time(60)
    device.event("response", SECOND, "c")
    device.pass_time(38 * 60)
    device.event("hand_in", value="candidate")
    return device


def test_a_whole_sitting_comes_in_as_if_it_had_been_sent(desk: Desk, trial: Sitting, staff: Person) -> None:
    told: list[Sitting] = []
    listener = told.append
    sitting_handed_in.connect(receiver := lambda sitting, **_: listener(sitting))
    device = sat(begun(desk, trial))
    found = bring(packed(trial, device), trial, staff)
    sitting_handed_in.disconnect(receiver)
    assert (found.sitting, found.new, found.known, found.waiting, found.differing) == (trial, 3, 0, 0, 0)
    assert (found.acked, found.missing) == (3, 0)
    assert verdicts(trial) == [(1, "counted", ""), (2, "counted", ""), (3, "counted", "")]
    assert [row.body for row in ResponseEvent.objects.order_by("seq")] == device.lines
    assert found.sitting.state == "handed_in"
    assert found.sitting.handed_in_at == moment(NINE + 40 * MINUTE)
    receipt = receipt_of(found.sitting)
    assert receipt is not None and receipt.code == found.code and receipt.answered == 2
    assert told == [trial]


def test_it_is_written_down_who_brought_it(desk: Desk, trial: Sitting, staff: Person) -> None:
    text, at = packed(trial, sat(begun(desk, trial))), moment(NINE + 50 * MINUTE)
    bring(text, trial, staff, at)
    event = SittingEvent.objects.get(kind="imported")
    detail = {"new": 3, "known": 0, "differing": 0}
    assert (event.sitting, event.actor, event.at, event.detail) == (trial, staff, at, detail)
    entry = AuditEntry.objects.get()
    assert (entry.actor, entry.subject, entry.action) == (staff, trial.candidate, "import_hand_in")
    assert entry.detail == detail


def test_the_same_file_three_times_changes_nothing_more(desk: Desk, trial: Sitting, staff: Person) -> None:
    text = packed(trial, sat(begun(desk, trial)))
    first = bring(text, trial, staff)
    rows = list(ResponseEvent.objects.values())
    for _ in range(2):
        again = bring(text, trial, staff)
        assert (again.new, again.known, again.waiting, again.differing) == (0, 3, 0, 0)
        assert (again.code, again.acked) == (first.code, 3)
    assert list(ResponseEvent.objects.values()) == rows
    assert SittingEvent.objects.filter(kind="imported").count() == 1
    assert AuditEntry.objects.count() == 3


def test_what_the_network_brought_already_is_not_new(desk: Desk, trial: Sitting, staff: Person) -> None:
    device = begun(desk, trial)
    line = device.event("response", FIRST, "a")
    desk.save(trial, device, line, at=NINE + MINUTE)
    found = bring(packed(trial, sat(device)), trial, staff)
    assert (found.new, found.known, found.acked) == (3, 1, 4)


def test_more_events_than_one_save_takes(desk: Desk, trial: Sitting, staff: Person) -> None:
    device = begun(desk, trial)
    for number in range(450):
        device.pass_time(1)
        device.event("response", FIRST, "abcd"[number % 4])
    found = bring(packed(trial, device), trial, staff)
    assert (found.new, found.acked, found.code) == (450, 450, "")
    assert {verdict for _, verdict, _ in verdicts(trial)} == {"counted"}


def test_one_bad_line_and_nothing_is_kept(desk: Desk, trial: Sitting, staff: Person) -> None:
    device = begun(desk, trial)
    for _ in range(250):
        device.event("response", FIRST, "a")
    assert refused(packed(trial, device, *device.lines, '{"seq":251}'), trial, staff) is Fault.DAMAGED
    assert refused(packed(trial, device, "not JSON"), trial, staff) is Fault.DAMAGED
    assert refused(packed(trial, device, v=2), trial, staff) is Fault.DAMAGED


def test_half_a_file_is_refused(desk: Desk, trial: Sitting, staff: Person) -> None:
    text = packed(trial, sat(begun(desk, trial)))
    assert refused(text[: len(text) // 2], trial, staff) is Fault.HALF


def test_a_clear_envelope_counts_as_well(desk: Desk, trial: Sitting, staff: Person) -> None:
    text = packed(trial, sat(begun(desk, trial)), clear=True)
    assert FIRST in text
    assert bring(text, trial, staff).new == 3


def test_shuffled_frames_make_the_same_hand_in(desk: Desk, trial: Sitting, staff: Person) -> None:
    frames = frames_of(packed(trial, sat(begun(desk, trial))), 200)
    assert len(frames) > 4
    assert bring(join_frames([*frames[::-1], frames[1]]), trial, staff).new == 3


def test_a_pupil_of_another_class_is_brought_elsewhere(desk: Desk, trial: Sitting, staff: Person) -> None:
    group = make_class()
    make_pupil(group)
    foreign = make_administration([group], form=trial.form, now=moment(NINE)).sittings.get()
    text = packed(foreign, sat(begun(desk, foreign)))
    assert refused(text, trial, staff) is Fault.ELSEWHERE
    assert bring(text, foreign, staff).new == 3


def test_another_pupils_name_on_the_outside_does_not_help(desk: Desk, trial: Sitting, staff: Person) -> None:
    """The outside says a classmate, the ticket inside says who it really is."""
    make_pupil(room_of(trial))
    classmate = (
        make_administration([room_of(trial)], form=trial.form, now=moment(NINE))
        .sittings.exclude(candidate=trial.candidate)
        .get()
    )
    own = sat(begun(desk, trial))
    assert refused(packed(classmate, own, ticket=ticket_of(trial, own)), trial, staff) is Fault.UNSIGNED
    other = Device(wall=NINE)
    other.opened(str(trial.public_id), 1)
    stolen = packed(trial, sat(other), ticket=ticket_of(trial, own))
    assert refused(stolen, trial, staff) is Fault.UNSIGNED


@pytest.mark.parametrize("ticket", ["", "a.b", "forged"])
def test_a_ticket_of_our_own_making_is_needed(desk: Desk, trial: Sitting, staff: Person, ticket: str) -> None:
    device = sat(begun(desk, trial))
    fields = {"k": trial.pk, "s": str(trial.public_id), "d": device.device, "e": 1, "exp": NINE * 2}
    forged = json.dumps(fields) if ticket == "forged" else ticket or "."
    assert refused(packed(trial, device, ticket=forged), trial, staff) is Fault.UNSIGNED


def test_the_header_must_be_of_the_same_device(desk: Desk, trial: Sitting, staff: Person) -> None:
    device = sat(begun(desk, trial))
    text = envelope_for(
        sitting=str(trial.public_id),
        device=device.device,
        ticket=ticket_of(trial, device),
        body=device.body(*device.lines, device="another-device-0123456"),
        public_der=hand_in_keys()[1],
    )
    assert refused(text, trial, staff) is Fault.UNSIGNED


def test_an_old_ticket_still_says_whose_it_is(desk: Desk, trial: Sitting, staff: Person) -> None:
    device = sat(begun(desk, trial))
    text = packed(trial, device, ticket=ticket_of(trial, device, at=NINE - 2 * LIFETIME_MS))
    assert bring(text, trial, staff).new == 3


def test_the_key_of_another_administration_does_not_open_it(
    desk: Desk, trial: Sitting, staff: Person
) -> None:
    text = packed(trial, sat(begun(desk, trial)))
    AdministrationSecret.objects.filter(administration=trial.administration).delete()
    assert refused(text, trial, staff) is Fault.OTHER_KEY


@pytest.mark.parametrize("outside", ["not an id", ""])
def test_an_outside_that_names_nobody(desk: Desk, trial: Sitting, staff: Person, outside: str) -> None:
    fields = json.loads(packed(trial, sat(begun(desk, trial))))
    assert refused(json.dumps(fields | {"sitting": outside}), trial, staff) is Fault.DAMAGED


def test_after_the_seal_everything_waits_for_a_person(desk: Desk, trial: Sitting, staff: Person) -> None:
    device = begun(desk, trial)
    later = moment(NINE) + timedelta(hours=30)
    seal_due(now=moment(NINE + 61 * MINUTE))
    seal_due(now=later)
    trial.refresh_from_db()
    assert trial.state == "sealed"
    found = bring(packed(trial, sat(device)), trial, staff, later)
    assert (found.new, found.waiting, found.sitting.state) == (3, 3, "sealed")
    assert {row[1:] for row in verdicts(trial)} == {("quarantined", "after_seal")}
    again = bring(packed(trial, device), trial, staff, later)
    assert (again.new, again.known, again.waiting) == (0, 3, 0)


def test_brought_after_the_end_but_before_the_seal_it_counts(
    desk: Desk, trial: Sitting, staff: Person
) -> None:
    """The file was made in the fortieth minute and lay in a drawer for three hours."""
    device = sat(begun(desk, trial))
    text = packed(trial, device)
    seal_due(now=moment(NINE + 61 * MINUTE))
    found = bring(text, trial, staff, moment(NINE + 180 * MINUTE))
    assert (found.new, found.waiting) == (3, 0)
    assert {verdict for _, verdict, _ in verdicts(trial)} <= {"counted", "late_counted"}


def test_without_any_earlier_contact_nothing_says_when_the_file_was_made(
    desk: Desk, trial: Sitting, staff: Person
) -> None:
    device = desk.open(trial)
    desk.start(trial)
    text = packed(trial, sat(device))
    seal_due(now=moment(NINE + 61 * MINUTE))
    found = bring(text, trial, staff, moment(NINE + 180 * MINUTE))
    assert (found.new, found.waiting) == (3, 3)


def test_other_bytes_under_a_known_number_are_kept_apart(desk: Desk, trial: Sitting, staff: Person) -> None:
    device = begun(desk, trial)
    line = device.event("response", FIRST, "a")
    bring(packed(trial, device), trial, staff)
    found = bring(packed(trial, device, line.replace('"a"', '"b"')), trial, staff)
    assert (found.new, found.known, found.differing) == (0, 0, 1)
    assert ConflictingEvent.objects.get().seq == 1
    assert SittingEvent.objects.filter(kind="imported").count() == 2


def test_a_gap_is_told_by_number(desk: Desk, trial: Sitting, staff: Person) -> None:
    device = sat(begun(desk, trial))
    found = bring(packed(trial, device, device.lines[0], device.lines[2]), trial, staff)
    assert (found.new, found.acked, found.missing) == (2, 1, 1)


def test_a_hand_in_without_events_is_harmless(desk: Desk, trial: Sitting, staff: Person) -> None:
    device = begun(desk, trial)
    text = envelope_for(
        sitting=str(trial.public_id),
        device=device.device,
        ticket=ticket_of(trial, device),
        body=device.body(),
        public_der=hand_in_keys()[1],
    )
    found = bring(text, trial, staff)
    assert (found.new, found.known, found.sitting.state) == (0, 0, "started")


def test_practice_has_no_room_to_be_brought_to(desk: Desk, trial: Sitting, staff: Person) -> None:
    practice = Sitting.objects.create(
        form=make_form(["ma-501"], purpose="practice"),
        candidate=trial.candidate,
        created_at=moment(NINE),
    )
    device = sat(desk.open(practice))
    assert refused(packed(practice, device), trial, staff) is Fault.ELSEWHERE
