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
