"""What will one pupil do, and when will the phone lose the network? Pure; drawn from the pupil's own numbers.

Twenty items are visited in order and some again; every response is changed at least once. That makes 40
changes and more, each of which a phone sends by itself, as the player does two seconds after a change.
"""

from __future__ import annotations

import random
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from exams.response_processing import SELECTIONS

CHANGES_PER_ITEM: Final = 2
REVISITED: Final = 3
LONGEST_SPELL: Final = 6
DROPS: Final = ("cut", "lost", "offline", "reload")
"""A request cut in the middle · a reply lost after COMMIT · a spell without network, the outbox growing ·
the page loaded again, and everything sent again."""


@dataclass(frozen=True, slots=True)
class Happening:
    kind: str
    item: int | None = None
    pick: int = 0


@dataclass(frozen=True, slots=True)
class Step:
    """At this share of the working time these things happen and are sent, unless `drop` says otherwise.

    `spell`: for how many steps, this one included, there is no network.
    """

    at: float
    happenings: tuple[Happening, ...]
    drop: str = ""
    spell: int = 0


def plan_sitting(rng: random.Random, n_items: int, *, drops: int = 2) -> list[Step]:
    """Steps in order of time, with `drops` or one more of the DROPS among them, no two of a kind."""
    visits = [*range(n_items), *sorted(rng.sample(range(n_items), min(REVISITED, n_items)))]
    happenings: list[tuple[Happening, ...]] = []
    for item in visits:
        first = rng.randrange(1_000)
        happenings.append((Happening("seen", item),))
        happenings += [(Happening("response", item, first + n),) for n in range(CHANGES_PER_ITEM)]
        if rng.random() < 0.05:
            happenings.append((Happening("flag", item),))
    moments = sorted(rng.random() for _ in happenings)
    steps = [Step(at, what) for at, what in zip(moments, happenings, strict=True)]
    wanted = rng.sample(DROPS, min(len(DROPS), drops + rng.randrange(2)))
    # So far apart that a spell without network swallows no other drop.
    places = rng.sample(range(2, len(steps) - LONGEST_SPELL, LONGEST_SPELL + 1), len(wanted))
    for place, drop in zip(places, wanted, strict=True):
        old = steps[place]
        steps[place] = Step(
            old.at, old.happenings, drop, rng.randint(3, LONGEST_SPELL) if drop == "offline" else 0
        )
    return steps


def possible_responses(item: dict[str, Any]) -> Sequence[Any]:
    """Some values a pupil could give to an item of a paper, of the shape that its interaction has."""
    return _VALUES[item["interaction"]](item["content"])


def _choice(content: dict[str, Any]) -> list[Any]:
    return [choice["id"] for choice in content["choices"]]


def _true_false(content: dict[str, Any]) -> list[Any]:
    rows = [row["id"] for row in content["statements"]]
    return [{row: (number >> place) % 2 == 0 for place, row in enumerate(rows)} for number in range(6)]


def _match(content: dict[str, Any]) -> list[Any]:
    rows, offered = [row["id"] for row in content["rows"]], [choice["id"] for choice in content["choices"]]
    return [
        {row: offered[(place + turn) % len(offered)] for place, row in enumerate(rows)}
        for turn in range(len(offered))
    ]


def _order(content: dict[str, Any]) -> list[Any]:
    ids = [choice["id"] for choice in content["choices"]]
    return [ids[turn:] + ids[:turn] for turn in range(len(ids))]


def _text_entry(content: dict[str, Any]) -> list[Any]:
    fields = [field["id"] for field in content["fields"]]
    return [dict.fromkeys(fields, f"{number},{5 * (number % 2)}") for number in range(7)]


def _cloze(content: dict[str, Any]) -> list[Any]:
    gaps = content["gaps"]
    return [
        {
            name: gap["choices"][number % len(gap["choices"])]["id"] if "choices" in gap else str(number)
            for name, gap in gaps.items()
        }
        for number in range(7)
    ]


def _ticks(content: dict[str, Any]) -> list[Any]:
    """One tick, two, three …, as far as there is something to tick."""
    ids = re.findall(r'<span data-word="([^"]*)">', content.get("text", ""))
    ids = ids or [choice["id"] for choice in content["choices"]]
    return [ids[: number + 1] for number in range(len(ids))]


def _extended_text(content: dict[str, Any]) -> list[Any]:
    """A text that grows, up to the longest that may be written."""
    sentence = "Прво сам израчунао страницу, а онда површину. "
    return [(sentence * 100)[: content["longest"] * part // 4].strip() for part in range(1, 5)]


_VALUES = {
    "choice": _choice,
    "true_false": _true_false,
    "match": _match,
    "order": _order,
    "text_entry": _text_entry,
    "cloze": _cloze,
    **dict.fromkeys(SELECTIONS, _ticks),
    "extended_text": _extended_text,
}
