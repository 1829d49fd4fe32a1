"""What must not leave the company, and what stands in its place."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sync.auditor.disguise import disguise_of, is_fit

_NOTION_ID = "9272e7a691ab4c50b5b9b28cc2f41f3d"
_HIDDEN = {
    "jen@example.com": "EMAIL",
    "Jen.Doe+x@Mail.Example.co.uk": "EMAIL",
    "jen%40example.org": "EMAIL",
    "jen [at] example [dot] net": "EMAIL",
    "/home/jen": "HOME",
    "/Users/jen.doe": "HOME",
    "C:\\Users\\jen": "HOME",
    "/mnt/c/Users/kim": "HOME",
    _NOTION_ID: "ID",
    "0b1c2d3e-4f50-6172-8394-a5b6c7d8e9f0": "ID",
    "https://www.notion.so/acme/Plan-0123456789abcdef0123456789abcdef?pvs=4": "PAGE",
    "+49 170 1234567": "PHONE",
    "(415) 555-2671": "PHONE",
    "415-555-2672": "PHONE",
    "0170 7654321": "PHONE",
    "0151-555 12345": "PHONE",
    "020 7946 0958": "PHONE",
    "0211 / 123 45 67": "PHONE",
    "01 23 45 67 89": "PHONE",
}
_KEPT = (
    "2026-01-10T14:30:00+00:00",
    "2026-01-10-001",
    "01-02-2026 10:30, 0.123 0.456 0.789",
    "v1.2.3 on 10.0.0.1:8080",
    "1,000,000 rows in 12.5 s, 41 passed, 0.12-0.15",
    "react@latest and npm@10.2.0",
    "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db",
    "GET https://api.example.com/v1/users/me",
    "exceptions/2026-01-10-timeout.md:7",
    "~/jen-os/logs and /var/log/syslog",
    "P-7f3a R-5f2a90c1 R-5f2a90c1-2",
)
_words = st.lists(st.sampled_from((*_HIDDEN, *_KEPT)), max_size=6).map(" , ".join)


@pytest.mark.parametrize(("text", "kind"), _HIDDEN.items())
def test_what_leads_to_a_person_is_hidden(text: str, kind: str) -> None:
    """The whole of it, whatever stands around it."""
    for around in ("{}", "See {}.", "({})", "a: `{}`, b", "“{}”"):
        written = around.format(text)
        hidden = disguise_of([written], document="").hide(written)
        assert hidden == around.format(f"<{kind}_1>")


@pytest.mark.parametrize("text", _KEPT)
def test_what_leads_to_nobody_stays(text: str) -> None:
    """Versions, times, counts, hashes, and our own ids are what an auditor needs."""
    assert disguise_of([text], document="").hide(text) == text


def test_one_thing_has_one_placeholder_however_it_is_written() -> None:
    """So that an auditor sees that it is the same; the document is numbered first."""
    disguise = disguise_of(["Kim@example.com then JEN@example.com"], document="jen@example.com\n/home/jen\n")
    assert disguise.hide("jen@EXAMPLE.com, kim@example.com, /home/Jen/x, C:\\Users\\jen\\y") == (
        "<EMAIL_1>, <EMAIL_2>, <HOME_1>/x, <HOME_1>\\y"
    )
    assert disguise.counts == {"EMAIL": 2, "HOME": 1}


def test_what_was_never_met_is_hidden_all_the_same() -> None:
    """Without a number, as it has none."""
    assert disguise_of([], document="").hide("Ask jen@example.com.") == "Ask <EMAIL>."


@given(st.lists(_words, max_size=4), st.lists(_words, max_size=4))
def test_whatever_is_hidden_is_fit_and_stays_as_it_is(lines: list[str], document: list[str]) -> None:
    """In one line and in many; hidden twice is hidden once."""
    text = "\n".join(document)
    disguise = disguise_of(lines, document=text)
    for hidden in (*map(disguise.hide, lines), disguise.hide_lines(text)):
        assert is_fit(hidden)
        assert not any(each in hidden for each in _HIDDEN)
        assert disguise.hide_lines(hidden) == hidden


@given(st.text(), st.sampled_from(["\u200b", "\u202e", "\ufe0f", "\U000e0141", "\x1b[31m", "\x00"]))
def test_nothing_that_nobody_sees_stays(text: str, unseen: str) -> None:
    """Neither in a line nor in a document, whose lines stay where they were."""
    text = unseen.join((text, "jen", "@example.com", "ok"))
    disguise = disguise_of([text], document=text)
    never = re.compile("[\x00-\x09\x0b-\x1f\x7f\u200b-\u200f\u202a-\u202e\ufe00-\ufe0f\U000e0100-\U000e01ef]")
    assert not never.search(disguise.hide(text) + disguise.hide_lines(text))
    assert "\n" not in disguise.hide(text)
    assert disguise.hide_lines(text).count("\n") == text.count("\n")


@pytest.mark.parametrize("unseen", ["\u200b", "\u202e", "\u2066", "\ufe0f", "\u00ad"])
def test_a_secret_is_known_through_what_nobody_sees(unseen: str) -> None:
    """Taken out afterwards, it would have put the secret together again."""
    secret = "ntn_4Tq8Zr1Wm6Xc9Vb2Nk5Lp7Hd3Js0Gf8Ya4Ue6Ri"
    written = unseen.join((secret[:9], secret[9:30], secret[30:]))
    disguise = disguise_of([written], document=written)
    assert disguise.hide(written) == disguise.hide_lines(written) == "[REDACTED:notion-token]"
