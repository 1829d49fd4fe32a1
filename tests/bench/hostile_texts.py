"""Hostile text, whatever it means: bytes, encodings, scripts, line ends, sheer length."""

from hostile_writer import KILO, MEGA, Writer


def one_line(w: Writer) -> str:
    """Return a single line, up to two megabytes of it."""
    piece = w.random.choice(("x", "é", "日", "x ", "*a* ", "`b` ", "https://e.org/", "[a](b) ", "😀"))
    return f"{w.word()} " + piece * (w.size(2 * MEGA) // len(piece.encode()))


def many_lines(w: Writer) -> str:
    """Return thousands of short lines."""
    piece = w.random.choice(
        ("\n", "a\n", "- a\n", "a\n\n", "> a\n>\n", "# a\n", "1. a\n", "| a |\n", "x  \n", "\t\n")
    )
    return f"{w.word()}\n\n" + piece * w.random.randrange(100, 100_000 if w.random.random() > 0.8 else 3_000)


def every_byte(w: Writer) -> bytes:
    """Return every byte there is, shuffled."""
    row = list(range(256)) * w.random.randrange(1, 20)
    w.random.shuffle(row)
    return w.word().encode() + b"\n\n" + bytes(row)


def random_bytes(w: Writer) -> bytes:
    """Return bytes as they come."""
    return w.random.randbytes(w.size(40 * KILO))


def encodings(w: Writer) -> bytes:
    """Return text in an encoding other than UTF-8, perhaps short of a byte."""
    codec = w.random.choice(
        ("utf-8-sig", "utf-16", "utf-32", "utf-16-le", "utf-16-be", "latin-1", "shift-jis")
    )
    text = "\ufeff" * codec.endswith("e") + w.filled(
        w.size(10 * KILO), "# @\n", "- @ e\n", "日本 @\n\n", "@ "
    )
    return text.encode(codec, "replace")[w.random.choice((0, 0, 0, 1)) :]


def surrogates(w: Writer) -> bytes:
    """Return halves of characters."""
    text = w.filled(w.size(5 * KILO), "@ \ud800 ", "\udfff@", "\ud83d\ude00 @\n", "# \udc80 @\n", "`\udcff`")
    return text.encode("utf-8", "surrogatepass")


def nuls(w: Writer) -> str:
    """Return text with NUL in it."""
    return w.filled(w.size(20 * KILO), "\0", "@\0", " @ ", "\0\0\0\n", "# @\0\n")


def scripts(w: Writer) -> str:
    """Return scripts and signs of every direction and width."""
    return w.filled(
        w.size(10 * KILO),
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


def marks(w: Writer) -> str:
    """Return one letter under very many accents."""
    return f"{w.word()}\n\na" + "\u0301" * w.size(100 * KILO) + f"\n\n{w.word()}"


def line_ends(w: Writer) -> str:
    """Return text with every kind of line end."""
    return w.filled(
        w.size(20 * KILO), "@\r", "@\n", "@\r\n", "\r\r", "- @\r", "\n\r", "\x0b", "\x0c", "\x1c", "## @\r"
    )


def empty(w: Writer) -> str:
    """Return next to nothing."""
    return w.random.choice(
        ("", " ", "\n", "\t\n \n", "\ufeff", "\0", "#", "---", "```", ">", "-", "|", "[", "\\")
    )
