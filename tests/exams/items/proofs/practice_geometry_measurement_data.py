"""Which parts of the practice items on geometry, measurement and data are right, computed afresh?"""

import re
from fractions import Fraction
from itertools import combinations
from math import dist, isqrt
from statistics import mean, median

from exams.item_document import ItemSource
from tests.exams.items.proofs.registry import proves

Cells = frozenset[tuple[int, int]]
Truths = dict[str, bool]

_GRAMS = {"mg": Fraction(1, 1000), "g": Fraction(1), "kg": Fraction(1000), "t": Fraction(1_000_000)}


def numbers(item: ItemSource) -> dict[str, Fraction]:
    """The data of an item that is built from numbers only."""
    data = {name: value for name, value in item.data.items() if isinstance(value, Fraction)}
    assert len(data) == len(item.data)
    return data


def word(item: ItemSource, name: str) -> str:
    value = item.data[name]
    assert isinstance(value, str)
    return value


def all_numbers(text: str) -> list[Fraction]:
    """Every number written in an English text, decimals with a point, minus in either form."""
    return [Fraction(found) for found in re.findall(r"-?\d+(?:\.\d+)?", text.replace("−", "-"))]


def first_number(text: str) -> Fraction:
    return all_numbers(text)[0]


def choices_equal_to(item: ItemSource, value: Fraction) -> Truths:
    return {name: first_number(text) == value for name, text in item.choices("en").items()}


def root(square: Fraction) -> Fraction:
    """The exact square root; fails if it is irrational."""
    found = Fraction(isqrt(square.numerator), isqrt(square.denominator))
    assert found * found == square
    return found


def rounded(value: Fraction, places: int) -> Fraction:
    """Rounded to `places` decimals, a half upwards; for values that are not negative."""
    scale = 10**places
    return Fraction(int(value * scale + Fraction(1, 2)), scale)


@proves("ma-531")
def _(item: ItemSource) -> dict[str, Truths]:
    data = numbers(item)

    def kind(hour: Fraction) -> str:
        turned = hour % 12 * 30
        angle = min(turned, 360 - turned)
        if angle in (90, 180):
            return "right angle" if angle == 90 else "straight angle"
        return "acute angle" if angle < 90 else "obtuse angle"

    kinds = {row: kind(data[f"hour_{clock}"]) for row, clock in zip("1234", "abcd", strict=True)}
    return {row: {c: text == kinds[row] for c, text in item.choices("en").items()} for row in kinds}


@proves("ma-532")
def _(item: ItemSource) -> dict[str, Fraction | Truths]:
    data = numbers(item)

    def place(distance: Fraction) -> str:
        if distance == data["radius"]:
            return "on the circle"
        return "inside the circle" if distance < data["radius"] else "outside the circle"

    player = {c: text == place(data["near"]) for c, text in item.gap_choices("en", "2").items()}
    cone = {c: text == place(data["radius"]) for c, text in item.gap_choices("en", "3").items()}
    return {"1": 2 * data["radius"], "2": player, "3": cone}


@proves("ma-533")
def _(item: ItemSource) -> Truths:
    return choices_equal_to(item, 6 * numbers(item)["edge"] ** 2)


def cells(text: str) -> Cells:
    """A tile from its squares: "00 10" are the squares in column 0 and column 1 of row 0."""
    return frozenset((int(pair[0]), int(pair[1])) for pair in text.split())


def positions(tile: Cells) -> set[Cells]:
    """The tile turned and flipped in all eight ways, each moved to the corner."""
    found = set()
    for flip in (1, -1):
        turned = {(flip * x, y) for x, y in tile}
        for _ in range(4):
            turned = {(-y, x) for x, y in turned}
            left, top = min(x for x, _ in turned), min(y for _, y in turned)
            found.add(frozenset((x - left, y - top) for x, y in turned))
    return found


@proves("ma-534")
def _(item: ItemSource) -> Truths:
    wanted = positions(cells(word(item, "piece_p")))
    found = {}
    for choice, text in item.choices("en").items():
        tile = int(first_number(text))
        same_shape = not wanted.isdisjoint(positions(cells(word(item, f"piece_{tile}"))))
        found[choice] = same_shape and item.data[f"side_{tile}"] == item.data["side_p"]
    return found


