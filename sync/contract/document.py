"""A contract as lines that end with a line feed only, as in git."""

import hashlib
from dataclasses import dataclass, field
from typing import Final

_MARK: Final = "\ufeff"


@dataclass(frozen=True, slots=True)
class Unreadable:
    """Why a file cannot be used as a contract, as a sentence, and what to do about it."""

    what: str
    hint: str


@dataclass(frozen=True, slots=True)
class Document:
    """A contract.

    Attributes:
        name: The name of the file, without its directory.
        sha256: The SHA-256 of its bytes, as `sha256sum` prints it.
        lines: The lines with their line ends; only the last may have none.
    """

    name: str
    sha256: str
    lines: tuple[str, ...] = field(repr=False)

    @property
    def text(self) -> str:
        """Return the contract with the same lines, each ending in one line feed for the markdown parser."""
        return "\n".join(without_end(line).replace("\r", " ") for line in self.lines).removeprefix(_MARK)


def read_contract(name: str, content: bytes) -> Document | Unreadable:
    """Read the content of a file as a contract, without changing a byte."""
    if b"\0" in content:
        return Unreadable(f"{name} is no text in UTF-8", "Save the contract as a text file in UTF-8")
    try:
        text = content.decode()
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        return Unreadable(f"{name} is not in UTF-8 (line {line})", "Save the contract as text in UTF-8")
    return Document(name, hashlib.sha256(content).hexdigest(), lines_of(text))


def lines_of(text: str) -> tuple[str, ...]:
    """Split a text after each line feed, and not at form feeds, U+2028 or lone carriage returns."""
    *whole, rest = text.split("\n")
    return (*(f"{line}\n" for line in whole), *([rest] if rest else []))


def without_end(line: str) -> str:
    """Return a line without its line end."""
    return line.removesuffix("\n").removesuffix("\r")


def line_end(lines: tuple[str, ...], near: int) -> str:
    """Return the line end that is used nearest to an index."""
    for line in (*reversed(lines[: near + 1]), *lines[near + 1 :]):
        if line.endswith("\n"):
            return "\r\n" if line.endswith("\r\n") else "\n"
    return "\n"
