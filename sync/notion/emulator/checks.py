"""The small checks that request bodies are made of: each returns the value it was given, or refuses."""

import re
from collections.abc import Callable, Iterable
from typing import Any, TypeAlias
from urllib.parse import urlsplit

from sync.notion.emulator.refusals import expected, invalid, one_of, too_long, undefined, unwanted

Obj: TypeAlias = dict[str, Any]
"""A JSON object."""

Validator: TypeAlias = Callable[[object, str], Any]
"""Takes a value and its path within the request, returns it in the form it is kept in."""

TEXT_LIMIT = 2_000
ARRAY_LIMIT = 100
URL_LIMIT = 2_000

_UNHOLDABLE = re.compile("[\x00\ud800-\udfff]")
_SPACE_OR_CONTROL = re.compile(r"[\s\x00-\x1f\x7f]")
_PICTOGRAPH = (
    "[\u00a9\u00ae\u203c-\u2bff\u3030\u303d\u3297\u3299\U0001f000-\U0001faff]"
    "[\ufe0f\U0001f3fb-\U0001f3ff]*[\U000e0020-\U000e007f]*"
)
_FLAG = "[\U0001f1e6-\U0001f1ff]{2}"
_KEYCAP = "[0-9#*]\ufe0f?\u20e3"
_EMOJI = re.compile(f"{_FLAG}|{_KEYCAP}|{_PICTOGRAPH}(?:\u200d{_PICTOGRAPH})*")


def units(text: str) -> int:
    """Count as Notion does: UTF-16 code units."""
    return len(text) if text.isascii() else len(text.encode("utf-16-le", "surrogatepass")) // 2


def string(value: object, path: str, *, limit: int = TEXT_LIMIT) -> str:
    """Take a text of at most `limit` units, without NUL and without half a surrogate pair."""
    if not isinstance(value, str):
        raise expected(path, "a string", value)
    if len(value) * 2 > limit and (length := units(value)) > limit:
        raise too_long(path, limit, length)
    if _UNHOLDABLE.search(value):
        raise invalid(f"body failed validation: {path} should not contain null or lone surrogate characters.")
    return value


def boolean(value: object, path: str) -> bool:
    """Take true or false."""
    if not isinstance(value, bool):
        raise expected(path, "a boolean", value)
    return value


def number(value: object, path: str) -> float:
    """Take a number; true and false are none."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise expected(path, "a number", value)
    return value


def obj(value: object, path: str, *, allowed: Iterable[str] | None = None) -> Obj:
    """Take an object that has no key outside `allowed`."""
    if not isinstance(value, dict):
        raise expected(path, "an object", value)
    if allowed is not None:
        for key in value:
            if key not in allowed:
                raise unwanted(f"{path}.{key}", value[key])
    return value


def array(value: object, path: str, *, limit: int = ARRAY_LIMIT) -> list[Any]:
    """Take an array of at most `limit` items."""
    if not isinstance(value, list):
        raise expected(path, "an array", value)
    if len(value) > limit:
        raise too_long(path, limit, len(value))
    return value


def member(body: Obj, key: str, path: str) -> object:
    """Return a member that must be there."""
    if key not in body:
        raise undefined(f"{path}.{key}")
    return body[key]


def choice(*allowed: str) -> Validator:
    """Take one of a closed list."""
    known = frozenset(allowed)

    def check(value: object, path: str) -> str:
        if not isinstance(value, str) or value not in known:
            raise one_of(path, allowed, value)
        return value

    return check


def empty(value: object, path: str) -> Obj:
    """Take an empty object."""
    return obj(value, path, allowed=())


def url(value: object, path: str) -> str:
    """Take an absolute http, https or mailto address without white space."""
    text = string(value, path, limit=URL_LIMIT)
    try:
        parts = urlsplit(text)
        whole = (parts.scheme in {"http", "https"} and parts.port != 0 and _is_host(parts.hostname)) or (
            parts.scheme == "mailto" and bool(parts.path)
        )
    except ValueError:
        whole = False
    if not whole or _SPACE_OR_CONTROL.search(text):
        raise expected(path, "a valid url", value)
    return text


def _is_host(host: str | None) -> bool:
    labels = (host or "").split(".")
    return ":" in labels[0] or all(label and label[0] != "-" != label[-1] for label in labels)


def icon(value: object, path: str) -> Obj:
    """Take an icon: an emoji or the address of a picture."""
    body = obj(value, path, allowed=("type", "emoji", "external"))
    if "external" in body:
        external = obj(body["external"], f"{path}.external", allowed=("url",))
        return {"type": "external", "external": {"url": url(external.get("url"), f"{path}.external.url")}}
    emoji = member(body, "emoji", path)
    if not isinstance(emoji, str) or not _EMOJI.fullmatch(emoji):
        raise expected(f"{path}.emoji", "an emoji", emoji)
    if body.get("type", "emoji") != "emoji":
        raise expected(f"{path}.type", '`"emoji"`', body["type"])
    return {"type": "emoji", "emoji": emoji}
