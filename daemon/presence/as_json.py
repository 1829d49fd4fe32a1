"""Frozen dataclasses to JSON and back; pydantic would take longer to load than `status` may run."""

import json
from collections.abc import Mapping
from dataclasses import asdict, fields, is_dataclass
from datetime import datetime
from enum import StrEnum
from types import NoneType
from typing import Any, TypeVar, get_args, get_type_hints

T = TypeVar("T")


def write_dataclass(value: Any) -> str:  # noqa: ANN401 - any dataclass
    """Return a dataclass as one line of JSON."""
    return json.dumps(asdict(value), default=datetime.isoformat, ensure_ascii=False)


def read_dataclass(kind: type[T], text: str) -> T:
    """Return the dataclass that a JSON object describes; unknown keys are ignored, missing ones get defaults.

    Raises:
        ValueError: The text does not describe a dataclass of this kind.
    """
    return _made(kind, json.loads(text))


def _made(kind: type[T], given: object) -> T:
    if not isinstance(given, dict):
        raise ValueError(f"{kind.__name__} is no object")  # noqa: TRY004 - the one error of `read_dataclass`
    hints = get_type_hints(kind)
    names = [field.name for field in fields(kind) if field.name in given]  # type: ignore[arg-type]  # a dataclass
    try:
        return kind(**{name: _value(hints[name], given[name]) for name in names})
    except (TypeError, AttributeError) as error:
        raise ValueError(f"{given!r} is no {kind.__name__}") from error


def _value(hint: Any, given: Any) -> Any:  # noqa: ANN401 - one function for all the kinds that fields have
    if NoneType in get_args(hint):
        (kind,) = (each for each in get_args(hint) if each is not NoneType)
        return None if given is None else _value(kind, given)
    if hint == Mapping[str, int]:
        return {str(name): int(count) for name, count in given.items()}
    if is_dataclass(hint):
        return _made(hint, given)  # type: ignore[arg-type]  # a class, as hints are
    if hint is datetime:
        return datetime.fromisoformat(given)
    if issubclass(hint, (StrEnum, float)):
        return hint(given)
    if type(given) is not hint:
        raise ValueError(f"{given!r} is no {hint.__name__}")
    return given
