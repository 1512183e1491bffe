"""Does a page hold together?"""

from scoring.irt.report.markup import Markup, text
from scoring.irt.report.page import Section, fact_list, legend, page, paragraph, state
from tests.scoring.irt.report.reading import check


def test_sections_are_listed_and_named():
    sections = [
        Section("one", "First & last", paragraph("Hello <world>.")),
        Section("two", "Second", text("x")),
    ]
    reading = check("".join(page(title="T<", eyebrow="E", above=Markup(""), sections=sections, foot="F")))
    assert reading.text == "T< E T< First & last Second First & last Hello <world>. Second x F"
    assert reading.ids == ["one", "one-title", "two", "two-title"]
    assert [a["href"] for a in reading.all("a")] == ["#one", "#two"]
    assert reading.all("html") == [{"lang": "en"}]
    assert len(reading.all("h1")) == 1


def test_states_differ_by_words_and_sign_and_not_by_colour_alone():
    good, bad = state(True, "Fine", "a"), state(False, "Not fine", "b")
    signs = [check(strip).all("path")[0]["d"] for strip in (good, bad)]
    assert signs[0] != signs[1]
    assert "Fine" in good


def test_facts_and_legends():
    listed = check(fact_list([("N", "7")], whole_width=[("Model", "2pl")]))
    assert listed.texts == ["N", "7", "Model", "2pl"]
    assert [a.get("class") for a in listed.all("div")] == [None, "fill"]
    assert check(legend([("tone-1", "north"), ("tone-2", "south")])).texts == ["north", "south"]
