"""Sentences that `distil_meanings.py` learns from: what manuals say, and what WordNet says of words."""

import hashlib
import re
import tarfile
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final

_MANUAL: Final = re.compile(
    r"\.(rst|txt|md)$|(NEWS|CHANGES|CHANGELOG|HISTORY|README)[^/]*$|releasenotes/notes/.*\.yaml$"
)
_OTHER: Final = re.compile(r"/locale/|LICEN|requirements|/tests?/|_vendor")
_DROPPED: Final = (
    (re.compile(r"^\s*(\.\.|:[a-z ]+:|>>>|\$ |#|={3,}|-{3,}|~{3,}).*$", re.MULTILINE), "\n\n"),
    (re.compile(r"```.*?```", re.DOTALL), "\n\n"),
    (re.compile(r"!?\[([^\]]*)\]\([^)]*\)"), r"\1"),
    (re.compile(r":[a-zA-Z:+-]+:`~?([^`<]*?)\s*(<[^`]*>)?`"), r"\1"),
    (re.compile(r"`+([^`<]*?)\s*(<[^`]*>)?`+_*"), r"\1"),
    (re.compile(r"https?://\S+|[*|]+"), ""),
)
_PARAGRAPH: Final = re.compile(r"\n\s*\n|\n\s*(?:[-+•]|\d+\.)\s+|\n(?=\s*- \|)|\n(?=[a-z_]+:\s*\n)")
_SENTENCE: Final = re.compile(r"(?<=[.!?])\s+(?=[A-Z\"(])")
_NUMBER: Final = re.compile(r"\(?(#\d+|[a-z]*:?issue:?\s*\d+|gh-\d+|bpo-\d+)\)?", re.IGNORECASE)
_CODE: Final = re.compile(r"[{}=<>\\]{2}|::|__")
_WORD: Final = re.compile(r"[A-Za-z']+")
_SHORTEST, _LONGEST = 4, 24
_PROSE: Final = 0.72
"""So much of a sentence is letters."""


def manual(archive: Path) -> set[str]:
    """Return the sentences in the manuals of a source archive."""
    found: set[str] = set()
    with tarfile.open(archive) as files:
        for file in files:
            if file.isfile() and _MANUAL.search(file.name) and not _OTHER.search(file.name):
                content = files.extractfile(file)
                found.update(_sentences(content.read().decode("utf-8", "replace") if content else ""))
    return found


def glosses(folder: Path) -> set[str]:
    """Return what WordNet says of its words, those of one meaning in front, and its examples."""
    told = {
        line.split("%")[0].replace("_", " ")
        for line in (folder / "cntlist.rev").read_text(encoding="utf-8").splitlines()
    }
    found: set[str] = set()
    for kind in ("noun", "verb", "adj", "adv"):
        for line in (folder / f"data.{kind}").read_text(encoding="latin-1").splitlines():
            head, _, gloss = line.partition(" | ")
            fields = head.split()
            words = [_word(fields[4 + 2 * at]) for at in range(int(fields[3], 16))] if gloss else []
            common = kind != "noun" or any(word.lower() in told for word in words)
            if words and common and not any(word[0].isupper() for word in words):
                meaning, *_ = gloss.split('; "')
                found.add(f"{', '.join(words)}: {meaning.strip()}")
                found.update(re.findall(r'"([^"]{12,})"', gloss))
    return found


def some(sentences: Iterable[str], count: int) -> list[str]:
    """Return so many, by chance that is the same everywhere."""
    return sorted(sentences, key=lambda each: hashlib.sha256(each.encode()).digest())[:count]


def _word(field: str) -> str:
    return re.sub(r"\(.*\)$", "", field).replace("_", " ")


def _sentences(text: str) -> Iterator[str]:
    for dropped, instead in _DROPPED:
        text = dropped.sub(instead, text)
    for paragraph in _PARAGRAPH.split(text):
        for sentence in _SENTENCE.split(" ".join(paragraph.split())):
            plain = " ".join(_NUMBER.sub("", sentence).split()).strip(" -|:")
            letters = sum(map(len, _WORD.findall(plain)))
            fits = _SHORTEST <= len(plain.split()) <= _LONGEST
            if fits and letters > _PROSE * len(plain.replace(" ", "")) and not _CODE.search(plain):
                yield plain
