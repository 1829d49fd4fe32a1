"""What is skipped on the way to a secret holds none: the quick search finds what a plain one does."""

import re
from collections.abc import Iterator

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from sync.redaction import commands, formats, keyed, named_values, secret_names, views
from sync.redaction.finding import SecretFinding
from sync.redaction.providers import FORMATS
from sync.redaction.redact import redact
from sync.redaction.searched import Searched
from sync.redaction.shapes import SHAPES
from sync.redaction.windows import windows

LETTERS = "abcdefABCDEFxyzXYZ0123456789"
random_text = st.text(st.sampled_from(LETTERS + "_-+/="), min_size=4, max_size=60)
PREFIXES = sorted({known.prefix for known in FORMATS})
COMMANDS = sorted({word for word, _, _ in commands._COMMANDS})
STEMS = [stem for stem, _ in secret_names.STEMS]
MARKS = (
    " -p",
    " -u ",
    "a:",
    " -P ",
    " BY '",
    ' by "',
    "'",
    '"',
    " ",
    "\n",
    "|",
    " | sudo ",
    "=",
    ": ",
    "`",
    ",",
    "/",
    "@",
    "--",
    "-",
)
ESCAPES = (
    "\\n",
    '\\"',
    "\\\\",
    "\\\\\\\\_",
    "\\u003d",
    "%3A",
    "&amp;",
    "&#61;",
    "&#x3D;",
    "\x1b[0m",
    "\u200b",
    "\u202e",
    "\x00",
    "&",
    "%",
    "\\",
    "\x1b",
)

pieces = st.one_of(
    *map(
        st.sampled_from,
        (PREFIXES, COMMANDS, STEMS, MARKS, ESCAPES, ("word ", "日本 ", "İ", "x" * 330, " " * 330)),
    ),
    random_text,
    st.tuples(st.sampled_from(PREFIXES), random_text).map("".join),
)
texts = st.lists(pieces, max_size=14).map("".join)


def lowered(text: str) -> str:
    """Return the text in lower case with every sign at its place."""
    return text.replace("İ", "I").lower()


def places(text: str, word: str) -> Iterator[int]:
    """Yield where a word ends, each time."""
    return (found.end() for found in re.finditer(re.escape(word), text))


def plainly_by_format(text: str) -> Iterator[SecretFinding]:
    """Try each known beginning at each place."""
    for known in FORMATS:
        done = 0
        for end in places(text, known.prefix):
            at = end - len(known.prefix)
            begins = known.prefix[0] not in formats._LETTER_OR_DIGIT or formats._begins(
                text, at, apart=known.apart
            )
            found = known.tail.match(text, end) if begins and at >= done else None
            if found is None:
                continue
            done = max(end, found.end())
            start = found.start("secret") if found.re.groups else at
            if formats._is_secret(text[start : found.end()], found[0]):
                yield SecretFinding(known.rule, ((start, done),))


def plainly_by_command(text: str, lowered: str) -> Iterator[SecretFinding]:
    """Try each command at each place."""
    for word, _, pattern in commands._COMMANDS:
        for end in places(lowered, word):
            found = pattern.match(text, end)
            if found is not None and commands._is_secret(found["secret"]):
                yield SecretFinding("command-password", (found.span("secret"),))


@given(texts)
def test_no_known_beginning_is_passed_over(text: str) -> None:
    """Looking at long rows of signs alone, and only for what they can hold, misses nothing."""
    shapes = {shape.rule for shape in SHAPES} | {"aws-secret-access-key"}
    found = [each for each in formats.find(Searched(text)) if each.rule not in shapes]
    assert found == [each for each in plainly_by_format(text) if each.rule not in shapes]


@given(texts)
def test_no_command_is_passed_over(text: str) -> None:
    """Going from sign to sign misses no command that has one."""
    others = {"password", "pgpass"}
    found = [each for each in commands.find(Searched(text)) if each.rule not in others]
    assert found == list(plainly_by_command(text, lowered(text)))


def plainly_by_name(text: str) -> Iterator[SecretFinding]:
    """Look at whatever stands behind each name, however short."""
    bridge = re.compile(
        rf"(?>{named_values._SEPARATOR})(?>{named_values._LEAD})", re.IGNORECASE | re.MULTILINE
    )
    for stem, kind in secret_names.STEMS:
        for end in places(text if stem == stem.upper() else lowered(text), stem):
            found = bridge.match(text, end)
            place = found and keyed._place(text, end - len(stem), found, kind)
            if not found or not place:
                continue
            value = text[place.start : place.end]
            is_harmless = keyed._is_harmless(value, text, end - len(stem), found)
            if keyed._is_secret(value, kind, place) and not is_harmless:
                yield SecretFinding(keyed._RULES[kind], ((place.start, place.end),))


named = st.tuples(
    st.sampled_from(("", "db_", "--", "--api-", "login shop ", "user=app ", "API_")),
    st.sampled_from([*STEMS, *(stem.upper() for stem in STEMS if stem.isascii())]),
    st.sampled_from(("=", ": ", ": '", " ", " is ", ":\n", ":\n\n```\n", '="', " `", ', "')),
    st.text(st.sampled_from("aB3!-_. \t"), min_size=2, max_size=18),
    st.sampled_from(("", "'", '"', "`", "\n", " then\n", ";")),
).map("".join)


@example("passw=33passw=33passw: 33")
@given(st.lists(st.one_of(named, pieces), max_size=8).map("".join))
def test_no_value_is_passed_over(text: str) -> None:
    """What is passed over for being short is no secret."""
    assert list(keyed.find(Searched(text))) == list(plainly_by_name(text))


