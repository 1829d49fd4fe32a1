"""Make the bundle of `ai-traces audit`; apart from it, as only this needs the grouping's libraries."""

import json
import os
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import assert_never

import click

from daemon.cli.as_object import print_object
from daemon.cli.bad_input import BadInput, note
from daemon.cli.ending import EXIT_NEEDS_A_PERSON
from daemon.config.settings import Settings
from daemon.local_zone import local_zone
from daemon.patterns.bundle_folder import require_own
from daemon.patterns.bundling import BundleRequest, bundled
from daemon.patterns.choice import LastLogs, LogChoice, LogsSince
from sync.amounts import counted
from sync.auditor.bundle import LETTER, Bundle, Unfit
from sync.auditor.manifest import MANIFEST
from sync.errors import ConfigurationError

_SAID = 20
"""The number of places that are listed; the rest is counted."""


class _Unsafe(click.ClickException):
    """Ends the command with 1: the bundle would disclose something."""

    exit_code = EXIT_NEEDS_A_PERSON


def make(settings: Settings, request: BundleRequest, *, output: Path | None, as_json: bool) -> None:
    """Make a bundle, print the path of its folder, and say what to do with it."""
    try:
        if output is not None:
            require_own(output)
        made = bundled(settings, request, output=output, zone=local_zone(), note=note)
    except ConfigurationError as error:
        raise BadInput(error.what, error.hint) from None
    if isinstance(made, Unfit):
        raise _Unsafe("\n".join(_warned(made)))
    bundle, folder = made
    if as_json:
        print_object(_object(bundle, folder))
    else:
        click.echo(os.fsencode(folder))
    note(_next(bundle, request))


def _next(bundle: Bundle, request: BundleRequest) -> str:
    """Say what is in the bundle, and what to do with it."""
    give = f"Give the auditor {LETTER}, and the other files if he takes them."
    records = counted(bundle.records, "record")
    if bundle.patterns:
        found = counted(bundle.patterns, "pattern")
        return f"{found}, {records}. {give} When he has answered: ai-traces audit import FILE"
    if bundle.records:
        return f"No pattern, {records} of single runs. {give} His answer is for you to read; do not import it"
    if request.singletons:
        return "There is nothing to audit: no log that was read tells of a trouble"
    return (
        "There is nothing to audit: nothing came up in more than one run. The folder says so, too. "
        f"More logs: {_more_than(request.choice)}. What only one run met: --include-singletons"
    )


def _more_than(choice: LogChoice) -> str:
    match choice:
        case LastLogs(count=count):
            return f"--last {2 * count}"
        case LogsSince():
            return "an earlier --since"
        case _:
            assert_never(choice)


def _warned(unfit: Unfit) -> Iterator[str]:
    yield "Nothing was written: something that looks secret or personal would still be in the bundle."
    for leak in unfit.leaks[:_SAID]:
        yield f"- {leak.where}"
    if len(unfit.leaks) > _SAID:
        yield f"- and {len(unfit.leaks) - _SAID} more places"
    yield "Take it out there, or say it in other words, and run ai-traces audit again."


def _object(bundle: Bundle, folder: Path) -> Mapping[str, object]:
    manifest = json.loads(bundle.files[MANIFEST])
    return {
        "folder": str(folder),
        "patterns": bundle.patterns,
        "records": bundle.records,
        "shortened": bundle.is_shortened,
        "files": {each["name"]: each["sha256"] for each in manifest["files"]},
        "dropped": manifest["dropped"],
    }
