"""The table of word vectors, packed into a file that is part of the package."""

import struct
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from importlib import resources
from types import MappingProxyType
from typing import Final

import numpy as np
from numpy.typing import NDArray

FILE: Final = "meanings.bin"

_HEAD: Final = struct.Struct("<8sIII")
_FORM: Final = b"meaning1"
_MOST: Final = 7
_CLIP: Final = 2.6
"""The limit of values in standard deviations of their vector; clipping a few keeps the steps fine."""


@dataclass(frozen=True, slots=True)
class MeaningTable:
    """A vector for each piece of a word; a piece that continues a word begins with ##.

    Attributes:
        places: The row of each piece.
        scales: The size of a step in each row.
        steps: The values in steps from -7 to 7, two in a byte.
    """

    places: Mapping[str, int]
    scales: NDArray[np.float32] = field(repr=False)
    steps: NDArray[np.uint8] = field(repr=False)

    def vectors(self, pieces: Sequence[str]) -> NDArray[np.float64]:
        """Return the vectors of pieces, which must be in the table, as rows."""
        rows = np.array([self.places[piece] for piece in pieces], dtype=np.int64)
        pairs = self.steps[rows].astype(np.int64)
        steps = np.stack((pairs & 0xF, pairs >> 4), axis=2).reshape(len(rows), -1) - (_MOST + 1)
        found: NDArray[np.float64] = steps * self.scales[rows, None].astype(np.float64)
        return found


@lru_cache(maxsize=1)
def meaning_table() -> MeaningTable:
    """Return the table of the package."""
    return unpacked(resources.files("sync.patterns.grouping").joinpath(FILE).read_bytes())


def packed(pieces: Sequence[str], vectors: NDArray[np.float64]) -> bytes:
    """Return a table in its file format, with values rounded to fifteen steps; the width must be even."""
    scales = np.maximum(_CLIP / _MOST * vectors.std(axis=1), np.finfo(np.float32).tiny).astype(np.float32)
    steps = np.clip(np.rint(vectors / scales[:, None].astype(np.float64)), -_MOST, _MOST)
    halves = (steps + _MOST + 1).astype(np.uint8)
    names = "\n".join(pieces).encode()
    head = _HEAD.pack(_FORM, len(pieces), vectors.shape[1], len(names))
    pairs = halves[:, ::2] | halves[:, 1::2] << 4
    return b"".join((head, names, scales.astype("<f4").tobytes(), pairs.tobytes()))


def unpacked(content: bytes) -> MeaningTable:
    """Read a table in the format of `packed`.

    Raises:
        ValueError: It is not in this format, or incomplete.
    """
    form, count, width, size = _HEAD.unpack(content[: _HEAD.size].ljust(_HEAD.size))
    start = _HEAD.size + size
    if form != _FORM or len(content) != start + count * (4 + width // 2):
        raise ValueError(f"{FILE} is damaged: install ai-traces anew")
    pieces = content[_HEAD.size : start].decode().split("\n")
    return MeaningTable(
        places=MappingProxyType({piece: place for place, piece in enumerate(pieces)}),
        scales=np.frombuffer(content, dtype="<f4", count=count, offset=start).astype(np.float32),
        steps=np.frombuffer(content, dtype=np.uint8, offset=start + 4 * count).reshape(count, width // 2),
    )
