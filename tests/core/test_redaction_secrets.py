"""Secrets of every kind, in every wrapping: taken out whole, and nothing else with them."""

import json
import random
from collections.abc import Callable, Mapping
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sync.redaction.redact import redact
from tests.samples.issued_secrets import LOOK
from tests.samples.placed_secrets import PLACE
from tests.samples.secret_makers import ALNUM, of

ALL = {
    **{f"look: {name}": make for name, make in LOOK.items()},
    **{f"place: {n}": m for n, m in PLACE.items()},
}

WRAPPINGS: Mapping[str, Callable[[str], str]] = {
    "nothing": lambda text: text,
    "backticks": lambda text: f"`{text}`",
    "bold": lambda text: f"**{text}**",
    "italics": lambda text: f"_{text}_",
    "a table": lambda text: f"| key | {text} | x |",
    "double quotes": lambda text: f'"{text}"',
    "single quotes": lambda text: f"'{text}'",
    "Japanese quotes": lambda text: f"トークン「{text}」です",
    "Japanese without a space": lambda text: f"値は{text}でした",
    "a link": lambda text: f"[here](https://example.org/?q={text})",
    "an autolink": lambda text: f"<https://example.org/{text}>",
    "an HTML attribute": lambda text: f'<a data-x="{text}">x</a>',
    "a heading": lambda text: f"# Execution Log: {text}",
    "a tool line": lambda text: f"- Bash: exported {text}, then ran",
    "a file name": lambda text: f"2026-01-10-{text}.md",
    "a fence": lambda text: f"```sh\n{text}\n```",
    "a quotation": lambda text: f"> {text}",
    "a JSON string": lambda text: json.dumps({"out": f"line\n{text}\n"}),
    "JSON in JSON": lambda text: json.dumps({"out": json.dumps({"in": f"\t{text}\n"})}),
    "a URL": lambda text: f"https://example.org/?next={quote(f'/a?t={text}&b', safe='')}",
    "a colour": lambda text: f"\x1b[32m{text}\x1b[0m",
    "escaped markdown": lambda text: text.replace("_", r"\_").replace("-", r"\-").replace(".", r"\."),
    "an HTML entity": lambda text: f"x=&quot;{text}&quot;",
    "a comment": lambda text: f"// {text}",
    "the end of a sentence": lambda text: f"It was {text}.",
    "brackets": lambda text: f"({text})",
    "an assignment": lambda text: f"X={text};",
    "a diff": lambda text: f"+{text}",
}


def leaks(text: str, secret: str) -> list[str]:
    """Return what is left of a secret: every part of eight characters."""
    return [secret[at : at + 8] for at in range(len(secret) - 7) if secret[at : at + 8] in text]


@pytest.mark.parametrize("kind", ALL)
def test_every_kind_of_secret_is_taken_out_whole(kind: str) -> None:
    """No part of eight characters of any kind of secret gets through, in any of fifty samples."""
    for seed in range(50):
        text, secret = ALL[kind](random.Random(seed))  # noqa: S311 - samples, not keys
        redacted = redact(f"Before.\n{text}\nAfter.")
        assert not leaks(redacted.text, secret), (seed, text, redacted.text)
        assert redacted.text.startswith("Before.\n")
        assert redacted.text.endswith("\nAfter.")
        assert redacted.counts


@pytest.mark.parametrize("wrapping", WRAPPINGS)
def test_no_wrapping_hides_a_secret(wrapping: str) -> None:
    """A secret is found in backticks, links, JSON, escapes, titles and file names alike."""
    for kind, make in LOOK.items():
        for seed in range(5):
            text, secret = make(random.Random(seed))  # noqa: S311 - samples, not keys
            wrapped = WRAPPINGS[wrapping](text)
            redacted = redact(wrapped)
            assert not leaks(redacted.text, secret), (kind, wrapped, redacted.text)
            assert redacted.text.count("\n") == wrapped.count("\n")


@pytest.mark.parametrize(
    "wrapping", ["backticks", "bold", "a tool line", "a fence", "Japanese quotes", "a diff"]
)
def test_no_wrapping_hides_the_name_of_a_secret(wrapping: str) -> None:
    """What is known by its name is found by it in the markdown of a log, too."""
    for kind, make in PLACE.items():
        for seed in range(5):
            text, secret = make(random.Random(seed))  # noqa: S311 - samples, not keys
            assert (
                "\n" in text or kind == "pgpass" or not leaks(redact(WRAPPINGS[wrapping](text)).text, secret)
            ), text


