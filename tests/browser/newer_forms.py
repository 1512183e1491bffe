"""How does a pupil get every newer interaction to answer? In a class of one, with a trial and a practice set.

The items are read, checked, compiled and imported as those of the bank are; practice has released copies.
"""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from django.utils import timezone

from exams.actions.forms import Selected, publish_form
from exams.actions.items import import_items
from exams.actions.sittings import open_practice_sitting
from exams.enums import FormPurpose
from exams.item_source import compile_item, read_item
from exams.models import Form, ItemVersion, Sitting
from tests.factories.accounts import make_card, make_class, make_pupil, make_region, make_school
from tests.factories.exams import hand_in_keys, make_administration

ITEMS = Path(__file__).parent / "items"
TRIAL = ("ma-991", "ma-992", "ma-993", "ma-994")
RELEASED = {"ma-991": "ma-995", "ma-992": "ma-996", "ma-993": "ma-997"}


def new_pupil() -> dict[str, str]:
    """The card's code, and the public ids of the sittings `trial` and `practice`."""
    with TemporaryDirectory() as folder:
        sources = _with_released_copies(Path(folder))
        import_items(items=[compile_item(read_item(path)) for path in sources], subject="mathematics")
    now = timezone.now()
    region = make_region(simulated=True)  # with one that is real this would be no demo world any more
    group = make_class(school=make_school(parent=region, simulated=True))
    pupil = make_pupil(group)
    code = make_card(pupil)
    trial = _published(TRIAL, FormPurpose.TRIAL)
    administration = make_administration([group], form=trial, now=now, hand_in_keys=hand_in_keys())
    practice = _published(tuple(RELEASED.values()), FormPurpose.PRACTICE)
    return {
        "code": code,
        "trial": str(Sitting.objects.get(administration=administration).public_id),
        "practice": str(open_practice_sitting(form=practice, candidate=pupil, now=now).public_id),
    }


def _with_released_copies(folder: Path) -> list[Path]:
    shutil.copytree(ITEMS, folder, dirs_exist_ok=True)
    for name, copy in RELEASED.items():
        source = (ITEMS / f"{name}.toml").read_text(encoding="utf-8")
        released = source.replace(f'id = "{name}"', f'id = "{copy}"').replace('"trial"', '"released"')
        (folder / f"{copy}.toml").write_text(released, encoding="utf-8")
    return sorted(path for path in folder.glob("*.toml") if ".stimulus" not in path.name)


def _published(identifiers: Sequence[str], purpose: FormPurpose) -> Form:
    versions = ItemVersion.objects.select_related("item", "standard__domain").prefetch_related("texts")
    return publish_form(
        identifier=f"newer-{purpose}-{Form.objects.count()}",
        subject="mathematics",
        purpose=purpose,
        title_sr="Нове врсте задатака",
        title_en="Newer kinds of items",
        selected=[Selected(versions.get(item__identifier=identifier)) for identifier in identifiers],
        now=timezone.now(),
    )
