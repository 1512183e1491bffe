"""What a phone is given before, at and around the start."""

from __future__ import annotations

import base64
from datetime import timedelta

import pytest

from exams.actions.sittings import open_practice_sitting
from exams.enums import FormPurpose
from exams.intake import opening
from exams.intake.protocol import Open, WireError, parse_device_report
from exams.intake.ticket import Ticket
from exams.models import DeviceCheck, Form, Sitting, SittingDevice
from tests.exams.intake.desk import MINUTE, NINE, Desk, moment, verdicts
from tests.factories.exams import RELEASED_ITEMS, make_administration, make_form


def ticket_of(trial: Sitting, device: str = "d" * 22, epoch: int = 1) -> Ticket:
    return Ticket(trial.pk, str(trial.public_id), device, epoch)


def test_card_of_an_inactive_pupil_opens_nothing(desk: Desk, trial: Sitting) -> None:
    trial.candidate.login_cards.create(digest="d" * 64, issued_at=moment(NINE))
    group = trial.candidate.class_groups.get()
    assert desk.do(lambda store: opening.pupil_by_card(store, "d" * 64)) == {
        "id": str(trial.candidate.public_id),
        "given_name": trial.candidate.given_name,
        "family_name": trial.candidate.family_name,
        "class": group.name,
        "school": group.school.name,
    }
    trial.candidate.is_active = False
    trial.candidate.save()
    assert desk.do(lambda store: opening.pupil_by_card(store, "d" * 64)) is None


def test_papers_in_clear_are_found_by_form_and_name_only(desk: Desk, trial: Sitting) -> None:
    paper = trial.form.papers.get(language="en")
    foreign = make_administration([], now=moment(NINE) - timedelta(days=1)).form
    own = ticket_of(trial)
    with pytest.raises(WireError, match="not_started"):
        opening.paper_body(desk.store, own, paper.sha256, "", NINE)
    desk.start(trial)
    assert opening.paper_body(desk.store, own, paper.sha256, "", NINE) == bytes(paper.body)
    assert opening.paper_body(desk.store, own, paper.sha256, "br", NINE) == bytes(paper.body_br)
    assert opening.paper_body(desk.store, own, paper.sha256, "gzip", NINE) == bytes(paper.body_gzip)
    assert opening.paper_body(desk.store, own, paper.sha256, "zstd", NINE) == bytes(paper.body)
    with pytest.raises(WireError, match="no_such_paper"):
        opening.paper_body(desk.store, own, foreign.papers.get(language="en").sha256, "", NINE)


def test_locked_papers_are_there_for_everybody(desk: Desk, trial: Sitting) -> None:
    assert trial.administration is not None
    locked = trial.administration.locked_papers.get(language="sr")
    assert opening.locked_body(desk.store, locked.sha256) == bytes(locked.body)
    with pytest.raises(WireError, match="no_such_paper"):
        opening.locked_body(desk.store, "0" * 64)


def test_content_key_comes_with_the_start_and_not_while_time_stands_still(desk: Desk, trial: Sitting) -> None:
    assert trial.administration is not None
    content_key = base64.b64encode(bytes(trial.administration.secret.content_key)).decode()
    entered, facts, given = desk.do(lambda store: opening.start(store, ticket_of(trial), NINE))
    assert (entered.epoch, facts.state, given) == (1, "started", content_key)
    assert SittingDevice.objects.get(sitting=trial).entered
    # Another phone that starts takes over; its ticket says so.
    other, _, again = desk.do(lambda store: opening.start(store, ticket_of(trial, "e" * 22), NINE + MINUTE))
    assert (other.epoch, again) == (2, content_key)
    Sitting.objects.filter(pk=trial.pk).update(paused_at=moment(NINE + MINUTE))
    assert desk.do(lambda store: opening.start(store, other, NINE + 2 * MINUTE))[2] is None


def test_nobody_starts_while_time_stands_still(desk: Desk, trial: Sitting) -> None:
    Sitting.objects.filter(pk=trial.pk).update(paused_at=moment(NINE - MINUTE))
    with pytest.raises(WireError, match="paused") as refused:
        desk.do(lambda store: opening.start(store, ticket_of(trial), NINE))
    assert (refused.value.status, refused.value.extra) == (409, {"paused_at": NINE - MINUTE})


