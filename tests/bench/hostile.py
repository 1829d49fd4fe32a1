"""Files that nobody would write and any program may meet: made by number, always the same.

Each holds words of its own, which must be on its page wherever they are of a kind that is shown.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from random import Random
from typing import Final

COUNT: Final = 2_000
_KILO: Final = 1_000
_MEGA: Final = 1_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Hostile:
    """A file that means no good.

    Attributes:
        name: Which kind of trouble it is.
        content: Its bytes.
        size: How long it is; more than its content makes the rest of it zeros.
        words: What its page must show, as far as it is long enough.
    """

    name: str
    content: bytes
    size: int
    words: Sequence[str]


class _Writer:
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


_Kind = Callable[[_Writer], str | bytes]

_MARKUP: Final = (
    *("# ", "## ", "- ", "> ", "1. ", "  ", "    ", "\t", "* ", "+ ", "- [x] ", "- [ ] ", "|", "|-|\n"),
    *("**", "*", "_", "__", "~~", "`", "``", "```\n", "~~~\n", "[", "](", ")", "![", "]", "<", ">", "&", ";"),
    *(
        "\\",
        "\n",
        "\n\n",
        "  \n",
        "---\n",
        "===\n",
        "@ ",
        "@ @ ",
        "@\n",
        "[@]: @\n",
        "<!-- @ -->",
        "&lt;",
        ":",
        "|@|",
    ),
)
_SECTIONS: Final = (
    "## Task\n",
    "## Tools Used\n- @: @\n",
    "## Outcome\nSuccess @\n",
    "## Issues\n- @\n",
    "text @\n\n",
)


def _markup(w: _Writer) -> str:
    return w.filled(w.size(8 * _KILO), *_MARKUP)


def _sections(w: _Writer) -> str:
    return "# Execution Log: T\n\n" + w.filled(w.size(20 * _KILO), *_SECTIONS)


def _deep(w: _Writer) -> str:
    opening = w.random.choice(("> ", "- ", "1. ", "- > ", "> - ", "* 1. "))
    return opening * w.random.randrange(1, 2_000) + w.word() + "\n" + w.filled(400, "> @\n", "- @\n", "@\n\n")


def _deep_by_indent(w: _Writer) -> str:
    return "".join(f"{' ' * 2 * level}- {w.word()}\n" for level in range(w.random.randrange(5, 200)))


def _unclosed_fence(w: _Writer) -> str:
    fence = w.random.choice(("```", "~~~", "`````sh", "``` `", "   ~~~~"))
    return f"{w.word()}\n\n{fence}\n" + w.filled(w.size(30 * _KILO), "x = '@'\n", "```x\n", "\n", "    @\n")


def _backtracking(w: _Writer) -> str:
    """Return what makes a careless pattern try every way there is."""
    piece = w.random.choice(
        (
            "a",
            "[",
            "![",
            "*",
            "_*",
            "<a ",
            "`",
            "``` ",
            "((",
            "a@",
            "www.",
            "://",
            "\\",
            "&#",
            "|",
            "-" * 3 + " ",
        )
    )
    piece += w.random.choice(("", "", " ", "b"))
    return f"{w.word()}\n\n" + piece * (w.size(300 * _KILO) // len(piece)) + f"!\n\n{w.word()}\n"


def _triggers(w: _Writer) -> str:
    words = (
        "password",
        "token: ",
        "key = ",
        "secret ",
        "authorization: ",
        "bearer ",
        "curl -u ",
        "mysql -p",
        "://",
        "sk-",
    )
    return w.filled(w.size(30 * _KILO), *words, "echo x | sudo ", "cookie: ", "sess=", ":1234:", "@ ", "\n")


def _one_line(w: _Writer) -> str:
    piece = w.random.choice(("x", "é", "日", "x ", "*a* ", "`b` ", "https://e.org/", "[a](b) ", "😀"))
    return f"{w.word()} " + piece * (w.size(2 * _MEGA) // len(piece.encode()))


def _many_lines(w: _Writer) -> str:
    piece = w.random.choice(
        ("\n", "a\n", "- a\n", "a\n\n", "> a\n>\n", "# a\n", "1. a\n", "| a |\n", "x  \n", "\t\n")
    )
    return f"{w.word()}\n\n" + piece * w.random.randrange(100, 100_000 if w.random.random() > 0.8 else 3_000)


def _table(w: _Writer) -> str:
    width = w.random.choice((1, 2, 5, 99, 100, 101, 400))
    row = "|" + " @ |" * width + "\n"
    head = w.filled(1, row) + "|" + "-|" * width + "\n"
    odd = ("|@|\n", "|" + "@|" * (width + 2) + "\n", "| `@|@` | \\| @ |\n")
    return head + w.filled(w.size(60 * _KILO), row, row, row, *odd)


def _links(w: _Writer) -> str:
    targets = (
        *(
            "javascript:alert(1)",
            "JaVaScRiPt:x",
            "data:text/html,x",
            "file:///etc/passwd",
            "vbscript:x",
            "//host",
        ),
        *(
            "https://e.org/" + "x" * 3_000,
            "http://[::1]:99999/",
            "https://user@host",
            "mailto:a@b",
            "\x01",
            "https://é.org/日",
        ),
        *("http://", "<a b>", "#", "https://e.org/%zz", "https://xn--.org", "ftp://h/x"),
    )
    return w.filled(
        w.size(8 * _KILO), *(f"[@]({target.replace('@', '%40')}) " for target in targets), "![@](x)\n", "\n\n"
    )


def _front_matter(w: _Writer) -> str:
    inner = w.filled(w.size(3 * _KILO), "a: @\n", "- @\n", "\n", "...\n", "b: [\n")
    return (
        w.random.choice(("---\n", "--- \n", "\n---\n", "+++\n"))
        + inner
        + w.random.choice(("---\n", "", "...\n"))
    )


def _every_byte(w: _Writer) -> bytes:
    row = list(range(256)) * w.random.randrange(1, 20)
    w.random.shuffle(row)
    return w.word().encode() + b"\n\n" + bytes(row)


def _random_bytes(w: _Writer) -> bytes:
    return w.random.randbytes(w.size(40 * _KILO))


def _encodings(w: _Writer) -> bytes:
    codec = w.random.choice(
        ("utf-8-sig", "utf-16", "utf-32", "utf-16-le", "utf-16-be", "latin-1", "shift-jis")
    )
    text = "\ufeff" * codec.endswith("e") + w.filled(
        w.size(10 * _KILO), "# @\n", "- @ e\n", "日本 @\n\n", "@ "
    )
    return text.encode(codec, "replace")[w.random.choice((0, 0, 0, 1)) :]


def _surrogates(w: _Writer) -> bytes:
    text = w.filled(w.size(5 * _KILO), "@ \ud800 ", "\udfff@", "\ud83d\ude00 @\n", "# \udc80 @\n", "`\udcff`")
    return text.encode("utf-8", "surrogatepass")


def _nuls(w: _Writer) -> str:
    return w.filled(w.size(20 * _KILO), "\0", "@\0", " @ ", "\0\0\0\n", "# @\0\n")


def _scripts(w: _Writer) -> str:
    return w.filled(
        w.size(10 * _KILO),
        *(
            "\u202e@ ",
            "\u2066@\u2069 ",
            "\u200b",
            "\u200d",
            "\u0301",
            "e\u0301\u0302\u0303",
            "שלום @ ",
            "مرحبا ",
            "\ufeff",
        ),
        *(
            "👩\u200d👩\u200d👧",
            "🇩🇪",
            "👍🏽",
            "क\u093f",
            "\U000e0001",
            "\u2028",
            "\u2029",
            "\x85",
            "\xa0",
            "@\n",
            "ﷺ",
            "İ",
            "ſ",
        ),
    )


def _marks(w: _Writer) -> str:
    return f"{w.word()}\n\na" + "\u0301" * w.size(100 * _KILO) + f"\n\n{w.word()}"


def _line_ends(w: _Writer) -> str:
    return w.filled(
        w.size(20 * _KILO), "@\r", "@\n", "@\r\n", "\r\r", "- @\r", "\n\r", "\x0b", "\x0c", "\x1c", "## @\r"
    )


def _definitions(w: _Writer) -> str:
    return w.filled(
        w.size(20 * _KILO), "[@]: x\n", "[a]: <y> '@'\n", "[a] ", "[a][a] ", "[@][b] ", "\n", "[^1]: @\n"
    )


def _html(w: _Writer) -> str:
    return w.filled(
        w.size(20 * _KILO),
        "<script>@</script>\n",
        "<b>@",
        "</b>",
        "<!--@",
        "-->",
        "<![CDATA[@",
        "<div>\n",
        "<a href='@'>",
    )


def _fields(w: _Writer) -> str:
    fields = (
        "**ENV:** @\n",
        "**Timestamp:** @\n",
        "**Timestamp:** 0001-01-01T00:00:00+14:00\n",
        "**RISK:** low\n",
    )
    more = ("**STATE Transition:** @ -> @\n", "- **ENV:** dev\n", "**@:** @\n", "> **ENV:** @\n", "---\n")
    return "# Exception: [@]\n".replace("@", w.word()) + w.filled(w.size(5 * _KILO), *fields, *more)


def _huge_info(w: _Writer) -> str:
    return "```" + w.filled(w.size(20 * _KILO), "@ ", "a=@ ", "{@} ") + "\nx\n```\n" + w.word()


def _huge_title(w: _Writer) -> str:
    return "# Execution Log: " + w.filled(w.size(20 * _KILO), "@ ", "`@` ", "**@** ") + "\n\n## Task\nx\n"


def _huge_tools(w: _Writer) -> str:
    return "# Execution Log: T\n## Tools Used\n" + w.filled(
        w.size(60 * _KILO), "- @: @, ok\n", "- **@** – x\n", "  - @\n"
    )


def _empty(w: _Writer) -> str:
    return w.random.choice(
        ("", " ", "\n", "\t\n \n", "\ufeff", "\0", "#", "---", "```", ">", "-", "|", "[", "\\")
    )


_KINDS: Final[tuple[_Kind, ...]] = (
    *(
        _markup,
        _markup,
        _sections,
        _deep,
        _deep_by_indent,
        _unclosed_fence,
        _backtracking,
        _backtracking,
        _triggers,
    ),
    *(
        _one_line,
        _many_lines,
        _table,
        _links,
        _front_matter,
        _every_byte,
        _random_bytes,
        _encodings,
        _surrogates,
    ),
    *(
        _nuls,
        _scripts,
        _marks,
        _line_ends,
        _definitions,
        _html,
        _fields,
        _huge_info,
        _huge_title,
        _huge_tools,
        _empty,
    ),
)
_UNREADABLE: Final = frozenset((_random_bytes, _encodings))
"""What may come out of them is no promise: half a character, or an encoding that nothing names."""

_SPARSE: Final = 50 * _MEGA
_ONE_IN: Final = 500


def hostile(number: int) -> Hostile:
    """Return a file; those of numbers up to COUNT cover every kind of trouble many times."""
    kind = _KINDS[number % len(_KINDS)]
    writer = _Writer(number)
    made = kind(writer)
    content = made if isinstance(made, bytes) else made.encode("utf-8", "surrogatepass")
    return Hostile(
        name=kind.__name__.lstrip("_").replace("_", " "),
        content=content,
        size=_SPARSE if number % _ONE_IN == _ONE_IN - 1 else len(content),
        words=() if kind in _UNREADABLE else tuple(writer.words),
    )


def all_of(numbers: range) -> Iterator[Hostile]:
    """Return the files of these numbers."""
    return map(hostile, numbers)
