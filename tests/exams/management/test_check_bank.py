"""Does check_bank print what the bank covers and fail, with every place, for a bank that is not fit?"""

import shutil
from io import StringIO
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command


@pytest.mark.slow
def test_the_bank_of_this_repository_is_fit() -> None:
    out = StringIO()
    call_command("check_bank", stdout=out)
    lines = out.getvalue().splitlines()
    assert lines[-1] == "No faults."
    assert {line.split(",")[0] for line in lines if ", all" in line} == {
        path.stem for path in (settings.FIXTURES_DIR / "standards").glob("*.toml")
    }


def test_a_bank_with_a_fault_ends_with_an_error(tmp_path: Path) -> None:
    for folder in ("standards", "items/mathematics"):
        shutil.copytree(settings.FIXTURES_DIR / folder, tmp_path / folder, dirs_exist_ok=True)
    shutil.rmtree(tmp_path / "standards")
    (tmp_path / "standards").mkdir()
    shutil.copy(settings.FIXTURES_DIR / "standards" / "mathematics.toml", tmp_path / "standards")
    (tmp_path / "items" / "mathematics" / "ma-102.toml").write_text('id = "ma-102"', "utf-8")
    with pytest.raises(CommandError, match=r"mathematics/ma-102\.toml standard: .*\n(.*\n)*\d+ fault\(s\)"):
        call_command("check_bank", fixtures=tmp_path, stdout=StringIO())


def test_a_folder_without_a_bank(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="name the folder with --fixtures"):
        call_command("check_bank", fixtures=tmp_path, stdout=StringIO())
