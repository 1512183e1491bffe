"""Which parts of the mathematics items of form B are right, computed afresh?"""

import re
from collections.abc import Callable
from fractions import Fraction

from exams.item_document import ItemSource
from exams.markup import split_formulas
from tests.exams.items.proofs.registry import proves

_TOKEN = re.compile(r"\\frac|\\cdot|\\div|\d+(?:\.\d+)?|[a-z]|[-+:^(){}|=]")
_STARTS_FACTOR = re.compile(r"\\frac|\d|[a-z]|\(")
_PROSE_NUMBER = re.compile(r"-?\d+(?:,\d+)?")
_MILLILITRES = {"l": 1000, "dl": 100, "cl": 10, "ml": 1}
_SPOKEN = {"пет": 5, "осам": 8, "осамдесет": 80}
_PARTS_OF_ONE = {"осмина": 8, "десетих": 10, "стотих": 100}


class Calculator:
    """Works out a LaTeX expression exactly, letters taken from `letters`; `2x` is a product."""

    def __init__(self, latex: str, letters: dict[str, Fraction]) -> None:
        assert not _TOKEN.sub("", latex).strip(), f"cannot read all of {latex}"
        self.tokens = [*_TOKEN.findall(latex), ""]
        self.letters = letters

    def take(self, *expected: str) -> str | None:
        return self.tokens.pop(0) if self.tokens[0] in expected else None

    def must(self, token: str) -> None:
        assert self.take(token), f"{token} expected before {self.tokens}"

    def sum(self) -> Fraction:
        total = -self.product() if self.take("-") else self.product()
        while sign := self.take("+", "-"):
            total += self.product() if sign == "+" else -self.product()
        return total

    def product(self) -> Fraction:
        value = self.power()
        while True:
            if self.take(":", r"\div"):
                value /= self.power()
            elif self.take(r"\cdot") or _STARTS_FACTOR.match(self.tokens[0]):
                value *= self.power()
            else:
                return value

    def power(self) -> Fraction:
        base = self.single()
        if not self.take("^"):
            return base
        exponent = self.braced() if self.tokens[0] == "{" else Fraction(self.tokens.pop(0))
        assert exponent.denominator == 1
        return base ** int(exponent)

    def single(self) -> Fraction:
        token = self.tokens.pop(0)
        if token == r"\frac":
            return self.braced() / self.braced()
        if token in ("(", "|"):
            inner = self.sum()
            self.must(")" if token == "(" else "|")
            return inner if token == "(" else abs(inner)
        return self.letters[token] if token.isalpha() else Fraction(token)

    def braced(self) -> Fraction:
        self.must("{")
        inner = self.sum()
        self.must("}")
        return inner


def evaluate(latex: str, **letters: Fraction | int) -> Fraction:
    """The value of an expression written as `$…$` or without the dollar signs."""
    plain = latex.strip("$").replace(r"\left", "").replace(r"\right", "")
    calculator = Calculator(plain, {name: Fraction(value) for name, value in letters.items()})
    value = calculator.sum()
    assert calculator.tokens == [""], f"cannot read the end of {latex}: {calculator.tokens}"
    return value


def only_formula(text: str) -> str:
    """The one formula of a text that has exactly one."""
    formulas = [piece for is_formula, piece in split_formulas(text) if is_formula]
    assert len(formulas) == 1, formulas
    return formulas[0]


def prose_number(text: str) -> Fraction:
    """The first number of a Serbian text outside formulas."""
    found = _PROSE_NUMBER.search(text.replace("−", "-"))
    assert found is not None, text
    return Fraction(found.group().replace(",", "."))


def numbers(item: ItemSource) -> dict[str, Fraction]:
    """The data of an item that is built from numbers only."""
    data = {name: value for name, value in item.data.items() if isinstance(value, Fraction)}
    assert len(data) == len(item.data)
    return data


def only_whole(values: range, holds: Callable[[Fraction], bool]) -> Fraction:
    """The one whole number of a range for which a condition holds; fails for none or several."""
    found = [Fraction(value) for value in values if holds(Fraction(value))]
    assert len(found) == 1, found
    return found[0]


def bar_lengths(item: ItemSource, side: str) -> list[Fraction]:
    """Width or height of each rectangle of the figure, in the units of its viewBox."""
    return [Fraction(length) for length in re.findall(rf'<rect [^>]*\b{side}="([\d.]+)"', item.figure or "")]


