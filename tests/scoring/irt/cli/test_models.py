"""Does every item get the model that was asked for?"""

import pytest

from scoring.irt.cli.models import check_categories, models_for
from scoring.irt.cli.problems import Problem

ITEMS = ["M01", "M02", "M03"]


@pytest.mark.parametrize(
    ("texts", "models"),
    [
        (["2pl"], ["2pl", "2pl", "2pl"]),
        (["2PL"], ["2pl", "2pl", "2pl"]),
        (["2pl", "M02=gpcm"], ["2pl", "gpcm", "2pl"]),
        (["2pl,M02=gpcm,M03=grm"], ["2pl", "gpcm", "grm"]),
        (["M01=2pl, M02=3pl", "M03=rasch"], ["2pl", "3pl", "rasch"]),
        (["M02=gpcm", "2pl"], ["2pl", "2pl", "2pl"]),
    ],
)
def test_words_and_pairs(texts, models):
    assert models_for(ITEMS, texts) == models


def test_a_file_of_pairs(tmp_path):
    path = tmp_path / "models.csv"
    path.write_text("item;model\nM01;2PL\n\nM03;pcm\n")
    assert models_for(ITEMS, ["grm", str(path)]) == ["2pl", "grm", "pcm"]
    path.write_text("M01;2pl;x\n")
    with pytest.raises(Problem, match=r"models\.csv, line 1: expected two cells, item and model, not 3"):
        models_for(ITEMS, [str(path)])
    path.write_text("M01;2pl\nM02;5pl\n")
    with pytest.raises(Problem, match=r'models\.csv, line 2: "5pl" is no model\. There are rasch, 1pl,'):
        models_for(ITEMS, [str(path)])


@pytest.mark.parametrize(
    ("texts", "told"),
    [
        (["4pl"], '--model: "4pl" is no model'),
        (["2pl,M9=gpcm"], '--model: no item is called "M9"'),
        (["M01=2pl"], '--model: no model for "M02"'),
        ([], '--model: no model for "M01"'),
    ],
)
def test_what_is_not_there(texts, told):
    with pytest.raises(Problem, match=told):
        models_for(ITEMS, texts)


def test_an_item_with_more_categories_than_its_model_takes():
    check_categories(ITEMS, ["2pl", "gpcm", "grm"], [2, 3, 4])
    with pytest.raises(
        Problem, match=r'item "M02" \(and 1 more\) has categories up to 2, and 2pl is for right'
    ):
        check_categories(ITEMS, ["2pl", "2pl", "3pl"], [2, 3, 4])
    with pytest.raises(Problem, match="Add such as --model M03=gpcm"):
        check_categories(ITEMS, ["2pl", "2pl", "rasch"], [2, 2, 4])