def test_sittings_ahead_are_the_pupils_own_that_can_still_begin(desk: Desk, trial: Sitting) -> None:
    person = str(trial.candidate.public_id)
    administration = trial.administration
    assert administration is not None
    administration.closes_at = moment(NINE + 60 * MINUTE)
    administration.save()

    def ahead(now: int) -> list[dict[str, object]]:
        return opening.sittings_ahead(desk.store, person, now)

    opens_at = round(administration.opens_at.timestamp() * 1000)
    coming = {"id": str(trial.public_id), "opens_at": opens_at, "state": "ready", "purpose": "trial"}
    assert ahead(NINE) == [coming]
    assert ahead(NINE + 60 * MINUTE) == []
    desk.start(trial)
    assert ahead(NINE) == []


def make_practice(trial: Sitting, *, pocket: bool) -> Sitting:
    form = make_form(RELEASED_ITEMS, purpose=FormPurpose.PRACTICE)
    Form.objects.filter(pk=form.pk).update(pocket=pocket)
    return open_practice_sitting(form=form, candidate=trial.candidate, now=moment(NINE))


def test_pools_to_practise_from_lie_ahead_behind_the_trials(desk: Desk, trial: Sitting) -> None:
    make_practice(trial, pocket=False)  # opened on the practice page, which has the network
    make_practice(trial, pocket=True)  # of an earlier day
    pocket = make_practice(trial, pocket=True)
    person = str(trial.candidate.public_id)
    found = opening.sittings_ahead(desk.store, person, NINE)
    assert [(one["id"], one["purpose"], one["opens_at"] is None) for one in found] == [
        (str(trial.public_id), "trial", False),
        (str(pocket.public_id), "practice", True),
    ]
    desk.start(pocket)
    ids = [one["id"] for one in opening.sittings_ahead(desk.store, person, NINE)]
    assert str(pocket.public_id) not in ids


def test_papers_of_practice_are_given_out_ahead_and_only_its_own(desk: Desk, trial: Sitting) -> None:
    pocket = make_practice(trial, pocket=True)
    own = ticket_of(pocket)
    for paper in pocket.form.papers.all():
        assert opening.paper_body(desk.store, own, paper.sha256, "", NINE) == bytes(paper.body)
    of_the_trial = trial.form.papers.get(language="sr").sha256
    with pytest.raises(WireError, match="no_such_paper"):
        opening.paper_body(desk.store, own, of_the_trial, "", NINE)
    with pytest.raises(WireError, match="not_started"):
        opening.paper_body(desk.store, ticket_of(trial), of_the_trial, "", NINE)


def opened_on(desk: Desk, sitting: Sitting, device: str) -> dict[str, object]:
    message = Open(sitting=str(sitting.public_id), device=device)
    person = str(sitting.candidate.public_id)
    return desk.do(lambda store: opening.open_sitting(store, message, person, NINE)).reply


def test_another_phone_goes_on_with_the_same_set(desk: Desk, trial: Sitting) -> None:
    pocket = make_practice(trial, pocket=True)
    first, second = (row.version.ref for row in pocket.form.form_items.order_by("position"))
    device = desk.open(pocket)
    desk.start(pocket)
    device.event("seen", second, {"place": 0, "reason": "find_out", "probability": 0.61, "propensity": 0.9})
    device.event("hint", second)
    device.event("response", second, "a")
    device.event("check", second)
    device.event("response", second, "b")  # with the solution in sight
    device.event("seen", first, {"for": second})
    device.event("hint", first)
    desk.save(pocket, device, *device.lines, at=NINE + MINUTE)
    reply = opened_on(desk, pocket, "e" * 22)
    assert (reply["responses"], reply["seen"]) == ({second: "a"}, sorted([first, second]))
    assert (reply["checked"], reply["hinted"]) == ([second], sorted([first, second]))
    assert reply["seen_in_order"] == [
        {"item": second, "value": {"place": 0, "reason": "find_out", "probability": 0.61}},
        {"item": first, "value": {"for": second}},
    ]


def test_a_trial_is_told_nothing_of_practice(desk: Desk, trial: Sitting) -> None:
    reply = opened_on(desk, trial, "d" * 22)
    assert not {"checked", "hinted", "seen_in_order"} & set(reply)


