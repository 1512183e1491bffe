"""The items of the trial forms as simulated pupils meet them, straight from their sources."""

import tomllib
from functools import cache
from pathlib import Path

from exams.item_source import CompiledItem, compile_item, read_item
from examsite.demo.responses import repertoire
from examsite.demo.simulation import SimulatedItem

FIXTURES = Path(__file__).resolve().parents[3] / "fixtures"
FORMS = {
    path.stem[-1]: tomllib.loads(path.read_text(encoding="utf-8"))["items"]
    for path in sorted((FIXTURES / "forms").glob("mathematics-*.toml"))
}


@cache
def compiled(identifier: str) -> CompiledItem:
    return compile_item(read_item(FIXTURES / "items" / "mathematics" / f"{identifier}.toml"))


@cache
def simulated(identifier: str) -> SimulatedItem:
    item = compiled(identifier)
    text = item.texts["sr"]
    return SimulatedItem(
        ref=item.ref,
        standard_level=item.level,
        half_point_table=tuple(item.key["half_points"]),
        n_choices=len(text["content"]["choices"]) if item.interaction == "choice" else 0,
        pools=repertoire(item.ref, item.key, text["content"], list(text["solution"]["misconceptions"])),
    )
