"""Does a data file that cannot be read say so by name?"""

import pytest

from scoring.data_file import DataFileError, read_table


def test_a_file_that_is_not_there(tmp_path):
    with pytest.raises(DataFileError, match=r"absent\.toml: file: does not exist"):
        read_table(tmp_path / "absent.toml")


def test_a_file_that_is_not_utf_8(tmp_path):
    path = tmp_path / "latin.toml"
    path.write_bytes('name = "ž"'.encode("iso-8859-2"))
    with pytest.raises(DataFileError, match="byte 8: is not UTF-8"):
        read_table(path)


def test_values_keep_their_type_and_place(tmp_path):
    path = tmp_path / "good.toml"
    path.write_text("share = 0.5\n[[row]]\nn = 1\n[[row]]\nn = 2\n", encoding="utf-8")
    table = read_table(path)
    assert table.get("share", float, "") == 0.5
    assert [(row.place, row.get("n", int, "")) for row in table.tables("row")] == [
        ("[[row]] number 1", 1),
        ("[[row]] number 2", 2),
    ]
    with pytest.raises(DataFileError, match=r"row\]\] number 2, n: is 2\. Write text\."):
        table.tables("row")[1].get("n", str, "Write text.")
