"""Does every command explain itself, and does a mistake end in a line instead of a traceback?"""

import re
import runpy
import sys

import pytest

from scoring.irt.cli import fit_command
from scoring.irt.cli.main import COMMANDS, main, parser
from tests.scoring.irt.cli import samples


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: command.NAME)
def test_help_has_an_example_that_the_parser_takes(command, capsys):
    with pytest.raises(SystemExit) as caught:
        main([command.NAME, "-h"])
    assert caught.value.code == 0
    told = capsys.readouterr().out
    example = re.search(r"  python -m scoring\.irt (.+?(?:\\\n.+?)*)(?:\n|$)", told)
    assert example is not None
    words = example.group(1).replace("\\\n", " ").split()
    assert parser().parse_args(words).run is command.run


def test_every_command_is_listed(capsys):
    with pytest.raises(SystemExit):
        main(["-h"])
    told = capsys.readouterr().out
    for command in COMMANDS:
        assert re.search(rf"^    {command.NAME} +{command.HELP}$", told, re.MULTILINE)


@pytest.mark.parametrize("words", [[], ["grade"], ["fit"], ["fit", "x.csv", "--modl", "2pl"]])
def test_words_that_are_none(words, capsys):
    with pytest.raises(SystemExit) as caught:
        main(words)
    assert caught.value.code == 2
    assert "usage: python -m scoring.irt" in capsys.readouterr().err


def test_an_interruption(tmp_path, monkeypatch, capsys):
    def interrupted(arguments, streams):
        raise KeyboardInterrupt

    monkeypatch.setattr(fit_command, "run", interrupted)
    assert main(["fit", str(samples.write_table(tmp_path / "trial.csv"))]) == 130
    assert capsys.readouterr().err == "interrupted; nothing was written\n"


def test_as_a_program(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(sys, "argv", ["scoring.irt", "fit", str(tmp_path / "missing.csv")])
    with pytest.raises(SystemExit) as caught:
        runpy.run_module("scoring.irt", run_name="__main__")
    assert caught.value.code == 2
    told = f"error: {tmp_path / 'missing.csv'}: cannot be read: No such file or directory\n"
    assert capsys.readouterr() == ("", told)


@pytest.mark.parametrize(
    ("words", "inputs", "output"),
    [
        (["fit", "R.csv", "--json"], "R.csv", "R.csv"),
        (["fit", "R.csv", "--anchors", "I.json", "--csv"], "I.json", "I.json"),
        (["fit", "R.csv", "--model", "M.csv", "--csv"], "M.csv", "M.csv"),
        (["fit", "R.csv", "--json", "X", "--csv"], None, "X"),
        (["report", "R.csv", "--html"], "R.csv", "R.csv"),
        (["report", "R.csv", "--json", "X", "--html"], None, "X"),
        (["score", "R.csv", "--items", "I.json", "--csv"], "R.csv", "R.csv"),
        (["score", "R.csv", "--items", "I.json", "--totals"], "I.json", "I.json"),
        (["score", "R.csv", "--items", "I.json", "--csv", "X", "--totals"], None, "X"),
        (["link", "I.json", "O.json", "--json"], "O.json", "O.json"),
        (["link", "O.json", "I.json", "--json"], "O.json", "O.json"),
        (["dif", "R.csv", "--group", "region", "--csv"], "R.csv", "R.csv"),
        (["simulate", "--items", "I.json", "--candidates", "5", "--seed", "1", "--csv"], "I.json", "I.json"),
    ],
)
def test_no_file_is_overwritten_by_mistake(tmp_path, monkeypatch, capsys, words, inputs, output):
    monkeypatch.chdir(tmp_path)
    for name in ("R.csv", "I.json", "O.json", "M.csv"):
        (tmp_path / name).write_text("as it was")
    assert main([*words, f"./{output}"]) == 2
    told = capsys.readouterr()
    reason = "is named for two outputs" if inputs is None else "is an input of this run"
    assert told.err.startswith(f"error: {output}: {reason}")
    assert told.out == ""
    assert {path.name: path.read_text() for path in tmp_path.iterdir()} == dict.fromkeys(
        ("R.csv", "I.json", "O.json", "M.csv"), "as it was"
    )


@pytest.mark.parametrize(
    "words",
    [
        ["fit", "-"],
        ["report", "R.csv", "--html", "-"],
        ["score", "-", "--items", "I.json"],
        ["score", "R.csv", "--items", "-"],
        ["link", "-", "I.json"],
        ["dif", "-", "--group", "region"],
        ["simulate", "--items", "-", "--candidates", "5", "--seed", "1"],
    ],
)
def test_standard_input_is_no_file(words, capsys):
    with pytest.raises(SystemExit) as caught:
        main(words)
    assert caught.value.code == 2
    assert '"-" does not stand for standard input or output; name a file' in capsys.readouterr().err
