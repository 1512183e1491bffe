"""Is everything there is to practise offered, the most sensible first, and each with an honest reason?"""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import pytest

from accounts.models import Person
from exams.enums import PracticeKind
from exams.models import Item, ItemVersion
from scoring.actions.score import score_sittings
from scoring.queries.practice import suggest_practice
from scoring.queries.practice_offers import Offer, offers_of
from scoring.queries.practice_situation import situation_of
from scoring.queries.practice_why import gains_of
from scoring.queries.runs import run_in_force
from tests.factories.accounts import NOW, make_class, make_pupil
from tests.factories.exams import make_versions
from tests.factories.practised import practise
from tests.factories.scoring import PRACTICE_ITEMS, make_reference_form, make_scored_trial

pytestmark = pytest.mark.django_db


@pytest.fixture
def pupil() -> Person:
    make_versions(PRACTICE_ITEMS)
    group = make_class()
    pupil = make_pupil(group, public_id=UUID(int=5))
    make_scored_trial(group, {pupil: ["ma-102", "ma-112", "ma-201"]})
    return pupil


def offers(pupil: Person, *, days: float = 0) -> tuple[Offer, ...]:
    return offers_of(pupil, "mathematics", run=run_in_force(), now=NOW + timedelta(days=days))


def kinds(found: tuple[Offer, ...]) -> list[str]:
    return [offer.kind.value for offer in found]


def test_a_full_set_comes_first_and_domains_by_what_they_would_bring(pupil: Person) -> None:
    found = offers(pupil)
    assert kinds(found)[:2] == ["full", "quick"]
    domains = [offer for offer in found if offer.kind == PracticeKind.DOMAIN]
    gains = [offer.why.half_points for offer in domains]
    assert gains == sorted(gains, reverse=True)
    assert {offer.focus for offer in domains} == {"MA.1", "MA.2", "MA.3", "MA.4", "MA.5"}
    assert {offer.why.code for offer in domains} == {"chosen"}
    assert [offer.why.domain.code for offer in domains] == [offer.focus for offer in domains]


def test_each_offer_is_what_would_be_opened(pupil: Person) -> None:
    for offer in offers(pupil):
        promised = suggest_practice(
            pupil, subject="mathematics", run=run_in_force(), now=NOW, kind=offer.kind, focus=offer.focus
        )
        assert promised is not None
        assert [item.version.ref for item in promised.items] == [item.version.ref for item in offer.items]
        assert (promised.why, promised.size, promised.minutes) == (offer.why, offer.size, offer.minutes)


def test_a_domain_is_promised_only_where_most_of_the_set_is_about_it(pupil: Person) -> None:
    for offer in offers(pupil)[:2]:
        if offer.why.code == "gain":
            assert offer.why.domain == offer.lead
            situation = situation_of(pupil, "mathematics", run=run_in_force(), now=NOW)
            assert situation is not None
            assert max(gains_of(situation).values()) == offer.why.half_points
        else:
            assert (offer.why.code, offer.why.domain) == ("all_round", None)


def test_a_skill_is_offered_with_three_items_and_the_basic_one_before_what_builds_on_it(
    pupil: Person,
) -> None:
    assert not [offer for offer in offers(pupil) if offer.kind == PracticeKind.STANDARD]
    own = ItemVersion.objects.filter(item__identifier__in=PRACTICE_ITEMS)
    codes = list(own.order_by("ref").values_list("standard__code", flat=True))
    three = own.filter(item__identifier__in=PRACTICE_ITEMS[:3])
    three.update(standard=three[0].standard)
    (skill,) = [offer for offer in offers(pupil) if offer.kind == PracticeKind.STANDARD]
    assert (skill.focus, skill.size) == (codes[0], 3)
    assert skill.focus_title == (three[0].standard.title_sr, three[0].standard.title_en)


def test_whoever_has_three_things_due_repairs_them_first(pupil: Person) -> None:
    practise(pupil, list(PRACTICE_ITEMS[:4]), at=NOW + timedelta(hours=2), correct=PRACTICE_ITEMS[:1])
    score_sittings(now=NOW + timedelta(hours=3))
    same_day, later = offers(pupil, days=0.2), offers(pupil, days=2)
    assert kinds(same_day)[:3] == ["full", "quick", "mistakes"]
    assert same_day[2].why.code == "mistakes"
    assert kinds(later)[:3] == ["mistakes", "full", "quick"]
    assert (later[0].why.code, later[0].why.n_due, later[0].why.n_missed) == ("review_due", 3, 3)
    assert {item.version.item.identifier for item in later[0].items} == set(PRACTICE_ITEMS[1:4])


def test_a_pupil_nobody_knows_begins_with_a_few_to_find_out() -> None:
    make_versions(PRACTICE_ITEMS)
    make_reference_form()
    score_sittings(now=NOW)
    found = offers(make_pupil(make_class()))
    assert kinds(found)[:2] == ["quick", "full"]
    assert {offer.why.code for offer in found[:2]} == {"find_out"}


def test_nothing_to_practise_is_no_offer(pupil: Person) -> None:
    Item.objects.update(security="retired")
    assert offers(pupil) == ()
    assert offers_of(pupil, "mathematics", run=None, now=NOW) == ()
