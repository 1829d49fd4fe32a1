"""Bytes, line ends, front matter and fences around a log."""

from datetime import UTC

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sync.encoding import codec_of
from sync.names import LogPath
from sync.tracelog.model import Env, Outcome, TraceLog
from sync.tracelog.parsing.parser import parse
from sync.tracelog.parsing.text import decode

LOG = "# Execution Log: T-1\n\n**ENV:** dev\n\n## Outcome\nSuccess\n"


def read(text: str) -> TraceLog:
    """Parse a text with UTC as the machine's zone."""
    return parse(text.encode(), LogPath("2026-01-10-x.md"), zone=UTC)


@given(st.text(st.characters(codec="utf-8", exclude_characters="\0"), min_size=1), st.integers(0, 9))
def test_only_what_has_a_nul_beside_each_letter_is_taken_for_utf16(text: str, nuls: int) -> None:
    """No text in UTF-8 is, whatever it says and though some NULs are strewn into it."""
    strewn = "\0".join(text[at : at + nuls + 2] for at in range(0, len(text), nuls + 2))
    content = strewn.removeprefix("\ufeff").encode()
    assert "\0".join(text) == strewn or codec_of(content) is None


@pytest.mark.parametrize("codec", ["utf-16-le", "utf-16-be"])
@given(
    start=st.sampled_from(["# Execution Log: T-1\n", "---\nid: x\n---\n# A"]),
    rest=st.text("aé#→ \n日─", max_size=5),
)
def test_a_log_in_utf16_without_a_mark_is_recognised(codec: str, start: str, rest: str) -> None:
    """Some letters of other scripts do not hide it."""
    text = 3 * start + rest
    assert codec_of(text.encode(codec)) == codec
    assert decode(text.encode(codec)).value == text


@given(st.text(st.characters(codec="utf-8", exclude_characters="\r\0\ufeff")))
def test_clean_text_stays_as_it_is(text: str) -> None:
    """Valid text with LF line ends is not changed by a letter."""
    assert decode(text.encode()).value == text


@given(lines=st.lists(st.text("ab#", max_size=3), max_size=5), end=st.sampled_from(["\n", "\r\n", "\r"]))
def test_every_line_end_is_one(lines: list[str], end: str) -> None:
    """CR and CRLF are line ends like LF, without a warning."""
    clean = decode(end.join(lines).encode())

    assert clean.value.split("\n") == (lines or [""])
    assert clean.warnings == ()


@pytest.mark.parametrize("codec", ["utf-8", "utf-8-sig", "utf-16", "utf-32", "utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_values_do_not_depend_on_the_encoding(codec: str, end: str) -> None:
    """A log is read alike in each Unicode encoding with a mark, in UTF-16 without, and with each line end."""
    log = parse(LOG.replace("\n", end).encode(codec), LogPath("2026-01-10-x.md"), zone=UTC)

    assert (log.log_id, log.env, log.outcome, log.text) == ("T-1", Env.DEV, Outcome.SUCCESS, LOG)


def test_nul_and_invalid_bytes_become_visible() -> None:
    """Nothing is dropped: what cannot be text shows as U+FFFD, other control characters stay."""
    assert decode(b"a\0b\xffc\x1b[0m").value == "a\ufffdb\ufffdc\x1b[0m"


def test_place_of_an_invalid_byte_counts_lines_and_characters() -> None:
    """The warning points at the byte in the file as written, in characters."""
    (warning,) = decode("æ\r\nåø".encode() + b"\xff\xff").warnings

    assert (warning.line, warning.column) == (2, 3)


def test_front_matter_is_kept_apart() -> None:
    """Front matter gives no values, keeps its text, and shifts no line number."""
    log = read("---\nENV: prod\nlist:\n  - a\n\n# comment\n---\n" + LOG)

    assert log.front_matter == "ENV: prod\nlist:\n  - a\n\n# comment"
    assert log.env is Env.DEV
    assert log.header_lines == {7, 9}
    assert log.tokens[0].map == [7, 8]
    assert log.text.startswith("---\nENV: prod")


@pytest.mark.parametrize(
    "text",
    [
        f"---\n{LOG}---\n",
        f"---\n---\n{LOG}",
        f"---\n\n{LOG}",
        f"---\nsome prose\n---\n{LOG}",
        f"---\na: b\n{LOG}---\n",
        f"\n---\na: b\n---\n{LOG}",
        f"---\n\n{LOG}---\na: b",
    ],
)
def test_a_divider_at_the_top_is_no_front_matter(text: str) -> None:
    """Only YAML between two lines of dashes at the very top is front matter; a log is never swallowed."""
    log = read(text)

    assert log.front_matter == ""
    assert log.log_id == "T-1"


def test_front_matter_without_an_end_is_text() -> None:
    """Two lines of dashes are needed."""
    assert read("---\na: b\n").front_matter == ""


@pytest.mark.parametrize("fence", ["```", "```markdown", "~~~~md", "``` Markdown "])
def test_fence_around_the_whole_log_is_looked_through(fence: str) -> None:
    """A log inside one code fence is read, inner fences included, and keeps its line numbers."""
    mark = fence.rstrip("Mmarkdown ")
    log = read(f"{fence}\n{LOG}\n```\ncode\n```\n{mark}\n\n")

    assert (log.log_id, log.outcome) == ("T-1", Outcome.SUCCESS)
    assert log.header_lines == {1, 3}
    assert [token.content for token in log.tokens if token.type == "fence"] == ["code\n"]


@pytest.mark.parametrize(
    "text", [f"```\n{LOG}", f"```python\n{LOG}```", f"```\nx\n{LOG}```", f"```\n{LOG}```\ntext"]
)
def test_other_fences_stay_code(text: str) -> None:
    """Only a markdown fence around everything is looked through."""
    log = read(text)

    assert (log.log_id, log.env) == ("x", None)
    assert log.tokens[0].type == "fence"
