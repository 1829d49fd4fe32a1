"""`ai-traces pattern`."""

import difflib
import os
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import click

from daemon.cli.bad_input import BadInput, note
from daemon.cli.reading_options import LAST, TOP
from daemon.config.settings import Settings, load
from daemon.interruption import interruptible
from daemon.local_zone import local_zone
from daemon.patterns.registry_file import registry_file
from sync.errors import LogUnreadable
from sync.files import ReadLog, read_log
from sync.log_path import to_log_path
from sync.patterns.names import PatternId, RecordKey
from sync.patterns.records.record import path_in
from sync.patterns.remembering.decisions import Undecidable, answer, held_by, merge, rename, split
from sync.patterns.remembering.memory import Answer, Memory
from sync.patterns.remembering.registry import GivenHandoff, Registry

_LEFT = "; nothing was decided, unless it is said above"

ids_argument = click.argument("ids", nargs=-1, required=True, metavar="ID...")


@click.group("pattern", epilog="Example: ai-traces pattern accept P-7f3a")
def command() -> None:
    """Decide about patterns, by the ids that `ai-traces patterns` prints; logs and contract stay as they are.

    Ends with 0, or with 2 when there is no such pattern.
    """


@command.command(
    "accept", short_help="Say yes to changes.", epilog="Example: ai-traces pattern accept P-7f3a P-02bc"
)
@ids_argument
@interruptible(_LEFT)
def accept(ids: tuple[str, ...]) -> None:
    """Say yes to changes: they stay in the diff until the contract has them, and are checked then."""
    registry = _answer(ids, Answer.ACCEPTED)
    click.echo(_next(registry, ids, contract=load(os.environ).contract))


def _next(registry: Registry, ids: Sequence[str], *, contract: Path | None) -> str:
    """Say how accepted changes get into the contract, by what the last hand-off had."""
    in_diff = () if registry.last is None else registry.last.in_diff
    name = f"{_as_many(registry.last)}{'' if contract else ' --contract FILE'}"
    if all(registry.memory.leads_to(_known(registry, each)) in in_diff for each in ids):
        return (
            f"To put it into the contract: ai-traces patterns{name} --diff change.diff; then put change.diff "
            "beside the contract, and there: git apply change.diff"
        )
    if contract is None:
        return (
            f"To see where in the contract it goes, name that: ai-traces patterns{name}; what has no place "
            "there yet you can write where it belongs yourself, with the pattern's id behind it"
        )
    return (
        f"No place in the contract is known for all of it: ai-traces patterns{name} tells what is in the "
        "diff, and what you can write where it belongs yourself, with the pattern's id behind it"
    )


def _as_many(last: GivenHandoff | None) -> str:
    """Return the options for reading as many logs and telling as many changes as the last time."""
    if last is None:
        return ""
    runs = max((of for _, of in last.told.values()), default=0)
    logs = f" --last {runs}" if runs > LAST else ""
    return f"{logs} --top {len(last.in_diff)}" if len(last.in_diff) > TOP else logs


@command.command("reject", short_help="Say no to changes.", epilog="Example: ai-traces pattern reject P-7f3a")
@ids_argument
@interruptible(_LEFT)
def reject(ids: tuple[str, ...]) -> None:
    """Say no to proposed changes: they do not come back before the pattern is met in twice as many runs."""
    _answer(ids, Answer.REJECTED)


@command.command(
    "rename",
    short_help="Call a pattern by another name.",
    epilog='Example: ai-traces pattern rename P-7f3a "Token expires too early"',
)
@click.argument("id_", metavar="ID")
@click.argument("name")
@interruptible(_LEFT)
def rename_(id_: str, name: str) -> None:
    """Call a pattern by this name from now on; an empty name gives it back to the logs."""

    def change(registry: Registry) -> Memory:
        return rename(registry.memory, _known(registry, id_), name)

    _decide(change)
    click.echo(f"{id_}: its name is kept." if name.strip() else f"{id_}: the logs name it again.")


@command.command(
    "merge",
    short_help="Take several patterns as one.",
    epilog="Example: ai-traces pattern merge P-7f3a P-02bc",
)
@click.argument("into", metavar="ID")
@click.argument("others", nargs=-1, required=True, metavar="ID...")
@interruptible(_LEFT)
def merge_(into: str, others: tuple[str, ...]) -> None:
    """Take several patterns as one from now on: the first, which the others become part of."""

    def change(registry: Registry) -> Memory:
        return merge(registry.memory, [_known(registry, each) for each in others], _known(registry, into))

    _decide(change)
    click.echo(f"{', '.join(others)}: part of {into} from now on.")


