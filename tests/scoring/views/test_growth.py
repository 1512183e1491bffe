"""Does the page say what really moved over the weeks, and what was practised?"""

from __future__ import annotations

import re
from datetime import timedelta
from html import unescape

import pytest
from django.urls import reverse

from accounts.models import ClassGroup, Person
from exams.enums import PracticeKind, ResultsRelease
from exams.models import Sitting
from examsite.templatetags.ui import points
from scoring.actions.practice import open_practice_set
from scoring.actions.score import score_sittings
from scoring.models import ItemCalibration
from scoring.queries.history import HistoryPoint, history_of
from scoring.queries.runs import run_in_force
from tests.factories.accounts import NOW, make_class, make_pupil, make_teacher
from tests.factories.clients import client_of
from tests.factories.exams import make_versions
from tests.factories.journal import sit
from tests.factories.scoring import PRACTICE_ITEMS, REFERENCE_ITEMS, make_scored_trial, responses

pytestmark = pytest.mark.django_db
ADDRESS = reverse("growth")


@pytest.fixture
def group() -> ClassGroup:
    make_versions(PRACTICE_ITEMS[:30])
    return make_class()


def words(html: bytes) -> str:
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", html.decode())).split())


def practise(pupil: Person, *, days: int, correct: int) -> None:
    """The quick set, opened and handed in `days` after the trial with so many of its five right."""
    at = NOW + timedelta(days=days)
    opened = open_practice_set(person=pupil, subject="mathematics", now=at, kind=PracticeKind.QUICK)
    mains = list(opened.form.form_items.filter(selection__role="main").select_related("version__item"))
    given = responses(opened.form, [row.version.item.identifier for row in mains[:correct]])
    sit(opened, {row.version.ref: given[row.version.ref] for row in mains}, started_at=at, minutes=10)
    score_sittings(now=at + timedelta(hours=1))


def history(pupil: Person) -> tuple[HistoryPoint, ...]:
    return history_of(pupil, "mathematics", run=run_in_force())


def test_the_sentence_and_the_table_say_what_the_history_says(group: ClassGroup) -> None:
    pupil = make_pupil(group)
    make_scored_trial(group, {pupil: REFERENCE_ITEMS[:2]})
    for days in (7, 14, 21):
        practise(pupil, days=days, correct=5)
    first, *_, last = history(pupil)
    page = client_of(pupil).get(ADDRESS).content
    before, after = points(first.after.expected), points(last.after.expected)
    assert float(after) > float(before)
    text = words(page)
    assert (
        f"In 3 weeks, what we expect of you on average moved from {before} to {after} of 10 points." in text
    )
    rows = re.findall(
        r'data-label="Expected">([\d.]+)</td><[^>]+ data-label="Range">([\d.]+)\u2060–\u2060([\d.]+)</td>',
        page.decode(),
    )
    said = [(point.after.expected, point.after.low, point.after.high) for point in history(pupil)]
    assert rows == [(points(middle), points(low), points(high)) for middle, low, high in said]
    assert page.count(b'class="growth__range"') == 4
    assert page.count(b'<path class="growth__mark"') == 1 and page.count(b'<circle class="growth__mark"') == 3
    assert "Nov. 27, 2026 · 5 of 5 solved" in text
    assert ">Nov 16</text>" in page.decode() and "at least 7 in 10 possible exams" in text
    assert "How fast pupils learn and forget is assumed for now, not measured." in text


def test_a_sitting_is_called_here_as_at_home(group: ClassGroup) -> None:
    pupil = make_pupil(group)
    trial = make_scored_trial(group, {pupil: REFERENCE_ITEMS[:2]})
    practise(pupil, days=7, correct=5)
    client = client_of(pupil)
    titles = [trial.title_en, Sitting.objects.get(administration=None, state="handed_in").form.title_en]
    here, home = client.get(ADDRESS).content.decode(), client.get("/").content.decode()
    called = re.findall(r'<a class="growth__what" href="([^"]+)">([^<]+)</a>', here)
    assert [title for _, title in called] == titles
    for address, title in called:
        assert re.search(rf'href="{address}">\s*<span class="sittings__what"><b>{title}</b>', home)


def test_what_is_assumed_of_the_items_is_said(group: ClassGroup) -> None:
    pupil = make_pupil(group)
    make_scored_trial(group, {pupil: REFERENCE_ITEMS[:2]})
    practise(pupil, days=7, correct=5)
    ItemCalibration.objects.filter(version__item__identifier__in=REFERENCE_ITEMS).update(source="calibrated")
    assert "How hard some of the items are is assumed for now" in words(client_of(pupil).get(ADDRESS).content)


def test_going_down_is_said_and_not_hidden(group: ClassGroup) -> None:
    pupil = make_pupil(group)
    make_scored_trial(group, {pupil: REFERENCE_ITEMS[:9]})
    for days in (7, 14):
        practise(pupil, days=days, correct=0)
    first, *_, last = history(pupil)
    text = words(client_of(pupil).get(ADDRESS).content)
    moved = f"moved from {points(first.after.expected)} to {points(last.after.expected)} of 10 points."
    assert last.after.expected < first.after.expected - 1
    assert moved in text and "It went down." in text


def test_weeks_of_practice_by_domain_the_latest_first(group: ClassGroup) -> None:
    pupil = make_pupil(group)
    make_scored_trial(group, {pupil: REFERENCE_ITEMS[:5]})
    practise(pupil, days=7, correct=5)  # a Friday, the 27th
    practise(pupil, days=10, correct=2)
    text = words(client_of(pupil).get(ADDRESS).content)
    assert text.index("Week of November 30 5 items") < text.index("Week of November 23 5 items")
    solved = [
        tuple(map(int, pair))
        for pair in re.findall(r"(\d) of (\d) solved", text.split("What you practised")[1])
    ]
    assert sum(right for right, _ in solved) == 7 and sum(all_ for _, all_ in solved) == 10


def test_points_of_a_trial_stay_unsaid_until_they_are_released(group: ClassGroup) -> None:
    pupil = make_pupil(group)
    later = {"results_release": ResultsRelease.AT_TIME}
    make_scored_trial(group, {pupil: REFERENCE_ITEMS[:8]}, **later)
    text = words(client_of(pupil).get(ADDRESS).content)
    assert "There is nothing to draw yet: your results are not out." in text
    assert "Trial exam" not in text and "solved" not in text


def test_one_day_is_a_sentence_and_no_picture(group: ClassGroup) -> None:
    pupil = make_pupil(group)
    make_scored_trial(group, {pupil: REFERENCE_ITEMS[:8]})
    page = client_of(pupil).get(ADDRESS).content
    (only,) = history(pupil)
    middle = points(only.after.expected)
    assert f"One day so far: on average we expect {middle} of 10 points of you." in words(page)
    assert b"growth__range" not in page
    assert "No practice set yet." in words(page)


def test_who_has_never_sat_and_who_is_no_pupil(group: ClassGroup) -> None:
    empty = words(client_of(make_pupil(group)).get(ADDRESS).content)
    assert "Nothing to compare yet After about 10 responses, in a trial exam or in practice," in empty
    assert client_of(make_teacher(group)).get(ADDRESS).status_code == 404
