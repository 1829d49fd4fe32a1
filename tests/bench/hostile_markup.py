"""Hostile markdown: too deep, too wide, never closed, made to be tried in every way."""

from typing import Final

from hostile_writer import KILO, Writer

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


def markup(w: Writer) -> str:
    """Return signs of markdown in any order."""
    return w.filled(w.size(8 * KILO), *_MARKUP)


def sections(w: Writer) -> str:
    """Return the sections of a log, again and again."""
    return "# Execution Log: T\n\n" + w.filled(w.size(20 * KILO), *_SECTIONS)


def deep(w: Writer) -> str:
    """Return quotations and lists within each other."""
    opening = w.random.choice(("> ", "- ", "1. ", "- > ", "> - ", "* 1. "))
    return opening * w.random.randrange(1, 2_000) + w.word() + "\n" + w.filled(400, "> @\n", "- @\n", "@\n\n")


def deep_by_indent(w: Writer) -> str:
    """Return a list within a list, by ever more spaces."""
    return "".join(f"{' ' * 2 * level}- {w.word()}\n" for level in range(w.random.randrange(5, 200)))


def unclosed_fence(w: Writer) -> str:
    """Return a fence that is never closed."""
    fence = w.random.choice(("```", "~~~", "`````sh", "``` `", "   ~~~~"))
    return f"{w.word()}\n\n{fence}\n" + w.filled(w.size(30 * KILO), "x = '@'\n", "```x\n", "\n", "    @\n")


def backtracking(w: Writer) -> str:
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
    return f"{w.word()}\n\n" + piece * (w.size(300 * KILO) // len(piece)) + f"!\n\n{w.word()}\n"


def triggers(w: Writer) -> str:
    """Return the words before secrets, without the secrets."""
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
    return w.filled(w.size(30 * KILO), *words, "echo x | sudo ", "cookie: ", "sess=", ":1234:", "@ ", "\n")


def table(w: Writer) -> str:
    """Return a table, some rows of which are too short or too long."""
    width = w.random.choice((1, 2, 5, 99, 100, 101, 400))
    row = "|" + " @ |" * width + "\n"
    head = w.filled(1, row) + "|" + "-|" * width + "\n"
    odd = ("|@|\n", "|" + "@|" * (width + 2) + "\n", "| `@|@` | \\| @ |\n")
    return head + w.filled(w.size(60 * KILO), row, row, row, *odd)


def links(w: Writer) -> str:
    """Return links that lead nowhere good."""
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
        w.size(8 * KILO), *(f"[@]({target.replace('@', '%40')}) " for target in targets), "![@](x)\n", "\n\n"
    )


def front_matter(w: Writer) -> str:
    """Return what begins like the settings of a page, and may not end."""
    inner = w.filled(w.size(3 * KILO), "a: @\n", "- @\n", "\n", "...\n", "b: [\n")
    return (
        w.random.choice(("---\n", "--- \n", "\n---\n", "+++\n"))
        + inner
        + w.random.choice(("---\n", "", "...\n"))
    )


def definitions(w: Writer) -> str:
    """Return targets of links, defined over and over."""
    return w.filled(
        w.size(20 * KILO), "[@]: x\n", "[a]: <y> '@'\n", "[a] ", "[a][a] ", "[@][b] ", "\n", "[^1]: @\n"
    )


def html(w: Writer) -> str:
    """Return pieces of HTML."""
    return w.filled(
        w.size(20 * KILO),
        "<script>@</script>\n",
        "<b>@",
        "</b>",
        "<!--@",
        "-->",
        "<![CDATA[@",
        "<div>\n",
        "<a href='@'>",
    )


def fields(w: Writer) -> str:
    """Return the fields of a log, twice and wrong."""
    fields = (
        "**ENV:** @\n",
        "**Timestamp:** @\n",
        "**Timestamp:** 0001-01-01T00:00:00+14:00\n",
        "**RISK:** low\n",
    )
    more = ("**STATE Transition:** @ -> @\n", "- **ENV:** dev\n", "**@:** @\n", "> **ENV:** @\n", "---\n")
    return "# Exception: [@]\n".replace("@", w.word()) + w.filled(w.size(5 * KILO), *fields, *more)


def huge_info(w: Writer) -> str:
    """Return a fence with a long line of words behind it."""
    return "```" + w.filled(w.size(20 * KILO), "@ ", "a=@ ", "{@} ") + "\nx\n```\n" + w.word()


def huge_title(w: Writer) -> str:
    """Return a log with a title as long as a log."""
    return "# Execution Log: " + w.filled(w.size(20 * KILO), "@ ", "`@` ", "**@** ") + "\n\n## Task\nx\n"


def huge_tools(w: Writer) -> str:
    """Return a log with tools without end."""
    return "# Execution Log: T\n## Tools Used\n" + w.filled(
        w.size(60 * KILO), "- @: @, ok\n", "- **@** – x\n", "  - @\n"
    )
