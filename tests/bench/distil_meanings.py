"""Make the table of what words mean.

The vectors of the pieces of a sentence, added up, come as near as they can to what a model of sentences makes
of the whole. `sync/patterns/grouping/meanings.md` says how to run this, and what is needed for it.
"""

import hashlib
import sys
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from types import MappingProxyType
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from distil_texts import glosses, manual, some
from minilm import MiniLM
from sync.patterns.grouping.meaning import cut_up
from sync.patterns.grouping.meaning_table import FILE, packed

Rows = NDArray[np.float32]

_SOURCES: Final[Mapping[str, str]] = MappingProxyType(
    {
        "model.safetensors": "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db",
        "vocab.txt": "07eced375cec144d27c900241f3e339478dec958f92fddbc551f295c992038a3",
        "cntlist.rev": "a198580b8f705fa02797bba8b13e5cbe4a9f9f40cb1697e774c7fc6a5865b035",
        "data.adj": "c89120dfc1f046ddff4a631bf9b7e9fa1a36b5e86565a23bf82dbe14f30b88a7",
        "data.adv": "444a63bf3955080ab7524f5079cfc07ff9bc682cb98bdb1db73b0fb9829f1139",
        "data.noun": "fea17d2f9656611334eac790e5d69e47645fa180c4aa481fb4cd9b3520754ca2",
        "data.verb": "adcf43e35b581e8036d8b5a52d63d9cd3d3b4870b2720d3c03c799df44777bc2",
        "Django-5.2.tar.gz": "1a47f7a7a3d43ce64570d350e008d2949abe8c7e21737b351b6a1611277c6d89",
        "celery-5.7.0.tar.gz": "6a5dfcf6662287204f009a02002b9e66c83d4105e47ebabdc7079108772fc6f0",
        "cinder-29.0.0.tar.gz": "6372ca98db3d7781031ce5950b44698badd6176db794ff1f74b0621be583429e",
        "ironic-39.0.0.tar.gz": "205364829cf7ab1d03f80e4c684cf2aa6693170eae8457b9344100e43b737a5e",
        "neutron-29.0.0.tar.gz": "4dc123ed085a4b2cc8af1c4fa8d7162042c4e7cfa5e895f62e99a3b46d92ba31",
        "nova-34.0.0.tar.gz": "919eef77cda4ce0cc4746a5853b5d9341ebd0ae37bc8b1939eb77d17727c00df",
        "pip-26.3.tar.gz": "6c36ae7da8695be67e3cd9f7d87919667ced53f57ce2ede75d89b5912ed2bc4c",
        "pytest-9.2.0.tar.gz": "97c4f3b1f3c7414aa36465e09b8220f1d03627993bd51b1282e193753c80557b",
        "salt-3008.5.tar.gz": "0259deafd601d783721e5aa8ed10677d8c4d6cc12f5de17499af71590d593315",
        "scrapy-2.19.0.tar.gz": "34130726582b64c91531162ab277c4053e558876d49ba219cb43679e71d80a87",
        "setuptools-84.2.1.tar.gz": "3ff8b3b5492a0aa66960f4419365a86b84e013070d4313e4d4a6894f5d64d6bc",
        "twisted-26.10.0.tar.gz": "5f0355403e507fc23ceea85e9dbb4bc59335aabde41dd324e8b8cea180dd38de",
    }
)

_PATTERNS: Final = Path(__file__).parents[2] / "sync" / "patterns"
_WIDTH: Final = 192
_OF_WORDNET: Final = 24_000
_OF_AN_ARCHIVE: Final = 3_000
_HOLD: Final = 2.0
"""How strongly a piece keeps to what it means by itself; one that is told of often goes its own way."""

_COMMON: Final = 3e-4
"""A piece of this share of all counts half as much by itself as one that is rare."""

_STEPS: Final = 25


