"""How surely a section is found from what a log says of it, and whether each diff applies byte for byte.

`python tests/bench/patterns_contract.py [FILE…]` measures on contracts of your own instead of made ones.
"""

import shutil
import string
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from random import Random
from types import MappingProxyType
from typing import Final

from contracts import contract
from figures import Bar, Figure
from sync.contract.amendment import ContractRule, amend
from sync.contract.document import Document, read_contract
from sync.contract.naming import words
from sync.contract.outline import ContractOutline, ContractSection, outline
from sync.contract.patching import patched
from sync.contract.resolve import FoundSection, resolver

_MADE: Final = 300
_OF_EACH: Final = 4
_LETTERS_WRONG: Final = 0.08
_NOWHERE: Final = ("Parental Leave", "Warehouse Heating", "Bicycle Parking", "Colour Palette")

_WRITE: Final[Mapping[str, Callable[[ContractSection, Random], str]]] = MappingProxyType(
    {
        "heading": lambda section, _: section.title,
        "without number": lambda section, _: section.bare_title,
        "§ heading": lambda section, _: f"§ {section.title}",
        "address": lambda section, _: f"contract.md#{section.slug}",
        "8 % letters wrong": lambda section, random: _misspelt(section.bare_title, random),
        "one word missing": lambda section, random: _without_a_word(section.bare_title, random),
        "a word more": lambda section, random: (
            f"{section.bare_title} {random.choice(('section', 'rule', 'requirement'))}"
        ),
        "in a sentence": lambda section, _: (
            f"{section.bare_title} does not say what to do when a call fails twice"
        ),
        "quoted": lambda section, _: f'The section "{section.bare_title}" is silent about a second failure.',
    }
)
_SURE: Final = frozenset(("heading", "without number", "§ heading", "address"))


def figures(contracts: Sequence[Document], random: Random) -> Iterator[Figure]:
    """Measure the resolver on these contracts, then the diffs."""
    tried: dict[str, Counter[str]] = {kind: Counter() for kind in (*_WRITE, "no such section")}
    for document in contracts:
        sections = outline(document)
        resolve = resolver(sections)
        for section in random.sample(unique := _unique(sections), min(_OF_EACH, len(unique))):
            for kind, write in _WRITE.items():
                if reference := write(section, random):
                    found = resolve(reference)
                    right = isinstance(found, FoundSection) and found.section == section
                    tried[kind][
                        "right" if right else "wrong" if isinstance(found, FoundSection) else "refused"
                    ] += 1
        for nowhere in _NOWHERE:
            tried["no such section"]["wrong" if isinstance(resolve(nowhere), FoundSection) else "right"] += 1
    for kind, counts in tried.items():
        share = 100 / max(1, counts.total())
        bar = Bar(99.9, at_least=True) if kind in _SURE else None
        yield Figure(f"{kind}: right", counts["right"] * share, "%", bar)
        yield Figure(f"{kind}: wrong", counts["wrong"] * share, "%")
    every = sum(tried.values(), Counter[str]())
    yield Figure("wrong section", 100 * every["wrong"] / max(1, every.total()), "%", Bar(0.5))
    yield from _diffs(contracts, random)


def _diffs(contracts: Sequence[Document], random: Random) -> Iterator[Figure]:
    drawn = git_says = ours_says = 0
    for document in contracts:
        sections = outline(document).sections
        chosen = random.sample(sections, min(3, len(sections)))
        rules = [
            ContractRule(f"P-{index:04x}", each, f"Do it in order {index}.")
            for index, each in enumerate(chosen)
        ]
        amendment = amend(document, rules, is_secret=lambda _: False)
        if amendment.diff:
            text = "".join(document.lines)
            drawn += 1
            ours_says += patched(text, amendment.diff) == amendment.result
            git_says += git_applied(document.name, text, amendment.diff) in {amendment.result, None}
    yield Figure("diffs", drawn, "")
    yield Figure(
        "diffs that apply byte for byte", 100 * ours_says / max(1, drawn), "%", Bar(100, at_least=True)
    )
    yield Figure("diffs that git applies so", 100 * git_says / max(1, drawn), "%", Bar(100, at_least=True))


def git_applied(name: str, text: str, diff: str) -> str | None:
    """Return what git makes of a file; None where there is no git.

    Raises:
        CalledProcessError: git refuses the diff.
    """
    git = shutil.which("git")
    if git is None:
        return None
    with tempfile.TemporaryDirectory() as directory:
        file = Path(directory, name)
        file.write_bytes(text.encode())
        # Not the repository that the directory may lie in, and nobody's own settings.
        environment = {"GIT_CEILING_DIRECTORIES": str(Path(directory).parent), "HOME": directory}
        for more in (["--check"], []):
            command = [git, "apply", *more, "-"]
            subprocess.run(
                command, cwd=directory, input=diff.encode(), check=True, capture_output=True, env=environment
            )
        return file.read_bytes().decode()


def _unique(sections: ContractOutline) -> list[ContractSection]:
    count = Counter(words(each.bare_title) for each in sections.sections)
    return [each for each in sections.sections if words(each.title) and count[words(each.bare_title)] == 1]


def _misspelt(title: str, random: Random) -> str:
    return "".join(
        random.choice(string.ascii_lowercase)
        if letter.isalpha() and random.random() < _LETTERS_WRONG
        else letter
        for letter in title
    )


def _without_a_word(title: str, random: Random) -> str:
    parts = title.split()
    if len(parts) < 3:
        return ""
    del parts[random.randrange(len(parts))]
    return " ".join(parts)


def _given(files: Sequence[str]) -> list[Document]:
    if files:
        found = [read_contract(Path(file).name, Path(file).read_bytes()) for file in files]
    else:
        found = [read_contract("contract.md", contract(Random(seed)).encode()) for seed in range(_MADE)]  # noqa: S311 - no secret
    return [each for each in found if isinstance(each, Document)]


def main() -> None:
    """Print the figures; end with 1 when a bar is missed."""
    missed = False
    for figure in figures(_given(sys.argv[1:]), Random(1)):  # noqa: S311 - no secret
        bar = "" if figure.bar is None else f"   {figure.bar}{'' if figure.clears_bar else ' MISSED'}"
        missed |= figure.clears_bar is False
        sys.stdout.write(f"{figure.name:34} {figure.value:8.2f} {figure.unit}{bar}\n")
    sys.exit(1 if missed else 0)


if __name__ == "__main__":
    main()
