"""Are options understood, and mistakes in them refused before anything is read?"""

import argparse

import pytest

from scoring.irt.calibration.result import Priors
from scoring.irt.cli import options
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
        (["--grid", "2,0,1"], "a grid needs at least three points"),
        (["--grid", "31,4,-4"], "grid points must ascend"),
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
