"""Does every virtual pupil do enough, lose the network often enough, and give what the items ask for?"""

from __future__ import annotations

import random
import tomllib
from collections import Counter
from itertools import pairwise

import pytest
from django.conf import settings

from exams.item_source import compile_item, read_items
from exams.response_processing import score_response
from examsite.rehearsal.script import CHANGES_PER_ITEM, DROPS, LONGEST_SPELL, plan_sitting, possible_responses
from tests.factories.newer_items import PLACES, SEVERAL, WORDS, WRITTEN, newer


def test_every_pupil_makes_forty_changes_and_loses_the_network_twice() -> None:
    for seed in range(200):
        steps = plan_sitting(random.Random(seed), 20)
        kinds = Counter(what.kind for step in steps for what in step.happenings)
        assert kinds["response"] >= 40
        drops = [place for place, step in enumerate(steps) if step.drop]
        assert 2 <= len(drops) <= 3
        assert len({steps[place].drop for place in drops}) == len(drops)
        assert all(b - a > LONGEST_SPELL for a, b in pairwise(drops))
        assert [step.at for step in steps] == sorted(step.at for step in steps)
        spells = [place + steps[place].spell for place in drops if steps[place].drop == "offline"]
        assert all(place < len(steps) for place in spells), "the network is back before the hand-in"


@pytest.mark.parametrize("identifier", [SEVERAL, WORDS, PLACES, WRITTEN])
def test_newer_interactions_are_answered_too(identifier: str) -> None:
    item = newer(identifier)
    content = item.texts["sr"]["content"]
    values = possible_responses({"interaction": item.interaction, "content": content})
    assert len(values) >= 4
    statuses = {score_response(item.key, value).status for value in values}
    assert statuses == {"pending" if identifier == WRITTEN else "answered"}
    if identifier == WRITTEN:
        assert [len(value) for value in values] == sorted(len(value) for value in values)
        assert len(values[-1]) > 590


def test_every_kind_of_drop_happens() -> None:
    plans = [plan_sitting(random.Random(seed), 20) for seed in range(50)]
    assert {step.drop for steps in plans for step in steps} == {"", *DROPS}


def test_responses_change_and_are_ones_that_can_be_scored() -> None:
    fixtures = settings.FIXTURES_DIR
    form = tomllib.loads((fixtures / "forms" / "mathematics-a.toml").read_text(encoding="utf-8"))
    compiled = [compile_item(source) for source in read_items(fixtures / "items" / "mathematics")]
    items = [item for item in compiled if item.identifier in form["items"]]
    assert len(items) == 20
    for item in items:
        content = item.texts["sr"]["content"]
        values = possible_responses({"interaction": item.interaction, "content": content})
        assert len(values) > CHANGES_PER_ITEM
        assert all(one != other for one, other in pairwise(values))
        assert {score_response(item.key, value).status for value in values} == {"answered"}
