"""Text for a terminal: nothing in it steers the terminal, and no line is wider than it may be."""

import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from daemon.status.columns import clipped, visible, width, wrapped

ANY = st.text(st.characters(), max_size=60)
WORDS = ANY.map(visible)
COLUMNS = st.integers(2, 40)


@given(ANY)
def test_nothing_invisible_is_left(text: str) -> None:
    """No control, direction, surrogate or unassigned character reaches the terminal, and none is lost."""
    shown = visible(text)
    assert not {unicodedata.category(each) for each in shown} & {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}
    assert len(shown) >= len(text)
    assert visible(shown) == shown


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("a\x1b[2Jb", "a\\x1b[2Jb"),
        ("a\nb\tc\x07", "a\\x0ab\\x09c\\x07"),
        ("\u202etxt.md", "\\u202etxt.md"),
        ("\U000e0041", "\\U000e0041"),
        ("日本語 é", "日本語 é"),
    ],
)
def test_what_is_escaped_can_be_read(text: str, shown: str) -> None:
    """As in Python: two, four or eight digits."""
    assert visible(text) == shown


@given(WORDS, COLUMNS)
def test_no_line_is_too_wide_and_no_word_is_lost(text: str, columns: int) -> None:
    """Whatever is in the text, wide characters included."""
    lines = list(wrapped(text, columns=columns))
    assert all(width(line) <= columns for line in lines)
    assert "".join(lines).replace(" ", "") == text.replace(" ", "")


@given(WORDS, COLUMNS)
@example("日本", 2)
def test_what_is_cut_says_so(text: str, columns: int) -> None:
    """It fits, and ends in an ellipsis exactly when something is missing."""
    short = clipped(text, columns=columns)
    assert width(short) <= columns
    assert short == text or (short[-1] == "…" and text.startswith(short[:-1]))


def test_wide_characters_count_twice_and_marks_not_at_all() -> None:
    """As terminals show them."""
    assert (width("ab"), width("日本"), width("e\u0301")) == (2, 4, 1)
