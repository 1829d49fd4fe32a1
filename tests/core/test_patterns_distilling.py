"""How the table of meanings is made: on texts small enough to see."""

import io
import tarfile
from pathlib import Path

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from distil_meanings import _fitted, _parts
from distil_texts import manual, some

_PIECES = [f"{one}{other}" for one in "bcdfghjklm" for other in "aeiou"]


def test_pieces_learn_what_sentences_mean() -> None:
    """Where a sentence means the sum of its words, the sum of the vectors found points there."""
    chance = np.random.default_rng(7)
    truth = chance.normal(size=(len(_PIECES), 384)).astype(np.float32)
    texts = [" ".join(chance.choice(_PIECES, size=5, replace=False)) for _ in range(2_000)]
    parts = _parts(texts, _PIECES)
    told = parts @ truth
    told /= np.linalg.norm(told, axis=1, keepdims=True)
    alone = truth + chance.normal(size=truth.shape).astype(np.float32)
    heard = parts @ _fitted(parts, told, alone)
    near = heard @ heard.T / np.outer(*[np.linalg.norm(heard, axis=1)] * 2)
    assert np.corrcoef(near.ravel(), (told @ told.T).ravel())[0, 1] > 0.95


def test_a_manual_gives_its_sentences(tmp_path: Path) -> None:
    """Prose without marks and numbers of issues; no code, no headings, nothing of the tests."""
    text = (
        "Title\n=====\n\n- Fixed a crash in :func:`~os.walk` when links loop (#42).\n- x = {{}}\n>>> 1 + 1\n"
    )
    archive = tmp_path / "made.tar.gz"
    with tarfile.open(archive, "w:gz") as files:
        for name in ("made/docs/changes.rst", "made/tests/notes.rst", "made/code.py"):
            entry = tarfile.TarInfo(name)
            entry.size = len(text.encode())
            files.addfile(entry, io.BytesIO(text.encode()))
    assert manual(archive) == {"Fixed a crash in os.walk when links loop ."}


@given(st.sets(st.text(), max_size=20), st.integers(0, 20))
def test_the_choice_is_the_same_everywhere(sentences: set[str], count: int) -> None:
    """It depends on the sentences alone, and more of them only add to it."""
    chosen = some(sentences, count)
    assert chosen == some(sorted(sentences, reverse=True), count)
    assert chosen == some(sentences, count + 1)[:count]
