"""Do signs of life go where somebody sees them, and nowhere else?"""

import io

import pytest

from scoring.irt.cli.streams import Streams, passes


class Terminal(io.StringIO):
    def isatty(self):
        return True


def test_results_and_remarks_go_apart():
    streams = Streams(out=io.StringIO(), err=io.StringIO())
    streams.say("result")
    streams.remark("remark")
    assert (streams.out.getvalue(), streams.err.getvalue()) == ("result\n", "remark\n")


def test_nobody_watches():
    assert Streams(out=io.StringIO(), err=io.StringIO()).progress(passes, wanted=False) is None


def test_lines_where_they_were_asked_for():
    err = io.StringIO()
    progress = Streams(out=io.StringIO(), err=err).progress(passes, wanted=True)
    progress(1, -2466.65)
    progress(2, -2400.0)
    progress.done()
    assert err.getvalue() == "pass 1  log-likelihood -2466.650\npass 2  log-likelihood -2400.000\n"


def test_one_line_on_a_terminal_at_most_ten_times_a_second(monkeypatch):
    now = iter([0.0, 0.05, 0.2])
    monkeypatch.setattr("scoring.irt.cli.streams.time.monotonic", lambda: next(now))
    err = Terminal()
    progress = Streams(out=io.StringIO(), err=err).progress(passes, wanted=False)
    for iteration in (1, 2, 3):
        progress(iteration, -1.0)
    progress.done()
    assert err.getvalue() == (
        "\r\x1b[Kpass 1  log-likelihood -1.000\r\x1b[Kpass 3  log-likelihood -1.000\r\x1b[K"
    )


def test_by_default_the_streams_of_the_process(capsys):
    Streams().say("x")
    assert capsys.readouterr().out == "x\n"
    with pytest.raises(AttributeError):
        Streams().out = None


def test_a_note_goes_beside_the_results(capsys):
    Streams().note("few candidates")
    assert capsys.readouterr() == ("", "note: few candidates\n")
