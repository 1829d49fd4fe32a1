"""`ai-traces new`."""

import json
import os
from collections.abc import Callable, Mapping
from typing import TextIO

import click

from daemon.authoring.composing import NotWritten, compose, fields_in, save_log
from daemon.cli.ending import EXIT_MISTYPED
from daemon.clock import utc_now
from daemon.config.settings import load
from daemon.interruption import interruptible
from sync.tracelog.events import Event
from sync.tracelog.model import Env, Kind
from sync.tracelog.writing.entry import ENTRIES

_FLAGS: Mapping[str, str] = {"tools": "tool", "issues": "issue", "contract_gaps": "contract_gap"}
"""Where a flag that may be repeated is called otherwise than the list in JSON."""

_EXAMPLE = """\
Example: ai-traces new execution \\
  --id TASK-42 --env dev --risk low \\
  --state-transition "PLAN -> DRAFT" \\
  --task "Move the export" \\
  --tool "Bash: 41 tests passed" \\
  --outcome Success"""


class _Refused(click.ClickException):
    exit_code = EXIT_MISTYPED

    def __init__(self, sentences: tuple[str, ...]) -> None:
        super().__init__("Nothing was written.\n" + "\n".join(f"  {_ended(each)}" for each in sentences))


def _fields(command: Callable[..., int]) -> Callable[..., int]:
    """Give the command an option for each field of both kinds of log."""
    fields = {name: field for model in ENTRIES.values() for name, field in model.model_fields.items()}
    for name, field in reversed(fields.items()):
        repeated = name in _FLAGS
        option = click.option(
            f"--{_FLAGS.get(name, name).replace('_', '-')}",
            name,
            multiple=repeated,
            metavar="NAME:RESULT" if name == "tools" else "TEXT",
            help=f"{_kinds_with(name)}: {field.description}{'; may be repeated' if repeated else ''}.",
        )
        command = option(command)
    return command


def _ended(sentence: str) -> str:
    return sentence if sentence.endswith("?") else f"{sentence}."


def _kinds_with(name: str) -> str:
    kinds = [kind for kind, model in ENTRIES.items() if name in model.model_fields]
    return "Both" if len(kinds) == len(ENTRIES) else kinds[0]


@click.command("new", epilog=_EXAMPLE)
@click.argument("kind", required=False, type=click.Choice([kind.lower() for kind in Kind]))
@click.option(
    "--event",
    type=click.Choice([event.value for event in Event]),
    metavar="EVENT",
    help=(
        "What has happened, of the table When to Log, which says what kind of log is asked for: "
        f"{', '.join(Event)}."
    ),
)
@click.option(
    "--from-json",
    type=click.File(encoding="utf-8"),
    metavar="FILE",
    help="Take the fields from a file; - for stdin.",
)
@click.option("--schema", is_flag=True, help="Print the JSON schema of the fields, and write nothing.")
@_fields
@interruptible("; nothing was written, unless its path stands above")
def command(
    *, kind: str | None, event: str | None, from_json: TextIO | None, schema: bool, **flags: object
) -> int:
    """Write a log that keeps to the spec, as a whole and under the right name, and print its path.

    The fields come from the options, from JSON, or from both: an option wins. Text may be markdown; what
    would break the log apart is kept as code. A log that exists is never written over.

    Ends with 0, or with 2 when a field is missing or wrong, or the log exists: then nothing was written.
    """
    try:
        chosen = _chosen(kind, event)
        if schema:
            click.echo(json.dumps(ENTRIES[chosen].model_json_schema(), ensure_ascii=False, indent=2))
            return 0
        typed = {name: value for name, value in flags.items() if value not in {None, ()}}
        given = {**_read(from_json), **typed}
        if event == Event.PROD_DEPLOYMENT:
            given = _in_prod(given)
        entry = compose(given, kind=chosen, now=utc_now(), named=_named if from_json is None else str)
        click.echo(save_log(entry, root=load(os.environ).logs_dir))
    except NotWritten as refused:
        raise _Refused(refused.sentences) from None
    return 0


def _chosen(kind: str | None, event: str | None) -> Kind:
    asked = None if event is None else Event(event).kind
    named = next((each for each in Kind if kind is not None and each.lower() == kind), None)
    if named is None and asked is None:
        raise NotWritten("Say which: ai-traces new execution, ai-traces new exception, or --event")
    if named is not None and asked is not None and named is not asked:
        raise NotWritten(f"The event {event} asks for an {asked.lower()} log, not for an {named.lower()} log")
    chosen = named or asked
    assert chosen is not None  # noqa: S101 - one of them is there
    return chosen


def _in_prod(given: Mapping[str, object]) -> dict[str, object]:
    env = given.get("env", Env.PROD)
    if str(env).strip().lower() != Env.PROD:
        raise NotWritten(f"The event {Event.PROD_DEPLOYMENT} happens in prod, and {env} was given")
    return {**given, "env": Env.PROD}


def _read(file: TextIO | None) -> Mapping[str, object]:
    if file is None:
        return {}
    try:
        return fields_in(file.read())
    except UnicodeDecodeError:
        raise NotWritten("The JSON is no text in UTF-8") from None


def _named(field: str) -> str:
    return f"--{_FLAGS.get(field, field).replace('_', '-')}"
