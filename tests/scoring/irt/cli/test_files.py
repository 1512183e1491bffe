"""Does a file appear whole or not at all?"""

import os

import pytest

from scoring.irt.cli.files import check_outputs, check_writable, read_text, write_text
from scoring.irt.cli.problems import Problem


def test_text_is_written_and_read(tmp_path):
    path = tmp_path / "out.txt"
    write_text(path, "ћирилица\n")
    assert path.read_bytes() == "ћирилица\n".encode()
    write_text(path, iter(["two ", "parts"]))
    assert read_text(path) == "two parts"
    assert [entry.name for entry in tmp_path.iterdir()] == ["out.txt"]


def test_what_fails_halfway_leaves_the_old_file_and_nothing_else(tmp_path):
    path = tmp_path / "out.txt"
    path.write_text("old")

    def parts():
        yield "new, and then"
        raise RuntimeError("the calculation broke off")

    with pytest.raises(RuntimeError):
        write_text(path, parts())
    assert path.read_text() == "old"
    assert [entry.name for entry in tmp_path.iterdir()] == ["out.txt"]


def test_permissions_are_those_of_any_new_file_or_of_the_old_one(tmp_path):
    new, old = tmp_path / "new", tmp_path / "old"
    plain = tmp_path / "plain"
    plain.touch()
    old.touch(mode=0o600)
    write_text(new, "x")
    write_text(old, "x")
    assert new.stat().st_mode == plain.stat().st_mode
    assert old.stat().st_mode & 0o777 == 0o600


def test_a_link_is_followed(tmp_path):
    (tmp_path / "real").mkdir()
    path = tmp_path / "link.txt"
    path.symlink_to(tmp_path / "real" / "file.txt")
    write_text(path, "x")
    assert path.is_symlink()
    assert (tmp_path / "real" / "file.txt").read_text() == "x"


def test_places_where_nothing_can_be_written(tmp_path):
    with pytest.raises(Problem, match="is a folder; give the name of a file"):
        check_writable(tmp_path)
    with pytest.raises(Problem, match=r"there is no folder .*missing; make it first"):
        write_text(tmp_path / "missing" / "out.txt", "x")


def test_a_closed_folder(tmp_path, monkeypatch):
    monkeypatch.setattr(os, "access", lambda path, mode: False)
    with pytest.raises(Problem, match="nothing may be written into the folder"):
        check_writable(tmp_path / "out.txt")


def test_a_full_disk_is_told_and_leaves_nothing(tmp_path, monkeypatch):
    def full(handle):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(Problem, match=r"out\.txt: cannot be written: No space left on device"):
        write_text(tmp_path / "out.txt", "x")
    assert list(tmp_path.iterdir()) == []


def test_what_cannot_be_read(tmp_path):
    with pytest.raises(Problem, match="cannot be read: No such file"):
        read_text(tmp_path / "nothing")
    (tmp_path / "latin").write_bytes("ž".encode("cp1250"))
    with pytest.raises(Problem, match="not UTF-8 text"):
        read_text(tmp_path / "latin")


def test_an_output_is_neither_an_input_nor_another_output(tmp_path):
    table, out = tmp_path / "table.csv", tmp_path / "out.csv"
    table.write_text("x")
    link = tmp_path / "link.csv"
    link.symlink_to(table)
    check_outputs([out, None], inputs=[table, None])
    for again in (table, tmp_path / "." / "table.csv", tmp_path / ".." / tmp_path.name / "table.csv", link):
        with pytest.raises(Problem, match="is an input of this run and would be overwritten"):
            check_outputs([out, again], inputs=[None, table])
    with pytest.raises(Problem, match=r"out\.csv: is named for two outputs"):
        check_outputs([out, tmp_path / "." / "out.csv"], inputs=[table])
    with pytest.raises(Problem, match="is a folder"):
        check_outputs([tmp_path], inputs=[])
