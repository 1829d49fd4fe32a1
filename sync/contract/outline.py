"""The sections of a contract, one for each heading outside of code, quotes and comments."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from markdown_it import MarkdownIt
from markdown_it.token import Token

from sync.contract import front_matter
from sync.contract.document import Document
from sync.contract.naming import numbered, short_names, slug, words
from sync.tracelog.words import inline_text


@dataclass(frozen=True, slots=True, kw_only=True)
class ContractSection:
    """A heading and the lines below it, up to the next heading of any level.

    Attributes:
        index: Its index among the sections.
        title: The visible title, including its number.
        number: Its number, such as `4.2`; empty if it has none.
        bare_title: The title without the number.
        short_titles: The title without a final remark in brackets, and the parts of a labelled title.
        slug: Its anchor, which is unique in the contract.
        aliases: Other names from the contract's front matter.
        level: The level of the heading, from 1.
        above: The indices of the sections around it, the innermost last.
        heading: The lines of the heading, from 0.
        body: The lines below it.
    """

    index: int
    title: str
    number: str
    bare_title: str
    short_titles: tuple[str, ...]
    slug: str
    aliases: tuple[str, ...]
    level: int
    above: tuple[int, ...]
    heading: range
    body: range


@dataclass(frozen=True, slots=True)
class ContractOutline:
    """The sections of a contract in order, and the markdown tokens of the whole."""

    sections: tuple[ContractSection, ...]
    tokens: tuple[Token, ...] = field(repr=False, compare=False)

    def named(self, section: ContractSection) -> str:
        """Return the title of a section, preceded by the titles above it if it is not unique."""
        if sum(other.title == section.title for other in self.sections) == 1:
            return section.title
        return " > ".join(self.sections[index].title for index in (*section.above, section.index))


def outline(document: Document) -> ContractOutline:
    """Return the sections and markdown tokens of a contract."""
    lines = document.text.split("\n")
    hidden = front_matter.length(lines)
    tokens = tokenize("\n".join(["" for _ in lines[:hidden]] + lines[hidden:]))
    return ContractOutline(tuple(_sections(tokens, lines)), tokens)


def tokenize(text: str) -> tuple[Token, ...]:
    """Return the markdown tokens of a contract; their `map` counts lines from 0."""
    return tuple(MarkdownIt("commonmark", {"maxNesting": 100}).enable("table").parse(text))


def _sections(tokens: Sequence[Token], lines: Sequence[str]) -> Iterator[ContractSection]:
    places = [
        index for index, token in enumerate(tokens) if token.type == "heading_open" and token.level == 0
    ]
    spans = [range(*(tokens[place].map or (0, 0))) for place in places]
    other_names = tuple(front_matter.aliases(lines))
    taken: Counter[str] = Counter()
    above: list[tuple[int, int]] = []
    for index, (place, span) in enumerate(zip(places, spans, strict=True)):
        level = int(tokens[place].tag[1:])
        title = " ".join(inline_text(tokens[place + 1]).split())
        number, bare_title = numbered(title)
        address = slug(title)
        taken[address] += 1
        while above and above[-1][0] >= level:
            above.pop()
        yield ContractSection(
            index=index,
            title=title,
            number=number,
            bare_title=bare_title,
            short_titles=tuple(short_names(bare_title)),
            slug=address if taken[address] == 1 else f"{address}-{taken[address] - 1}",
            aliases=tuple(
                alias for heading, alias in other_names if words(heading) in {words(title), words(bare_title)}
            ),
            level=level,
            above=tuple(parent for _, parent in above),
            heading=span,
            body=range(span.stop, spans[index + 1].start if index + 1 < len(spans) else len(lines)),
        )
        above.append((level, index))