def main() -> None:
    """Write the table to its place."""
    folder, wordnet, *archives = map(Path, sys.argv[1:])
    lists = [wordnet / name for name in _SOURCES if name.startswith(("cntlist.", "data."))]
    _checked([folder / "model.safetensors", folder / "vocab.txt", *lists, *archives])
    texts = some(glosses(wordnet), _OF_WORDNET)
    for archive in sorted(archives, key=lambda each: each.name):
        texts += some(manual(archive), _OF_AN_ARCHIVE)
    model = MiniLM(folder)
    pieces = sorted(piece for piece in model.pieces if _is_of_letters(piece))
    told = model.meanings(texts).astype(np.float16).astype(np.float32)
    alone = model.meanings_of_pieces([[model.pieces[piece]] for piece in pieces])
    content = packed(pieces, _fitted(_parts(texts, pieces), told, alone).astype(np.float64))
    (_PATTERNS / FILE).write_bytes(content)
    told_of = f"{len(texts)} sentences, {len(pieces)} pieces"
    sys.stdout.write(f"{told_of}, {hashlib.sha256(content).hexdigest()}\n")


def _fitted(parts: sparse.csr_array, told: Rows, alone: Rows) -> Rows:
    """Return a vector for each piece: near what it means alone, and so that sentences come out as told."""
    middle, axes = _axes(told)
    wanted: Rows = np.asarray((told - middle) @ axes, dtype=np.float32)
    often = np.asarray((parts > 0).sum(axis=0)).ravel()
    own = (alone - alone.mean(axis=0)) @ axes
    own *= (_COMMON / (_COMMON + often / often.sum()))[:, None].astype(np.float32)
    heard = parts @ own
    own *= float((heard * wanted).sum() / (heard * heard).sum())
    first = _solved(parts, wanted, own)
    lengths = np.clip(((parts @ first) * wanted).sum(axis=1) / (wanted * wanted).sum(axis=1), 0.1, None)
    longer = (lengths / lengths.mean()).astype(np.float32)[:, None]
    return _solved(parts, wanted * longer, own)


def _solved(parts: sparse.csr_array, wanted: Rows, own: Rows) -> Rows:
    """Solve the least squares with conjugate gradients, each column by itself."""
    across = parts.T.tocsr()
    found = own.copy()
    rest = across @ wanted + np.float32(_HOLD) * own - across @ (parts @ found) - np.float32(_HOLD) * found
    way = rest.copy()
    size = (rest * rest).sum(axis=0)
    for _ in range(_STEPS):
        ahead = across @ (parts @ way) + np.float32(_HOLD) * way
        step = size / np.maximum((way * ahead).sum(axis=0), np.float32(1e-12))
        found += step * way
        rest -= step * ahead
        before, size = size, (rest * rest).sum(axis=0)
        way = rest + size / np.maximum(before, np.float32(1e-12)) * way
    return found


def _axes(told: Rows) -> tuple[Rows, Rows]:
    """Return the middle, and the directions in which most of the sentences differ, the widest first."""
    middle = told.mean(axis=0)
    apart = (told - middle).astype(np.float64)
    _, axes = np.linalg.eigh(apart.T @ apart)
    widest = axes[:, ::-1][:, :_WIDTH]
    signs = np.sign(widest[np.abs(widest).argmax(axis=0), np.arange(_WIDTH)])
    return middle, (widest * signs).astype(np.float32)


def _parts(texts: Sequence[str], pieces: Sequence[str]) -> sparse.csr_array:
    """Return which pieces each text has; a long text counts a little more than a short one."""
    places = {piece: place for place, piece in enumerate(pieces)}
    counts = [Counter(cut_up(text, places)) for text in texts]
    rows = np.repeat(np.arange(len(texts)), [len(count) for count in counts])
    columns = np.array([places[piece] for count in counts for piece in count])
    values = np.array([often / count.total() ** 0.5 for count in counts for often in count.values()])
    shape = (len(texts), len(pieces))
    return sparse.csr_array((values.astype(np.float32), (rows, columns)), shape=shape)


def _is_of_letters(piece: str) -> bool:
    return piece.isascii() and piece.removeprefix("##").isalpha() and piece.islower()


def _checked(files: Sequence[Path]) -> None:
    """Stop unless these are the very files that the table is made of."""
    wrong = [file.name for file in files if _SOURCES.get(file.name) != _digest(file)]
    missing = sorted(set(_SOURCES) - {file.name for file in files})
    if wrong or missing:
        sys.exit("\n".join(_complaints(wrong, missing)))


def _complaints(wrong: Sequence[str], missing: Sequence[str]) -> Iterator[str]:
    yield from (f"{name}: not the file that the table is made of" for name in wrong)
    yield from (f"{name}: missing" for name in missing)


def _digest(file: Path) -> str:
    return hashlib.sha256(file.read_bytes()).hexdigest()


if __name__ == "__main__":
    main()