@command.command(
    "split",
    short_help="Take members out of a pattern.",
    epilog="Example: ai-traces pattern split P-7f3a exceptions/2026-01-10-x.md:8",
)
@click.argument("id_", metavar="ID")
@click.argument("members", nargs=-1, required=True, metavar="PATH[:LINE]...")
@interruptible(_LEFT)
def split_(id_: str, members: tuple[str, ...]) -> None:
    """Take members out of a pattern, and into a new one; name them as the hand-off quotes them."""
    settings = load(os.environ)
    made: list[PatternId] = []

    def change(registry: Registry) -> Memory:
        pattern = _known(registry, id_)
        held = held_by(registry.memory, registry.memory.leads_to(pattern))
        leaving = [key for member in members for key in _records(settings, member, held)]
        memory, new = split(registry.memory, pattern, leaving)
        made.append(new)
        return memory

    _decide(change)
    click.echo(f"{', '.join(members)}: a pattern of its own from now on, {made[0]}.")


def _answer(ids: Sequence[str], said: Answer) -> Registry:
    def change(registry: Registry) -> Memory:
        memory = registry.memory
        for each in ids:
            pattern = memory.leads_to(_known(registry, each))
            shown = "" if registry.last is None else registry.last.diff_against(pattern)
            memory = answer(memory, pattern, said, runs=_runs(registry, pattern), contract=shown)
        return memory

    registry = _decide(change)
    click.echo(f"{', '.join(dict.fromkeys(_called(registry, each) for each in ids))}: {said}.")
    return registry


def _called(registry: Registry, typed: str) -> str:
    """Return the pattern that was meant, with the one that it was merged into."""
    pattern = _known(registry, typed)
    living = registry.memory.leads_to(pattern)
    return pattern if living == pattern else f"{pattern}, as part of {living}"


def _decide(change: Callable[[Registry], Memory]) -> Registry:
    """Change the registry, completely or not at all, and return it."""
    with registry_file(load(os.environ).state_dir, note=note) as file:
        registry = file.read()
        try:
            memory = change(registry)
        except Undecidable as error:
            raise BadInput(f"{str(error)[:1].upper()}{str(error)[1:]}", "") from None
        decided = replace(registry, memory=memory)
        file.write(decided)
        return decided


def _known(registry: Registry, typed: str) -> PatternId:
    """Return the pattern with a typed id, in any letter case, with or without `P-`."""
    ids = {each.casefold(): each for each in registry.memory.known}
    wanted = typed.strip().casefold()
    for candidate in (wanted, f"p-{wanted}"):
        if candidate in ids:
            return ids[candidate]
    close = difflib.get_close_matches(wanted, ids, n=1)
    meant = (
        f"Did you mean {ids[close[0]]}? Otherwise run: ai-traces patterns"
        if close
        else "Run: ai-traces patterns"
    )
    raise BadInput(f"There is no pattern {typed}", meant)


def _runs(registry: Registry, pattern: PatternId) -> int:
    """Return the number of runs in which the last hand-off found a pattern."""
    if registry.last is not None and pattern in registry.last.told:
        return registry.last.told[pattern][0]
    return len({path_in(key) for key in registry.memory.of(pattern).records})


def _records(settings: Settings, member: str, held: set[RecordKey]) -> Iterator[RecordKey]:
    """Yield the keys of the records that a typed member names: those of a log, or of one line in it."""
    path, _, line = member.rpartition(":")
    if not path or not line.isdecimal():
        path, line = member, ""
    in_log = {key for key in held if path_in(key) == path}
    if line:
        in_log &= _on_line(settings, path, int(line))
    if not in_log:
        raise BadInput(
            f"{member} is no member of that pattern", "Name one as the hand-off quotes it, PATH:LINE"
        )
    yield from sorted(in_log)


def _on_line(settings: Settings, path: str, line: int) -> set[RecordKey]:
    from daemon.patterns.logs import records_on_line  # noqa: PLC0415 - only here is the grouping needed

    try:
        reading = read_log(settings.logs_dir, to_log_path(path))
    except LogUnreadable as error:
        raise BadInput(error.what, error.hint) from None
    if not isinstance(reading, ReadLog):
        raise BadInput(f"There is no log {path}", "Name one as the hand-off quotes it, PATH:LINE")
    return records_on_line(to_log_path(path), reading.content, line=line, zone=local_zone())
