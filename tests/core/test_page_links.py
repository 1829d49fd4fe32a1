"""Which link targets Notion is given, and which are the same."""

import string

import pytest

from sync.page.blocks import Paragraph, Run
from sync.page.fingerprint import fingerprint
from sync.page.links import destination, kept

_ALLOWED = frozenset(string.ascii_letters + string.digits + "!#$%&'()*+,-./:;=?@[]_~")


@pytest.mark.parametrize("start", ["https://example.com/", "http://example.com?", "mailto:jen@example.com?"])
def test_every_sign_that_a_web_address_may_hold_is_kept_and_no_other(start: str) -> None:
    """Letters of both cases, whatever they fold to in other scripts; no space, quote or foreign letter."""
    signs = map(chr, range(0x110000))
    assert {sign for sign in signs if kept(start + sign)} == _ALLOWED


def test_a_port_is_written_in_ascii_digits() -> None:
    """Notion refuses a whole request for one malformed link."""
    assert kept("http://localhost:8080/runs")
    assert not kept("http://localhost:٨٠/runs")


@pytest.mark.parametrize(
    "host",
    [
        "a..b",
        "-a.example",
        "a-.example",
        "example.256",
        "256.0.0.1",
        "1.2.3",
        "[::g]",
        "[1.2.3.4]",
        "xn--",
        "xn--abc-.example",
        f"{'a' * 64}.example",
        "example.com:0",
        "example.com:65536",
    ],
)
def test_an_address_that_leads_nowhere_is_text(host: str) -> None:
    """Notion refuses a whole request for one of them."""
    assert not kept(f"https://{host}/")
    assert not kept(f"HTTPS://{host.upper()}/")
    assert not kept(f"mailto:jen@{host}")


@pytest.mark.parametrize(
    "host",
    [
        "a.b",
        "a_b.example",
        "10.0.0.1:65535",
        "[::1]:3000",
        "xn--r8jz45g.jp",
        f"{'a' * 63}.example",
        "EXAMPLE.com",
        "0.pool.ntp.org",
    ],
)
def test_an_address_that_leads_somewhere_is_kept(host: str) -> None:
    """Whether there is anybody is not asked."""
    assert kept(f"https://{host}/")
    assert kept(f"mailto:jen@{host}")


@pytest.mark.parametrize(
    ("written", "stored"),
    [
        ("https://example.com", "https://example.com/"),
        ("HTTPS://Example.COM/A", "https://example.com/A"),
        ("https://example.com:443/a", "https://example.com/a"),
        ("https://example.com?a=['b']", "https://example.com/?a=%5B%27b%27%5D"),
        ("https://example.com/%c3%a9#~x", "https://example.com/%C3%A9#%7Ex"),
        ("https://example.com/a/../b/./c", "https://example.com/b/c"),
        ("https://example.com/../a/%2e%2E/.", "https://example.com/"),
        ("https://example.com/a//b/..", "https://example.com/a//"),
        ("mailto:jen@example.com", "MAILTO:jen@example.com"),
    ],
)
def test_a_link_that_is_stored_in_another_spelling_is_the_same(written: str, stored: str) -> None:
    """Or the block would be written again for ever, and pass for a person's edit."""
    ours, theirs = Run("the", link=written), Run(" page", link=stored)
    assert fingerprint(Paragraph((ours, theirs))) == fingerprint(Paragraph((Run("the page", link=stored),)))


@pytest.mark.parametrize("other", ["http://example.com/a", "https://example.com/A", "https://example.com/a/"])
def test_a_link_that_leads_elsewhere_is_another(other: str) -> None:
    """Scheme, case of the path and a slash behind it make a difference."""
    assert destination(other) != destination("https://example.com/a")


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("/a%2Fb", "/a/b"),
        ("/a%3fb", "/a?b"),
        ("/a%23b", "/a#b"),
        ("/a%2520b", "/a%20b"),
        ("?q=a%26b=c", "?q=a&b=c"),
        ("?q=a%2Bb", "?q=a+b"),
        ("?a%3Db", "?a=b"),
        ("?q=a%3Bb", "?q=a;b"),
    ],
)
def test_a_sign_that_is_encoded_so_as_not_to_part_the_address_is_another(one: str, other: str) -> None:
    """Or the log's change from one to the other would never come to its page."""
    assert destination(f"https://example.com{one}") != destination(f"https://example.com{other}")
    encoded = destination("https://example.com/a%2Fb%3Fc")
    assert encoded == destination("https://example.com/a%2fb%3fc")


def test_what_is_no_address_leads_where_it_says() -> None:
    """A person may have written it."""
    assert destination("https://[/") == "https://[/"
