"""Describe everything that is wrong with the fields of a new log, in sentences."""

import difflib
from collections.abc import Callable, Iterator
from typing import Final

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from sync.tracelog.writing.entry import ExceptionEntry, ExecutionEntry

Named = Callable[[str], str]
"""Returns the name of a field as the person gave it: as a flag, or as a key of JSON."""

_SHAPES: Final = {"tuple_type": "write a list of texts", "string_type": "write a text"}


def problems(
    error: ValidationError, model: type[ExecutionEntry] | type[ExceptionEntry], *, named: Named
) -> Iterator[str]:
    """Yield a sentence for each field that is missing, unknown or not usable."""
    told: set[str] = set()
    for details in error.errors():
        sentence = _sentence(details, model, named)
        if sentence not in told:
            told.add(sentence)
            yield sentence


def _sentence(details: ErrorDetails, model: type[ExecutionEntry] | type[ExceptionEntry], named: Named) -> str:
    field, *below = details["loc"]
    place = " ".join((named(str(field)), *(_place(each) for each in below)))
    known = model.model_fields.get(str(field))
    takes = f"give {known.description}" if known and not below else "give it"
    match details["type"]:
        case "missing":
            return f"{place} is missing: {takes}"
        case "extra_forbidden":
            close = difflib.get_close_matches(str(field), model.model_fields, n=1)
            meant = f"; did you mean {named(close[0])}?" if close and not below else ""
            return f"{place} is no field of this kind of log{meant}"
        case "value_error":
            return f"{place}: {details['ctx']['error']}"
        case "enum":
            return f"{place} is {details['input']!r}: {takes}"
        case kind:
            return f"{place}: {_SHAPES.get(kind) or details['msg'][0].lower() + details['msg'][1:]}"


def _place(step: int | str) -> str:
    return f"number {step + 1}" if isinstance(step, int) else str(step)
