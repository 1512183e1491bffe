"""Sound items of three interactions, for tests that spoil them one place at a time."""

CHOICE = """
id = "ma-900"
version = 2
standard = "MA.2.3.2"
interaction = "choice"
security = "trial"
half_points = [0, 2]
figure = "ma-900.svg"

[data]
width = "2.5"
height = -3
price = 12500
share = "3/8"
town = "Ниш"

[key]
correct = "b"

[sr]
stem = '''
Колика је ширина ако је $[[width]] \\cdot x$, то јест [[width]] m? Цена је [[price]] динара.
'''
explanation = "Зато што је [[share]] од [[height]]."
figure_alt = "Правоугаоник ширине [[width]] m"

[sr.choices]
a = "$[[height]]$"
b = "[[width]]"
c = "**пет**"

[sr.misconceptions]
a = "Знак је занемарен."
c = "Бројеви су сабрани."

[sr.labels]
side = "страница"

[en]
stem = "How wide is $[[width]] \\\\cdot x$, that is [[width]] m? The price is [[price]] dinars."
explanation = "Because it is [[share]] of [[height]]."
figure_alt = "A rectangle [[width]] m wide"

[en.choices]
a = "$[[height]]$"
b = "[[width]]"
c = "**five**"

[en.misconceptions]
a = "The sign was ignored."
c = "The numbers were added."

[en.labels]
side = "side"
"""
SVG = """<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 320 200">
  <!-- a remark -->
  <rect x="10" y="10" width="250" height="100" fill="none" stroke="currentColor"/>
  <text x="20" y="130" font-size="16" fill="currentColor">[[side]] a = [[width]] m</text>
</svg>
"""
CLOZE = """
id = "ma-901"
version = 1
standard = "MA.1.1.5"
interaction = "cloze"
security = "released"
half_points = [0, 0, 1, 2]

[key.gaps.1]
accept = "choice"
correct = "b"

[key.gaps.2]
accept = "number"
value = "12.5"
unit = "cm"

[[key.gaps.2.wrong]]
value = "125"

[key.gaps.3]
accept = "text"
values_sr = ["призма"]
values_en = ["prism"]

[sr]
stem = "Допуни."
text = "Дужина је [[gap:1]] од [[gap:2]]. Тело је [[gap:3]]."
explanation = "Ово је објашњење."

[sr.gaps.1]
a = "мања"
b = "већа"

[sr.misconceptions]
"1:a" = "Поређење је обрнуто."
"2:125" = "Зарез је изостављен."
"3:пирамида" = "Пирамида има врх."

[en]
stem = "Fill in."
text = "The length is [[gap:1]] than [[gap:2]]. The solid is a [[gap:3]]."
explanation = "This is the explanation."

[en.gaps.1]
a = "less"
b = "more"

[en.misconceptions]
"1:a" = "The comparison is the wrong way round."
"2:125" = "The decimal sign is missing."
"3:pyramid" = "A pyramid has an apex."
"""
MATCH = """
id = "ma-902"
version = 1
standard = "MA.1.4.1"
interaction = "match"
security = "trial"
half_points = [0, 1, 2]

[key]
correct = { 1 = "b", 2 = "a" }

[sr]
stem = "Повежи."
explanation = "Ово је објашњење."
[sr.rows]
1 = "један"
2 = "два"
[sr.choices]
a = "дванаест"
b = "једанаест"
c = "тринаест"
[sr.misconceptions]
"1:c" = "Додато је превише."
"2:c" = "Додато је превише."

[en]
stem = "Match."
explanation = "This is the explanation."
[en.rows]
1 = "one"
2 = "two"
[en.choices]
a = "twelve"
b = "eleven"
c = "thirteen"
[en.misconceptions]
"1:c" = "Too much was added."
"2:c" = "Too much was added."
"""
