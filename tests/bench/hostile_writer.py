"""Text for hostile files, with words that stand nowhere else."""

from random import Random
from typing import Final

KILO: Final = 1_000
MEGA: Final = 1_000_000


class Writer:
    """Makes text with words that stand nowhere else."""

    def __init__(self, number: int) -> None:
        self.random = Random(number)  # noqa: S311 - the same file each time
        self._number = number
        self.words: list[str] = []

    def word(self) -> str:
        """Return a word that is to be found again."""
        made = f"w{self._number}x{len(self.words)}q"
        self.words.append(made)
        return made

    def size(self, most: int) -> int:
        """Return a number of bytes: mostly few, at times as many as may be."""
        return int(most * self.random.random() ** 4) + 40

    def filled(self, size: int, *pieces: str) -> str:
        """Return so much text of these pieces, `@` in each a word of its own."""
        parts: list[str] = []
        room = size
        while room > 0:
            piece = self.random.choice(pieces)
            while "@" in piece:
                piece = piece.replace("@", self.word(), 1)
            parts.append(piece)
            room -= len(piece)
        return "".join(parts)
