"""Secrets in the bytes of a file."""

import random
import string

import pytest

from sync.redaction.content import redact_file
from sync.redaction.redact import redact
from tests.worlds.growth import TIMES, grows_evenly

TOKEN = "gh" + "p_" + "".join(random.Random(3).choices(string.ascii_letters + string.digits, k=36))  # noqa: S311


def test_what_holds_no_secret_keeps_its_bytes() -> None:
    """Whatever the bytes, they stay when there is nothing to take out."""
    content = b"\xff\x00 caf\xe9 \r\n\xef\xbb\xbf words"
    assert redact_file(content).parts == (content,)
    assert not redact_file(content).counts


@pytest.mark.parametrize("codec", ["utf-16-le", "utf-16-be"])
def test_utf16_without_a_mark_stays_what_it_is(codec: str) -> None:
    """Recognised by its bytes, and written as it was."""
    cleaned = redact_file(f"schön {TOKEN}\r\n終".encode(codec))
    assert cleaned.parts == ("schön [REDACTED:github-token]\r\n終".encode(codec),)


@pytest.mark.parametrize("codec", ["utf-8", "utf-8-sig", "utf-16", "utf-32", "utf-16-be"])
def test_the_encoding_stays(codec: str) -> None:
    """A file in another encoding is read and written in it."""
    mark = b"\xfe\xff" if codec == "utf-16-be" else b""
    content = mark + f"schön {TOKEN}\r\n終".encode(codec)
    cleaned = redact_file(content)
    assert cleaned.parts == (mark + "schön [REDACTED:github-token]\r\n終".encode(codec),)
    assert cleaned.counts == {"github-token": 1}


def test_bytes_that_are_no_text_stay_around_a_secret() -> None:
    """Bytes that cannot be read are kept as they are."""
    assert redact_file(b"\xe9\xff " + TOKEN.encode() + b" \xfe").parts == (
        b"\xe9\xff [REDACTED:github-token] \xfe",
    )


def test_parts_stay_apart() -> None:
    """The two ends of a long file are cleaned each for itself, and counted together."""
    cleaned = redact_file(f"a {TOKEN}\n".encode(), f"b {TOKEN}\n".encode())
    assert cleaned.parts == (b"a [REDACTED:github-token]\n", b"b [REDACTED:github-token]\n")
    assert cleaned.counts == {"github-token": 2}


@pytest.mark.parametrize(
    "piece",
    [
        "Bash ran `make test` in /srv/app and 14 files changed, see the output below.\n",
        "ログを読み込み、テストを実行しました。トークンは使いません。\n",
        'token: "abc", key: value, password=, secret= auth: pass\n',
        "https://a:b/c://d:e/f?g=h&key=&sig=%3D%22\n",
        "sk-sk-sk-sk-ghp_ghp_eyJeyJeyJ.eyJ.eyJ",
        "passwordpasswordpassword",
        "AKIAAKIAAKIA0123456789",
        "-----BEGIN PRIVATE KEY-----\n",
        "-----BEGIN PRIVATE KEY-----",
        '\\n\\n\\\\\\"',
        "cookie: a=b; cookie=cookie; sess=",
        "curl -u curl -u a: ",
        "Authorization: Bearer ",
        "a.b.c.d.e-f-g-h_0123456789abcdef",
        "MMMMMMMMMMMMMMMMMMMMMMMM.",
        "0123456789:",
        "%3D%22%27%0A",
        "x" * 80,
        " " * 80,
        "\"'`",
    ],
)
def test_a_long_text_is_read_in_one_pass(piece: str) -> None:
    """The time grows as the text does, also when it is made to mislead."""
    eighth, whole = (piece * (size // len(piece)) for size in (50_000, 50_000 * TIMES))
    assert grows_evenly(lambda: redact(eighth), lambda: redact(whole))
