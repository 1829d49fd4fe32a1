"""One value of ours as the property it meets, whatever type a person gave that property."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any, TypeAlias, assert_never

from sync.page.blocks import Run
from sync.page.draft import Choice, Choices, Flag, Links, Moment, Text, Value
from sync.page.limits import MAX_ITEMS, MAX_OPTION, MAX_TEXT, MAX_URL, shortened, utf16_length
from sync.page.links import kept
from sync.page.wire import encode_rich_text

WRITABLE = frozenset({"title", "rich_text", "select", "multi_select", "status", "date", "checkbox", "url"})
"""The types that can hold a value of ours, sometimes or always."""

_MAX_PROPERTY_TEXT = MAX_ITEMS * (MAX_TEXT - MAX_ITEMS)  # leaves room for cuts before a composed character


@dataclass(frozen=True, slots=True)
class LeftOut:
    """The property cannot hold the value."""

    reason: str


Adapted: TypeAlias = Mapping[str, Any] | LeftOut


def adapt(value: Value, kind: str, options: tuple[str, ...]) -> Adapted:  # noqa: PLR0911 - a case each
    """Return a value as the JSON of a property of this type.

    Args:
        value: What the property should say.
        kind: Notion's name of the property's type.
        options: The names of a status property's options, which only a person can add.
    """
    match kind:
        case "title" | "rich_text":
            return {kind: _linked(value) if isinstance(value, Links) else _rich_text(_as_text(value))}
        case "select":
            names = _as_options(value)
            return LeftOut("a choice cannot hold a date") if names is None else {kind: _named(names[:1])}
        case "multi_select":
            names = _as_options(value)
            if names is None:
                return LeftOut("choices cannot hold a date")
            return {kind: [{"name": name} for name in names[:MAX_ITEMS]]}
        case "status":
            return _status(value, options)
        case "date":
            return {kind: _date(value.start)} if isinstance(value, Moment) else LeftOut("it holds dates only")
        case "checkbox":
            return {kind: value.ticked} if isinstance(value, Flag) else LeftOut("it holds ticks only")
        case "url":
            return _url(
                value.links[0].address if isinstance(value, Links) and value.links else _as_text(value)
            )
        case _:
            return LeftOut(f"nothing can be written to a property of type {kind}")


def _as_text(value: Value) -> str:
    match value:
        case Text(text) | Links(text=text):
            return text
        case Choice(option):
            return option or ""
        case Choices(options):
            return ", ".join(options)
        case Moment(start):
            return _iso(start) if start else ""
        case Flag(ticked):
            return "Yes" if ticked else "No"
        case _:
            assert_never(value)


def _as_options(value: Value) -> tuple[str, ...] | None:
    """Return the value as names of options, each once; None when it makes no sense as one."""
    match value:
        case Moment():
            return None
        case Choices(options):
            names = [_option(name) for name in options]
        case Links(links):
            names = [_option(link.text) for link in links]
        case Text() | Choice() | Flag():
            names = [_option(_as_text(value))]
        case _:
            assert_never(value)
    return tuple({name.casefold(): name for name in reversed(names) if name}.values())[::-1]


def _option(text: str) -> str:
    """Return a text as Notion takes an option's name: one line, no comma, not long."""
    return shortened(" ".join(text.replace(",", ";").split()), MAX_OPTION)


def _named(names: tuple[str, ...]) -> dict[str, str] | None:
    return {"name": names[0]} if names else None


def _rich_text(text: str) -> list[dict[str, Any]]:
    return encode_rich_text((Run(shortened(text, _MAX_PROPERTY_TEXT)),)) if text else []


def _linked(value: Links) -> list[dict[str, Any]]:
    """Return links as text, as many as one property holds."""
    runs = [
        run
        for link in value.links[: MAX_ITEMS // 2]
        for run in (Run("\n"), Run(shortened(link.text, MAX_TEXT), link=kept(link.address)))
    ]
    return encode_rich_text(tuple(runs[1:]))


def _status(value: Value, options: tuple[str, ...]) -> Adapted:
    names = _as_options(value)
    if names is None:
        return LeftOut("a status cannot hold a date")
    if not names:
        return {"status": None}
    known = {option.casefold(): option for option in options}
    option = known.get(names[0].casefold())
    return LeftOut(f"it has no option “{names[0]}”") if option is None else {"status": {"name": option}}


def _url(text: str) -> Adapted:
    text = text.strip()
    if not text:
        return {"url": None}
    is_address = text.startswith(("http://", "https://")) and utf16_length(text) <= MAX_URL
    return {"url": text} if is_address else LeftOut("it holds web addresses only")


def _date(start: datetime | date | None) -> dict[str, str] | None:
    return None if start is None else {"start": _iso(start)}


def _iso(start: datetime | date) -> str:
    if not isinstance(start, datetime):
        return start.isoformat()
    offset = start.utcoffset()
    if offset is not None and offset.total_seconds() % 60:
        start = start.astimezone(UTC)  # ISO 8601 knows offsets of whole minutes only
    return start.isoformat(timespec="milliseconds" if start.microsecond else "seconds")