def spoken_number(words: str) -> Fraction:
    """What Serbian number words mean; knows the words of item ma-301 only."""
    total, running, sign = Fraction(0), Fraction(0), 1
    for word in words.split():
        if word == "минус":
            sign = -1
        elif word in _SPOKEN:
            running += _SPOKEN[word]
        elif word != "и":
            scale = {"хиљада": Fraction(1000), "целих": Fraction(1)}.get(word)
            total += running * (scale if scale is not None else Fraction(1, _PARTS_OF_ONE[word]))
            running = Fraction(0)
    return sign * (total + running)


@proves("ma-301")
def _(item: ItemSource) -> dict[str, dict[str, bool]]:
    spoken = {row: spoken_number(words) for row, words in item.rows("sr").items()}
    assert spoken == {row: numbers(item)[f"row{row}"] for row in spoken}
    choices = item.choices("sr")
    return {
        row: {name: evaluate(text) == number for name, text in choices.items()}
        for row, number in spoken.items()
    }


@proves("ma-303")
def _(item: ItemSource) -> dict[str, Fraction]:
    data = numbers(item)
    full_pages, on_last_page = divmod(data["photos"], data["per_page"])
    missing = next(more for more in range(1, 100) if (data["photos"] + more) % data["per_page"] == 0)
    return {"1": Fraction(full_pages), "2": on_last_page, "3": Fraction(missing)}


@proves("ma-304")
def _(item: ItemSource) -> dict[str, Fraction]:
    data = numbers(item)
    return {"x": only_whole(range(1000), lambda x: data["weekly"] * x + data["saved"] == data["price"])}


@proves("ma-305")
def _(item: ItemSource) -> dict[str, bool]:
    data = numbers(item)
    depth = data["before"] + data["per_hour"] * data["hours"]
    return {name: prose_number(text) == depth for name, text in item.choices("sr").items()}


@proves("ma-307")
def _(item: ItemSource) -> dict[str, bool]:
    data = numbers(item)
    assert data["leg"] ** 2 == (data["base"] / 2) ** 2 + data["altitude"] ** 2, "such a triangle exists"
    perimeter = data["base"] + 2 * data["leg"]
    return {name: prose_number(text) == perimeter for name, text in item.choices("sr").items()}


@proves("ma-309")
def _(item: ItemSource) -> dict[str, Fraction]:
    downloads = list(numbers(item).values())
    bars = bar_lengths(item, "width")
    assert [bar / bars[0] for bar in bars] == [value / downloads[0] for value in downloads]
    mean = sum(downloads, Fraction(0)) / len(downloads)
    return {"difference": max(downloads) - min(downloads), "mean": mean}


@proves("ma-310")
def _(item: ItemSource) -> dict[str, Fraction]:
    return {
        name: prose_number(text) * _MILLILITRES[text.split()[-1]] for name, text in item.choices("sr").items()
    }


@proves("ma-311")
def _(item: ItemSource) -> dict[str, Fraction]:
    data = numbers(item)
    value = evaluate(only_formula(item.text("sr", "stem")))
    assert value == -data["p"] * (data["q"] - data["r"]) - abs(data["s"])
    return {"value": value}


@proves("ma-313")
def _(item: ItemSource) -> dict[str, dict[str, bool]]:
    data = numbers(item)
    right = {}
    for row, thing in {"1": "video", "2": "lemon", "3": "lap"}.items():
        x, y = data[f"{thing}_x"], data[f"{thing}_y"]
        right[row] = {
            name: all(evaluate(formula.partition("=")[2], x=n * x) == n * y for n in range(4))
            for name, formula in item.choices("sr").items()
        }
    return right


@proves("ma-315")
def _(item: ItemSource) -> dict[str, Fraction]:
    data = numbers(item)
    return {"volume": data["side"] ** 2 * data["height"] / 3}


@proves("ma-318")
def _(item: ItemSource) -> dict[str, Fraction]:
    data = numbers(item)
    pupils = only_whole(
        range(1, 1000), lambda n: data["low"] * n + data["missing"] == data["high"] * n - data["over"]
    )
    return {"price": data["low"] * pupils + data["missing"]}


@proves("ma-320")
def _(item: ItemSource) -> dict[str, bool]:
    data = numbers(item)
    visitors = [data[f"y{year}"] for year in range(2022, 2026)]
    above_start = [value - data["axis_start"] for value in visitors]
    bars = bar_lengths(item, "height")
    assert [bar / bars[0] for bar in bars] == [value / above_start[0] for value in above_start]
    return {
        "1": data["y2024"] == 3 * data["y2022"],
        "2": data["y2023"] / data["y2022"] == data["y2025"] / data["y2024"],
        "3": sum(visitors, Fraction(0)) / len(visitors) < data["claimed_mean"],
    }
