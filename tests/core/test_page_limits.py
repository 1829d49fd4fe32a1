import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sync.page.blocks import PLAIN, RichText, Run, Style
from sync.page.limits import (
    MAX_BLOCK_TEXT,
    MAX_TEXT,
    fitting,
    shortened,
    split_text,
    utf16_length,
)
from sync.page.richtext import fits, fitted, holdable, items, joined, lines, normalised, plain, sliced

texts = st.text(st.sampled_from("a é\n中𝒳👩\u200d💻🇩🇪👍🏽e\u0301"), max_size=60)
styles = st.builds(Style, bold=st.booleans(), code=st.booleans())
rich_texts = st.lists(
    st.builds(Run, texts, styles, st.sampled_from([None, "https://example.com"])), max_size=8
).map(normalised)


@given(st.text())
def test_length_is_counted_in_utf16_units(text: str) -> None:
    """A character outside the BMP counts as two."""
    assert utf16_length(text) == sum(2 if ord(char) > 0xFFFF else 1 for char in text)


@given(texts, st.integers(1, 20))
def test_split_text_loses_nothing_and_fits(text: str, units: int) -> None:
    """Pieces joined are the text again, and none but a single wide character is over the limit."""
    pieces = list(split_text(text, units))
    assert "".join(pieces) == text
    assert all(pieces)
    assert all(utf16_length(piece) <= units or len(piece) == 1 for piece in pieces)


@pytest.mark.parametrize(
    "cluster", ["👩\u200d💻", "e\u0301", "👍🏽", "🇩🇪", "⚠\ufe0f", "क\u093f", "🏳\ufe0f\u200d🌈"]
)
def test_a_character_that_a_reader_sees_is_never_cut(cluster: str) -> None:
    """Composed emoji, flags and letters with marks stay whole at every place of a cut."""
    units = utf16_length(cluster)
    for before in range(1, units):
        text = "x" * (MAX_TEXT - before) + cluster + "y"
        assert next(split_text(text, MAX_TEXT)) == "x" * (MAX_TEXT - before)


def test_flags_are_cut_between_pairs() -> None:
    """A row of flags is cut between two flags, never inside one."""
    flags = "🇩🇪🇫🇷🇮🇹"
    assert [fitting(flags, units) for units in (4, 5, 6, 7, 8, 12)] == [2, 2, 2, 2, 4, 6]


def test_a_monstrous_cluster_is_cut_all_the_same() -> None:
    """A letter with thousands of marks still makes pieces that fit."""
    pieces = list(split_text("a" + "\u0301" * 5_000, MAX_TEXT))
    assert max(map(utf16_length, pieces)) <= MAX_TEXT


@given(texts, st.integers(2, 40))
def test_shortened_text_fits_and_says_that_it_was_cut(text: str, units: int) -> None:
    """What fits is left alone; what does not ends in an ellipsis and fits."""
    short = shortened(text, units)
    assert utf16_length(short) <= units
    assert short == text or short.endswith("…")
    assert short == text if utf16_length(text) <= units else text.startswith(short[:-1])


def test_shortened_text_ends_with_a_whole_word() -> None:
    """A word is cut only when there is no other way."""
    assert shortened("one two three", 10) == "one two…"
    assert shortened("one two three", 8) == "one two…"
    assert shortened("a" * 20, 10) == "a" * 9 + "…"


@given(st.text())
def test_clean_text_is_valid_and_visible(text: str) -> None:
    """No control character but tab and line end is left, and the text can be encoded."""
    cleaned = holdable(text + "\x00\x1b\x7f\udc80")
    assert cleaned.encode()
    assert not [char for char in cleaned if (char < " " and char not in "\n\t") or char == "\x7f"]
    assert cleaned.endswith("␀␛␡\ufffd")


@given(rich_texts, st.integers(0, 40), st.integers(0, 40))
def test_slices_are_those_of_the_plain_text(text: RichText, start: int, stop: int) -> None:
    """A slice has the characters that the slice of a string has."""
    assert plain(sliced(text, start, stop)) == plain(text)[start:stop]
    assert plain(sliced(text, start)) == plain(text)[start:]


@given(rich_texts)
def test_lines_joined_are_the_text_again(text: RichText) -> None:
    """Cutting at line ends keeps words and style."""
    assert tuple(map(plain, lines(text))) == tuple(plain(text).split("\n"))
    assert plain(joined(lines(text), "\n")) == plain(text)


@given(rich_texts)
def test_normal_form_is_unique(text: RichText) -> None:
    """However a text is cut into runs, its normal form is the same."""
    cut = (Run(char, run.style, run.link) for run in text for char in run.text)
    assert normalised(cut) == text


@given(rich_texts, st.integers(1, 300), st.sampled_from(["", "\n", "\n "]))
def test_fitted_pieces_fit_and_lose_only_breaks(text: RichText, times: int, breaks: str) -> None:
    """Every piece fits a block; joined they are the text but for a break at each cut."""
    whole = normalised(text * times)
    pieces = fitted(whole, breaks=breaks)
    assert all(fits(piece) for piece in pieces)
    assert all(piece == normalised(piece) for piece in pieces)
    rest = plain(whole)
    for piece in pieces:
        rest = rest if rest.startswith(plain(piece)) else rest[1:]
        assert rest.startswith(plain(piece))
        rest = rest[len(plain(piece)) :]
    assert rest in {"", *breaks}


@given(st.integers(1, 4_000))
def test_no_word_is_cut_where_there_is_a_space(length: int) -> None:
    """Between two blocks stands the end of a word, when no word is half a block long."""
    word = "w" * length
    pieces = fitted((Run(" ".join([word] * 9)),), breaks="\n ")
    assert {piece for text in pieces for piece in plain(text).split()} == {word}


@given(st.integers(1, 3_000), st.sampled_from(['","', ":", "/", "=", ")("]))
def test_no_word_is_cut_where_there_is_another_sign(length: int, sign: str) -> None:
    """A long line without a space, such as minified JSON, is cut between its words."""
    word = "w" * length
    pieces = fitted((Run(sign.join([word] * 9)),), breaks="\n ")
    assert {piece for text in pieces for piece in re.findall(r"\w+", plain(text))} == {word}
    assert "".join(map(plain, pieces)) == sign.join([word] * 9)


@pytest.mark.parametrize(("count", "expected"), [(100, [100]), (101, [100, 1]), (250, [100, 100, 50])])
def test_many_short_runs_are_counted_too(count: int, expected: list[int]) -> None:
    """A block holds at most a hundred items, however short they are."""
    text = tuple(Run("x", Style(bold=i % 2 == 0)) for i in range(count))
    assert [len(list(items(piece))) for piece in fitted(text, breaks=" ")] == expected


def test_a_text_at_the_limit_stays_one() -> None:
    """The limit itself is allowed."""
    assert len(fitted((Run("x" * MAX_BLOCK_TEXT, PLAIN),), breaks="")) == 1
    assert len(fitted((Run("x" * (MAX_BLOCK_TEXT + 1), PLAIN),), breaks="")) == 2
