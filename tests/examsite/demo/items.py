"""The items of the trial forms as simulated pupils meet them, straight from their sources."""

from functools import cache
from pathlib import Path

from exams.bank_files import read_form
from exams.item_source import CompiledItem, compile_item, read_item
from examsite.demo.responses import Pool, repertoire, written_texts
from examsite.demo.simulation import SimulatedItem

FIXTURES = Path(__file__).resolve().parents[3] / "fixtures"
FORMS = {
    form.identifier: form.items
    for form in (read_form(path) for path in sorted((FIXTURES / "forms").glob("*.toml")))
}


@cache
def compiled(identifier: str) -> CompiledItem:
    (path,) = (FIXTURES / "items").glob(f"*/{identifier}.toml")
    return compile_item(read_item(path))


@cache
def simulated(identifier: str) -> SimulatedItem:
    item = compiled(identifier)
    text = item.texts["sr"]
    return SimulatedItem(
        ref=item.ref,
        standard_level=item.level,
        half_point_table=tuple(item.key["half_points"]),
        n_choices=len(text["content"]["choices"]) if item.interaction == "choice" else 0,
        pools=_written().get(identifier)
        or repertoire(item.ref, item.key, text["content"], list(text["solution"]["misconceptions"])),
    )


@cache
def _written() -> dict[str, dict[int, Pool]]:
    return written_texts(FIXTURES / "demo" / "written.toml")
