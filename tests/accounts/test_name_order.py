"""Do names stand where a Serbian reader looks for them?"""

from __future__ import annotations

import pytest

from accounts.name_order import name_key


def ordered(*names: str, latin: bool) -> list[str]:
    return sorted(names, key=lambda name: name_key(name, "", latin=latin))


def test_cyrillic_readers_find_names_by_the_azbuka() -> None:
    names = ordered("Шобић", "Ђурић", "Аћимовић", "Џајић", "Јовић", "Лазић", "Љубић", "Ивић", latin=False)
    assert names == ["Аћимовић", "Ђурић", "Ивић", "Јовић", "Лазић", "Љубић", "Џајић", "Шобић"]


def test_latin_readers_find_the_same_names_by_their_own_alphabet() -> None:
    names = ordered("Жикић", "Васић", "Цветић", "Ђурић", "Ћирић", "Џајић", "Гајић", latin=True)
    # Cvetić Ćirić Džajić Đurić Gajić Vasić Žikić
    assert names == ["Цветић", "Ћирић", "Џајић", "Ђурић", "Гајић", "Васић", "Жикић"]


@pytest.mark.parametrize("latin", [False, True])
def test_names_in_other_letters_stand_where_they_sound(latin: bool) -> None:
    assert ordered("Петровић", "Nagy", "Марић", "Őry", latin=latin) == ["Марић", "Nagy", "Őry", "Петровић"]


def test_given_names_decide_between_equal_family_names() -> None:
    assert name_key("Илић", "Горан", latin=False) < name_key("Илић", "Петар", latin=False)


def test_a_shorter_name_and_a_double_one_stand_before_a_longer_word() -> None:
    assert ordered("Јовановић", "Јован-Илић", "Јован", latin=False) == ["Јован", "Јован-Илић", "Јовановић"]