@given(
    kinds=st.lists(st.sampled_from(sorted(ALL)), min_size=1, max_size=6),
    wrapping=st.sampled_from(sorted(WRAPPINGS)),
    noise=st.text(max_size=40),
    seed=st.integers(0, 10**6),
)
def test_what_was_redacted_stays_as_it_is(kinds: list[str], wrapping: str, noise: str, seed: int) -> None:
    """Redacting twice is redacting once, lines stay where they are, and the counts add up to the marks."""
    rng = random.Random(seed)  # noqa: S311 - samples, not keys
    text = "\n".join(WRAPPINGS[wrapping](ALL[kind](rng)[0]) + noise for kind in kinds)
    once = redact(text)
    twice = redact(once.text)
    assert twice.text == once.text
    assert not twice.counts
    assert once.text.count("\n") == text.count("\n")
    assert sum(once.counts.values()) >= once.text.count("[REDACTED:") - text.count("[REDACTED:")


@given(
    text=st.text(
        alphabet=st.sampled_from("ab09AZ_-.:/=+@\"'`\\\n |%&;<>[]()$ \u0130キtokenpassword"), max_size=300
    )
)
def test_any_text_can_be_redacted(text: str) -> None:
    """Whatever the text, there is an answer, with the same lines, and it stays as it is."""
    once = redact(text)
    assert once.text.count("\n") == text.count("\n")
    assert redact(once.text).text == once.text


def test_the_counts_say_what_was_found() -> None:
    """Each rule is counted, a secret that two rules know once."""
    rng = random.Random(1)  # noqa: S311 - samples, not keys
    first, second = LOOK["github classic"](rng)[0], LOOK["github classic"](rng)[0]
    token = LOOK["jwt"](rng)[0]
    redacted = redact(f"TOKEN={first}\n{second}\nAuthorization: Bearer {token}\n")
    assert redacted.counts == {"github-token": 2, "jwt": 1}
    assert redacted.text == (
        "TOKEN=[REDACTED:github-token]\n[REDACTED:github-token]\nAuthorization: Bearer [REDACTED:jwt]\n"
    )


@pytest.mark.parametrize("sign", ["\u200b", "\u200d", "\u202e", "\u2066", "\u180e", "\u00ad", "\x00", "\x08"])
def test_no_sign_that_nobody_sees_hides_a_secret(sign: str) -> None:
    """Such a sign is lost when somebody copies the text, and the secret is whole again."""
    token = f"ghp_{'a1B2c3D4e5' * 4}"[:40]
    redacted = redact(f"It was {token[:12]}{sign}{token[12:]} then")
    assert redacted.text.startswith("It was ")
    assert redacted.text.endswith(" then")
    assert token[12:] not in redacted.text


@pytest.mark.parametrize("name", ["DB_PASSWORD=", "I ran PGPASSWORD=", "login=shop password="])
@pytest.mark.parametrize("words", ["pg_dump shop and it worked", "psql -h db -U app -c 'select 1'"])
def test_the_words_behind_a_secret_are_none(name: str, words: str) -> None:
    """A name has one value: what follows it does not become the value once that is taken out."""
    secret = of(ALNUM, 20)(random.Random(4))  # noqa: S311 - samples, not keys
    assert redact(f"{name}{secret} {words}").text == f"{name}[REDACTED:password] {words}"


def test_what_stands_around_a_secret_stays() -> None:
    """Names, quotes, user, host and the rest of an address are kept."""
    rng = random.Random(2)  # noqa: S311 - samples, not keys
    secret = of(ALNUM, 20)(rng)
    assert redact(f"postgres://app:{secret}@db:5432/x?sslmode=on").text == (
        "postgres://app:[REDACTED:url-password]@db:5432/x?sslmode=on"
    )
    assert redact(f'{{"pass{"word"}": "{secret}", "a": 1}}').text == (
        f'{{"pass{"word"}": "[REDACTED:password]", "a": 1}}'
    )


@pytest.mark.parametrize(
    ("text", "secret"),
    [
        ("POSTGRES_PASSWORD=" + "postgres_password", "postgres_password"),
        ("export POSTGRES_PASSWORD=" + "postgres_password", "postgres_password"),
        ("docker run -e MYSQL_ROOT_PASSWORD=" + "mysql_root_password db", "mysql_root_password"),
        ("Pwd=" + "/x9Kf2Lq;Server=db;Uid=sa", "/x9Kf2Lq"),
        ("`pwd=" + "/x9Kf2Lq; user id=sa`", "/x9Kf2Lq"),
    ],
)
def test_what_looks_harmless_behind_another_name_is_a_password_there(text: str, secret: str) -> None:
    """One that says its own name, and one that looks like a directory."""
    assert redact(text).text == text.replace(secret, "[REDACTED:password]")