@pytest.mark.parametrize(("closes_after", "withheld"), [(None, True), (30, True), (0, False)])
def test_a_pool_with_an_item_of_an_exam_that_is_not_over_stays_here(
    desk: Desk, trial: Sitting, closes_after: int | None, withheld: bool
) -> None:
    pocket = make_practice(trial, pocket=True)
    asked = make_form(RELEASED_ITEMS[:1])
    closes_at = None if closes_after is None else moment(NINE + closes_after * MINUTE)
    make_administration([], form=asked, now=moment(NINE) - timedelta(days=1), closes_at=closes_at)
    person = str(trial.candidate.public_id)
    ids = [one["id"] for one in opening.sittings_ahead(desk.store, person, NINE)]
    assert (str(pocket.public_id) in ids) is not withheld
    own, paper = ticket_of(pocket), pocket.form.papers.get(language="sr")
    if withheld:
        with pytest.raises(WireError, match="not_started"):
            opening.paper_body(desk.store, own, paper.sha256, "", NINE)
    else:
        assert opening.paper_body(desk.store, own, paper.sha256, "", NINE) == bytes(paper.body)


def test_of_practice_only_what_will_be_met_is_counted(desk: Desk, trial: Sitting) -> None:
    pocket = make_practice(trial, pocket=True)
    message = Open(sitting=str(pocket.public_id), device="d" * 22)
    person = str(trial.candidate.public_id)

    def items() -> int:
        return int(desk.do(lambda store: opening.open_sitting(store, message, person, NINE)).reply["items"])

    assert items() == len(RELEASED_ITEMS)
    Form.objects.filter(pk=pocket.form_id).update(selection={"kind": "full", "size": 1})
    assert items() == 1
    Form.objects.filter(pk=pocket.form_id).update(selection={"kind": "full", "size": 10})
    assert items() == len(RELEASED_ITEMS)


def test_practice_begun_without_a_network_starts_when_it_was_begun(desk: Desk, trial: Sitting) -> None:
    pocket = make_practice(trial, pocket=True)
    device = desk.open(pocket)
    ref = pocket.form.form_items.get(position=2).version.ref
    happened = [
        ("unlocked", "", None),
        ("seen", ref, {"propensity": 0.9}),
        ("hint", ref, None),
        ("check", ref, None),
    ]
    for kind, item, value in [*happened, ("hand_in", "", "candidate")]:
        device.pass_time(60)
        device.event(kind, item, value)
    device.pass_time(55 * 60)
    saved = desk.save(pocket, device, *device.lines, at=NINE + 60 * MINUTE)
    assert (saved.acked_upto, saved.facts.state) == (5, "handed_in")
    assert [verdict for _, verdict, _ in verdicts(pocket)] == ["counted"] * 5
    pocket.refresh_from_db()
    assert (pocket.started_at, pocket.handed_in_at) == (moment(NINE + MINUTE), moment(NINE + 5 * MINUTE))


def test_latest_device_check_replaces_the_earlier_one(desk: Desk, trial: Sitting) -> None:
    def report(problems: str, free: int) -> bytes:
        return (
            '{"browser": "Chrome 96", "secure": true, "storage": "lasting", "papers": 2, "opens": true,'
            f' "free_mb": {free}, "problems": [{problems}], "colour": "red"}}'
        ).encode()

    for at, body in ((NINE, report('"little_space"', 3)), (NINE + MINUTE, report("", 900))):
        parsed = parse_device_report(body)
        desk.do(lambda store, p=parsed, at=at: opening.keep_device_check(store, ticket_of(trial), p, at))
    check = DeviceCheck.objects.get(sitting=trial)
    assert (check.at, check.fit) == (moment(NINE + MINUTE), True)
    assert check.report == {
        "browser": "Chrome 96", "secure": True, "storage": "lasting", "papers": 2, "opens": True,
        "problems": [], "persisted": None, "free_mb": 900, "clock_ms": None, "rtt_ms": None,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ('"problems": ["tired"]', "problems are some of"),
        ('"problems": [], "browser": "\\u0000"', "browser is its name"),
        ('"problems": [], "free_mb": 9007199254740992', "at `\\$.free_mb`"),
        ('"problems": [], "storage": "cloud"', "storage"),
    ],
)
def test_odd_device_checks_are_refused(change: str, said: str) -> None:
    body = f'{{"browser": "x", "secure": true, "storage": "memory", "papers": 0, "opens": false, {change}}}'
    with pytest.raises(WireError, match=said):
        parse_device_report(body.encode())
