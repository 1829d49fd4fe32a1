"""Checks of the database's properties. Pure."""

from collections.abc import Iterator

from daemon.doctor.check import Area, Check, Examiner
from sync.errors import SyncError
from sync.names import Property
from sync.notion.connect import Survey
from sync.notion.schema import ESSENTIAL, LATER, Schema, type_in_words, usual_type

_EXAMINER = Examiner(Area.SCHEMA)


def schema_checks(database: Survey | SyncError | None, *, manage_schema: bool) -> Iterator[Check]:
    """Yield a check for each of our properties, or a single one if the database was not read.

    Args:
        database: The database.
        manage_schema: Whether missing properties are added at start.
    """
    if not isinstance(database, Survey):
        yield _EXAMINER.remark("Properties", "not known: the database was not read")
        return
    for ours in Property:
        yield _of(ours, database.schema, manage_schema=manage_schema)


def _of(ours: Property, schema: Schema, *, manage_schema: bool) -> Check:
    name = "Title" if ours is Property.TITLE else ours.value
    if (bound := schema.bound.get(ours)) is not None:
        called = "" if bound.name == name else f"“{bound.name}”, "
        here, usual = type_in_words(bound.type), type_in_words(usual_type(ours))
        if here == usual:
            return _EXAMINER.good(name, f"{called}{usual}")
        return _EXAMINER.remark(
            name,
            f"{called}{type_in_words(bound.type)} instead of {type_in_words(usual)}; what fits is written",
        )
    if (reason := schema.unusable.get(ours)) is not None:
        return _missing(ours, name, f"not written: {reason}", "Rename that property in Notion")
    wanted = schema.absent.get(ours, ours.value)
    if ours in LATER:
        return _EXAMINER.good(name, f"“{wanted}” is not needed before a hand-off is published")
    if manage_schema:
        return _EXAMINER.remark(name, f"“{wanted}” is missing; it is added at the next start")
    return _missing(
        ours,
        name,
        f"“{wanted}” is missing, and AI_TRACES_MANAGE_SCHEMA=false keeps it from being added",
        f"Add “{wanted}” ({type_in_words(usual_type(ours))}) in Notion, or run: ai-traces setup",
    )


def _missing(ours: Property, name: str, what: str, next_step: str) -> Check:
    return (_EXAMINER.bad if ours in ESSENTIAL else _EXAMINER.remark)(name, what, next_step)
