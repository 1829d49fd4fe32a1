"""all-MiniLM-L6-v2, a model of what sentences mean, in numpy: `distil_meanings.py` learns from it.

It runs from the files of the model as they are published, `model.safetensors` and `vocab.txt`.
"""

import json
import math
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

Rows = NDArray[np.float32]

_LAYERS: Final = 6
_HEADS: Final = 12
_LONGEST: Final = 256
_BATCH: Final = 4_096
"""Pieces that are worked on at once."""

_UNKNOWN: Final = "[UNK]"
_ERF: Final = (1.061405429, -1.453152027, 1.421413741, -0.284496736, 0.254829592)
"""Abramowitz and Stegun 7.1.26: wrong by less than 2e-7."""


class MiniLM:
    """The model: texts in, a row of length one for each out."""

    def __init__(self, folder: Path) -> None:
        self._weights = dict(_tensors(folder / "model.safetensors"))
        for name in [name for name in self._weights if name.endswith("weight") and "embeddings" not in name]:
            self._weights[name] = np.ascontiguousarray(self._weights[name].T)
        pieces = (folder / "vocab.txt").read_text(encoding="utf-8").rstrip("\n").split("\n")
        self.pieces: Mapping[str, int] = {piece: place for place, piece in enumerate(pieces)}

    def meanings(self, texts: Sequence[str]) -> Rows:
        """Return what each text means."""
        return self.meanings_of_pieces([self._places(text) for text in texts])

    def meanings_of_pieces(self, texts: Sequence[Sequence[int]]) -> Rows:
        """Return what each text means that is given by the places of its pieces."""
        begin, end = self.pieces["[CLS]"], self.pieces["[SEP]"]
        whole = [[begin, *text[: _LONGEST - 2], end] for text in texts]
        found = np.zeros((len(texts), 384), dtype=np.float32)
        for batch in _batches([len(text) for text in whole]):
            size = max(len(whole[text]) for text in batch)
            places = np.zeros((len(batch), size), dtype=np.int64)
            there = np.zeros((len(batch), size), dtype=np.bool_)
            for row, text in enumerate(batch):
                places[row, : len(whole[text])] = whole[text]
                there[row, : len(whole[text])] = True
            heard = self._hidden(places, there) * there[..., None]
            found[batch] = heard.sum(axis=1) / there.sum(axis=1, keepdims=True)
        found /= np.linalg.norm(found, axis=1, keepdims=True)
        return found

    def _hidden(self, places: NDArray[np.int64], there: NDArray[np.bool_]) -> Rows:
        weights, size = self._weights, places.shape[1]
        state = weights["embeddings.word_embeddings.weight"][places]
        state = state + weights["embeddings.position_embeddings.weight"][:size]
        state = self._normal(
            state + weights["embeddings.token_type_embeddings.weight"][0], "embeddings.LayerNorm"
        )
        unseen = np.where(there, np.float32(0), np.float32(-1e9))[:, None, None, :]
        for layer in range(_LAYERS):
            part = f"encoder.layer.{layer}."
            told = self._line(self._attention(state, unseen, part), f"{part}attention.output.dense")
            state = self._normal(state + told, f"{part}attention.output.LayerNorm")
            wide = _gelu(self._line(state, f"{part}intermediate.dense"))
            state = self._normal(state + self._line(wide, f"{part}output.dense"), f"{part}output.LayerNorm")
        return state

    def _attention(self, state: Rows, unseen: Rows, part: str) -> Rows:
        count, size, width = state.shape
        asked, keys, values = (
            self._line(state, f"{part}attention.self.{name}")
            .reshape(count, size, _HEADS, width // _HEADS)
            .transpose(0, 2, 1, 3)
            for name in ("query", "key", "value")
        )
        heard = asked @ keys.transpose(0, 1, 3, 2) / np.float32(math.sqrt(width // _HEADS)) + unseen
        heard = np.exp(heard - heard.max(axis=-1, keepdims=True))
        heard /= heard.sum(axis=-1, keepdims=True)
        told: Rows = (heard @ values).transpose(0, 2, 1, 3).reshape(count, size, width)
        return told

    def _line(self, state: Rows, name: str) -> Rows:
        flat = state.reshape(-1, state.shape[-1]) @ self._weights[f"{name}.weight"]
        found: Rows = (flat + self._weights[f"{name}.bias"]).reshape(*state.shape[:-1], -1)
        return found

    def _normal(self, state: Rows, name: str) -> Rows:
        apart = state - state.mean(axis=-1, keepdims=True)
        spread = np.sqrt((apart * apart).mean(axis=-1, keepdims=True) + np.float32(1e-12))
        found: Rows = apart / spread * self._weights[f"{name}.weight"] + self._weights[f"{name}.bias"]
        return found

    def _places(self, text: str) -> list[int]:
        return [place for word in _words(text) for place in self._of_word(word)]

    def _of_word(self, word: str) -> list[int]:
        found: list[int] = []
        start = 0
        while start < len(word):
            mark = "##" if start else ""
            ends = (end for end in range(len(word), start, -1) if mark + word[start:end] in self.pieces)
            end = next(ends, None)
            if end is None:
                return [self.pieces[_UNKNOWN]]
            found.append(self.pieces[mark + word[start:end]])
            start = end
        return found


def _words(text: str) -> Iterator[str]:
    """Return the words in small letters without accents, and each sign of punctuation by itself."""
    plain = "".join(
        sign for sign in unicodedata.normalize("NFD", text.lower()) if unicodedata.category(sign) != "Mn"
    )
    word = ""
    for sign in plain:
        if sign.isalnum():
            word += sign
            continue
        if word:
            yield word
        word = ""
        if not sign.isspace():
            yield sign
    if word:
        yield word


def _batches(lengths: Sequence[int]) -> Iterator[list[int]]:
    """Return the texts, the shortest first, as many at once as make a batch."""
    batch: list[int] = []
    for text in sorted(range(len(lengths)), key=lengths.__getitem__):
        if batch and (len(batch) + 1) * lengths[text] > _BATCH:
            yield batch
            batch = []
        batch.append(text)
    if batch:
        yield batch


def _gelu(state: Rows) -> Rows:
    scaled = state * np.float32(math.sqrt(0.5))
    size = np.abs(scaled)
    inner = 1 / (1 + np.float32(0.3275911) * size)
    sum_ = np.zeros_like(inner)
    for factor in _ERF:
        sum_ = (sum_ + np.float32(factor)) * inner
    erf = np.copysign(1 - sum_ * np.exp(-size * size), scaled)
    found: Rows = state * np.float32(0.5) * (1 + erf)
    return found


def _tensors(file: Path) -> Iterator[tuple[str, Rows]]:
    """Read a file of safetensors: the length of the head, the head in JSON, the numbers."""
    content = file.read_bytes()
    start = 8 + int.from_bytes(content[:8], "little")
    for name, entry in json.loads(content[8:start]).items():
        if name != "__metadata__" and entry["dtype"] == "F32":
            begin, end = (start + offset for offset in entry["data_offsets"])
            yield name, np.frombuffer(content[begin:end], dtype="<f4").reshape(entry["shape"])
