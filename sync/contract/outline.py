"""The sections of a contract: its headings outside of code, quotes and comments, and what lies below."""

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
    """A heading and what lies below it, up to the next heading of any level.

    Attributes:
        index: Its place among the sections.
        title: As a reader sees it, number included.
        number: Such as `4.2`; empty without one.
        bare_title: The title without the number.
        short_titles: What is left of it without a remark in brackets at its end, or a label before a colon.
        slug: Its address within the page.
        aliases: Other names that the contract itself gives.
        above: The indices of the sections that it belongs to, the nearest last.
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
    """The sections in their order, and the blocks of markdown between them."""

    sections: tuple[ContractSection, ...]
    tokens: tuple[Token, ...] = field(repr=False, compare=False)

    def named(self, section: ContractSection) -> str:
        """Return what a person calls the section: its title, with those above it where that is not enough."""
        if sum(other.title == section.title for other in self.sections) == 1:
            return section.title
        return " > ".join(self.sections[index].title for index in (*section.above, section.index))


def outline(document: Document) -> ContractOutline:
    """Return the sections of a contract, and its blocks."""
    lines = document.text.split("\n")
    hidden = front_matter.length(lines)
    tokens = tokenize("\n".join(["" for _ in lines[:hidden]] + lines[hidden:]))
    return ContractOutline(tuple(_sections(tokens, lines)), tokens)


def tokenize(text: str) -> tuple[Token, ...]:
    """Return the markdown tokens of a contract; `map` counts its lines from 0."""
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
