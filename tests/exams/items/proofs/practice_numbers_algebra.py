"""Which parts of the released practice items on numbers and on algebra are right, computed afresh?"""

from fractions import Fraction

from exams.item_document import ItemSource
from tests.exams.items.proofs.form_b import evaluate, numbers, only_formula, only_whole, prose_number
from tests.exams.items.proofs.registry import proves


def identical(left: str, right: str, letter: str) -> bool:
    """Whether two polynomials of degree below 7 in one letter are the same: seven values decide it."""
    return all(evaluate(left, **{letter: n}) == evaluate(right, **{letter: n}) for n in range(-3, 4))


@proves("ma-501")
def _(item: ItemSource) -> dict[str, dict[str, bool]]:
    choices = item.choices("sr")
    return {
        row: {name: evaluate(text) == prose_number(speed) for name, text in choices.items()}
        for row, speed in item.rows("sr").items()
    }


@proves("ma-502")
def _(item: ItemSource) -> dict[str, Fraction]:
    return {name: prose_number(text) for name, text in item.choices("sr").items()}


@proves("ma-503")
def _(item: ItemSource) -> dict[str, bool]:
    data = numbers(item)
    return {
        "1": data["novi_sad"] > data["beograd"],
        "2": data["vranje"] - data["sjenica"] == data["difference"],
        "3": data["sjenica"] + data["rise"] == data["novi_sad"],
    }


@proves("ma-504")
def _(item: ItemSource) -> dict[str, bool]:
    scored = {}
    for name, text in item.choices("sr").items():
        written = text.partition(": ")[2]
        value = evaluate(written) if "$" in written else prose_number(written)
        scored[name] = value / 100 if written.endswith("%") else value
    return {name: value == max(scored.values()) for name, value in scored.items()}


@proves("ma-505")
def _(item: ItemSource) -> dict[str, Fraction]:
    data = numbers(item)
    digits = range(10)
    vuk = 100 * data["vuk_start"] + data["vuk_end"]
    return {
        "1": only_whole(digits, lambda digit: (10 * data["mila_start"] + digit) % 10 == 0),
        "2": only_whole(digits, lambda digit: (vuk + 10 * digit) % 9 == 0),
        "3": only_whole(digits, lambda digit: (10 * data["danica_start"] + digit) % 12 == 0),
    }


@proves("ma-506")
def _(item: ItemSource) -> dict[str, Fraction]:
    data = numbers(item)
    return {"x": data["songs"] * (60 * data["minutes"] + data["seconds"]) / 60}


@proves("ma-507")
def _(item: ItemSource) -> dict[str, Fraction]:
    data = numbers(item)
    inner = data["inner_numerator"] / data["inner_denominator"] - data["first"]
    value = data["first"] - inner * data["divisor_denominator"] / data["divisor_numerator"]
    for language in ("sr", "en"):
        assert evaluate(only_formula(item.text(language, "stem"))) == value
    return {"x": value}


@proves("ma-508")
def _(item: ItemSource) -> dict[str, Fraction]:
    data = numbers(item)
    rows = [data["row_a"], data["row_b"], data["row_c"]]
    possible = range(int(data["low"]) + 1, int(data["high"]))
    return {"x": only_whole(possible, lambda count: all(count % row == data["rest"] for row in rows))}


@proves("ma-509")
def _(item: ItemSource) -> dict[str, bool]:
    data = numbers(item)
    rest = data["plan"] - data["days"] * data["music_hours"] * data["music_rate"]
    video = data["days"] * data["video_minutes"] / 60 * data["video_rate"]
    return {
        "1": rest < data["claimed_rest"],
        "2": video <= rest,
        "3": data["video_rate"] == data["claimed_hours"] * data["music_rate"],
    }


@proves("ma-510")
def _(item: ItemSource) -> dict[str, dict[str, bool]]:
    choices = item.choices("sr")
    return {
        row: {name: evaluate(text) == evaluate(expression) for name, text in choices.items()}
        for row, expression in item.rows("sr").items()
    }


@proves("ma-511")
def _(item: ItemSource) -> dict[str, bool]:
    data = numbers(item)
    left = f"({data['first']} + {data['second']} - {data['spent']})x"
    return {name: identical(text, left, "x") for name, text in item.choices("sr").items()}


@proves("ma-512")
def _(item: ItemSource) -> dict[str, Fraction]:
    data = numbers(item)
    return {"x": (data["large"] - data["small"]) / data["boxes"]}


@proves("ma-513")
def _(item: ItemSource) -> dict[str, Fraction]:
    data = numbers(item)
    subtracted = data["factor"] * data["inner"]
    coefficient, constant = data["factor"] - 1, data["right"] + subtracted
    assert coefficient == 3, "the text of the item says 3x"
    solution = constant / coefficient
    assert data["factor"] * (solution - data["inner"]) == solution + data["right"]
    return {"1": subtracted, "2": constant, "3": solution}


@proves("ma-514")
def _(item: ItemSource) -> dict[str, bool]:
    data = numbers(item)
    coloured = f"{data['side_factor']}x(x + {data['side_extra']}) - x^2"
    return {name: identical(text, coloured, "x") for name, text in item.choices("sr").items()}


@proves("ma-515")
def _(item: ItemSource) -> dict[str, Fraction]:
    data = numbers(item)
    birches = only_whole(
        range(int(data["total"])), lambda count: count + data["times"] * count + data["more"] == data["total"]
    )
    return {"x": data["total"] - birches}


@proves("ma-516")
def _(item: ItemSource) -> dict[str, Fraction]:
    return {name: evaluate(text) for name, text in item.choices("sr").items()}


@proves("ma-517")
def _(item: ItemSource) -> dict[str, bool]:
    data = numbers(item)
    outer, inner = (f"({data['factor']}a {sign} {data['half_width']})^2" for sign in "+-")
    return {name: identical(text, f"{outer} - {inner}", "a") for name, text in item.choices("sr").items()}


@proves("ma-518")
def _(item: ItemSource) -> dict[str, bool]:
    data = numbers(item)
    falls_by = data["start"] / data["end_hours"]
    walked = falls_by * (data["test_hours"] + data["test_minutes"] / 60)
    meeting_time = (data["start"] - data["other_start"]) / (falls_by - data["other_speed"])
    assert 0 < meeting_time < data["end_hours"]
    return {
        "1": falls_by == data["speed"],
        "2": walked == data["claimed_walked"],
        "3": data["start"] - falls_by * meeting_time == data["claimed_meeting"],
    }
