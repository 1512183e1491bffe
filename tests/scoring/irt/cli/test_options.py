"""Are options understood, and mistakes in them refused before anything is read?"""

import argparse
from pathlib import Path

import pytest

from scoring.irt.calibration.result import Priors
from scoring.irt.cli import options
from scoring.irt.cli.cells import category
from scoring.irt.types import MissingRule


@pytest.fixture
def parse():
    parser = argparse.ArgumentParser(exit_on_error=False)
    options.add_table(parser)
    options.add_rules(parser)
    options.add_calibration(parser)
    return lambda *words: parser.parse_args(["trial.csv", *words])


def test_what_holds_if_nothing_is_said(parse):
    arguments = parse()
    assert options.rules_of(arguments) == (MissingRule.CATEGORY_ZERO, MissingRule.NOT_PRESENTED)
    assert options.priors_of(arguments) == Priors()
    assert (arguments.model, arguments.group, arguments.covariates, arguments.grid) == (None, None, (), None)


def test_what_is_said(parse):
    arguments = parse(
        "--omitted", "missing", "--not-reached", "zero", "--priors", "none", "--grid=31,-4,4",
        "--covariates", "age, books", "--model", "2pl", "--model", "M1=gpcm",
    )  # fmt: skip
    assert options.rules_of(arguments) == (MissingRule.NOT_PRESENTED, MissingRule.CATEGORY_ZERO)
    assert options.priors_of(arguments) == Priors.none()
    assert arguments.covariates == ("age", "books")
    assert arguments.model == ["2pl", "M1=gpcm"]
    assert arguments.grid.size == 31
    assert arguments.grid.points[[0, -1]].tolist() == [-4.0, 4.0]


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["--grid", "31"], '"31" is not such as 61,-6,6'),
        (["--grid", "3"], '"3" is not such as 61,-6,6: how many points, the lowest and the highest'),
        (["--grid", "61,-6,x"], '"61,-6,x" is not such as 61,-6,6'),
        (["--grid", "10,-6,6"], '"10,-6,6": give at least 11 points'),
        (["--grid", "61,-2,6"], "the abilities have to reach from -3 or lower to 3 or higher"),
        (["--grid", "61,-6,2.9"], "the abilities have to reach from -3 or lower to 3 or higher"),
        (["--grid", "31,4,-4"], "the abilities have to reach from -3 or lower to 3 or higher"),
        (["--grid", "31,-inf,inf"], "the abilities have to reach"),
        (["--anchors", "-"], '"-" does not stand for standard input or output; name a file'),
        (["--max-iterations", "0"], "0 is less than 1"),
        (["--priors", "strong"], "invalid choice: 'strong'"),
    ],
)
def test_mistakes(parse, words, told):
    with pytest.raises(argparse.ArgumentError, match=told):
        parse(*words)


def test_a_positive_number():
    assert options.above_zero("0.5") == 0.5
    for text in ("0", "-1", "inf", "nan"):
        with pytest.raises(argparse.ArgumentTypeError, match="is not above 0"):
            options.above_zero(text)


def test_a_rule_of_the_file_unless_one_is_named():
    assert options.rule_of(None, MissingRule.NOT_PRESENTED) is MissingRule.NOT_PRESENTED
    assert options.rule_of("zero", MissingRule.NOT_PRESENTED) is MissingRule.CATEGORY_ZERO


def test_the_smallest_grid():
    assert options.grid("11,-3,3").points[[0, 5, 10]].tolist() == [-3.0, 0.0, 3.0]


@pytest.mark.parametrize(
    ("words", "joined"),
    [
        (["--prior", "-1,1"], ["--prior=-1,1"]),
        (["--mean", "-.5", "--sd", "1"], ["--mean=-.5", "--sd", "1"]),
        (["--prior", "1,1"], ["--prior", "1,1"]),
        (["--prior", "--csv", "-1"], ["--prior", "--csv", "-1"]),
        (["--grid", "-5,1,2"], ["--grid=-5,1,2"]),
        (["--prior"], ["--prior"]),
    ],
)
def test_a_value_with_a_minus_stays_with_its_option(words, joined):
    assert options.joined_values(["score", *words]) == ["score", *joined]


def test_every_way_to_say_not_presented_is_in_the_help():
    told = " ".join(options.FILE_HELP.split())
    assert "Blank (or only spaces), NA (or na) or -1: not presented" in told
    assert {category(cell) for cell in ("", "  ", "NA", "na", "-1")} == {-1}


def test_files_that_are_read(parse, tmp_path):
    models = tmp_path / "models.csv"
    models.write_text("M1,2pl\n")
    arguments = parse("--anchors", "items.json", "--model", "2pl", "--model", str(models))
    assert options.files_read(arguments) == [Path("trial.csv"), Path("items.json"), models]
