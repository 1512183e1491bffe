"""Is every dangerous administration refused, with a reason that says what to do, and no sound one?"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from accounts.models import ClassGroup
from exams.actions.administrations import grant_accommodation
from exams.enums import FormPurpose, InteractionType, ResultsRelease
from exams.models import Form, ItemVersion
from exams.preflight import TAP_AND_KEYBOARD, Findings, preflight
from exams.queries.preflight import plan_of
from tests.factories.accounts import NOW, make_class, make_pupil
from tests.factories.exams import RELEASED_ITEMS, TRIAL_ITEMS, make_form

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)
OPENS = NOW + timedelta(days=1)


@pytest.fixture
def form() -> Form:
    return make_form()


@pytest.fixture
def group() -> ClassGroup:
    group = make_class(name="8-1")
    make_pupil(group, given_name="Мила", family_name="Јовић")
    return group


@pytest.fixture
def look(form: Form, group: ClassGroup) -> Callable[..., Findings]:
    """Pre-flight of a sound administration, changed as the test wants it."""

    def look(**changed: Any) -> Findings:
        fields: dict[str, Any] = {
            "form": form,
            "opens_at": OPENS,
            "closes_at": OPENS + 3 * HOUR,
            "limit_seconds": 3600,
            "cut_off_hours": 24,
            "results_release": ResultsRelease.AT_CLOSE,
            "results_at": None,
            "class_groups": [group],
            "now": NOW,
        }
        return preflight(plan_of(**(fields | changed)))

    return look


Look = Callable[..., Findings]


def test_a_sound_administration_passes(look: Look) -> None:
    assert look() == Findings(
        remarks=("who starts after 2026-11-21 12:00 may not get the whole time before the window closes",)
    )


@pytest.mark.parametrize(
    ("changed", "reason"),
    [
        (
            {"closes_at": OPENS + timedelta(minutes=59)},
            "the window has 59 min, but Мила Јовић (8-1, {school}) may write for up to 60 min; "
            "close it later",
        ),
        (
            {"opens_at": NOW - 2 * HOUR, "closes_at": NOW + timedelta(minutes=30)},
            "the window has 30 min, but Мила Јовић (8-1, {school}) may write for up to 60 min; "
            "close it later",
        ),
        (
            {"opens_at": NOW - 3 * HOUR, "closes_at": NOW - HOUR},
            "the window is over already; set a later close",
        ),
        ({"closes_at": OPENS - HOUR}, "the window closes before it opens; set a later close"),
        ({"limit_seconds": 0}, "the limit is 0 min; give between 5 min and 360 min to respond"),
        ({"limit_seconds": 299}, "the limit is 4.98333 min; give between 5 min and 360 min to respond"),
        (
            {"limit_seconds": 21_660, "closes_at": OPENS + 9 * HOUR},
            "the limit is 361 min; give between 5 min and 360 min to respond",
        ),
        ({"class_groups": []}, "it has no class; choose at least one"),
        (
            {"cut_off_hours": 0},
            "sittings are sealed 0 h after the hand-in, but may last 60 min: one handed in by mistake would "
            "be sealed before its legal end; set a later cut-off",
        ),
        (
            {"closes_at": None},
            "results come when the window closes, but it never does; set a close or another time",
        ),
        (
            {"results_release": ResultsRelease.AT_TIME},
            "results come at a set time, but none is set; set it",
        ),
        (
            {"results_release": ResultsRelease.AT_TIME, "results_at": OPENS + 2 * HOUR},
            "results come on 2026-11-21 12:00, but sittings may last until 2026-11-21 13:00: solutions would "
            "be out while others still write; set a later time",
        ),
        (
            {"results_release": ResultsRelease.AT_TIME, "results_at": OPENS + 9 * HOUR, "closes_at": None},
            "results come at a set time, but the window has no end: solutions would be out while others "
            "still write; set a close",
        ),
    ],
)
def test_dangerous_rules_are_refused(
    look: Look, group: ClassGroup, changed: dict[str, Any], reason: str
) -> None:
    assert look(**changed).refusals == (reason.replace("{school}", group.school.name),)


def test_limits_and_windows_that_just_fit_pass(look: Look) -> None:
    assert look(closes_at=OPENS + HOUR).refusals == ()
    assert look(limit_seconds=300).refusals == ()
    assert look(limit_seconds=21_600, closes_at=OPENS + 6 * HOUR).refusals == ()
    assert look(cut_off_hours=1).refusals == ()
    released = {"results_release": ResultsRelease.AT_TIME, "results_at": OPENS + 3 * HOUR}
    assert look(**released).refusals == ()


def test_a_window_must_hold_the_longest_accommodated_limit(look: Look, group: ClassGroup) -> None:
    pupils = [make_pupil(group, given_name="Вук", family_name=f"Лазић {n}") for n in range(5)]
    for pupil in pupils:
        grant_accommodation(candidate=pupil, time_percent=150)
    grant_accommodation(candidate=pupils[-1], time_percent=200)
    assert look(closes_at=OPENS + 2 * HOUR).refusals == ()
    (reason,) = look(closes_at=OPENS + timedelta(minutes=89)).refusals
    room = f"(8-1, {group.school.name})"
    assert reason == (
        f"the window has 89 min, but Вук Лазић 0 {room}, Вук Лазић 1 {room}, Вук Лазић 2 {room} and 2 more "
        "may write for up to 120 min; close it later"
    )
    (reason,) = look(closes_at=OPENS + timedelta(minutes=119)).refusals
    assert "Вук Лазић 4" in reason and "more" not in reason


def test_a_cut_off_must_be_later_than_the_longest_legal_end(look: Look, group: ClassGroup) -> None:
    grant_accommodation(candidate=make_pupil(group), time_percent=300)
    assert look(cut_off_hours=3).refusals == ()
    (reason,) = look(cut_off_hours=2).refusals
    assert reason.startswith("sittings are sealed 2 h after the hand-in, but may last 180 min")


def test_nobody_to_sit(look: Look, group: ClassGroup) -> None:
    empty = make_class(name="8-2")
    assert look(class_groups=[empty]).refusals == ("none of its classes has a pupil; enter the pupils first",)
    found = look(class_groups=[group, empty])
    assert found.refusals == ()
    assert f"8-2, {empty.school.name} has no pupils" in found.remarks


def test_a_class_twice(look: Look, group: ClassGroup) -> None:
    assert look(class_groups=[group, group]).refusals == (
        f"8-1, {group.school.name} is in it 2 times; name each class once",
    )


def test_forms_that_are_not_fit(look: Look, form: Form) -> None:
    Form.objects.filter(pk=form.pk).update(published_at=None)
    form.refresh_from_db()
    assert look().refusals == (f"{form.identifier} is not published; publish it first",)
    practice = make_form(RELEASED_ITEMS, purpose=FormPurpose.PRACTICE)
    assert look(form=practice).refusals == (
        f"{practice.identifier} is a practice form, whose papers carry the keys; choose a trial form",
    )


def test_released_items_are_no_secret_in_an_exam(look: Look) -> None:
    assert look(form=make_form([*TRIAL_ITEMS, *RELEASED_ITEMS])).refusals == tuple(
        f"{ref}.1 is released: its key is on phones; use another item, "
        "or set it to trial before practice has shown it"
        for ref in RELEASED_ITEMS
    )


def test_a_language_without_a_paper(look: Look, form: Form) -> None:
    form.papers.filter(language="en").delete()
    assert look().refusals == (f"{form.identifier} has no paper in english; publish it anew",)


def key_changed(form: Form, **changed: Any) -> str:
    version = ItemVersion.objects.filter(form_items__form=form).order_by("form_items__position")[0]
    ItemVersion.objects.filter(pk=version.pk).update(key=version.key | changed)
    return version.ref


@pytest.mark.parametrize(
    "changed",
    [
        {"half_points": [0, 0]},
        {"half_points": [2, 0]},
        {"half_points": []},
        {"interaction": "text_entry"},
        {"interaction": "true_false", "correct": {"1": None}},
        {"interaction": "order", "correct": ["a", "a"], "half_points": [0, 1, 2]},
        {
            "interaction": "text_entry",
            "fields": {"x": {"accept": "number", "value": "5/2", "form": "decimal"}},
        },
    ],
)
def test_points_that_nobody_can_earn(look: Look, form: Form, changed: dict[str, Any]) -> None:
    ref = key_changed(form, **changed)
    reason = f"{ref}: its own correct response does not earn all its points; correct the key"
    assert look().refusals == (reason,)


def test_items_that_need_dragging(look: Look, form: Form) -> None:
    version = ItemVersion.objects.filter(form_items__form=form).first()
    assert version is not None
    ItemVersion.objects.filter(pk=version.pk).update(interaction="placing")
    (reason,) = look().refusals
    assert reason.startswith(f"{version.ref} needs dragging (placing)")


def test_every_interaction_works_without_dragging() -> None:
    assert set(InteractionType) == TAP_AND_KEYBOARD


def test_written_text_earns_its_points_from_a_person(look: Look, form: Form) -> None:
    key = {"interaction": "extended_text", "half_points": [0, 1, 2], "longest": 600}
    key_changed(form, **key)
    assert look().refusals == ()


def test_every_item_of_the_bank_works_without_dragging(form: Form) -> None:
    assert set(ItemVersion.objects.values_list("interaction", flat=True)) <= TAP_AND_KEYBOARD


def test_every_reason_comes_at_once(look: Look, group: ClassGroup, form: Form) -> None:
    key_changed(form, half_points=[0, 0])
    found = look(class_groups=[group, group], limit_seconds=0, cut_off_hours=0, closes_at=None)
    assert len(found.refusals) == 4


def test_remarks_do_not_refuse(look: Look) -> None:
    at_hand_in = look(results_release=ResultsRelease.AT_HAND_IN, closes_at=None, cut_off_hours=169)
    assert at_hand_in == Findings(
        remarks=(
            "whoever hands in first sees the solutions while others still write",
            "phones can send for 7 days only; what comes later has to be carried in as a file",
        )
    )


@pytest.mark.parametrize(
    ("opens_at", "hours", "changes"),
    [
        (datetime(2027, 3, 27, 20, 0, tzinfo=UTC), 12, True),
        (datetime(2027, 10, 30, 20, 0, tzinfo=UTC), 12, True),
        (datetime(2027, 3, 28, 1, 0, tzinfo=UTC), 12, False),
        (datetime(2027, 3, 27, 1, 0, tzinfo=UTC), 23, False),
        (datetime(2027, 3, 28, 0, 30, tzinfo=UTC), None, True),
        (datetime(2027, 3, 27, 12, 0, tzinfo=UTC), None, False),
    ],
)
def test_clocks_that_change_are_a_remark(
    look: Look, opens_at: datetime, hours: int | None, changes: bool
) -> None:
    closes_at = None if hours is None else opens_at + timedelta(hours=hours)
    found = look(opens_at=opens_at, closes_at=closes_at, results_release=ResultsRelease.AT_HAND_IN)
    assert found.refusals == ()
    assert any("the clocks change" in remark for remark in found.remarks) is changes
