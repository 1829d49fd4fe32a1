"""The values of settings, and how to read them. An error says only what is wrong."""

import json
import math
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from types import MappingProxyType
from typing import TypeVar
from urllib.parse import unquote, urlsplit

from daemon.config.secret import Secret
from sync.departure_decision import MaxDeletes
from sync.errors import SyncError
from sync.names import Property
from sync.notion.identifiers import database_id

E = TypeVar("E", bound=StrEnum)

_LAST_PORT = 65_535

_WHOLE = 100.0
"""Percent."""

_SWITCH = {
    **dict.fromkeys(("true", "1", "yes", "on", "y", "t"), True),
    **dict.fromkeys(("false", "0", "no", "off", "n", "f"), False),
}


class OnPageTrashed(StrEnum):
    """What to do with a page that a person moved to the trash."""

    RESPECT = "respect"
    RESTORE = "restore"


class OnPageEdited(StrEnum):
    """What to do when a person has changed our blocks."""

    REPAIR = "repair"
    REPORT = "report"


class LogLevel(StrEnum):
    """The lowest level of the daemon's log."""

    DEBUG = "debug"
    INFO = "info"
    WARNING = "warning"
    ERROR = "error"


class LogFormat(StrEnum):
    """The format of the daemon's log; auto is console on a terminal and JSON otherwise."""

    AUTO = "auto"
    CONSOLE = "console"
    JSON = "json"


def one_of(kind: type[E]) -> Callable[[str], E]:
    """Return a function that reads one of an enum's words in any letter case."""

    def read(text: str) -> E:
        if text.lower() not in set(kind):
            raise ValueError
        return kind(text.lower())

    return read


def parse_switch(text: str) -> bool:
    """Read yes or no, in the usual words."""
    if (found := _SWITCH.get(text.lower())) is None:
        raise ValueError
    return found


@dataclass(frozen=True, slots=True)
class Between:
    """Read a number within bounds.

    Attributes:
        least: The smallest number.
        most: The largest number.
        unit: The largest number in other words, such as "a day"; empty if it needs none.
        or_never: Whether 0 is allowed, too, and means never.
    """

    least: float
    most: float
    unit: str = ""
    or_never: bool = False

    def __call__(self, text: str) -> float:
        """Read the number, and refuse one out of bounds: it is a slip, or gives a time that no clock has."""
        try:
            number = float(text)
        except ValueError:
            raise ValueError from None
        if not (self.least <= number <= self.most or (self.or_never and number == 0)):
            raise ValueError
        return number

    def __str__(self) -> str:
        """Return the bounds in words."""
        unit = f" ({self.unit})" if self.unit else ""
        return f"from {self.least:g} to {self.most:.0f}{unit}{', or 0 for never' if self.or_never else ''}"


INTERVAL = Between(0.01, 365 * 24 * 3600, unit="a year", or_never=True)
SETTLING = Between(0, 24 * 3600, unit="a day")


def parse_pace(text: str) -> float:
    """Read a number of requests per minute."""
    try:
        number = float(text)
    except ValueError:
        raise ValueError from None
    if not math.isfinite(number):
        raise ValueError(f"{text!r} is no number of requests")
    if number <= 0:
        raise ValueError
    return number


def parse_port(text: str) -> int:
    """Read the number of a port."""
    if not re.fullmatch(r"[0-9]{1,5}", text) or not 0 < int(text) <= _LAST_PORT:
        raise ValueError
    return int(text)


def parse_host(text: str) -> str:
    """Read a name that can be part of a path."""
    if not re.fullmatch(r"[A-Za-z0-9._-]{0,64}", text):
        raise ValueError
    return text


def parse_max_deletes(text: str) -> MaxDeletes:
    """Read `10`, `20%`, or both as in `10,20%` or `10 pages or 20 %`."""
    pages, percent = None, None
    for part in re.split(r"\s*(?:,|\bor\b)\s*", text.lower()):
        match = re.fullmatch(r"([0-9]{1,9})(?: ?pages?)?|([0-9]{1,9}(?:\.[0-9]+)?) ?%", part)
        if match is None or (pages if match[1] else percent) is not None:
            raise ValueError("this is not a number of pages and a percentage")
        pages = int(match[1]) if match[1] else pages
        percent = float(match[2]) if match[2] else percent
    if percent is not None and percent > _WHOLE:
        raise ValueError
    return MaxDeletes(pages or 0, percent or 0.0)


def parse_path(text: str) -> Path:
    """Read a path; `~` is a home directory, a relative path starts at the current directory."""
    if "\0" in text:
        raise ValueError("no path has a NUL in it")
    try:
        return Path(text).expanduser().absolute()
    except RuntimeError as error:
        raise ValueError("whose home directory ~ means is unknown") from error
    except FileNotFoundError as error:
        raise ValueError(f"{text} starts at the current directory, which was deleted") from error


def parse_database_id(text: str) -> str:
    """Read an id or the address of a database in Notion; return the id in Notion's canonical form."""
    try:
        return database_id(text)
    except SyncError as error:
        raise ValueError(str(error)) from None


def parse_http_url(text: str) -> str:
    """Read a URL of a server, without a slash at its end."""
    if any(character.isspace() for character in text):
        raise ValueError("a URL has no spaces")
    parts = urlsplit(text)
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise ValueError("this is not an http or https URL")
    try:
        _ = parts.port
    except ValueError:
        raise ValueError("its port is not a number up to 65535") from None
    return text.rstrip("/")


def parse_budget_url(text: str) -> str:
    """Read the URL of a redis server; an error does not quote it, as it may hold a password."""
    try:
        parts = urlsplit(text)
        _ = parts.port
    except ValueError:
        raise ValueError(
            "this URL cannot be read; in its password, write / as %2F, # as %23, @ as %40 and : as %3A"
        ) from None
    if parts.scheme not in {"redis", "rediss", "unix"}:
        raise ValueError("this is not a redis URL")
    if parts.scheme == "unix":
        if not parts.path:
            raise ValueError("this names no socket: unix:///run/redis/redis.sock")
        return text
    if not parts.hostname or "@" in parts.path + parts.fragment:
        raise ValueError("this names no host; in its password, write / as %2F and # as %23")
    if not re.fullmatch(r"/?\d*", parts.path):
        raise ValueError("what follows the port is the number of a database, such as /0")
    return text


def secrets_of_url(url: Secret) -> set[str]:
    """Return what must not be logged of a URL: all of it, and its passwords as written and decoded."""
    text = url.reveal()
    parts = urlsplit(text)
    options = (option.partition("=") for option in parts.query.split("&"))
    written = (parts.password or "", *(value for name, _, value in options if name == "password"))
    return {text, *(shown for each in written if each for shown in (each, unquote(each)))}


def parse_property_names(text: str) -> Mapping[Property, str]:
    """Read a JSON object of property names; a property that it lacks keeps its default name."""
    try:
        given = json.loads(text)
    except (ValueError, RecursionError):
        raise ValueError("this is no JSON, which has braces around and double quotes at each name") from None
    if not isinstance(given, dict) or not all(
        isinstance(name, str) and name.strip() for name in given.values()
    ):
        raise ValueError("this is not a JSON object of names")
    unknown = given.keys() - set(Property)
    if unknown:
        raise ValueError(f"there is no property {', '.join(map(repr, sorted(unknown)))}")
    names = {each: str(given.get(each, each.value)).strip() for each in Property}
    if len(set(names.values())) < len(names):
        raise ValueError("two properties would have one name")
    return MappingProxyType(names)
