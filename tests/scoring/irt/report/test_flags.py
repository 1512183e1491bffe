"""Are the items named that a person should look at, and no others?"""

from dataclasses import replace

import numpy as np

from scoring.irt.report.flags import item_flags
from tests.scoring.irt.report import samples


def words(facts):
    return {(samples.NAMES[flag.item], flag.word) for flag in item_flags(facts)}


def test_what_the_sample_was_made_to_show():
    assert words(samples.facts()) >= {
        ("M07", "pair"),
        ("M08", "pair"),
        ("nobody", "not presented"),
        ("easy", "easy"),
    }
    flags = {flag.word: flag for flag in item_flags(samples.facts())}
    assert flags["not presented"].grave
    assert flags["not presented"].message == "nobody met it, so nothing can be estimated"
    assert not flags["pair"].grave
    assert flags["pair"].message.startswith("goes with M07 beyond ability: Q3 is 0.")
    assert [flag.item for flag in item_flags(samples.facts())] == sorted(
        f.item for f in item_flags(samples.facts())
    )


def test_limits():
    facts = samples.facts()
    n = len(facts.names)
    calm = replace(
        facts,
        classical=replace(facts.classical, facility=np.full(10, 0.5), item_rest=np.full(10, 0.4)),
        item_fit=replace(facts.item_fit, p=np.full(n, 0.5)),
        mean_squares=replace(
            facts.mean_squares,
            infit=np.ones(n), outfit=np.ones(n), infit_z=np.zeros(n), outfit_z=np.zeros(n),
        ),
        dependence=replace(facts.dependence, q3=np.eye(n)),
    )  # fmt: skip
    assert words(calm) == {("nobody", "not presented")}

    def with_first(part, **values):
        changed = {}
        for name, value in values.items():
            array = np.array(getattr(getattr(calm, part), name))
            array[0] = value
            changed[name] = array
        found = words(replace(calm, **{part: replace(getattr(calm, part), **changed)}))
        return {word for item, word in found if item == "<A&B>"}

    steep = replace(calm.parameters, a=np.where(np.arange(n) == 0, 4.1, calm.parameters.a))
    assert ("<A&B>", "steep") in words(replace(calm, parameters=steep))
    assert with_first("classical", facility=0.96) == {"easy"}
    assert with_first("classical", facility=0.95) == set()
    assert with_first("classical", facility=0.09) == {"hard"}
    assert with_first("classical", item_rest=0.14) == {"weak"}
    assert with_first("classical", facility=np.nan, item_rest=np.nan) == set()
    large = float(facts.item_fit.df[0] + 4 * facts.item_fit.n_used)
    assert with_first("item_fit", p=0.001, statistic=large) == {"misfit"}
    assert with_first("item_fit", p=0.001, statistic=float(facts.item_fit.df[0])) == set()
    assert with_first("mean_squares", infit=1.4, infit_z=2.1) == {"high infit"}
    assert with_first("mean_squares", outfit=1.4, outfit_z=1.9) == set()
