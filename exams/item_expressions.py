"""What is the value of an expression of an item family? Exact, and nothing but arithmetic. Pure."""

import ast
import math
import operator
from collections.abc import Callable, Mapping
from fractions import Fraction
from functools import lru_cache
from typing import Any, Final

Value = Fraction | bool | str
_LARGEST_EXPONENT: Final = 64
_LARGEST: Final = 10**40
_ENDLESS: Final = 99
_LONGEST_LITERAL: Final = 17
"""Signs of a number in an expression: so many digits survive being read as a float."""
_MOST_PLACES, _LARGEST_PRIME = 12, 10**6

_BINARY: Final[dict[type[ast.operator], Callable[[Any, Any], Any]]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
    ast.FloorDiv: lambda a, b: Fraction(a // b),
    ast.Mod: lambda a, b: Fraction(a % b),
}
_COMPARISONS: Final[dict[type[ast.cmpop], Callable[[Any, Any], bool]]] = {
    ast.Eq: operator.eq,
    ast.NotEq: operator.ne,
    ast.Lt: operator.lt,
    ast.LtE: operator.le,
    ast.Gt: operator.gt,
    ast.GtE: operator.ge,
}


class ExpressionError(ValueError):
    """An expression that cannot be worked out; the message says why."""


def evaluate(expression: str, names: Mapping[str, Value]) -> Value:
    """The exact value. Numbers are fractions, so 0.1 + 0.2 is 0.3.

    `+ - * / // % **`, comparisons, `and or not`, `x if c else y`, names, numbers, texts in quotation marks
    and the functions of `FUNCTIONS`. Raises ExpressionError for anything else, a name that is not there, a
    division by zero or a square root that is not exact.
    """
    try:
        return _value(_parsed(expression.strip()).body, names)
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        if isinstance(error, ExpressionError):
            raise
        raise ExpressionError(f"{expression[:60]!r} is no expression") from error
    except ZeroDivisionError as error:
        raise ExpressionError(f"{expression!r} divides by zero") from error
    except TypeError as error:
        raise ExpressionError(f"{expression!r} mixes numbers and words") from error


@lru_cache(maxsize=512)
def _parsed(expression: str) -> ast.Expression:
    return ast.parse(expression, mode="eval")


def _value(node: ast.expr, names: Mapping[str, Value]) -> Value:
    match node:
        case ast.Constant(value=bool() | str() as constant):
            return constant
        case ast.Constant(value=int() | float() as number):
            return _literal(number)
        case ast.Name(id=name):
            if name not in names:
                raise ExpressionError(f"nothing is called {name!r}")
            return names[name]
        case ast.UnaryOp(op=ast.USub(), operand=inner):
            return -_number(inner, names)
        case ast.UnaryOp(op=ast.Not(), operand=inner):
            return not _value(inner, names)
        case ast.BinOp(left=left, op=ast.Pow(), right=right):
            return _power(_number(left, names), _number(right, names))
        case ast.BinOp(left=left, op=op, right=right) if type(op) in _BINARY:
            return _bounded(_BINARY[type(op)](_number(left, names), _number(right, names)))
        case ast.BoolOp(op=ast.And(), values=values):
            return all(_value(one, names) for one in values)
        case ast.BoolOp(values=values):
            return any(_value(one, names) for one in values)
        case ast.Compare(left=left, ops=ops, comparators=others):
            return _compared(left, ops, others, names)
        case ast.IfExp(test=test, body=body, orelse=other):
            return _value(body if _value(test, names) else other, names)
        case ast.Call(func=ast.Name(id=name), args=arguments, keywords=[]) if name in FUNCTIONS:
            return _called(name, [_number(one, names) for one in arguments])
    raise ExpressionError(f"{ast.unparse(node)!r} is not allowed in an expression")


def _literal(number: float) -> Fraction:
    if len(text := repr(number)) > _LONGEST_LITERAL or not math.isfinite(number):
        raise ExpressionError(f"the number {text[:20]} is too long to be exact")
    return _bounded(Fraction(text))


def _number(node: ast.expr, names: Mapping[str, Value]) -> Fraction:
    value = _value(node, names)
    if isinstance(value, bool) or not isinstance(value, Fraction):
        raise ExpressionError(f"{ast.unparse(node)!r} is no number")
    return value


def _bounded(value: Fraction) -> Fraction:
    if abs(value.numerator) > _LARGEST or value.denominator > _LARGEST:
        raise ExpressionError("a number has grown beyond 40 digits")
    return value


def _power(base: Fraction, exponent: Fraction) -> Fraction:
    if exponent.denominator != 1 or abs(exponent) > _LARGEST_EXPONENT:
        raise ExpressionError(f"the exponent {exponent} is not whole, or above {_LARGEST_EXPONENT}")
    return _bounded(base ** int(exponent))


def _compared(
    left: ast.expr, ops: list[ast.cmpop], others: list[ast.expr], names: Mapping[str, Value]
) -> bool:
    values = [_value(node, names) for node in (left, *others)]
    for op, first, second in zip(ops, values, values[1:], strict=False):
        if type(op) not in _COMPARISONS:
            raise ExpressionError("only == != < <= > >= compare")
        if not _COMPARISONS[type(op)](first, second):
            return False
    return True


def _called(name: str, arguments: list[Fraction]) -> Value:
    function, least, most = FUNCTIONS[name]
    if not least <= len(arguments) <= most:
        raise ExpressionError(f"{name} does not take {len(arguments)} numbers")
    result: Value = function(*arguments)
    return _bounded(result) if isinstance(result, Fraction) else result


def _whole(value: Fraction) -> int:
    if value.denominator != 1:
        raise ExpressionError(f"{value} is not whole")
    return int(value)


def _sqrt(value: Fraction) -> Fraction:
    if value < 0:
        raise ExpressionError(f"{value} has no square root")
    root = Fraction(math.isqrt(value.numerator), math.isqrt(value.denominator))
    if root * root != value:
        raise ExpressionError(f"the square root of {value} is not exact")
    return root


def _rounded(value: Fraction, places: Fraction = Fraction(0)) -> Fraction:
    """Halves go away from zero, as at school."""
    if abs(places) > _MOST_PLACES:
        raise ExpressionError(f"round takes at most {_MOST_PLACES} places")
    scale = Fraction(10) ** _whole(places)
    nearest = math.floor(abs(value) * scale + Fraction(1, 2)) / scale
    return Fraction(nearest if value >= 0 else -nearest)


def decimals(value: Fraction) -> int:
    """How many decimal places a number has, 99 if they do not end."""
    rest, places = value.denominator, 0
    for prime in (2, 5):
        times = 0
        while rest % prime == 0:
            rest, times = rest // prime, times + 1
        places = max(places, times)
    return places if rest == 1 else _ENDLESS


def _is_prime(value: Fraction) -> bool:
    number = _whole(value)
    if number > _LARGEST_PRIME:
        raise ExpressionError(f"prime takes numbers up to {_LARGEST_PRIME:,}")
    return number > 1 and all(number % divisor for divisor in range(2, math.isqrt(number) + 1))


FUNCTIONS: Final[dict[str, tuple[Callable[..., Any], int, int]]] = {
    "abs": (abs, 1, 1),
    "min": (min, 2, 12),
    "max": (max, 2, 12),
    "gcd": (lambda *values: Fraction(math.gcd(*map(_whole, values))), 2, 12),
    "lcm": (lambda *values: Fraction(math.lcm(*map(_whole, values))), 2, 12),
    "sqrt": (_sqrt, 1, 1),
    "round": (_rounded, 1, 2),
    "floor": (lambda value: Fraction(math.floor(value)), 1, 1),
    "ceil": (lambda value: Fraction(math.ceil(value)), 1, 1),
    "whole": (lambda value: value.denominator == 1, 1, 1),
    "decimals": (lambda value: Fraction(decimals(value)), 1, 1),
    "digits": (lambda value: Fraction(len(str(abs(_whole(value))))), 1, 1),
    "prime": (_is_prime, 1, 1),
}
"""Name → (function, least and most numbers it takes)."""
