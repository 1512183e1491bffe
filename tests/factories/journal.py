"""A pupil sits a form through the real journal: the intake's own store, on the connection of the test."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from exams.intake.borrowed import borrowed_store
from exams.intake.protocol import chain_text, genesis, parse_save
from exams.intake.ticket import Ticket
from exams.models import ItemVersion, Sitting
from tests.factories.accounts import NOW


def sit(
    sitting: Sitting,
    values: Mapping[str, Any],
    *,
    seen: Sequence[str] = (),
    told: Mapping[str, Mapping[str, Any]] | None = None,
    hinted: Sequence[str] = (),
    checked: Sequence[str] = (),
    started_at: datetime = NOW,
    minutes: int = 30,
    hand_in: bool = True,
    forged_hand_in: bool = False,
    device: str = "test-device-0123456789",
) -> Sitting:
    """Starts the sitting, gives `values` (item ref → value) and hands in `minutes` later; returns it fresh.

    `seen`: items looked at without a response; `told`: what practice said of an item when it was shown
    (`exams.projection.shown`); `hinted`: a hint was asked for, `checked`: the solution was
    seen after what was responded. `forged_hand_in`: another hand-in comes
    first, whose chain is broken. All of it arrives in one save.
    """
    store = borrowed_store()
    begin = round(started_at.timestamp() * 1000)
    end = begin + minutes * 60_000
    store.start(sitting.pk, begin)
    epoch = store.lease(sitting.pk, device, begin)
    ticket = Ticket(sitting.pk, str(sitting.public_id), device, epoch)
    happenings: list[tuple[str, str, Any]] = [
        ("seen", ref, (told or {}).get(ref)) for ref in (*values, *seen)
    ]
    happenings += [("hint", ref, None) for ref in hinted]
    happenings += [("response", ref, value) for ref, value in values.items()]
    happenings += [("check", ref, None) for ref in checked]
    happenings += [("hand_in", "", "candidate")] if hand_in else []
    if forged_hand_in:
        happenings.insert(1, ("hand_in", "", "forged"))
    lines, previous = [], genesis(str(sitting.public_id), device)
    for seq, (kind, item, value) in enumerate(happenings, start=1):
        prev = genesis("elsewhere", device) if value == "forged" else previous
        fields = {
            "seq": seq, "epoch": epoch, "kind": kind, "item": item, "value": value, "clock": "load1",
            "mono": minutes * 60_000 - 1, "wall": end - 1, "prev": chain_text(prev),
        }  # fmt: skip
        line = json.dumps(fields, ensure_ascii=False, separators=(",", ":")).encode()
        previous = hashlib.sha256(line).digest()
        lines.append(line)
    header = {
        "v": 1, "device": device, "clock": "load1", "mono": minutes * 60_000, "wall": end, "last": len(lines),
    }  # fmt: skip
    body = b"\n".join([json.dumps(header).encode(), *lines])
    store.save(ticket, parse_save(body), end)
    return Sitting.objects.select_related("form", "administration", "candidate").get(pk=sitting.pk)


def right(version: ItemVersion) -> Any:
    """A response that earns every point of the item, as a phone sends it."""
    key = version.key
    match key["interaction"]:
        case "text_entry" | "cloze":
            entries = key.get("fields", key.get("gaps"))
            return {part: _right_entry(entry) for part, entry in entries.items()}
        case "extended_text":
            return "Прво сам поделио обе стране са 3, па је решење 4."
        case _:
            return key["correct"]


def wrong(version: ItemVersion) -> Any:
    """A response that earns nothing, though it is one."""
    key = version.key
    match key["interaction"]:
        case "choice":
            choices = [choice["id"] for choice in version.texts.all()[0].content["choices"]]
            return next(name for name in choices if name != key["correct"])
        case "true_false":
            return {part: not truth for part, truth in key["correct"].items()}
        case "match":
            rows = list(key["correct"])
            return dict(zip(rows, [key["correct"][row] for row in [*rows[1:], rows[0]]], strict=True))
        case "order":
            return [*key["correct"][1:], key["correct"][0]]
        case "multiple_choice" | "select_words" | "hotspot":
            content = version.texts.all()[0].content
            things = re.findall(r'<span data-word="([^"]*)">', content.get("text", ""))
            things = things or [choice["id"] for choice in content["choices"]]
            return [next(name for name in things if name not in key["correct"])]
        case "extended_text":
            return ""
        case _:
            return dict.fromkeys(key.get("fields", key.get("gaps")), "-987654")


def _right_entry(entry: Mapping[str, Any]) -> str:
    if entry["accept"] == "choice":
        return str(entry["correct"])
    return str(entry["values"][0] if entry["accept"] == "text" else entry["value"])
