"""`--json`: one object on stdout, however a command ends."""

import json
from collections.abc import Callable, Mapping
from functools import wraps
from typing import TypeAlias

import click

from daemon.cli.bad_input import BadInput
from daemon.cli.ending import hint_of, only_trouble
from daemon.interruption import EndedEarly
from sync.errors import SyncError

SoFar: TypeAlias = Mapping[str, object] | Callable[[], Mapping[str, object]]
"""What a command has done, or a function that finds it out."""

_SO_FAR = "daemon.cli.as_object"


def json_option(
    told: str = "Print one JSON object instead of sentences.",
) -> Callable[..., Callable[..., int]]:
    """Give a command `--json`, which it gets as `as_json`: where it cannot end as meant, it prints why.

    Args:
        told: The option's help.
    """

    def with_option(command: Callable[..., int]) -> Callable[..., int]:
        @click.option("--json", "as_json", is_flag=True, help=told)
        @wraps(command)
        def with_object(*args: object, as_json: bool, **more: object) -> int:
            try:
                return command(*args, as_json=as_json, **more)
            except (SyncError, ExceptionGroup, click.ClickException, EndedEarly) as end:
                if as_json and (why := _why(end)):
                    so_far: SoFar = click.get_current_context().meta.get(_SO_FAR, {})
                    print_object({**(so_far() if callable(so_far) else so_far), **why})
                raise

        return with_object

    return with_option


def done_so_far(what: SoFar) -> None:
    """Keep what the command's object says of what was done, should it not end as meant.

    Args:
        what: The fields of the object, or a function that is asked for them once the command has ended.
    """
    click.get_current_context().meta[_SO_FAR] = what


def print_object(what: Mapping[str, object]) -> None:
    """Print an object, on one line."""
    # A name that was typed may be no Unicode.
    click.echo(json.dumps(what, ensure_ascii=False).encode("utf-8", "backslashreplace"))


def _why(end: Exception) -> Mapping[str, object]:
    """Say why a command has ended; nothing where that is a defect."""
    match end:
        case EndedEarly():
            return {"stopped": True}
        case BadInput(what=what, hint=hint):
            return {"error": {"what": what, "hint": hint}}
        case click.ClickException(message=what):
            return {"error": {"what": what, "hint": ""}}
        case SyncError() | ExceptionGroup() if trouble := only_trouble(end):
            return {"error": {"what": trouble.what, "hint": hint_of(trouble)}}
        case _:
            return {}
