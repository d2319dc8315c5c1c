"""How tags are written."""

from curator.core.tag_spelling import KAOMOJI, folded, spaced


def test_underscores_become_spaces_but_in_the_nineteen_faces() -> None:
    assert spaced("long_hair") == "long hair"
    assert spaced("miku_(append)") == "miku (append)"
    assert len(KAOMOJI) == 19
    assert all(spaced(face) == face for face in KAOMOJI)
    assert spaced("^_^_x") == "^ ^ x"


def test_spellings_of_one_tag_are_equal() -> None:
    assert folded(" Miku_\\(Append\\)") == folded("miku (append)")
    assert folded("^_^") != folded("^ ^")