@proves("ma-535")
def _(item: ItemSource) -> Truths:
    data = numbers(item)
    # rays from each crossing, in degrees from the direction of the tracks to the right
    road = data["angle"]
    alpha = (180 + road) - 180
    beta = 360 - (180 + road)
    gamma = 180 - road
    is_vertical_pair = alpha == beta and alpha + beta != 180
    return {
        "1": alpha == data["angle"],
        "2": is_vertical_pair,
        "3": gamma == data["adjacent"],
        "4": beta + gamma == data["straight"],
    }


@proves("ma-536")
def _(item: ItemSource) -> dict[str, Fraction]:
    data = numbers(item)
    return {"cable": root(data["distance"] ** 2 + (data["high"] - data["low"]) ** 2)}


@proves("ma-537")
def _(item: ItemSource) -> dict[str, Truths]:
    data = numbers(item)
    cylinder = data["radius"] ** 2 * data["height"]
    volumes = {"1": cylinder, "2": cylinder / 3, "3": Fraction(4, 3) * data["radius"] ** 3}
    return {row: choices_equal_to(item, volume) for row, volume in volumes.items()}


def axes_of_symmetry(corners: list[complex]) -> int:
    """How many lines through the centre of a polygon reflect its corners onto its corners."""
    centre = sum(corners) / len(corners)
    points = [corner - centre for corner in corners]
    middles = [(first + second) / 2 for first, second in combinations(points, 2)]
    directions: list[complex] = []
    for end in (*points, *middles):
        if abs(end) < 1e-6:
            continue
        square = (end / abs(end)) ** 2
        reflected = [square * point.conjugate() for point in points]
        is_axis = all(min(abs(image - point) for point in points) < 1e-4 for image in reflected)
        if is_axis and all(abs(square - other) > 1e-4 for other in directions):
            directions.append(square)
    return len(directions)


@proves("ma-538")
def _(item: ItemSource) -> dict[str, int]:
    found = {}
    for choice, text in item.choices("en").items():
        name = re.match(r"logo ([A-D]) ", text)
        assert name is not None
        values = [float(value) for value in word(item, f"logo_{name.group(1).lower()}").split()]
        corners = [complex(x, y) for x, y in zip(values[::2], values[1::2], strict=True)]
        found[choice] = axes_of_symmetry(corners)
    return found


