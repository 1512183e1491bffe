"""Does a pupil learn what the statement rests on, in words, and never theta?"""

from __future__ import annotations

import re
from html import unescape

import pytest
from django.urls import reverse

from accounts.models import ClassGroup
from scoring.models import SubjectEstimate
from tests.factories.accounts import make_class, make_pupil, make_teacher
from tests.factories.clients import client_of
from tests.factories.scoring import make_scored_trial

pytestmark = pytest.mark.django_db
ADDRESS = reverse("readiness")


@pytest.fixture
def group() -> ClassGroup:
    return make_class()


def words(html: bytes) -> str:
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", html.decode())).split())


def test_what_it_rests_on_and_what_would_change_it(group: ClassGroup) -> None:
    pupil = make_pupil(group)
    make_scored_trial(group, {pupil: ["ma-102", "ma-112", "ma-207"]})
    text = words(client_of(pupil).get(ADDRESS).content)
    for said in (
        "1 trial exam, 0 practice sets: 10 responses in all.",
        "How hard each item is: assumed for now",
        "Numbers and operations Not sure yet 3 items, 1 of 3 points.",
        "Measurement Not enough evidence 1 item, 0 of 1 points.",
        "We say something from 2 responses on.",
        "Provisional: the borders between levels have not been set by the ministry yet.",
    ):
        assert said in text


def test_the_picture_has_a_table_that_sums_to_the_whole(group: ClassGroup) -> None:
    pupil = make_pupil(group)
    make_scored_trial(group, {pupil: ["ma-102"]})
    page = client_of(pupil).get(ADDRESS).content.decode()
    rows = re.findall(
        r'<th scope="row" class="number">([^<]*)</th><td class="is-number">([\d.]+)%</td>', page
    )
    assert [label for label, _ in rows][:2] == ["0 or 0½", "1 or 1½"] and rows[-1][0] == "10"
    assert sum(float(share) for _, share in rows) == pytest.approx(100, abs=0.6)


def test_theta_is_not_for_pupils(group: ClassGroup) -> None:
    pupil = make_pupil(group)
    make_scored_trial(group, {pupil: ["ma-102"]})
    text = words(client_of(pupil).get(ADDRESS).content)
    theta = SubjectEstimate.objects.get().theta
    assert "theta" not in text.lower()
    assert f"{theta:.1f}" not in text and f"{theta:.2f}" not in text


def test_who_has_never_sat_is_told_what_will_be_here(group: ClassGroup) -> None:
    assert "We do not know you yet" in words(client_of(make_pupil(group)).get(ADDRESS).content)


def test_staff_have_no_readiness_of_their_own(group: ClassGroup) -> None:
    assert client_of(make_teacher(group)).get(ADDRESS).status_code == 404
