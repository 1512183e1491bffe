"""Are the sentences of a compiled text found whole, formulas, quotations and units included?"""

from __future__ import annotations

import pytest

from exams.delivery.sentences import sentences

FORMULA = '<math display="inline" alttext="2 · 3 = 6"><mn>2</mn><mo>.</mo><mn>3</mn></math>'


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        ("<p>Прво сабери. Затим подели.</p>", ["Прво сабери.", "Затим подели."]),
        ("<p>Is it so? Yes! 12 are left.</p>", ["Is it so?", "Yes!", "12 are left."]),
        ("<p>Маса је 12,5 kg. Сила је 3 N. Готово.</p>", ["Маса је 12,5 kg.", "Сила је 3 N.", "Готово."]),
        ("<p>Писао је П. Петровић, нпр. Песме. Крај.</p>", ["Писао је П. Петровић, нпр. Песме.", "Крај."]),
        ("<p>Године 1835. донет је устав. Да.</p>", ["Године 1835. донет је устав.", "Да."]),
        (
            f'<p>Рачунамо: <span class="number">{FORMULA}.</span> Затим сабирамо.</p>',
            [f'Рачунамо: <span class="number">{FORMULA}.</span>', "Затим сабирамо."],
        ),
        (f"<p>It holds. {FORMULA} is even.</p>", ["It holds.", f"{FORMULA} is even."]),
        (
            '<p>Look. <span lang="sr-Latn" translate="no">kuća</span> is a noun.</p>',
            ["Look.", '<span lang="sr-Latn" translate="no">kuća</span> is a noun.'],
        ),
        ("<p><strong>Прво. Затим.</strong> Крај.</p>", ["<strong>Прво. Затим.</strong>", "Крај."]),
        ("<p>Рекао је: „Дођи!“ Дошла је.</p>", ["Рекао је: „Дођи!“", "Дошла је."]),
        ("<p>One thing.</p>\n<ul><li>more</li></ul>", ["One thing.", ""]),
        ("<ul><li>A list. First.</li></ul>", []),
        ("", []),
    ],
)
def test_sentences(html: str, expected: list[str]) -> None:
    assert sentences(html) == expected
