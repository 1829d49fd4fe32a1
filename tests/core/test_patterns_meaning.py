"""What texts are about: the same in every order, nothing where nothing is known, near where meant alike."""

import hashlib
from collections.abc import Sequence
from importlib import resources
from random import Random

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from numpy.typing import NDArray

from sync.patterns.grouping.meaning import directions, word_pieces
from sync.patterns.grouping.meaning_table import FILE, meaning_table, packed, unpacked

_PINNED = "81e5c18d9d4ce37ea9a9f40e2ad09b7de00170e2d26b6a402042b720fabe7c24"

_words = st.sampled_from(["agent", "hangs", "invoice", "timeout", "NotFound", "Müller", "xqzv", "你好", "42"])
_texts = st.lists(st.lists(_words, max_size=9).map(" ".join), min_size=1, max_size=12)
_vectors = hnp.arrays(np.float64, (7, 4), elements=st.floats(-9, 9, width=32))


@given(texts=_texts, seed=st.integers(0, 99))
def test_neither_the_order_of_texts_nor_that_of_words_matters(texts: list[str], seed: int) -> None:
    """A text points where it points, wherever it stands among the others and its words within it."""
    order = Random(seed).sample(range(len(texts)), len(texts))  # noqa: S311 - an order, not a secret
    turned = [" ".join(reversed(texts[place].split())) for place in order]
    assert np.array_equal(directions(turned), directions(texts)[order])


@given(_texts)
def test_products_of_directions_are_exact(texts: list[str]) -> None:
    """Whatever multiplies them, in whatever order it adds up: they are whole numbers of small steps."""
    rows = directions(texts)
    whole = np.rint(rows.astype(np.float64) * 2048).astype(np.int64)
    assert np.array_equal(rows @ rows.T * np.float32(2048**2), whole @ whole.T)
    assert np.all((rows.astype(np.float64) ** 2).sum(axis=1) < 1.01)


@pytest.mark.parametrize("text", ["", "42", "你好，世界", "ошибка сети", "§ … →", "xq zv wq"])
def test_what_is_unknown_has_no_say(text: str) -> None:
    """Signs, numbers, other scripts and letters at random point nowhere."""
    rows = directions([text, "The agent hangs", "The invoice is wrong"])
    assert not np.any(np.abs(rows[0] @ rows[1:].T) > 0.1)


@pytest.mark.parametrize(
    ("one", "alike", "other"),
    [
        ("the agent hangs", "the process is stuck", "the invoice was sent"),
        ("deadline exceeded", "request timed out", "wrong currency"),
        ("signed out in the middle", "session expired", "two rooms for one guest"),
        ("removed all the files", "data was wiped", "the page loads slowly"),
        ("letters show as boxes", "garbled characters", "not enough memory"),
    ],
)
def test_words_that_mean_alike_are_near(one: str, alike: str, other: str) -> None:
    """Though they share none, they are nearer to each other than to what is about something else."""
    rows = directions([one, alike, other])
    assert rows[0] @ rows[1] > rows[0] @ rows[2] + 0.1


def test_words_are_cut_into_what_is_known() -> None:
    """Names of errors and accents are seen through; a word with an unknown rest is left out."""
    assert word_pieces("NullPointerException at Müller") == ["null", "pointer", "exception", "at", "muller"]
    assert word_pieces("timeouts") == ["time", "##outs"]
    assert word_pieces("42 你好") == []


@given(_vectors)
def test_a_table_comes_back_as_it_was_packed(vectors: NDArray[np.float64]) -> None:
    """But for the steps in which it is kept, and for what lies far out."""
    names = [f"piece{place}" for place in range(len(vectors))]
    table = unpacked(packed(names, vectors))
    steps = table.scales[:, None].astype(np.float64)
    kept = np.clip(vectors, -7 * steps, 7 * steps)
    assert list(table.places) == names
    assert np.all(np.abs(table.vectors(names) - kept) <= steps * 0.5001)


@pytest.mark.parametrize("content", [b"", b"meaning1", b"x" * 400])
def test_a_damaged_table_is_not_taken_for_one(content: bytes) -> None:
    """It says what to do."""
    with pytest.raises(ValueError, match="install ai-traces anew"):
        unpacked(content)


def test_the_table_is_the_one_that_was_measured() -> None:
    """Another table makes other groups: then the version of the grouping has to change."""
    content = resources.files("sync.patterns.grouping").joinpath(FILE).read_bytes()
    assert hashlib.sha256(content).hexdigest() == _PINNED
    assert _widths(["the", "agent"]) == [192, 192]


def _widths(names: Sequence[str]) -> list[int]:
    return [len(row) for row in meaning_table().vectors(names)]
