"""Does load_bank bring in what is new, once, and nothing of a bank with a fault?"""

import shutil
from io import StringIO
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command

from exams.models import Form, ItemVersion

pytestmark = pytest.mark.django_db
ITEM = "items/chemistry/he-102.toml"


@pytest.fixture
def fixtures(tmp_path: Path) -> Path:
    (tmp_path / "standards").mkdir()
    shutil.copy(settings.FIXTURES_DIR / "standards" / "chemistry.toml", tmp_path / "standards")
    shutil.copytree(settings.FIXTURES_DIR / "items" / "chemistry", tmp_path / "items" / "chemistry")
    (tmp_path / "forms").mkdir()
    shutil.copy(settings.FIXTURES_DIR / "forms" / "chemistry-a.toml", tmp_path / "forms")
    return tmp_path


def load(fixtures: Path) -> str:
    out = StringIO()
    call_command("load_bank", fixtures=fixtures, stdout=out)
    return out.getvalue().strip()


def test_what_is_new_is_loaded_once(fixtures: Path) -> None:
    said = load(fixtures)
    n = ItemVersion.objects.count()
    assert n > 100
    assert said == f"{n} new item version(s), 1 new form(s)."
    assert Form.objects.get().versions.count() == 20
    assert load(fixtures) == "0 new item version(s), 0 new form(s)."
    path = fixtures / ITEM
    path.write_text(path.read_text("utf-8").replace("version = 1", "version = 2"), "utf-8")
    assert load(fixtures) == "1 new item version(s), 0 new form(s)."


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("[key]", "[keys]", r"chemistry/he-102\.toml keys: unknown name(.*\n)*Nothing was loaded"),
        ("explanation = ", "notes = 'x'\nexplanation = ", r"\[sr\] notes: unknown name"),
    ],
)
def test_nothing_is_loaded_of_a_bank_with_a_fault(fixtures: Path, old: str, new: str, message: str) -> None:
    path = fixtures / ITEM
    path.write_text(path.read_text("utf-8").replace(old, new, 1), "utf-8")
    with pytest.raises(CommandError, match=message):
        load(fixtures)
    assert not ItemVersion.objects.exists()


def test_a_published_version_is_not_changed(fixtures: Path) -> None:
    load(fixtures)
    path = fixtures / ITEM
    path.write_text(
        path.read_text("utf-8").replace("explanation = '''\n", "explanation = '''\nДа. ", 1), "utf-8"
    )
    with pytest.raises(CommandError, match=r"he-102\.1 or its stimulus has changed(.*\n)*Nothing was loaded"):
        load(fixtures)