@given(st.lists(st.sampled_from((*ESCAPES, *MARKS, "word", "日本")), max_size=20).map("".join))
def test_every_sign_of_a_view_leads_back_to_its_place(text: str) -> None:
    """Where a sign stands as written, it is written, or an escape of it."""
    view = views.unescaped(text)
    for at, sign in enumerate(view.text if view else ""):
        (span,) = view.as_written(SecretFinding("sign", ((at, at + 1),))).spans if view else ((0, 0),)
        assert sign == "".join(plainly_unescaped(text[slice(*span)]))


@given(texts)
def test_what_was_judged_once_is_judged_the_same_again(text: str) -> None:
    """A value that stands twice under one name is found twice."""
    twice = f"{text}\n\n\n\n{text}"
    once = list(keyed.find(Searched(text))) if "İ" not in text else []
    spans = {span for each in keyed.find(Searched(twice)) for span in each.spans}
    shift = len(text) + 4
    assert {(start + shift, end + shift) for each in once for start, end in each.spans} <= spans


@given(st.lists(st.sampled_from(ESCAPES + MARKS), max_size=20).map("".join))
def test_every_escape_is_undone(text: str) -> None:
    """A text without its escapes is the same, whether one sign or each kind is looked for."""
    view = views.unescaped(text)
    assert ("".join(plainly_unescaped(text)) if view is None else view.text) == "".join(
        plainly_unescaped(text)
    )
    if view is None:
        assert not PLAIN_ESCAPE.search(text)


PLAIN_ESCAPE = re.compile(
    r"\\{1,4}(?:u(?!00[01]|[dD][89a-fA-F])(?P<hex>[0-9A-Fa-f]{4})|(?P<control>[nrt])|(?P<mark>[!-/:-@\[\]-`{-~]))"
    r"|%(?P<percent>[2-7][0-9A-Fa-f]|0[AaDd9])"
    r"|(?P<entity>&(?:amp|\#61|\#x3D);)|\x1b\[[0-9;]{0,20}m"
    r"|[\x00-\x08\x0e-\x1a\x1c-\x1f\x7f\u00ad\u034f\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff]"
)


def plainly_unescaped(text: str) -> Iterator[str]:
    """Undo one escape after the other."""
    done = 0
    for found in PLAIN_ESCAPE.finditer(text):
        yield text[done : found.start()]
        done = found.end()
        if code := found["hex"] or found["percent"]:
            yield chr(int(code, 16)).replace("\r", "\n")
        elif found["control"]:
            yield {"n": "\n", "r": "\n", "t": "\t"}[found["control"]]
        elif found["entity"]:
            yield "&" if found["entity"] == "&amp;" else "="
        else:
            yield found["mark"] or ""
    yield text[done:]


@pytest.mark.parametrize("text", ["npg_a1b2c3d4e5", "xapp-a1b2c3d4e5"])
def test_the_shortest_known_secret_is_found(text: str) -> None:
    """No row of signs that can be a whole secret is too short to be looked at."""
    assert [each.spans for each in formats.find(Searched(text))] == [((0, len(text)),)]


FILLER = "A line of a log that holds nothing.\n" * 70_000
KEY = "-----BEGIN PRIVATE KEY-----\n" + "QUJDREVGR0hJSktMTU5PUFFSU1RVVldYWVphYmNkZWY1\n" * 30
KEY += "-----END PRIVATE KEY-----\n"
PLANTED = (
    "npg_a1b2c3d4e5",
    "password=hunter2hunter2",
    "token:\n\n```text\nghx8Kq2Lw9Zr4Tn6Vb1Mc3",
    "mysql\n-psW0rdf1sh!",
    KEY,
)


@pytest.mark.parametrize("planted", PLANTED)
@pytest.mark.parametrize("shift", [-400, -20, 0, 40])
def test_a_secret_between_two_windows_is_found_once(planted: str, shift: int) -> None:
    """Where a long text is cut for the search makes no difference."""
    border = next(iter(windows(FILLER))).core.stop
    at = FILLER.index("\n", border + shift) + 1
    surrounded = f"{FILLER[at - 360 : at]}{planted}\n{FILLER[:360]}"
    long = f"{FILLER[:at]}{planted}\n{FILLER[at:]}"
    alone = redact(surrounded)
    assert sum(alone.counts.values()) == 1
    assert redact(long).counts == alone.counts
    assert redact(long).text == FILLER[: at - 360] + alone.text + FILLER[at + 360 :]


def test_the_windows_of_a_text_join() -> None:
    """Every character is searched, and is in the core of one window only."""
    cores = [window.core for window in windows(FILLER)]
    assert [core.start for core in cores[1:]] == [core.stop for core in cores[:-1]]
    assert cores[0].start == 0
    assert cores[-1].stop >= len(FILLER)
    for window in windows(FILLER):
        assert FILLER.startswith(window.text, window.at)


@given(
    st.lists(
        st.sampled_from(
            (
                *STEMS,
                *COMMANDS,
                "AUTHORIZATION",
                "İ",
                "Signature",
                "x ",
                "\n",
                "é",
                "KEY",
                "TOK",
                "SİG",
                "toKen",
                "CONTRASEÑA",
            )
        )
    ).map("".join)
)
def test_no_word_is_looked_for_in_vain(text: str) -> None:
    """That a part of a word is missing is not taken for the word itself."""
    searched = Searched(text)
    for word in (*STEMS, *COMMANDS, "authorization", "cookie", "bearer"):
        assert list(searched.starts(word)) == [at - len(word) for at in places(lowered(text), word)]
