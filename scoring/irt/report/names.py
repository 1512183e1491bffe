"""What does a message of the engine, which counts items from 0, say when items have names?"""

from __future__ import annotations

import re
from collections.abc import Sequence

_ITEM = re.compile(r"\bitem (\d+)\b")


def named(message: str, names: Sequence[str]) -> str:
    """The message with `item 3` told as `item "M04"`; a number beyond the names stays."""

    def told(match: re.Match[str]) -> str:
        number = int(match.group(1))
        return f'item "{names[number]}"' if number < len(names) else match.group()

    return _ITEM.sub(told, message)