@proves("ma-539")
def _(item: ItemSource) -> dict[str, Fraction]:
    data = numbers(item)
    minutes = 60 * (data["deg_m"] + data["deg_n"]) + data["min_m"] + data["min_n"]
    return {"degrees": Fraction(minutes // 60), "minutes": minutes % 60}


@proves("ma-540")
def _(item: ItemSource) -> dict[str, Fraction]:
    data = numbers(item)
    outer = data["inner"] + data["blade"]
    return {"area": (outer**2 - data["inner"] ** 2) * data["angle"] / 360}


@proves("ma-541")
def _(item: ItemSource) -> Truths:
    data = numbers(item)
    slant_height = root(data["height"] ** 2 + (data["edge"] / 2) ** 2)
    return choices_equal_to(item, 4 * data["edge"] * slant_height / 2)


@proves("ma-542")
def _(item: ItemSource) -> dict[str, Fraction | Truths]:
    data = numbers(item)
    ratio = data["big_base"] / data["base"]
    angle = {c: text == "the same as" for c, text in item.gap_choices("en", "2").items()}
    area = {c: first_number(text) == ratio**2 for c, text in item.gap_choices("en", "3").items()}
    return {"1": ratio * data["leg"], "2": angle, "3": area}


@proves("ma-543")
def _(item: ItemSource) -> dict[str, Fraction]:
    data = numbers(item)
    minutes = 60 * data["hours"] + data["minutes"]
    return {"1": 1000 * data["flour"], "2": 1000 * data["milk"], "3": minutes}


@proves("ma-544")
def _(item: ItemSource) -> dict[str, Truths]:
    data = numbers(item)

    def is_near(text: str, true_mass: Fraction) -> bool:
        amount, unit = text.split()
        return abs(Fraction(amount) * _GRAMS[unit] - true_mass) < true_mass / 4

    objects = {"1": "coin_grams", "2": "phone_grams", "3": "bicycle_grams", "4": "bus_grams"}
    return {
        row: {choice: is_near(text, data[name]) for choice, text in item.choices("en").items()}
        for row, name in objects.items()
    }


@proves("ma-545")
def _(item: ItemSource) -> dict[str, Fraction]:
    data = numbers(item)
    return {
        "aron": data["aron_euros"] * data["dinars"] / data["euros"],
        "sofija": data["sofija_dinars"] * data["euros"] / data["dinars"],
    }


@proves("ma-546")
def _(item: ItemSource) -> Truths:
    data = numbers(item)
    places = {"1": ("race", 1), "2": ("lap", 2), "3": ("cup", 1), "4": ("throw", 0)}
    return {
        statement: rounded(data[name], decimals) == data[f"{name}_claim"]
        for statement, (name, decimals) in places.items()
    }


@proves("ma-547")
def _(item: ItemSource) -> Truths:
    data = numbers(item)
    volume = data["rain"] / 1000 * data["roof"]
    rise = volume / (data["tank_length"] * data["tank_width"])
    return choices_equal_to(item, 100 * rise)


@proves("ma-548")
def _(item: ItemSource) -> dict[str, Fraction]:
    data = numbers(item)
    error = Fraction(1, 2)
    assert data["upper"] == data["length"] + error
    assert data["perimeter"] == 2 * (data["length"] + data["width"])
    longest = 2 * (data["length"] + error + data["width"] + error)
    return {"1": data["length"] - error, "2": longest - data["perimeter"], "3": longest}


@proves("ma-549")
def _(item: ItemSource) -> dict[str, Truths]:
    data = numbers(item)
    places = {"1": "stage", "2": "popcorn", "3": "robots", "4": "entrance"}
    return {
        row: {
            choice: all_numbers(text) == [data[f"{place}_x"], data[f"{place}_y"]]
            for choice, text in item.choices("en").items()
        }
        for row, place in places.items()
    }


@proves("ma-550")
def _(item: ItemSource) -> Truths:
    data = numbers(item)
    names = {"Monday": "mon", "Tuesday": "tue", "Wednesday": "wed", "Thursday": "thu"}
    return {
        choice: data[names[text]] != data[f"drawn_{names[text]}"]
        for choice, text in item.choices("en").items()
    }


@proves("ma-551")
def _(item: ItemSource) -> dict[str, Fraction]:
    data = numbers(item)
    return {"loaded": data["size"] * data["percent"] / 100}


@proves("ma-552")
def _(item: ItemSource) -> Truths:
    data = numbers(item)
    claimed = all_numbers(item.statements("en")["1"])
    return {
        "1": claimed == [data["a_x"], data["a_y"]],
        "2": data["c_x"] == 0,
        "3": abs(data["a_x"]) == abs(data["d_x"]),
        "4": data["b_x"] < 0 and data["b_y"] < 0,
    }


@proves("ma-553")
def _(item: ItemSource) -> dict[str, Fraction]:
    minutes = list(numbers(item).values())
    average = mean(minutes)
    return {"mean": average, "days": Fraction(sum(value > average for value in minutes))}


@proves("ma-554")
def _(item: ItemSource) -> dict[str, Fraction]:
    found = {choice: all_numbers(text) for choice, text in item.choices("en").items()}
    assert all(len(points) == item.data["games"] for points in found.values())
    return {choice: median(points) for choice, points in found.items()}


@proves("ma-555")
def _(item: ItemSource) -> dict[str, Fraction]:
    data = numbers(item)
    # x² + tower² = (bridge − x)² is linear in x
    x = (data["bridge"] ** 2 - data["tower"] ** 2) / (2 * data["bridge"])
    distance = root(x**2 + data["tower"] ** 2)
    assert dist((float(x), 0.0), (float(data["bridge"]), 0.0)) == float(distance)
    return {"x": x, "distance": distance}


@proves("ma-556")
def _(item: ItemSource) -> Truths:
    data = numbers(item)
    percent = 100 * (data["first_hours"] / data["second_hours"] - 1)

    def claimed(text: str) -> Fraction:
        return Fraction(100) if "twice" in text else first_number(text)

    return {c: claimed(text) == rounded(percent, 0) for c, text in item.choices("en").items()}


@proves("ma-557")
def _(item: ItemSource) -> dict[str, Fraction]:
    price = numbers(item)["price"]
    found = {}
    for choice, text in item.choices("en").items():
        found[choice] = price
        for change, percent in re.findall(r"(raised|cut|more) (?:once )?by (\d+)%", text):
            sign = 1 if change == "raised" else -1
            found[choice] *= 1 + Fraction(sign * int(percent), 100)
    return found
