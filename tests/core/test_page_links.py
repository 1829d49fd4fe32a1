"""Which link targets Notion is given."""

import string

import pytest

from sync.page.links import kept

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
