"""Secrets made at run time, alone or within a text: nothing here looks like one to a scanner."""

import base64
import json
import random
import string
from collections.abc import Callable
from typing import TypeAlias

LOWER, UPPER, DIGITS = string.ascii_lowercase, string.ascii_uppercase, string.digits
ALNUM = LOWER + UPPER + DIGITS
WORD = ALNUM + "_-"
BASE64 = ALNUM + "+/"
HEX = DIGITS + "abcdef"

Make: TypeAlias = Callable[[random.Random], tuple[str, str]]
"""Makes a text and the secret in it."""


def of(alphabet: str, length: int) -> Callable[[random.Random], str]:
    """Return a maker of random text that begins and ends as an issued key does: not with a sign."""
    solid = "".join(sign for sign in alphabet if sign.isalnum())

    def make(rng: random.Random) -> str:
        inner = "".join(rng.choice(alphabet) for _ in range(length - 2))
        return rng.choice(solid) + inner + rng.choice(solid)

    return make


def uuid(rng: random.Random) -> str:
    """Return a random UUID."""
    digits = "".join(rng.choice(HEX) for _ in range(32))
    return "-".join((digits[:8], digits[8:12], digits[12:16], digits[16:20], digits[20:]))


def alone(*parts: str | Callable[[random.Random], str]) -> Make:
    """Make a secret that is known by its own look."""

    def make(rng: random.Random) -> tuple[str, str]:
        secret = "".join(part if isinstance(part, str) else part(rng) for part in parts)
        return secret, secret

    return make


def within(before: str, secret: Callable[[random.Random], str], after: str = "") -> Make:
    """Make a secret that is known by what stands around it."""

    def make(rng: random.Random) -> tuple[str, str]:
        made = secret(rng)
        return f"{before}{made}{after}", made

    return make


def _b64url(value: object) -> str:
    return base64.urlsafe_b64encode(json.dumps(value).encode()).decode().rstrip("=")


def jwt(rng: random.Random) -> str:
    """Return a signed token."""
    head = _b64url({"alg": "HS256", "typ": "JWT"})
    return f"{head}.{_b64url({'sub': of(ALNUM, 12)(rng), 'iat': rng.randrange(10**9)})}.{of(WORD, 43)(rng)}"


def basic(rng: random.Random) -> str:
    """Return user and password as Basic authentication writes them."""
    return base64.b64encode(f"robot:{of(ALNUM, 18)(rng)}".encode()).decode()


def human(rng: random.Random) -> str:
    """Return a password with signs in it."""
    return of(LOWER, 5)(rng).capitalize() + rng.choice("!@#%^*") + of(ALNUM, 6)(rng) + rng.choice(DIGITS)
