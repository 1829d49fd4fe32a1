"""Make one diff of several new rules for a contract, and say which of them could not be placed."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import Final, TypeAlias

from sync.contract.bullet import ContractBullet, added, bullets, replaced
from sync.contract.document import Document, lines_of
from sync.contract.edit import LineEdit, changed, in_whole_lines
from sync.contract.likeness import letters_alike
from sync.contract.naming import key_words, words
from sync.contract.outline import ContractOutline, ContractSection, outline
from sync.contract.patching import patched
from sync.contract.unified import unified

_SAME_RULE: Final = 0.85
_SMALL: Final = frozenset(("if", "when", "whenever", "always", "then", "please"))
_TAG: Final = re.compile(r"\s*\(P-[0-9a-f]{4,64}\)")


@dataclass(frozen=True, slots=True)
class ContractRule:
    """A sentence to add to a section.

    Attributes:
        tag: A pattern's id, by which the rule is found in the contract later.
        section: The section.
        sentence: The sentence.
        also: Other wordings; a contract with one of them has the rule already.
    """

    tag: str
    section: ContractSection
    sentence: str
    also: tuple[str, ...] = ()

    @property
    def tagged(self) -> str:
        """The sentence with its tag, as it is written into the contract."""
        return f"{self.sentence} ({self.tag})"


@dataclass(frozen=True, slots=True)
class Placed:
    """The rule is in the diff.

    Attributes:
        rule: The rule.
        instead_of: The rule of the contract that it replaces; empty if it is new.
    """

    rule: ContractRule
    instead_of: str


@dataclass(frozen=True, slots=True)
class SaidAlready:
    """The contract has the rule already, on this line, from 1."""

    rule: ContractRule
    line: int


@dataclass(frozen=True, slots=True)
class Unplaced:
    """The rule is not in the diff; `why` is the reason, as a clause."""

    rule: ContractRule
    why: str


Placement: TypeAlias = Placed | SaidAlready | Unplaced


@dataclass(frozen=True, slots=True)
class Amendment:
    """The diff that adds all rules that have a place.

    Attributes:
        diff: The diff; empty if no rule has a place.
        result: The contract with the diff applied.
        placements: What became of each rule.
    """

    diff: str = field(repr=False)
    result: str = field(repr=False)
    placements: tuple[Placement, ...]


@dataclass(frozen=True, slots=True)
class _Change:
    """A rule that has a place: that of a bullet that it replaces, or else the end of its section."""

    rule: ContractRule
    bullet: ContractBullet | None


def amend(
    document: Document, rules: Sequence[ContractRule], *, is_secret: Callable[[str], bool]
) -> Amendment:
    """Make one diff of all rules, and check it by applying it.

    A rule is left out if the diff would show a secret or change the headings.
    """
    sections = outline(document)

    def objection(changes: Sequence[_Change]) -> str:
        return _objection(document, sections, changes, is_secret)

    changes, placements = _placed(document, sections, rules, lambda _: "")
    if changes and objection(changes):
        changes, placements = _placed(document, sections, rules, objection)
    diff, result = _drawn(document, sections, changes)
    return Amendment(diff, result, tuple(placements))


def says(document: Document, tag: str) -> bool:
    """Return whether the contract has the rule with this tag."""
    return re.search(rf"(?<![\w-]){re.escape(tag)}(?![\w-])", document.text) is not None


def _placed(
    document: Document,
    sections: ContractOutline,
    rules: Sequence[ContractRule],
    objection: Callable[[Sequence[_Change]], str],
) -> tuple[list[_Change], list[Placement]]:
    """Place the rules in order, each unless there is an objection to it together with those before it."""
    changes: list[_Change] = []
    placements: list[Placement] = []
    for rule in rules:
        match _place(document, sections, rule, changes):
            case SaidAlready() as said:
                placements.append(said)
            case _Change(bullet=bullet) as change:
                why = objection([*changes, change])
                if not why:
                    changes.append(change)
                placed = Placed(rule, "" if bullet is None else bullet.text)
                placements.append(Unplaced(rule, why) if why else placed)
    return changes, placements


def _place(
    document: Document, sections: ContractOutline, rule: ContractRule, changes: Sequence[_Change]
) -> _Change | SaidAlready:
    taken = {change.bullet for change in changes}
    likeness = 0.0
    nearest = None
    same = {_meant(sentence) for sentence in (rule.sentence, *rule.also)}
    for bullet in bullets(document, sections, rule.section):
        said = _TAG.sub("", bullet.text)
        if _meant(said) in same:
            return SaidAlready(rule, bullet.lines.start + 1)
        alike = letters_alike(" ".join(words(said)), " ".join(words(rule.sentence)))
        if alike > likeness and bullet not in taken:
            likeness, nearest = alike, bullet
    return _Change(rule, nearest if likeness >= _SAME_RULE else None)


def _meant(sentence: str) -> tuple[str, ...]:
    """Return the words of a rule without those that do not change its meaning."""
    return tuple(word for word in key_words(sentence) if word not in _SMALL) or key_words(sentence)


def _drawn(document: Document, sections: ContractOutline, changes: Sequence[_Change]) -> tuple[str, str]:
    """Return the diff and the contract with it applied."""
    ending: dict[int, dict[tuple[str, ...], str]] = {}
    edits: list[LineEdit] = []
    for change in changes:
        rule = change.rule
        if change.bullet is None:
            told = ending.setdefault(rule.section.index, {})
            same = words(rule.sentence) or (rule.sentence,)
            told[same] = f"{told[same]} ({rule.tag})" if same in told else rule.tagged
        else:
            edits.append(replaced(document, change.bullet, rule.tagged))
    edits += [
        added(document, sections, sections.sections[index], tuple(told.values()))
        for index, told in ending.items()
    ]
    drawn = in_whole_lines(document.lines, edits)
    return unified(document.name, document.lines, drawn), "".join(changed(document.lines, drawn))


def _objection(
    document: Document,
    sections: ContractOutline,
    changes: Sequence[_Change],
    is_secret: Callable[[str], bool],
) -> str:
    """Return why the diff of these changes must not be shown, as a clause; empty if it may."""
    diff, result = _drawn(document, sections, changes)
    if is_secret(diff):
        return "the lines around its place hold what looks like a secret: take that out of the contract first"
    after = replace(document, lines=lines_of(result))
    sections_after = outline(after)
    if _headings(sections) != _headings(sections_after):
        return "it would change the headings of the contract"
    for change in changes:
        section = sections_after.sections[change.rule.section.index]
        if not any(change.rule.tag in bullet.text for bullet in bullets(after, sections_after, section)):
            return "the end of the section is not where a rule can stand"
    if patched("".join(document.lines), diff) != result:
        return "its diff does not apply"  # pragma: no cover - the writer is proven to make only such that do
    return ""


def _headings(sections: ContractOutline) -> list[tuple[int, str]]:
    return [(section.level, section.title) for section in sections.sections]
